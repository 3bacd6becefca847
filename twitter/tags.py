"""Which parts of a text X takes as mentions, hashtags and cashtags. Links are in `links.py`.

Source: the grammar of twitter-text 3. Positions are code points of the text given and begin at the sign.
Everything here takes time in proportion to the text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import regex

from twitter.hosts import LATIN_ACCENTS
from twitter.links import Link, links

_MENTION = re.compile(
    r"""(?: ^ | [^a-z0-9_!#$%&*@\uff20] | (?: ^ | [^a-z0-9_+~.-] ) rt:? )  # "RT@name" was a way to quote
        (?P<all> [@\uff20] (?P<name> [a-z0-9_]{1,20} ) (?P<list> / [a-z] [a-z0-9_-]{0,24} )? )""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_NO_MENTION_BEFORE = re.compile(f"[@\uff20{LATIN_ACCENTS}]|://")

_IN_HASHTAG = (
    r"\p{L}\p{M}\p{Nd}_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003"
    r"\u0f0b\u0f0c\u00b7"
)
_HASHTAG = regex.compile(
    rf"(?:^|[\ufe0e\ufe0f]|[^&{_IN_HASHTAG}])"
    rf"(?P<all>[#\uff03](?![\ufe0f\u20e3])(?P<name>[{_IN_HASHTAG}]++))(?![#\uff03]|://)"
)
_LETTER = regex.compile(r"[\p{L}\p{M}]")

_SPACES = "\u0009-\u000d\u0020\u0085\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CASHTAG = re.compile(
    rf"""(?: ^ | [{_SPACES}{_DIRECTIONS}] )
         (?P<all> \$ (?P<name> [a-z]{{1,6}} (?: [._][a-z]{{1,2}} )? ) )
         (?= $ | \s | [!"\#$%&'()*+,\-./:;<=>?@\[\\\]^_`{{|}}~] )""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention: the name without its sign, and the list with its slash ("" if the account is meant)."""

    start: int
    end: int
    name: str
    list_slug: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag or cashtag: the name without its sign."""

    start: int
    end: int
    name: str


_Found = TypeVar("_Found", Mention, Tag)


def mentions(text: str) -> tuple[Mention, ...]:
    """Find every mention of an account or one of its lists, in order, outside links."""
    found = (
        Mention(*match.span("all"), match["name"], match["list"] or "")
        for match in _MENTION.finditer(text)
        if not _NO_MENTION_BEFORE.match(text, match.end())
    )
    return tuple(_outside(links(text), found))


def hashtags(text: str) -> tuple[Tag, ...]:
    """Find every hashtag, in order, outside links; digits alone make none."""
    matches = (match for match in _HASHTAG.finditer(text) if _LETTER.search(match["name"]))
    return tuple(_outside(links(text), (Tag(*match.span("all"), match["name"]) for match in matches)))


def cashtags(text: str) -> tuple[Tag, ...]:
    """Find every cashtag, in order. X takes one in a post (changelog, February 2026)."""
    return tuple(Tag(*match.span("all"), match["name"]) for match in _CASHTAG.finditer(text))


def _outside(spans: tuple[Link, ...], found: Iterable[_Found]) -> Iterator[_Found]:
    """Leave out what overlaps a link; both come in order."""
    remaining = iter(spans)
    span = next(remaining, None)
    for one in found:
        while span and span.end <= one.start:
            span = next(remaining, None)
        if not span or one.end <= span.start:
            yield one
