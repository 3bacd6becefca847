"""Schedules that come again and again: their rules, and the moments that follow from them. Pure.

Days and times of day are those on the wall of the schedule's zone. Minutes and hours between two posts are
real ones: once clocks have changed, "every 24 hours" is at another time on the wall, "every day" is not.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from tasks import days
from tasks.wall import Occurrence, change_after, occurrence, on_wall

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)
#: Fields of a cron expression as `cronsim` reads them; it stumbles over a step of the nth weekday.
_CRON_FIELD = re.compile(r"[0-9A-Z*,/-]{1,80}|[0-9A-Z#,]{1,80}")


class Rule(ABC):
    """When a schedule's tasks are due, again and again. Equal rules have equal canonical words."""

    @property
    @abstractmethod
    def canonical(self) -> str:
        """How it is stored; `Rule.read` takes it back."""

    @property
    @abstractmethod
    def closest(self) -> timedelta:
        """At least this long passes between two occurrences, unless clocks change in between."""

    @abstractmethod
    def after(self, moment: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        """Yield what follows strictly after the moment, in order, each moment once."""

    def __str__(self) -> str:
        return self.canonical

    @staticmethod
    def read(canonical: str) -> "Rule":
        """Read what `canonical` gave. Raises ValueError for anything else."""
        kind, _, rest = canonical.partition(" ")
        if kind == "cron":
            return Cron(rest)
        if interval := re.fullmatch(r"every ([0-9]{1,7}) minutes from (\S+)Z", canonical):
            return Interval(int(interval[1]), datetime.fromisoformat(interval[2]).replace(tzinfo=UTC))
        which, at, times = canonical.rpartition(" at ")
        if not at:
            raise ValueError(f"no rule: {canonical}")
        return AtTimes(days.read(which), tuple(time.fromisoformat(word) for word in times.split(",")))


@dataclass(frozen=True)
class AtTimes(Rule):
    """At one or more times of day (to the minute) on certain days."""

    days: days.Days
    times: tuple[time, ...]

    def __post_init__(self) -> None:
        if not self.times or any(at != at.replace(second=0, microsecond=0, tzinfo=None) for at in self.times):
            raise ValueError("times of day are to the minute")
        object.__setattr__(self, "times", tuple(sorted(set(self.times))))

    @property
    def canonical(self) -> str:
        """Such as `on mon,fri at 09:00,17:00`."""
        return f"{self.days} at {','.join(f'{at:%H:%M}' for at in self.times)}"

    @property
    def closest(self) -> timedelta:
        """The least time between two of its times of day, midnight no border."""
        return _closest({at.hour * 60 + at.minute for at in self.times})

    def after(self, moment: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        """Yield what follows strictly after the moment, in order, each moment once."""
        return _by_the_wall(self._walls(on_wall(moment, zone).date()), moment, zone)

    def _walls(self, day: date) -> Iterator[datetime]:
        while day.year < date.max.year:
            if self.days.on(day):
                yield from (datetime.combine(day, at) for at in self.times)
            day += _DAY


@dataclass(frozen=True)
class Interval(Rule):
    """Every so many real minutes, counted from when it was asked for; first after one interval."""

    minutes: int
    start: datetime
    """UTC, to the minute."""

    def __post_init__(self) -> None:
        if not 1 <= self.minutes <= days.EVERY_DAYS_MAX * 24 * 60:
            raise ValueError("no such number of minutes")
        object.__setattr__(self, "start", self.start.astimezone(UTC).replace(second=0, microsecond=0))

    @property
    def canonical(self) -> str:
        """Such as `every 120 minutes from 2026-11-23T16:10Z`."""
        return f"every {self.minutes} minutes from {self.start:%Y-%m-%dT%H:%M}Z"

    @property
    def closest(self) -> timedelta:
        """The interval."""
        return self.minutes * _MINUTE

    def after(self, moment: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        """Yield what follows strictly after the moment, in order, each moment once."""
        number = max(1, (moment - self.start) // self.closest + 1)
        while True:
            at = self.start + number * self.closest
            yield Occurrence(at, on_wall(at, zone))
            number += 1


@dataclass(frozen=True)
class Cron(Rule):
    """A cron expression of five fields.

    With `*` in the field of hours it follows real time, as Debian's cron(8) does. Any other expression
    names times on the wall: a skipped one comes right after the gap, a doubled one once.
    """

    expression: str

    def __post_init__(self) -> None:
        fields = self.expression.upper().split()
        if len(fields) != 5 or not all(_CRON_FIELD.fullmatch(field) for field in fields):
            raise ValueError("a cron expression has five fields")
        object.__setattr__(self, "expression", " ".join(fields))
        try:
            CronSim(self.expression, datetime(2000, 1, 1))  # noqa: DTZ001 - a time on the wall
        except (CronSimError, AssertionError) as error:
            raise ValueError(f"no cron expression: {error}") from error

    @property
    def canonical(self) -> str:
        """Such as `cron 0 9 * * 1-5`."""
        return f"cron {self.expression}"

    @property
    def closest(self) -> timedelta:
        """The least time between two of its times of day, midnight no border."""
        cron = CronSim(self.expression, datetime(2000, 1, 1))  # noqa: DTZ001 - a time on the wall
        return _closest({hour * 60 + minute for hour in cron.hours for minute in cron.minutes})

    def after(self, moment: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        """Yield what follows strictly after the moment, in order, each moment once. It may never come."""
        if self.expression.split()[1].startswith("*"):
            return self._in_real_time(moment.astimezone(UTC), zone)
        return _by_the_wall(self._walls(on_wall(moment, zone)), moment, zone)

    def _walls(self, after: datetime) -> Iterator[datetime]:
        """Yield the times on the wall (naive) strictly after."""
        return iter(CronSim(self.expression, after))

    def _in_real_time(self, moment: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        """Follow the clock's hand itself: nothing while it jumps over, again when it goes through again."""
        offset, wall = _offset(moment, zone), on_wall(moment, zone)
        while (found := next(self._walls(wall), None)) is not None:
            at = (found - offset).replace(tzinfo=UTC)
            horizon = min(at, moment + _DAY)
            if _offset(horizon, zone) != offset:
                change = change_after(moment, horizon, zone)
                offset, moment = _offset(change, zone), change
                wall = on_wall(change, zone) - timedelta(microseconds=1)
            elif horizon < at:
                moment = max(horizon, at - _DAY)
                wall = on_wall(moment, zone)
            else:
                yield Occurrence(at, found)
                moment, wall = at, found


def next_after(rule: Rule, zone: ZoneInfo, after: datetime) -> datetime | None:
    """Say when it is due next, strictly after (UTC). None: never again."""
    return next((found.at for found in rule.after(after, zone)), None)


def upcoming(rule: Rule, zone: ZoneInfo, after: datetime, count: int = 3) -> list[Occurrence]:
    """List the next occurrences strictly after; fewer when the rule ends."""
    return list(islice(rule.after(after, zone), count))


def shifted(rule: Rule, zone: ZoneInfo, after: datetime) -> list[Occurrence]:
    """List the occurrences of the coming year whose time on the wall is skipped or doubled."""
    found: dict[datetime, Occurrence] = {}
    for change in _changes(zone, after, after + _YEAR):
        near = rule.after(max(after, change - _DAY), zone)
        found |= {one.at: one for one in takewhile(lambda one: one.at <= change, near) if one.note}  # noqa: B023
    return list(found.values())


def _changes(zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[datetime]:
    while after < until:
        later = after + _DAY
        if _offset(later, zone) != _offset(after, zone):
            yield change_after(after, later, zone)
        after = later


def _by_the_wall(walls: Iterable[datetime], moment: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
    """Take times on the wall, in order, to the moments after `moment`; those of one gap fall together."""
    for wall in walls:
        found = occurrence(wall, zone)
        if found.at > moment:
            moment = found.at
            yield found


def _closest(minutes: set[int]) -> timedelta:
    ordered = sorted(minutes)
    following = [*ordered[1:], ordered[0] + 24 * 60]
    return min(after - before for before, after in zip(ordered, following, strict=True)) * _MINUTE


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
