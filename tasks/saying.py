"""What a person said about a time: the words up to the time are read, what follows them is the text. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from tasks import said_day, said_rule
from tasks.days import MonthDay
from tasks.said_clock import Line
from tasks.schedule import AtTimes, Rule, next_after
from tasks.wall import Occurrence, Shift, occurrence, on_wall, second_coming
from texts.reply import Fact

#: Further away than this nothing is planned.
FAR_YEARS = 2
FAR = timedelta(days=731)
#: Posts of one schedule come no closer than this.
OFTEN_MINUTES = 5

_MINUTE = timedelta(minutes=1)
_OLDEST_YEAR = 1900
#: Times of day in the line that a date may end at; each costs a question to the library.
_CLOCKS_TRIED = 2


class Why(StrEnum):
    """Why no time was understood; each is one sentence."""

    NOT_UNDERSTOOD = "not_understood"
    """No time at the start of the words."""
    NO_CLOCK = "no_clock"
    """A day, but no time of day (fact `words`: the day as it was said)."""
    CRON = "cron"
    """The word cron, but not five fields that make sense."""
    AMBIGUOUS = "ambiguous"
    """Two readings are as likely (facts `one`, `other`: words that would be clear on a line of their own)."""
    PAST = "past"
    """The moment (fact `at`) is over."""
    TOO_FAR = "too_far"
    """Further away than `FAR_YEARS` (fact `years`)."""
    TOO_OFTEN = "too_often"
    """More often than every `OFTEN_MINUTES` (fact `minutes`)."""
    NEVER = "never"
    """A rule that never comes true: 30 February."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the words cannot be scheduled."""

    why: Why
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """A time, understood."""

    when: Occurrence | Rule
    words: str
    """The words that were read as the time, as they were written."""
    rest: str
    """What follows them, verbatim: the text of the tweet. May be empty."""
    notes: tuple[str, ...] = ()
    """What to point out: `next_weekday` ("next friday" is the very next one), `short_months`
    (months without that day are left out)."""


def read(words: str, *, now: datetime, zone: ZoneInfo, language: str) -> Said | Trouble:
    """Read the time at the start of the words, in English or the person's language. Never raises."""
    start = len(words) - len(words.lstrip())
    line = Line(words[start:].split("\n", 1)[0], language)
    found = _read(line, now.astimezone(UTC).replace(microsecond=0), zone)
    if isinstance(found, Trouble):
        return found
    if not line.may_end(found.end):
        return _not_understood()
    end = start + found.end
    said = words[start:end]
    rest = words[start + line.ended(found.end) :].lstrip()
    return Said(found.when, said, rest, found.notes)


@dataclass(frozen=True, slots=True)
class _Found:
    when: Occurrence | Rule
    end: int
    notes: tuple[str, ...] = ()


def _read(line: Line, now: datetime, zone: ZoneInfo) -> _Found | Trouble:
    try:
        rule = said_rule.read(line, 0, now, zone)
    except said_rule.BadCronError:
        return Trouble(Why.CRON)
    if isinstance(rule, said_rule.NoClock):
        return _no_clock(line, rule.end)
    if isinstance(rule, said_rule.Either):
        return _ambiguous(rule.one, rule.other)
    if rule is not None:
        return _checked_rule(*rule, now, zone)
    return _once(line, now, zone)


def _checked_rule(rule: Rule, end: int, now: datetime, zone: ZoneInfo) -> _Found | Trouble:
    if rule.closest < timedelta(minutes=OFTEN_MINUTES):
        return Trouble(Why.TOO_OFTEN, {"minutes": OFTEN_MINUTES})
    first = next_after(rule, zone, now)
    if first is None:
        return Trouble(Why.NEVER)
    if first - now > FAR:
        return Trouble(Why.TOO_FAR, {"years": FAR_YEARS})
    short = isinstance(rule, AtTimes) and isinstance(rule.days, MonthDay) and rule.days.left_out
    return _Found(rule, end, ("short_months",) if short else ())


def _once(line: Line, now: datetime, zone: ZoneInfo) -> _Found | Trouble:
    """Read a single time, whichever way it is said."""
    wall = on_wall(now, zone)
    day = said_day.read(line, 0, wall)
    if isinstance(day, said_day.TwoDays):
        return _ambiguous(day.one.isoformat(), day.other.isoformat())
    if day and (clock := line.clock(day.end)):
        return _at(day, clock, now, zone)
    if day is None and (span := said_day.read_span(line, 0)):
        return _after(line, span, now, zone)
    if clock := line.clock(0):
        return _next(line, clock, now, zone)
    for start in islice(line.clocks_within(0), _CLOCKS_TRIED):
        found, clock = said_day.read_foreign(line, 0, start, wall), line.clock(start)
        if found and clock:
            return _at(found, clock, now, zone)
    return _no_clock(line, day.end) if day else _by_library(line, now, zone)


def _by_library(line: Line, now: datetime, zone: ZoneInfo) -> _Found | Trouble:
    """Read a span in a language without a row of words, or a date that lacks its time of day."""
    wall = on_wall(now, zone)
    ends = list(said_day.prefixes(line, 0))
    for end in () if line.has_words else ends:
        if span := said_day.read_foreign_span(line, 0, end, wall):
            return _after(line, span, now, zone)
    for end in ends:
        if said_day.read_foreign(line, 0, end, wall):
            return _no_clock(line, end)
    return _not_understood()


def _at(day: said_day.Day, clock: tuple[time, int], now: datetime, zone: ZoneInfo) -> _Found | Trouble:
    """Put a day and a time of day together."""
    at, end = clock
    if day.evening and at.hour < 12:
        return _ambiguous(f"{at:%H:%M}", f"{(at.hour + 12) % 24:02}:{at:%M}")
    today = on_wall(now, zone).date()
    if day.date - today > FAR:
        return Trouble(Why.TOO_FAR, {"years": FAR_YEARS})
    if day.date.year < _OLDEST_YEAR:
        return _not_understood()
    found = _upcoming(datetime.combine(day.date, at), now, zone)
    if found.at <= now and day.weekday:
        found = _upcoming(datetime.combine(day.date + timedelta(days=7), at), now, zone)
    if found.at <= now:
        return Trouble(Why.PAST, {"at": found.at})
    return _Found(found, end, ("next_weekday",) if day.by_next else ())


def _next(line: Line, clock: tuple[time, int], now: datetime, zone: ZoneInfo) -> _Found | Trouble:
    """Take a time of day alone for its next coming, unless a day follows that may belong to it."""
    at, end = clock
    wall = on_wall(now, zone)
    day = said_day.read(line, end, wall)
    if isinstance(day, said_day.Day):
        if line.is_over(day.end):
            return _at(day, (at, day.end), now, zone)
        return _ambiguous(f"{line.plain[line.skip(end) : day.end]} {at:%H:%M}", f"{at:%H:%M}")
    for after in said_day.prefixes(line, end):
        if said_day.read_foreign(line, end, after, wall):
            return _ambiguous(f"{line.plain[line.skip(end) : after]} {at:%H:%M}", f"{at:%H:%M}")
    if line.says(end, "every", "daily") is not None:
        return _ambiguous(f"every day {at:%H:%M}", f"{at:%H:%M}")
    today = _upcoming(datetime.combine(wall.date(), at), now, zone)
    tomorrow = _upcoming(datetime.combine(wall.date() + timedelta(days=1), at), now, zone)
    return _Found(today if today.at > now else tomorrow, end)


def _after(line: Line, span: said_day.Span, now: datetime, zone: ZoneInfo) -> _Found | Trouble:
    """Take a span of real time from now, unless more of it follows that may belong to the text."""
    length, end = span.length, span.end
    if span.more is not None and line.is_over(span.more):
        length, end = span.longer, span.more
    elif span.more is not None:
        return _ambiguous(f"in {span.longer // _MINUTE} min", line.plain[: span.end].strip())
    if not timedelta(0) < length <= FAR:
        return Trouble(Why.TOO_FAR, {"years": FAR_YEARS}) if length else _not_understood()
    return _Found(Occurrence(now + length, on_wall(now + length, zone)), end)


def _upcoming(wall: datetime, now: datetime, zone: ZoneInfo) -> Occurrence:
    """Take a time on the wall that comes twice at its second coming once the first is over."""
    found = occurrence(wall, zone)
    if found.note == Shift.DOUBLED and found.at <= now:
        return Occurrence(second_coming(found, zone), wall)
    return found


def _no_clock(line: Line, end: int) -> Trouble:
    return Trouble(Why.NO_CLOCK, {"words": line.plain[:end].strip(" ,")})


def _ambiguous(one: str, other: str) -> Trouble:
    return Trouble(Why.AMBIGUOUS, {"one": one, "other": other})


def _not_understood() -> Trouble:
    return Trouble(Why.NOT_UNDERSTOOD)
