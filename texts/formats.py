"""Moments, durations and money as a reader of a language writes them; the functions the sentences may call.

In a sentence: `{ $at }` date and time, `{ CLOCK($at) }` time only, `{ DAY($at) }` date only,
`{ $wait }` a length of time, `{ $price }` an amount of dollars. What a clock on the wall shows, whatever the
client's zone: `{ WALL($at, $zone) }` and `{ UTC($at) }`. Days of the week by their numbers, Monday 0:
`{ WEEKDAYS($numbers) }`. For plain numbers `{ DURATION($seconds) }`,
`{ MONEY($dollars) }` and `{ PLAIN($year) }`, without separators. Knows no sentence.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers
from fluent.runtime.types import FluentType

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


class Wall(FluentType):
    """What a clock on the wall of one zone shows: never changed into the reader's own zone."""

    def __init__(self, at: datetime, *, skeleton: str) -> None:
        self.at = at
        self.skeleton = skeleton

    def format(self, locale: Locale) -> str:
        """Write day and time, with the short name of the zone's time."""
        day = dates.format_skeleton(self.skeleton, self.at, locale=locale)
        return f"{day}, {dates.format_time(self.at, 'short', locale=locale)} {self.at.tzname()}"


class Money(FluentType):
    """An amount of US dollars, in which X bills: as many digits as it has, at least two or three."""

    def __init__(self, dollars: Decimal) -> None:
        self.dollars = dollars

    def format(self, locale: Locale) -> str:
        """Write it with the dollar sign where the language has it."""
        digits = max(
            3 if self.dollars < Decimal("0.1") else 2,
            len(f"{self.dollars:.4f}".rstrip("0").partition(".")[2]),
        )
        pattern = "¤#,##0." + "0" * digits
        return numbers.format_currency(self.dollars, "USD", pattern, locale=locale, currency_digits=False)


class Duration(FluentType):
    """A length of time, rounded as people say it."""

    def __init__(self, length: timedelta) -> None:
        self.length = length

    def format(self, locale: Locale) -> str:
        """Write it with its unit: ten minutes, not 600 seconds."""
        return dates.format_timedelta(self.length, threshold=1.5, locale=locale)


class Plain(FluentType):
    """A number without separators, such as a year or an id."""

    def __init__(self, number: object) -> None:
        self.number = number

    def format(self, locale: Locale) -> str:
        """Write its digits."""
        del locale
        return str(self.number)


class Weekdays(FluentType):
    """Days of the week by name, listed."""

    def __init__(self, numbers: str) -> None:
        self.numbers = [int(number) for number in numbers.split(",")]

    def format(self, locale: Locale) -> str:
        """Write them out: Monday and Thursday."""
        names = dates.get_day_names("wide", locale=locale)
        return lists.format_list([names[number] for number in self.numbers], locale=locale)


def _money(amount: Any) -> Money:
    return amount if isinstance(amount, Money) else Money(round(Decimal(str(amount)), 4))


def _duration(length: Any) -> Duration:
    return length if isinstance(length, Duration) else Duration(timedelta(seconds=float(str(length))))


def _wall(moment: Any, zone: Any) -> Wall:
    return Wall(moment.at.astimezone(ZoneInfo(str(zone))), skeleton="yMMMEd")


FUNCTIONS: dict[str, Callable[..., FluentType]] = {
    "CLOCK": lambda moment: moment.looking("clock"),
    "DAY": lambda moment: moment.looking("day"),
    "DURATION": _duration,
    "MONEY": _money,
    "PLAIN": Plain,
    "UTC": lambda moment: Wall(moment.at.astimezone(UTC), skeleton="MMMd"),
    "WALL": _wall,
    "WEEKDAYS": lambda numbers: Weekdays(str(numbers)),
}
