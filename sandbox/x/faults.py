"""Faults somebody asked for: which request they hit, how often. What they do to an answer is not here."""

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

# Faults that happen to the connection or to the finished answer.
ON_THE_WIRE = frozenset({"timeout_before", "timeout_after", "slow", "status_5xx", "html_502", "garbage_body"})
# Faults that are an answer of the API itself, given once the signature has been believed.
AS_ANSWER = frozenset(
    {
        "rate_limited",
        "rate_limited_day",
        "rate_limited_app_day",
        "rate_limited_bare",
        "out_of_credit",
        "revoked",
        "locked",
        "suspended_account",
        "duplicate",
        "forbidden_bare",
        "read_only",
        "too_long_video",
        "unauthorized_32",
        "clock_skew",
        "message_refused",
        "unheard_of",
    }
)
# Lists of posts and of messages that do not show yet what was just made.
LAGS = frozenset({"lagging_timeline"})
# Faults the endpoint concerned asks about itself.
IN_THE_STATE = LAGS | {"media_failed", "media_slow"}
NAMES = ON_THE_WIRE | AS_ANSWER | IN_THE_STATE
MATCH_KEYS = frozenset({"method", "path", "username", "app"})


@dataclass(frozen=True)
class Subject:
    """What a fault is matched against; username and app are what the request claims."""

    method: str
    path: str
    username: str | None
    app: str | None


@dataclass
class Fault:
    """One fault; `left` None means until cleared."""

    id: int
    name: str
    match: dict[str, str]
    left: int | None
    seconds: float | None
    details: dict[str, Any] = field(default_factory=dict)
    skip: int = 0
    """So many requests that it is meant for go well before."""

    def hits(self, subject: Subject) -> bool:
        """Tell whether this fault is meant for the request."""
        wanted = self.match
        return (
            wanted.get("method", subject.method).upper() == subject.method
            and re.search(wanted.get("path", ""), subject.path) is not None
            and wanted.get("username", subject.username) == subject.username
            and wanted.get("app", subject.app) == subject.app
        )

    def as_json(self) -> dict[str, Any]:
        """Return the fault as the control API shows it."""
        shown = {"id": self.id, "fault": self.name, "match": self.match, "times": self.left}
        return {**shown, "seconds": self.seconds, **self.details}


class FaultBook:
    """The faults in force, in the order they were asked for."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.faults: list[Fault] = []
        self.tolerated_skews: set[float] = set()

    def add(self, wish: dict[str, Any]) -> Fault:
        """Take a fault from the control API; raises ValueError for one that is not known or badly written."""
        rest = dict(wish)
        name, match = rest.pop("fault", None), rest.pop("match", None) or {}
        times, seconds = rest.pop("times", 1), rest.pop("seconds", None)
        if name not in NAMES:
            raise ValueError(f"fault is one of {', '.join(sorted(NAMES))}")
        _check_match(match)
        if times is not None and (not isinstance(times, int) or times < 1):
            raise ValueError("times is a number from 1 or null")
        skip = rest.pop("skip", 0)
        if not isinstance(skip, int) or skip < 0:
            raise ValueError("skip is a number from 0")
        lasts = None if seconds is None else float(seconds)
        fault = Fault(next(self._ids), name, match, times, lasts, rest, skip)
        self.faults.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Forget one fault or all of them."""
        self.faults = [one for one in self.faults if fault_id is not None and one.id != fault_id]
        if fault_id is None:
            self.tolerated_skews.clear()

    def take(self, subject: Subject, names: frozenset[str]) -> Fault | None:
        """Return the first fault of these names that hits the request, and count it."""
        for fault in self.faults:
            if fault.name not in names or not fault.hits(subject):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            self._count(fault)
            return fault
        return None

    def _count(self, fault: Fault) -> None:
        if fault.left is None:
            return
        fault.left -= 1
        if fault.left == 0:
            self.faults.remove(fault)


def _check_match(match: Any) -> None:
    if not isinstance(match, dict) or not set(match) <= MATCH_KEYS:
        raise ValueError(f"match has only {', '.join(sorted(MATCH_KEYS))}")
    try:
        re.compile(match.get("path", ""))
    except re.error as error:
        raise ValueError(f"path is no regular expression: {error}") from error
