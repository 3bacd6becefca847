"""The first line of what was said, read bit by bit: known phrases, numbers, times of day. Pure.

A position counts characters of the line as it was written; what reads something gives the position after it.
"""

import unicodedata
from collections.abc import Iterator
from datetime import time

import regex

from tasks import said_lookup

#: Characters looked at: no time takes longer to say.
LOOKED_AT = 100

_WORD = regex.compile(r"[\p{L}\p{M}'\u2019@]+|\p{Nd}+\p{L}+")
_NUMBER = regex.compile(r"[0-9]{1,7}(?![0-9])")
_COLON = regex.compile(r"([0-9]{1,2}):([0-9]{2})(?![0-9])")
_LETTER_H = regex.compile(r"([0-9]{1,2})\s?[hH]([0-9]{2})?(?!\w)")
_DOTTED = regex.compile(r"([0-9]{1,2})(?:\.([0-9]{2}))?(?![0-9])")
_HALF = regex.compile(r"(\s?)([ap])(?:m|\.\s?m\.?)(?!\w)", regex.IGNORECASE)
_SEPARATOR = regex.compile(r"\s*[,&/+]\s*")
#: Where a time may end: at a space, a mark with a space after it, or a sign such as an emoji.
_END = regex.compile(r"(?=$|\s|[,;:.](?:\s|$)|[^\w\s:./%,;'\u2019+\-\u2013\u2014])")
_MARK = regex.compile(r"[,;:.](?=\s|$)")
#: Where "am" after a space is another word: 9:00 am Bahnhof.
_AM_IS_A_WORD = frozenset({"de"})


class Line:
    """One line in English and one more language."""

    def __init__(self, line: str, language: str) -> None:
        self.plain = "".join(map(_plain, line[:LOOKED_AT]))
        """As written, character by character, with plain digits, colons and spaces."""
        self.language = language
        self.has_words = said_lookup.has(language)
        """Whether the language's own words are known, not English alone."""
        self._known = said_lookup.known(language)
        self._weekdays = said_lookup.weekdays(language)

    def skip(self, at: int) -> int:
        """Skip spaces and commas."""
        while at < len(self.plain) and self.plain[at] in " ,":
            at += 1
        return at

    def says(self, at: int, *meanings: str) -> int | None:
        """Read a phrase with one of these meanings."""
        for meaning in meanings:
            for phrase in self._known[meaning]:
                if (end := self._phrase(at, phrase)) is not None:
                    return end
        return None

    def maybe(self, at: int, *meanings: str) -> int:
        """Read a phrase with one of these meanings, or nothing."""
        end = self.says(at, *meanings)
        return at if end is None else end

    def weekday(self, at: int) -> tuple[int, int] | None:
        """Read the name of a weekday: its number, Monday 0."""
        for words in (2, 1):
            for phrase, number in self._weekdays.items():
                if len(phrase) == words and (end := self._phrase(at, phrase)) is not None:
                    shortened = self.plain[end : end + 1] == "." and self.plain[end + 1 : end + 2] != ""
                    return number, end + shortened
        return None

    def says_weekly(self, at: int) -> bool:
        """Say whether a weekday follows in a form that means every week: mondays."""
        return any(self._phrase(at, name) is not None for name in said_lookup.weekly(self.language))

    def number(self, at: int) -> tuple[int, int] | None:
        """Read a number of at most seven digits."""
        found = _NUMBER.match(self.plain, self.skip(at))
        return (int(found[0]), found.end()) if found else None

    def matches(self, at: int, pattern: regex.Pattern[str]) -> regex.Match[str] | None:
        """Match the pattern after spaces."""
        return pattern.match(self.plain, self.skip(at))

    def is_over(self, at: int) -> bool:
        """Say whether nothing but spaces and a closing mark follows on the line."""
        return self.plain[self.ended(at) :].strip() == ""

    def may_end(self, at: int) -> bool:
        """Say whether a time may end here: not within a word or a number."""
        return _END.match(self.plain, at) is not None

    def ended(self, at: int) -> int:
        """Skip the mark that closes the time, such as the colon in `9:00: text`."""
        mark = _MARK.match(self.plain, at)
        return mark.end() if mark else at

    def clock(self, at: int) -> tuple[time, int] | None:
        """Read a time of day, with or without a word such as "at" before it. Then a bare hour will do."""
        after_at = self.says(at, "at")
        if after_at is not None and (found := self.plain_clock(after_at) or self._bare_hour(after_at)):
            return found
        return self.plain_clock(at)

    def clocks(self, at: int) -> tuple[tuple[time, ...], int] | None:
        """Read one or more times of day: `9:00, 13:00 and 17:00`."""
        found = self.clock(at)
        times = []
        while found:
            times.append(found[0])
            end = found[1]
            separator = _SEPARATOR.match(self.plain, end)
            after = separator.end() if separator else self.says(end, "and_")
            found = None if after is None else self.plain_clock(self.maybe(self.maybe(after, "and_"), "at"))
        return (tuple(times), end) if times else None

    def plain_clock(self, at: int) -> tuple[time, int] | None:
        """Read a time of day that cannot be taken for another number: 9:00, 9am, 9h30, 9 Uhr, noon."""
        at = self.skip(at)
        if (noon := self.says(at, "noon")) is not None and self.may_end(noon):
            return time(12), noon
        for pattern in (_COLON, _LETTER_H):
            if found := pattern.match(self.plain, at):
                return self._time(found[1], found[2], self.maybe(found.end(), "o_clock"))
        if not (found := _DOTTED.match(self.plain, at)):
            return None
        if (end := self.says(found.end(), "o_clock")) is not None:
            return self._time(found[1], found[2], end)
        return self._time(found[1], found[2], found.end()) if self._half(found.end()) else None

    def clocks_within(self, at: int) -> Iterator[int]:
        """Yield the positions after `at` where a time of day begins, its "at" included."""
        for start in regex.finditer(r"(?<![\w:.])(?=\w|@)", self.plain, pos=at):
            if self.clock(start.start()):
                yield start.start()

    def _bare_hour(self, at: int) -> tuple[time, int] | None:
        found = self.matches(at, _DOTTED)
        return self._time(found[1], found[2], found.end()) if found else None

    def _time(self, hour: str, minute: str | None, end: int) -> tuple[time, int] | None:
        hours, minutes = int(hour), int(minute or 0)
        if half := self._half(end):
            afternoon = half[2] in "pP"
            if (hours == 0 and afternoon) or (hours > 12 and not afternoon):
                return None
            hours = hours % 12 + 12 * afternoon
            end = half.end()
        if hours > 23 or minutes > 59 or not self.may_end(end):
            return None
        return time(hours, minutes), end

    def _half(self, at: int) -> regex.Match[str] | None:
        half = _HALF.match(self.plain, at)
        return None if half and half[1] and self.language in _AM_IS_A_WORD else half

    def _phrase(self, at: int, phrase: tuple[str, ...]) -> int | None:
        at = self.skip(at)
        for number, wanted in enumerate(phrase):
            if number:
                while self.plain[at : at + 1] in (" ", "-"):
                    at += 1
            word = _WORD.match(self.plain, at)
            if not word or said_lookup.folded(word[0]) != wanted:
                return None
            at = word.end()
        return at


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char in "：٫":  # noqa: RUF001 - fullwidth colon, as typed in East Asia
        return ":"
    return " " if char.isspace() or unicodedata.category(char) in ("Cf", "Cc") else char
