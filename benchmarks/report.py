"""What a benchmark says: lines with a figure and perhaps a target, as a table and as one JSON object."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

#: Below ten a figure is shown with two decimals, above with one, above a thousand with none.
_DECIMALS = ((10, 2), (1000, 1))


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `name` is its key in the JSON object."""

    name: str
    words: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Tell whether the target is met; None: there is none."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return self.value >= self.at_least if self.at_least is not None else None

    @property
    def target(self) -> str:
        """Write the target."""
        if self.at_most is not None:
            return f"at most {_figure(self.at_most)}"
        return f"at least {_figure(self.at_least)}" if self.at_least is not None else ""


class Part(Protocol):
    """One benchmark."""

    def __call__(self, *, quick: bool) -> Iterable[Line]:
        """Measure, and give a line as soon as it is known."""


def run_alone(name: str, measure: Part, about: str | None) -> None:
    """Be the command of one part: measure, print its table, and its JSON object as the last line."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, not how fast")
    wishes = parser.parse_args()
    started = time.monotonic()
    lines = table(name, measure(quick=wishes.quick))
    print(json.dumps(summary({name: lines}, time.monotonic() - started, quick=wishes.quick)))
    sys.exit(0 if all(line.met is not False for line in lines) else 1)


def table(name: str, lines: Iterable[Line]) -> list[Line]:
    """Print the lines as they come; gives them back."""
    print(f"\n{name}", flush=True)
    shown = []
    for line in lines:
        verdict = {None: "", True: "  met", False: "  MISSED"}[line.met]
        figure = f"{_figure(line.value)} {line.unit}".strip()
        print(f"  {line.words:<66} {figure:>16}  {line.target}{verdict}", flush=True)
        shown.append(line)
    return shown


def summary(parts: dict[str, list[Line]], seconds: float, *, quick: bool) -> dict[str, object]:
    """Give everything as one JSON object."""
    figures = {part: {line.name: round(line.value, 4) for line in lines} for part, lines in parts.items()}
    missed = [f"{part}.{line.name}" for part, lines in parts.items() for line in lines if line.met is False]
    return {**figures, "missed": missed, "quick": quick, "seconds": round(seconds, 1)}


def _figure(value: float) -> str:
    decimals = next((places for below, places in _DECIMALS if abs(value) < below), 0)
    return f"{value:.{decimals}f}"
