"""Nothing lost, nothing twice, all in order, though processes die and X errs: counted at the side of X.

Forty accounts want threads of three, single tweets, and either planned for a moment some seconds ahead, and
some have a schedule that comes each minute. The
sandbox X is slow, drops answers of what it has accepted, fails, limits, and shows its timelines late.
Processes are killed with -9 or frozen at random, and Postgres is restarted with `-m immediate`. SQLite with
one `run`; Postgres with two `serve` and two `work`. The tasks are put in by a feeder, in the way commands
do it: rows and engine in one transaction; Telegram is there for the outcomes.

    python -m benchmarks.chaos [--quick] [--engine sqlite|postgresql] [--tasks N] [--strikes N] [--seed N]
    python -m benchmarks.chaos --beyond-the-limit

The second shows the limit, as the first does in the end unless it is quick: X's timeline lags longer than
`settle_after`, and what it does not show yet is taken for absent and sent again. The last line is one JSON
object; what happened beyond the limit is not in it.
"""

import argparse
import json
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.chaos_run import SETTLE_AFTER_S, Form, Outcome, play, trouble
from benchmarks.chaos_strikes import Server, server
from benchmarks.report import Line
from benchmarks.stage import Stage, stage

ENGINES = ("sqlite", "postgresql")
NAMES = {"sqlite": "SQLite, one `run`", "postgresql": "Postgres, two `serve` and two `work`"}
#: Of the long form, on each engine.
TASKS, STRIKES = 2_600, 30
#: Accounts that have a schedule besides, which comes each minute.
AGAIN = 8
#: Then no more is put in, on each engine.
WITHIN_S = 3_600.0
#: Seconds by which X's timelines lag, at least and at most.
LAG_S = (0.0, 2.0)
#: Beyond the limit: longer than any run takes to look twice.
LAG_BEYOND_S = (3_600.0, 3_600.0)
#: Who is struck how often, of a hundred strikes.
SHARES = {
    "sqlite": {"kill run": 75, "freeze run": 25},
    "postgresql": {"kill work": 45, "kill serve": 20, "freeze work": 20, "freeze serve": 5, "restart": 10},
}
#: The quick form, which both engines play at once.
QUICK = (
    Form("sqlite", tasks=20, strikes=("kill run",), within_s=5, connections=8),
    Form("postgresql", tasks=24, strikes=("kill work 1", "restart"), within_s=5, connections=8),
)


@contextmanager
def scene() -> Iterator["Scene"]:
    """Set up the sandboxes; a Postgres comes when it is needed."""
    with ExitStack() as opened:
        yield Scene(opened.enter_context(stage()), opened)


@dataclass
class Scene:
    """Where runs are played."""

    here: Stage
    _opened: ExitStack
    stop: threading.Event = field(default_factory=threading.Event)
    """Set: what is played is broken off."""
    _server: Server | None = None

    def play(self, *forms: Form, lag_s: tuple[float, float] = LAG_S) -> tuple[list[Outcome], dict[str, int]]:
        """Play these runs at once; gives what became of them, and how often X did what."""
        with (
            trouble(self.here, lag_s=lag_s, seed=forms[0].seed) as told,
            ThreadPoolExecutor(len(forms)) as threads,
        ):
            playing = [
                threads.submit(play, self.here, form, self.stop, self._postgres(form)) for form in forms
            ]
            outcomes = [each.result() for each in playing]
        return outcomes, told

    def _postgres(self, form: Form) -> Server | None:
        if form.engine == "sqlite":
            return None
        if self._server is None:
            self._server = self._opened.enter_context(server(Path(f"{self.here.directory}-pg")))
        return self._server


def lines(outcome: Outcome) -> Iterator[Line]:
    """Give the figures of a run, those with a target first."""
    name, count, unknown = outcome.form.engine, outcome.count, outcome.unknown
    yield Line(f"{name}_wanted", f"tasks wanted, {count.posts} tweets", count.wanted, "")
    yield Line(f"{name}_lost", "lost", count.lost, "", at_most=0)
    yield Line(f"{name}_doubled", "doubled", count.doubled, "", at_most=0)
    yield Line(f"{name}_out_of_order", "out of order", count.out_of_order, "", at_most=0)
    yield Line(f"{name}_unknown", "outcomes that were unknown", unknown.times, "")
    yield Line(f"{name}_found", "  found in the timeline", unknown.found, "")
    yield Line(f"{name}_sent_again", "  absent in two looks, sent again", unknown.sent_again, "")
    yield Line(f"{name}_asked", "  unknown twice, the person is asked", unknown.asked, "")
    yield Line(f"{name}_missed", "planned and missed, the person is asked", count.missed, "")
    for kind, words in (("kill", "killed with -9"), ("freeze", "frozen"), ("restart", "Postgres restarted")):
        yield Line(f"{name}_{kind}s", words, outcome.strikes.get(kind, 0), "")
    yield Line(f"{name}_seconds", "seconds", outcome.seconds, "s")


def show(outcome: Outcome) -> None:
    """Print a run's table, and what is strange about it."""
    print(f"\n{NAMES[outcome.form.engine]}; {outcome.form.connections} accounts, seed {outcome.form.seed}")
    for line in lines(outcome):
        verdict = {None: "", True: "met", False: "MISSED"}[line.met]
        print(f"  {line.words:<50} {line.value:>10.0f} {line.unit:<2} {verdict}")
    print(f"  processes: {_listed(outcome.ends)}")
    for title, strange in (
        ("wrong", outcome.count.details),
        ("unexpected ends", [_listed(outcome.unexpected)] if outcome.unexpected else []),
        ("errors in the logs", [f"{len(outcome.errors)}", *outcome.errors] if outcome.errors else []),
    ):
        if strange:
            print(f"  {title}: " + "\n    ".join(strange[:12]))


def show_x(told: Mapping[str, int], lag_s: tuple[float, float]) -> None:
    """Print what X did meanwhile, and the two figures the promise depends on."""
    print(f"\nX: {_listed(told)}")
    print(f"settle_after {SETTLE_AFTER_S:.0f} s; X's timelines lag {lag_s[1]:.0f} s at most", flush=True)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in sorted(counts.items()))


def summary(outcomes: Sequence[Outcome], seconds: float) -> dict[str, Any]:
    """Give several runs as one JSON object."""
    strikes: Counter[str] = Counter()
    for each in outcomes:
        strikes.update(each.strikes)
    return {
        "wanted": sum(each.count.wanted for each in outcomes),
        "lost": sum(each.count.lost for each in outcomes),
        "doubled": sum(each.count.doubled for each in outcomes),
        "out_of_order": sum(each.count.out_of_order for each in outcomes),
        "unknown": sum(each.unknown.times for each in outcomes),
        "found": sum(each.unknown.found for each in outcomes),
        "sent_again": sum(each.unknown.sent_again for each in outcomes),
        "asked": sum(each.count.asked for each in outcomes),
        "missed": sum(each.count.missed for each in outcomes),
        "kills": strikes["kill"],
        "freezes": strikes["freeze"],
        "restarts": strikes["restart"],
        "unexpected_ends": sum(sum(each.unexpected.values()) for each in outcomes),
        "engines": [each.form.engine for each in outcomes],
        "seconds": round(seconds, 1),
    }


def measure(*, quick: bool) -> Iterator[Line]:
    """Be a part of `python -m benchmarks`."""
    with scene() as here:
        for forms in [QUICK] if quick else [[form] for form in long_forms()]:
            outcomes, _ = here.play(*forms)
            for outcome in outcomes:
                yield from lines(outcome)


def long_forms(engines: Sequence[str] = ENGINES, *, seed: int = 1, strikes: int = STRIKES) -> list[Form]:
    """Give the long form, by default of more than 5,000 tasks and 30 kills in all."""
    struck = {engine: _strikes(engine, strikes, random.Random(seed)) for engine in engines}
    return [Form(engine, TASKS, struck[engine], WITHIN_S, seed, again=AGAIN) for engine in engines]


def _strikes(engine: str, count: int, dice: random.Random) -> list[str]:
    """Say what strikes in which order: each kind as often as its share, its victims at random."""
    kinds = [kind for kind, share in SHARES[engine].items() for _ in range(round(share * count / 100))]
    dice.shuffle(kinds)
    several = ("work", "serve")
    return [f"{kind} {dice.choice((1, 2))}" if kind.endswith(several) else kind for kind in kinds]


def _in_turn(here: Scene, groups: Sequence[Sequence[Form]]) -> list[Outcome]:
    """Play groups of runs, and print what becomes of them."""
    played = []
    for forms in groups:
        outcomes, told = here.play(*forms)
        for outcome in outcomes:
            show(outcome)
        show_x(told, LAG_S)
        played += outcomes
    return played


def _beyond(here: Scene, seed: int) -> list[Outcome]:
    outcomes, told = here.play(
        Form("sqlite", tasks=80, strikes=(), within_s=WITHIN_S, seed=seed), lag_s=LAG_BEYOND_S
    )
    print("\nBeyond the limit: doubles may be, and no target is set")
    show(outcomes[0])
    show_x(told, LAG_BEYOND_S)
    return outcomes


def main() -> int:
    """Print the tables and the summary; 1 if anything was lost, doubled or out of order."""
    wish = _read()
    begun = time.monotonic()
    engines = [wish.engine] if wish.engine else ENGINES
    asked = long_forms(engines, seed=wish.seed, strikes=wish.strikes)
    long = [replace(form, tasks=wish.tasks, within_s=wish.within_s, logs=wish.logs) for form in asked]
    with scene() as here:
        # Broken off in order, it leaves no process behind.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: here.stop.set())
        if wish.beyond_the_limit:
            outcomes = _beyond(here, wish.seed)
        elif wish.quick:
            outcomes = _in_turn(here, [[form for form in QUICK if form.engine in engines]])
        else:
            outcomes = _in_turn(here, [[form] for form in long])
            _beyond(here, wish.seed)
    print(json.dumps(summary(outcomes, time.monotonic() - begun)))
    return 0 if wish.beyond_the_limit or all(each.is_right for each in outcomes) else 1


def _read() -> argparse.Namespace:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--quick", action="store_true", help="ends within 50 seconds")
    parser.add_argument("--engine", choices=ENGINES, help="by default both")
    parser.add_argument("--tasks", type=int, default=TASKS, help="on each engine")
    parser.add_argument("--strikes", type=int, default=STRIKES, help="on each engine")
    parser.add_argument(
        "--within-s", type=float, default=WITHIN_S, help="then no more is put in, on each engine"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--logs", type=Path, help="a directory to keep the logs in")
    parser.add_argument("--beyond-the-limit", action="store_true", help="X's timelines lag too long")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
