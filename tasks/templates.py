"""Texts with fields: `{place}` is asked for, `{date}` and its like are filled in from the calendar. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from babel import Locale, UnknownLocaleError, dates

#: A name, and for dates how many days on: {weekday+1} is tomorrow's.
_FIELD = re.compile(r"\{(\w{1,32})(?:\+(\d{1,3}))?\}")
_NAME = re.compile(r"[\w-]{1,32}")

_WRITTEN: Mapping[str, Callable[[datetime, Locale], str]] = {
    "date": lambda at, locale: dates.format_date(at, "long", locale=locale),
    "day": lambda at, _locale: str(at.day),
    "month": lambda at, locale: dates.format_date(at, "LLLL", locale=locale),
    "time": lambda at, locale: dates.format_time(at, "short", locale=locale),
    "week": lambda at, _locale: str(at.isocalendar().week),
    "weekday": lambda at, locale: dates.format_date(at, "EEEE", locale=locale),
    "year": lambda at, _locale: f"{at.year:04}",
}
#: The fields that are filled in by themselves.
DATES = tuple(sorted(_WRITTEN))


def is_name(said: str) -> bool:
    """Say whether a template may be called so: letters, digits, _ and -, up to 32."""
    return _NAME.fullmatch(said) is not None


def fields(text: str) -> list[str]:
    """List the fields that somebody has to fill, each once, as they come."""
    found = (name for name, days in _FIELD.findall(text) if name not in _WRITTEN and not days)
    return list(dict.fromkeys(found))


def fill(text: str, name: str, value: str) -> str:
    """Put a value in the place of a field; braces in the value are text and no fields."""
    return _FIELD.sub(lambda found: value if found[1] == name and not found[2] else found[0], text)


def fill_dates(text: str, at: datetime, language: str) -> str:
    """Fill in the dates: `at` is the reader's wall clock, words are of the language, or else English."""
    locale = _locale(language)

    def write(found: re.Match[str]) -> str:
        writer = _WRITTEN.get(found[1])
        return writer(at + timedelta(days=int(found[2] or 0)), locale) if writer else found[0]

    return _FIELD.sub(write, text)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
