"""Reading one day, or a span of time from now, from a line: tomorrow, next friday, 24 Dec, in 20 min. Pure.

The commonest words are read here, word by word. Other dates are left to dateparser, which knows 200
languages. It finds a date in almost anything, so its answer counts only if it used every number it was given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import regex

from tasks.said_clock import Line

_ISO = regex.compile(r"([12][0-9]{3})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![\w/-])")
_DOTTED = regex.compile(
    r"([0-9]{1,2})\.\s?([0-9]{1,2})(?:\.(?:(?|\s(20[0-9]{2})|((?:20)?[0-9]{2}))(?![0-9:.]))?)?(?![\w:.])"
)
_SLASHED = regex.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:/((?:20)?[0-9]{2}))?(?![\w:/])")
_HOURS_AND_MINUTES = regex.compile(r"([0-9]{1,3})(?:[hH:])([0-9]{2})(?:\s?min|m)?(?!\w)")
_FRACTION = regex.compile(r"([0-9]{1,3})[.,]([0-9]{1,2})(?![0-9])")
_DIGITS = regex.compile(r"[0-9]+")
_LETTERS = regex.compile(r"\p{L}\p{L}")
#: Words before a time of day that can be a date: next Thursday, the 24th of December 2026.
_PHRASE_WORDS = 7
#: The library takes long to see that a long phrase in a language without spaces is no date.
_PHRASE_LENGTH = 40
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
#: Further ahead no day is read.
_FAR = timedelta(days=10_000)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and the position after it."""

    date: date
    end: int
    weekday: bool = False
    """A weekday alone was said: once its time of day is over, the one in a week is meant."""
    by_next: bool = False
    """"Next friday" was said, which some take for the one after."""
    evening: bool = False
    """Its words are of an evening: a time of day before noon is not likely meant."""


@dataclass(frozen=True, slots=True)
class Span:
    """So much real time from now, and the position after it."""

    length: timedelta
    end: int
    more: int | None = None
    """The end of another span right after it that may belong to it, or to the text."""
    longer: timedelta = timedelta(0)
    """With `more`: both together."""


@dataclass(frozen=True, slots=True)
class TwoDays:
    """A date in numbers whose day and month may be either."""

    one: date
    other: date


def read(line: Line, at: int, wall: datetime) -> Day | TwoDays | None:
    """Read a day in known words or in numbers; `wall` is now, naive."""
    at, today = line.maybe(at, "on"), wall.date()
    weekday = _weekday(line, at, today)
    if weekday is None:
        return _near(line, at, today) or _in_numbers(line, at, today)
    dated = _in_numbers(line, line.maybe(weekday.end, "on"), today)
    if isinstance(dated, Day) and dated.date.weekday() != weekday.date.weekday():
        return None
    return dated or weekday


def read_span(line: Line, at: int) -> Span | None:
    """Read "in 20 min", "in 2 hours", "in 1h30", "in 1 hour and 30 minutes"."""
    after_in = line.says(at, "in_")
    if after_in is None:
        return None
    if found := line.matches(after_in, _HOURS_AND_MINUTES):
        return Span(timedelta(hours=int(found[1]), minutes=int(found[2])), found.end())
    amount = _amount(line, after_in)
    if amount is None:
        return None
    length, end = amount
    joined = line.says(end, "and_")
    then = end if joined is None else joined
    second = _amount(line, then) if line.number(then) else None
    if second is None or not second[0] < _HOUR <= length:
        return Span(length, end)
    if joined is not None:
        return Span(length + second[0], second[1])
    return Span(length, end, second[1], length + second[0])


def read_foreign(line: Line, at: int, until: int, wall: datetime) -> Day | None:
    """Have the words between two positions read as a day by the library. None: they are no day."""
    start, until = line.maybe(at, "on"), _without_at(line, at, until)
    phrase = line.plain[line.skip(start) : until].strip(" ,")
    if len(phrase) > _PHRASE_LENGTH or len(phrase.split()) > _PHRASE_WORDS or not _LETTERS.search(phrase):
        return None
    found = _by_library(phrase, line.language, wall) or _by_library(
        line.plain[line.skip(at) : until].strip(" ,"), line.language, wall
    )
    if found is None or not _uses_all_numbers(phrase, found, wall) or _is_another_weekday(line, start, found):
        return None
    evening = found.time() != wall.time() and found.hour >= 12
    return Day(found.date(), until, evening=evening)


def prefixes(line: Line, at: int) -> Iterator[int]:
    """Yield the ends of the first words, one more each time, of what might be a date with its number."""
    for count, word in enumerate(regex.finditer(r"[^\s,]+", line.plain, pos=at), 1):
        if count > 4:
            return
        phrase = line.plain[at : word.end()]
        if _DIGITS.search(phrase) and _LETTERS.search(phrase):
            yield word.end()


def read_foreign_span(line: Line, at: int, until: int, wall: datetime) -> Span | None:
    """Have words read as minutes or hours from now by the library, in a language without a row of words."""
    phrase = line.plain[at:until].strip()
    # Without a word such as "in" a span is taken for past here: "2 minutes of silence" is text.
    found = _by_library(phrase, line.language, wall, prefer="past")
    if found is None or found <= wall or found - wall > timedelta(days=2) or found.time() == wall.time():
        return None
    numbers = [int(number) for number in _DIGITS.findall(phrase)]
    minutes = (found - wall).total_seconds() / 60
    if len(numbers) != 1 or minutes not in (numbers[0], numbers[0] * 60):
        return None
    return Span(found - wall, until)


def _near(line: Line, at: int, today: date) -> Day | None:
    if (end := line.says(at, "tonight")) is not None:
        return Day(today, end, evening=True)
    for number, meaning in ((2, "after_tomorrow"), (0, "today"), (1, "tomorrow")):
        if (end := line.says(at, meaning)) is not None:
            return Day(today + timedelta(days=number), end)
    span = read_span(line, at)
    if (
        span
        and span.length >= timedelta(days=1)
        and not span.length % timedelta(days=1)
        and _in_days(line, at)
    ):
        return Day(today + span.length, span.end) if span.length < timedelta(days=10_000) else None
    return None


def _in_days(line: Line, at: int) -> bool:
    """Say whether the span at this position is counted in days or weeks, which are those on the wall."""
    after = line.maybe(at, "in_")
    number = line.number(after)
    return line.says(number[1] if number else line.maybe(after, "one"), "days", "weeks") is not None


def _weekday(line: Line, at: int, today: date) -> Day | None:
    after_next = line.says(at, "next")
    found = line.weekday(at if after_next is None else after_next)
    if found is None:
        return None
    number, end = found
    if after_next is None:
        after_next = line.says(end, "next")
        end = end if after_next is None else after_next
    ahead = (number - today.weekday()) % 7
    if after_next is not None:
        return Day(today + timedelta(days=ahead or 7), end, by_next=True)
    return Day(today + timedelta(days=ahead), end, weekday=True)


def _in_numbers(line: Line, at: int, today: date) -> Day | TwoDays | None:
    if found := line.matches(at, _ISO):
        day = _date(int(found[1]), int(found[3]), int(found[4]))
        return Day(day, found.end()) if day else None
    if found := line.matches(at, _DOTTED):
        day = _coming(found[3], int(found[2]), int(found[1]), today)
        return Day(day, found.end()) if day else None
    if found := line.matches(at, _SLASHED):
        readings = {
            _coming(found[3], int(found[2]), int(found[1]), today),
            _coming(found[3], int(found[1]), int(found[2]), today),
        } - {None}
        dates = sorted(day for day in readings if day)
        if len(dates) == 2:
            return TwoDays(dates[0], dates[1])
        return Day(dates[0], found.end()) if dates else None
    return None


def _coming(year: str | None, month: int, day: int, today: date) -> date | None:
    """Take a date without its year for the next one of that name."""
    if year:
        return _date(int(year) % 100 + 2000, month, day)
    for number in range(today.year, today.year + 9):
        found = _date(number, month, day)
        if found and found >= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _amount(line: Line, at: int) -> tuple[timedelta, int] | None:
    fraction = line.matches(at, _FRACTION)
    number = line.number(at)
    if fraction:
        amount, at = float(f"{fraction[1]}.{fraction[2]}"), fraction.end()
    elif number:
        amount, at = number
    elif (after_half := line.says(at, "half")) is not None:
        amount, at = 0.5, after_half
    else:
        amount, at = 1, line.maybe(at, "one")
    units = {"minutes": 1, "hours": 60, "days": 24 * 60, "weeks": 7 * 24 * 60}
    for unit, minutes in units.items():
        end = line.says(at, unit)
        if end is not None and line.may_end(end):
            return timedelta(minutes=round(amount * minutes)), end
    return None


def _without_at(line: Line, at: int, until: int) -> int:
    """Cut an "at" or a comma off the end of the words between two positions."""
    for word in regex.finditer(r"[^\s,]+", line.plain, pos=at, endpos=until):
        if line.maybe(word.start(), "at") >= until - 1 and line.says(word.start(), "at") is not None:
            return word.start()
    return until


def _is_another_weekday(line: Line, at: int, found: datetime) -> bool:
    weekday = line.weekday(line.maybe(at, "next"))
    return weekday is not None and weekday[0] != found.weekday()


def _uses_all_numbers(phrase: str, found: datetime, wall: datetime) -> bool:
    days = (found.date() - wall.date()).days
    months = (found.year - wall.year) * 12 + found.month - wall.month
    used = {found.day, found.year, found.year % 100, days, days // 7, months, months // 12}
    return all(int(number) in used for number in _DIGITS.findall(phrase))


def _by_library(phrase: str, language: str, wall: datetime, *, prefer: str = "future") -> datetime | None:
    import dateparser  # noqa: PLC0415 - half a second to load, and seldom needed
    from dateparser.data.languages_info import language_order  # noqa: PLC0415 - as above

    languages = [code for code in {language.partition("-")[0]: 1, "en": 1} if code in language_order]
    settings = {
        "RELATIVE_BASE": wall,
        "PREFER_DATES_FROM": prefer,
        "REQUIRE_PARTS": ["day"],
        "TIMEZONE": "UTC",
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    try:
        found: datetime | None = dateparser.parse(phrase, languages=languages, settings=settings)
    except (ValueError, OverflowError):
        return None
    return found
