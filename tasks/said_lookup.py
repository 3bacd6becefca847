"""Looking up words for times: a language's own and the English ones, names of weekdays from CLDR. Pure."""

import unicodedata
from dataclasses import fields
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from tasks.said_words import MORE_WEEKDAYS, TABLE, WEEKLY, Words

_NO_WORDS = Words()
#: Typographic apostrophe, hyphen.
_ALIKE = {0x2019: "'", 0x2D: " "}


def folded(words: str) -> str:
    """Take away what does not tell words apart: capitals, accents, the kind of apostrophe or hyphen."""
    decomposed = unicodedata.normalize("NFKD", words.casefold().translate(_ALIKE))
    return "".join(char for char in decomposed if not unicodedata.category(char).startswith(("M", "Cf")))


def has(language: str) -> bool:
    """Say whether the language has its row."""
    return language.partition("-")[0] in TABLE


@lru_cache(maxsize=64)
def known(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return English and that language's phrases by their meaning, longest first, word by word."""
    rows = [TABLE["en"], TABLE.get(language.partition("-")[0], _NO_WORDS)]
    return {
        meaning.name: _phrases("|".join(getattr(row, meaning.name) for row in rows))
        for meaning in fields(Words)
    }


@lru_cache(maxsize=64)
def weekdays(language: str) -> dict[tuple[str, ...], int]:
    """Return English and that language's names of weekdays, folded, word by word; Monday is 0."""
    found: dict[tuple[str, ...], int] = {}
    for code in (language.partition("-")[0], "en"):
        for table in (MORE_WEEKDAYS, WEEKLY):
            found |= {name: number for name, number in _in_table(table, code) if name not in found}
        for name, number in _in_cldr(code):
            found.setdefault(tuple(folded(name).rstrip(".").split()), number)
    return found


@lru_cache(maxsize=64)
def weekly(language: str) -> frozenset[tuple[str, ...]]:
    """Return English and that language's names of weekdays that mean every week, folded."""
    return frozenset(
        name for code in (language.partition("-")[0], "en") for name, _ in _in_table(WEEKLY, code)
    )


def _in_table(table: dict[str, str], code: str) -> list[tuple[tuple[str, ...], int]]:
    days = table.get(code, "").split(";")
    return [(name, number) for number, names in enumerate(days) for name in _phrases(names)]


def _in_cldr(code: str) -> list[tuple[str, int]]:
    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return []
    return [
        (name, number)
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in locale.days[context][width].items()
        if len(name) > 1
    ]


def _phrases(alternatives: str) -> tuple[tuple[str, ...], ...]:
    phrases = {tuple(folded(words).split()) for words in alternatives.split("|") if words.strip()}
    return tuple(sorted(phrases, key=lambda words: (-len(words), words)))
