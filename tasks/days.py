"""Which days a schedule comes round on: a calendar question, without clocks or zones. Pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

#: Monday is 0, as in `date.weekday`.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
LAST = -1
#: Two years: what comes more rarely is no schedule.
EVERY_DAYS_MAX = 731

_WEEK = timedelta(days=7)


class Days(Protocol):
    """A set of days without an end. `str` is how it is stored; `read` takes it back."""

    def on(self, day: date) -> bool:
        """Say whether the day is one of them."""


@dataclass(frozen=True, slots=True)
class OnWeekdays:
    """Every week on these days; all seven: daily."""

    weekdays: frozenset[int]

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ValueError("no such weekdays")

    def on(self, day: date) -> bool:
        """Say whether the day is one of them."""
        return day.weekday() in self.weekdays

    def __str__(self) -> str:
        return f"on {_names(self.weekdays)}"


@dataclass(frozen=True, slots=True)
class EveryDays:
    """The day it starts on, and every so many days after it."""

    number: int
    start: date

    def __post_init__(self) -> None:
        if not 1 <= self.number <= EVERY_DAYS_MAX:
            raise ValueError("no such number of days")

    def on(self, day: date) -> bool:
        """Say whether the day is one of them."""
        return day >= self.start and (day - self.start).days % self.number == 0

    def __str__(self) -> str:
        return f"every {self.number} days from {self.start.isoformat()}"


@dataclass(frozen=True, slots=True)
class EveryWeeks:
    """These days of the week that `start` lies in (from `start` on), and of every so many weeks after it."""

    number: int
    start: date
    weekdays: frozenset[int]

    def __post_init__(self) -> None:
        if not 1 <= self.number <= EVERY_DAYS_MAX // 7:
            raise ValueError("no such number of weeks")
        OnWeekdays(self.weekdays)

    def on(self, day: date) -> bool:
        """Say whether the day is one of them."""
        weeks = (_monday(day) - _monday(self.start)) // _WEEK
        return day >= self.start and day.weekday() in self.weekdays and weeks % self.number == 0

    def __str__(self) -> str:
        return f"every {self.number} weeks from {self.start.isoformat()} on {_names(self.weekdays)}"


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The first, second, ... or last of a weekday in each month; months without a fifth are left out."""

    nth: int
    weekday: int

    def __post_init__(self) -> None:
        if self.nth not in NTH.values() or self.weekday not in range(7):
            raise ValueError("no such weekday of a month")

    def on(self, day: date) -> bool:
        """Say whether the day is one of them."""
        if day.weekday() != self.weekday:
            return False
        return (day + _WEEK).month != day.month if self.nth == LAST else (day.day + 6) // 7 == self.nth

    def __str__(self) -> str:
        nth = next(word for word, number in NTH.items() if number == self.nth)
        return f"monthly {nth} {WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of each month by its number, or the last one; months without that number are left out."""

    day: int

    def __post_init__(self) -> None:
        if self.day != LAST and not 1 <= self.day <= 31:
            raise ValueError("no such day of a month")

    def on(self, day: date) -> bool:
        """Say whether the day is one of them."""
        last = calendar.monthrange(day.year, day.month)[1]
        return day.day == (last if self.day == LAST else self.day)

    @property
    def left_out(self) -> bool:
        """Whether there are months without that day."""
        return self.day > 28

    def __str__(self) -> str:
        return "monthly last day" if self.day == LAST else f"monthly day {self.day}"


def read(stored: str) -> Days:
    """Read what `str` gave. Raises ValueError for anything else."""
    match stored.split():
        case ["on", names]:
            return OnWeekdays(_weekdays(names))
        case ["every", number, "days", "from", start]:
            return EveryDays(_number(number), date.fromisoformat(start))
        case ["every", number, "weeks", "from", start, "on", names]:
            return EveryWeeks(_number(number), date.fromisoformat(start), _weekdays(names))
        case ["monthly", "last", "day"]:
            return MonthDay(LAST)
        case ["monthly", "day", number]:
            return MonthDay(_number(number))
        case ["monthly", nth, name] if nth in NTH and name in WEEKDAYS:
            return NthWeekday(NTH[nth], WEEKDAYS.index(name))
    raise ValueError(f"no days: {stored}")


def _number(word: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", word):
        raise ValueError("no number")
    return int(word)


def _weekdays(names: str) -> frozenset[int]:
    return frozenset(WEEKDAYS.index(name) for name in names.split(","))


def _names(weekdays: frozenset[int]) -> str:
    return ",".join(WEEKDAYS[number] for number in sorted(weekdays))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
