"""Trouble at random, for as long as somebody wants it: how often, how long, seeded. Does none of it itself.

Faults of faults.py hit what they are meant for; these hit whatever comes.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.x.faults import Fault

# What may happen to a request that writes: each with its probability, at most one of them.
TROUBLES = ("timeout_before", "timeout_after", "status_5xx", "rate_limited")
KEYS = frozenset({*TROUBLES, "latency_s", "lag_s", "rate_limited_s", "same_text_allowed", "seed"})
WRITING = frozenset({"POST", "PUT", "DELETE"})
GATEWAY = (("status_5xx", 500), ("status_5xx", 503), ("html_502", 502))


@dataclass(frozen=True)
class Fate:
    """What is to happen to one request: seconds before and after its work, and a fault or none."""

    before: float = 0.0
    after: float = 0.0
    fault: Fault | None = None


NOTHING = Fate()


@dataclass
class Chaos:
    """The trouble in force; a new one causes none.

    Of its counts, `untold` are the writes that were done though their answer was lost or said otherwise.
    """

    wish: dict[str, Any] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    _random: random.Random = field(default_factory=random.Random)
    _latency: tuple[float, float] = (0.0, 0.0)
    _lag: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def asked(cls, wish: dict[str, Any]) -> "Chaos":
        """Read a wish of the control API. Raises ValueError for one that is badly written."""
        if not set(wish) <= KEYS:
            raise ValueError(f"chaos has only {', '.join(sorted(KEYS))}")
        chances = [_number(wish, name) for name in TROUBLES]
        if sum(chances) > 1:
            raise ValueError("the probabilities are more than 1 together")
        _number(wish, "rate_limited_s")
        if not isinstance(wish.get("seed"), int | None):
            raise ValueError("seed is a whole number")  # noqa: TRY004 - what was sent is wrong, not our call
        # Two runs with one seed meet the same troubles in the order in which their requests arrive.
        dice = random.Random(wish.get("seed"))  # noqa: S311 - no secret
        return cls(wish, Counter(), dice, _span(wish, "latency_s"), _span(wish, "lag_s"))

    def as_json(self) -> dict[str, Any]:
        """Return the wish and how often each trouble happened."""
        return {**self.wish, "counts": dict(self.counts)}

    @property
    def same_text_allowed(self) -> bool:
        """Whether X takes the same text twice, so that a double is seen and not refused."""
        return bool(self.wish.get("same_text_allowed", False))

    def lag(self) -> float:
        """Return by how many seconds this read lags."""
        return self._random.uniform(*self._lag) if self.wish else 0.0

    def fate(self, method: str, path: str) -> Fate:
        """Decide about one request of API v2: trouble only where it writes, latency everywhere."""
        if not self.wish or not path.startswith("/2/"):
            return NOTHING
        self.counts["requests"] += 1
        latency, share = self._random.uniform(*self._latency), self._random.random()
        fault = self._trouble() if method in WRITING else None
        return Fate(latency * share, latency * (1 - share), fault)

    def _trouble(self) -> Fault | None:
        self.counts["writes"] += 1
        left = self._random.random()
        for name in TROUBLES:
            left -= self.wish.get(name, 0)
            if left < 0:
                return self._fault(name)
        return None

    def _fault(self, name: str) -> Fault:
        self.counts[name] += 1
        if name == "rate_limited":
            window = self._random.choice(("x-rate-limit", "x-user-limit-24hour"))
            return _fault(name, float(self.wish.get("rate_limited_s", 2)), window=window)
        if name != "status_5xx":
            return _fault(name)
        accepted, (kind, status) = self._random.random() < 0.5, self._random.choice(GATEWAY)
        return _fault(kind, status=status, accepted=accepted)


def _fault(name: str, seconds: float | None = None, **details: Any) -> Fault:
    return Fault(0, name, {}, 1, seconds, details)


def _number(wish: dict[str, Any], name: str) -> float:
    found = wish.get(name, 0)
    if isinstance(found, bool) or not isinstance(found, int | float) or found < 0:
        raise ValueError(f"{name} is a number from 0")
    return float(found)


def _span(wish: dict[str, Any], name: str) -> tuple[float, float]:
    """Read seconds: a number, or the least and the most."""
    found = wish.get(name, 0)
    if not isinstance(found, list):
        return (_number(wish, name),) * 2
    if len(found) != 2:
        raise ValueError(f"{name} is a number, or the least and the most")
    low, high = (_number({name: one}, name) for one in found)
    return low, high
