"""How long a text is for X, whether X takes it, and the form in which to send it. No network.

What is a link is in `links.py`, what is one emoji in `emoji.py`, mentions and tags in `tags.py`.

Source: twitter-text, config/v3.json and the Java edition; held to its conformance files by tests. Everything
here takes time in proportion to the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import regex

from twitter.emoji import SEQUENCE
from twitter.hosts import REFUSED
from twitter.links import Link, links

# Half a surrogate pair is no character and cannot be sent as UTF-8.
_REFUSED = re.compile(f"[{REFUSED}\ud800-\udfff]")
_LINE_END = re.compile("\r\n?")

# Python sorts combining characters in quadratic time, so a run longer than any language needs (30 is the
# bound of the stream-safe format, UAX #15) is sorted beforehand. The three named are made of marks.
_STORM = regex.compile(r"[[^\p{ccc=0}]\u0f73\u0f75\u0f81]{31,}", regex.V1)


@dataclass(frozen=True, slots=True)
class Config:
    """How characters weigh: in `ranges` (first and last code point, weight), and elsewhere."""

    scale: int  # the weight that counts as one
    default_weight: int
    link_length: int
    emoji_as_one: bool
    ranges: tuple[tuple[int, int, int], ...]


V3 = Config(
    scale=100,
    default_weight=200,
    link_length=23,
    emoji_as_one=True,
    ranges=((0x0000, 0x10FF, 100), (0x2000, 0x200D, 100), (0x2010, 0x201F, 100), (0x2032, 0x2037, 100)),
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What X makes of a text. Positions are code points of `text`, which is the text given, in NFC."""

    text: str
    length: int
    limit: int
    valid: bool  # X would take it: not blank, not too long, no character that X refuses
    invalid_characters: tuple[int, ...]  # where the characters are that X refuses
    overflow_at: int | None  # the start of the first character, emoji or link that is too much
    links: tuple[Link, ...]
    valid_until: (
        int  # twitter-text's validRangeEnd: the last valid UTF-16 unit of the text given; -1 if none is
    )

    @property
    def permillage(self) -> int:
        """How much of the limit is used, in thousandths, rounded down; above 1000 if the text is too long."""
        return self.length * 1000 // self.limit


class _Unit(NamedTuple):
    """What counts as one: a character, an emoji or a link."""

    start: int
    end: int
    weight: int


def weigh(text: str, *, limit: int = 280, config: Config = V3) -> Weighed:
    """Count a text as X does, up to 280 or, for an account with Premium, 25,000.

    A post with media may do without text: whoever has media asks `valid` only of a text that is not empty.
    """
    normal = nfc(text)
    found = links(normal)
    invalid = tuple(match.start() for match in _REFUSED.finditer(normal))
    weight, overflow_at = _sum(_units(normal, found, config), limit * config.scale)
    first_wrong = min((at for at in (overflow_at, *invalid[:1]) if at is not None), default=len(normal))
    return Weighed(
        text=normal,
        length=weight // config.scale,
        limit=limit,
        valid=bool(normal.strip()) and first_wrong == len(normal),
        invalid_characters=invalid,
        overflow_at=overflow_at,
        links=found,
        # What normalisation saved is added at the end, wherever it was saved; so does twitter-text.
        valid_until=_utf16_length(normal[:first_wrong]) - 1 + _utf16_length(text) - _utf16_length(normal),
    )


def normalise(text: str) -> str:
    """Bring a text into the form in which it is shown, weighed and sent.

    That is NFC, in which X counts; one kind of line end; and none of the characters for which X refuses a
    whole text and which nobody sees or misses: byte order marks, U+FFFF, halves of surrogate pairs. Spaces
    stay as typed.
    """
    return nfc(_REFUSED.sub("", _LINE_END.sub("\n", text)))


def nfc(text: str) -> str:
    """Normalise to NFC in linear time, even where combining characters are piled up."""
    return unicodedata.normalize("NFC", _STORM.sub(lambda storm: _sorted_marks(storm[0]), text))


def _sorted_marks(marks: str) -> str:
    """Put combining characters into canonical order, as NFC would."""
    parts = "".join(unicodedata.normalize("NFD", mark) for mark in marks)
    runs = groupby(parts, key=lambda part: unicodedata.combining(part) > 0)
    return "".join("".join(sorted(run, key=unicodedata.combining) if moves else run) for moves, run in runs)


def _units(text: str, found: tuple[Link, ...], config: Config) -> Iterator[_Unit]:
    """Cut a text into what counts as one."""
    link_ends = {link.start: link.end for link in found}
    emoji_ends = (
        {match.start(): match.end() for match in SEQUENCE.finditer(text)} if config.emoji_as_one else {}
    )
    at = 0
    while at < len(text):
        if end := link_ends.get(at):
            weight = config.link_length * config.scale
        elif end := emoji_ends.get(at):
            weight = config.default_weight
        else:
            end, weight = at + 1, _weight(ord(text[at]), config)
        yield _Unit(at, end, weight)
        at = end


def _weight(code_point: int, config: Config) -> int:
    for first, last, weight in config.ranges:
        if first <= code_point <= last:
            return weight
    return config.default_weight


def _sum(units: Iterator[_Unit], limit: int) -> tuple[int, int | None]:
    """Add up all weights, and find where the first unit starts that goes beyond the limit."""
    weight, overflow_at = 0, None
    for unit in units:
        weight += unit.weight
        if weight > limit and overflow_at is None:
            overflow_at = unit.start
    return weight, overflow_at


def _utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
