"""What a person said about a time: the words up to the time are read, what follows them is the text. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from tasks.schedule import Rule
from tasks.wall import Occurrence
from texts.reply import Fact


class Why(StrEnum):
    """Why no time was understood; each is one sentence."""

    NOT_UNDERSTOOD = "not_understood"
    """No time at the start of the words."""
    NO_CLOCK = "no_clock"
    """A day, but no time of day (fact `words`: the day as it was said)."""
    AMBIGUOUS = "ambiguous"
    """Two readings are as likely (facts `one`, `other`: words that would be clear)."""
    PAST = "past"
    """The moment (fact `at`) is over."""
    TOO_FAR = "too_far"
    """The moment (fact `at`) is further away than `FAR_YEARS` (fact `years`)."""
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
    raise NotImplementedError
