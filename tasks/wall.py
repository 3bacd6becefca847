"""A wall clock in its zone: which moment a time on it is, also where clocks are put forward or back. Pure.

A time that clocks skip is taken at the moment right after the gap; one that comes twice at its first coming.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


class Shift(StrEnum):
    """What a change of the clocks does to a time on the wall."""

    SKIPPED = "skipped"
    """The clock never shows it: taken right after the gap."""
    DOUBLED = "doubled"
    """The clock shows it twice: taken once, the first time."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One moment something is to happen, and the time on the wall that led to it."""

    at: datetime
    """UTC."""
    wall: datetime
    """Naive: the time asked for. Where `note` is `SKIPPED` no clock shows it; `shown` is what clocks show."""
    note: Shift | None = None

    def shown(self, zone: ZoneInfo) -> datetime:
        """Say what the clock on the wall shows at `at` (naive)."""
        return on_wall(self.at, zone)


def on_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Say what the clock on the wall shows at that moment (naive)."""
    return moment.astimezone(zone).replace(tzinfo=None)


def occurrence(wall: datetime, zone: ZoneInfo) -> Occurrence:
    """Find the moment of a (naive) time on the wall. A later time is never an earlier moment."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return Occurrence(first, wall)
    if first < second:
        return Occurrence(first, wall, Shift.DOUBLED)
    return Occurrence(change_after(second, first, zone), wall, Shift.SKIPPED)


def second_coming(doubled: Occurrence, zone: ZoneInfo) -> datetime:
    """Find the other moment (UTC) at which the clock shows a doubled time."""
    return doubled.wall.replace(tzinfo=zone, fold=1).astimezone(UTC)


def change_after(before: datetime, until: datetime, zone: ZoneInfo) -> datetime:
    """Find the first moment (UTC, to the second) with the offset that clocks have at `until`."""
    offset = until.astimezone(zone).utcoffset()
    before, until = before.astimezone(UTC), until.astimezone(UTC)
    while until - before > _SECOND:
        middle = before + (until - before) // 2
        middle = middle.replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(zone).utcoffset() == offset:
            until = middle
        else:
            before = middle
    return until
