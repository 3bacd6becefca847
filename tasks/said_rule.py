"""Reading "every weekday 8:30", "every 2 hours", "first Monday 10:00" and cron from a line. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import regex

from tasks import days
from tasks.said_clock import Line
from tasks.schedule import AtTimes, Cron, Interval, Rule
from tasks.wall import on_wall

#: Monday to Friday wherever one lives; who means other days names them.
WORKING_DAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})

_DAILY = days.OnWeekdays(frozenset(range(7)))
_CRON = regex.compile(r"cron((?:\s+\S+){5})(?=\s|$)", regex.IGNORECASE)
_CRON_WORD = regex.compile(r"cron\b", regex.IGNORECASE)
_DAY_NUMBER = regex.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.|er|º)?(?![\w:])")
_ORDINAL = regex.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.|er|º)(?![\w:])")
_DASH = regex.compile(r"[-\u2013]")


@dataclass(frozen=True, slots=True)
class NoClock:
    """Days were named, up to this position, but no time of day."""

    end: int


@dataclass(frozen=True, slots=True)
class Either:
    """Two readings are as likely; words that would be clear."""

    one: str
    other: str


class BadCronError(ValueError):
    """The word cron without five fields that make sense."""


#: Days, and the position after them.
_Days = tuple[days.Days, int]


@dataclass(frozen=True, slots=True)
class _Step:
    """Every so many days or weeks, from a day that is not known before the times of day are."""

    number: int
    weeks: bool
    weekdays: frozenset[int]
    end: int


def read(line: Line, at: int, now: datetime, zone: ZoneInfo) -> tuple[Rule, int] | NoClock | Either | None:
    """Read a rule. None: the words are none. Raises BadCronError."""
    if line.matches(at, _CRON_WORD):
        return _cron(line, at)
    after_every = line.says(at, "every")
    if after_every is not None and (interval := _interval(line, after_every, now)):
        return interval
    found = _every(line, after_every) if after_every is not None else _without_every(line, at)
    if found is None or isinstance(found, Either):
        return found
    end = found.end if isinstance(found, _Step) else found[1]
    if (clocks := line.clocks(end)) is None:
        return NoClock(end)
    times, end = clocks
    which = _anchored(found, times, on_wall(now, zone)) if isinstance(found, _Step) else found[0]
    return AtTimes(which, times), end


def _cron(line: Line, at: int) -> tuple[Rule, int]:
    found = line.matches(at, _CRON)
    if not found:
        raise BadCronError
    try:
        return Cron(found[1].strip()), found.end()
    except ValueError as error:
        raise BadCronError from error


def _interval(line: Line, at: int, now: datetime) -> tuple[Rule, int] | None:
    number, at = _how_many(line, at)
    for unit, minutes in (("minutes", 1), ("hours", 60)):
        end = line.says(at, unit)
        if end is not None and line.may_end(end) and 1 <= number * minutes <= days.EVERY_DAYS_MAX * 24 * 60:
            return Interval(number * minutes, now), end
    return None


def _how_many(line: Line, at: int) -> tuple[int, int]:
    if other := line.says(at, "other"):
        return 2, other
    return line.number(at) or (1, line.maybe(at, "one"))


def _every(line: Line, at: int) -> _Days | _Step | Either | None:
    """Read what follows "every"."""
    if found := _every_so_often(line, at):
        return found
    if (month := line.says(at, "months")) is not None:
        return _day_of_every_month(line, line.maybe(month, "on"))
    return _either(line, at) or _kinds_of_days(line, at) or _in_month(line, at) or _every_nth(line, at)


def _without_every(line: Line, at: int) -> _Days | None:
    if (end := line.says(at, "daily")) is not None:
        return _DAILY, end
    start = line.maybe(at, "on")
    if found := _in_month(line, start):
        return found
    if line.says(start, "working_days", "weekends") is None and not line.says_weekly(start):
        return None
    return _kinds_of_days(line, start)


def _every_so_often(line: Line, at: int) -> _Days | _Step | None:
    number, at = _how_many(line, at)
    if (end := line.says(at, "working_days")) is not None:
        return (days.OnWeekdays(WORKING_DAYS), end) if number == 1 else None
    if (end := line.says(at, "days")) is not None and 1 <= number <= days.EVERY_DAYS_MAX:
        if number == 1 and (more := _weekdays(line, end)):
            return days.OnWeekdays(more[0]), more[1]
        return (_DAILY, end) if number == 1 else _Step(number, False, frozenset(), end)
    if (end := line.says(at, "weeks")) is not None and 1 <= number <= days.EVERY_DAYS_MAX // 7:
        weekdays, end = _weekdays(line, line.maybe(end, "on")) or (frozenset(), end)
        return _Step(number, True, weekdays, end)
    return None


def _kinds_of_days(line: Line, at: int) -> _Days | None:
    for meaning, weekdays in (("working_days", WORKING_DAYS), ("weekends", WEEKEND)):
        if (end := line.says(at, meaning)) is not None:
            return days.OnWeekdays(weekdays), end
    found = _weekdays(line, at)
    return (days.OnWeekdays(found[0]), found[1]) if found else None


def _weekdays(line: Line, at: int) -> tuple[frozenset[int], int] | None:
    """Read weekdays: `monday, wednesday and friday`, `mon-fri`."""
    found = line.weekday(at)
    weekdays: set[int] = set()
    end = at
    while found:
        first, end = found
        weekdays.add(first)
        dash = line.matches(end, _DASH)
        until = dash.end() if dash else line.says(end, "until")
        if until is not None and (last := line.weekday(until)):
            weekdays |= {(first + number) % 7 for number in range((last[0] - first) % 7 + 1)}
            end = last[1]
        found = line.weekday(line.maybe(end, "and_"))
    return (frozenset(weekdays), end) if weekdays else None


def _in_month(line: Line, at: int) -> _Days | None:
    """Read the nth weekday, the last day, or a day by its number and "of the month"."""
    if (last := line.says(at, "last")) is not None and (end := line.says(last, "days")) is not None:
        return days.MonthDay(days.LAST), _of_month(line, end) or end
    if (first := line.says(at, "first")) is not None and (end := line.says(first, "days")) is not None:
        return days.MonthDay(1), _of_month(line, end) or end
    for word, number in (("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("last", days.LAST)):
        after = line.says(at, word)
        if after is not None and (weekday := line.weekday(after)):
            return days.NthWeekday(number, weekday[0]), _of_month(line, weekday[1]) or weekday[1]
    found = line.matches(line.maybe(at, "days"), _DAY_NUMBER)
    if found and 1 <= int(found[1]) <= 31 and (end := _of_month(line, found.end())) is not None:
        return days.MonthDay(int(found[1])), end
    return None


def _day_of_every_month(line: Line, at: int) -> _Days | None:
    """Read what follows "every month on"."""
    found = line.matches(line.maybe(at, "days"), _DAY_NUMBER)
    if found and 1 <= int(found[1]) <= 31:
        return days.MonthDay(int(found[1])), found.end()
    return _in_month(line, at)


def _every_nth(line: Line, at: int) -> _Days | None:
    """Read what follows "every" when it is a day of the month alone: every 15th."""
    number = line.matches(at, _ORDINAL)
    return (days.MonthDay(int(number[1])), number.end()) if number and 1 <= int(number[1]) <= 31 else None


def _of_month(line: Line, at: int) -> int | None:
    return line.says(line.maybe(line.maybe(at, "of"), "of"), "months")


def _either(line: Line, at: int) -> _Step | Either | None:
    """Read "every other Monday"; "every second Monday" may also be the second of each month."""
    after = line.says(at, "other")
    weekday = line.weekday(after) if after is not None else None
    if after is None or weekday is None or _of_month(line, weekday[1]) is not None:
        return None
    if line.says(at, "second") is None:
        return _Step(2, True, frozenset({weekday[0]}), weekday[1])
    name = line.plain[line.skip(after) : weekday[1]]
    return Either(f"every 2 weeks on {name}", f"second {name} of every month")


def _anchored(step: _Step, times: tuple[time, ...], wall: datetime) -> days.Days:
    """Begin on the first day of these whose time of day is still to come."""
    start: date = wall.date() if max(times) > wall.time() else wall.date() + timedelta(days=1)
    if not step.weeks:
        return days.EveryDays(step.number, start)
    weekdays = step.weekdays or frozenset({start.weekday()})
    while start.weekday() not in weekdays:
        start += timedelta(days=1)
    return days.OnWeekdays(weekdays) if step.number == 1 else days.EveryWeeks(step.number, start, weekdays)
