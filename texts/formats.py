"""Moments, durations and money as a reader of a language writes them; the functions the sentences may call.

In a sentence: `{ $at }` date and time, `{ CLOCK($at) }` time only, `{ DAY($at) }` date only,
`{ DURATION($seconds) }`, `{ MONEY($dollars) }`, `{ PLAIN($count) }` a number without separators.
Knows no sentence.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from babel import Locale, dates, numbers
from fluent.runtime.types import FluentNumber, FluentType

#: What the client shows instead of our words, in its own zone: facts of the `date_time` entity, Bot API 9.5.
_CLIENT_FORMATS = {"full": "Dt", "clock": "t", "day": "D"}


class Moment(FluentType):
    """A moment in a sentence. In HTML Telegram's client shows it in the reader's own time zone."""

    def __init__(self, at: datetime, *, markup: bool, look: str = "full") -> None:
        self.at = at
        self.markup = markup
        self.look = look

    def format(self, locale: Locale) -> str:
        """Write the moment with its zone; around it, in HTML, what lets a client do better."""
        words = self._words(locale)
        if not self.markup:
            return words
        unix = int(self.at.timestamp())
        return f'<tg-time unix="{unix}" format="{_CLIENT_FORMATS[self.look]}">{words}</tg-time>'

    def looking(self, look: str) -> "Moment":
        """Give the same moment, shown in part: `clock` or `day`."""
        return Moment(self.at, markup=self.markup, look=look)

    def _words(self, locale: Locale) -> str:
        day = dates.format_date(self.at, "medium", locale=locale)
        clock = f"{dates.format_time(self.at, 'short', locale=locale)} {self.at.tzname()}"
        return {"full": f"{day}, {clock}", "clock": clock, "day": day}[self.look]


class Written(FluentType):
    """A value that is written by a function of babel when the language is known."""

    def __init__(self, write: Callable[[Locale], str]) -> None:
        self._write = write

    def format(self, locale: Locale) -> str:
        """Write it for readers of that language."""
        return self._write(locale)


def _duration(seconds: FluentNumber) -> Written:
    length = timedelta(seconds=float(str(seconds)))
    return Written(lambda locale: dates.format_timedelta(length, threshold=1.5, locale=locale))


def _money(dollars: FluentNumber) -> Written:
    """Write US dollars, in which X bills; as many digits as the price has, at least two."""
    amount = round(float(str(dollars)), 4)
    digits = max(2, len(f"{amount:.4f}".rstrip("0").partition(".")[2]))
    pattern = "¤#,##0." + "0" * digits
    return Written(
        lambda locale: numbers.format_currency(amount, "USD", pattern, locale=locale, currency_digits=False)
    )


def _plain(number: FluentNumber) -> str:
    return str(number)


FUNCTIONS: dict[str, Callable[[Any], FluentType]] = {
    "CLOCK": lambda moment: moment.looking("clock"),
    "DAY": lambda moment: moment.looking("day"),
    "DURATION": _duration,
    "MONEY": _money,
    "PLAIN": lambda number: Written(lambda _locale: _plain(number)),
}
