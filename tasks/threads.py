"""One long text as the parts of a thread: cut at paragraphs, sentences or words, never in a link. Pure."""

import itertools

import regex

from tasks.parameters import Extras
from twitter import text

#: As many as X's own composer takes (reported); each is a paid request.
PARTS_MAX = 25

_PARAGRAPH = regex.compile(r"\n\s*\n\s*")
_LINE = regex.compile(r"\s*\n\s*")
# A full stop of any script that has one (Unicode: Sentence_Terminal), with closing quotes and brackets behind
# it. Scripts that put no space between sentences need none here.
_SENTENCE = regex.compile(
    r"(?:(?<=[\u3002\uff01\uff1f\uff61])[\p{Pe}\p{Pf}]*|(?<=[\p{Sentence_Terminal}…])[\p{Pe}\p{Pf}\"']*\s)\s*"
)
_WORD = regex.compile(r"\s+")
_GRAPHEME = regex.compile(r"\X")
#: A kind of boundary is taken if it leaves at least this share of a part filled.
_FILLED = ((_PARAGRAPH, 0.5), (_LINE, 0.6), (_SENTENCE, 0.4), (_WORD, 0.0))


def split(written: str, *, limit: int = 280, is_numbered: bool = False) -> list[str]:
    """Cut a text into parts that X takes; numbered ones leave room for their number.

    One part if it fits. Words are kept whole unless one is longer than a part; links always are.
    """
    whole = text.normalise(written).strip()
    parts = _cut(whole, limit)
    if not is_numbered or len(parts) < 2:
        return parts
    for digits in itertools.count(1):
        parts = _cut(whole, limit - len(f" {'9' * digits}/{'9' * digits}"))
        if len(str(len(parts))) <= digits:
            return parts
    raise AssertionError("a text has an end")


def number(parts: list[str]) -> list[str]:
    """Give the parts with their numbers, 1/3 and so on; one alone has none."""
    if len(parts) < 2:
        return parts
    return [f"{part} {position}/{len(parts)}".strip() for position, part in enumerate(parts, 1)]


def as_sent(parts: list[str], extras: Extras) -> list[str]:
    """Give a thread's parts as X gets them."""
    return number(parts) if extras.is_numbered else parts


def _cut(rest: str, limit: int) -> list[str]:
    parts = []
    while rest:
        window, overflow_at = _first_too_much(rest, limit)
        end, start = (len(window),) * 2 if overflow_at is None else _boundary(window, overflow_at)
        parts.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return parts or [""]


def _first_too_much(rest: str, limit: int) -> tuple[str, int | None]:
    """Give a beginning of the text that is long enough, and where it is too long. None: all of it fits.

    Looking at all of the rest for each part would make long texts slow; links and emoji weigh less than
    they are long, so the beginning may have to be longer.
    """
    for reach in (limit * 2, limit * 16, len(rest)):
        window = rest[:reach]
        overflow_at = text.weigh(window, limit=limit).overflow_at
        if len(window) == len(rest) or (overflow_at is not None and overflow_at < reach - _LONGEST_LINK):
            return window, overflow_at
    raise AssertionError("the whole rest was looked at")


#: What looks like a link at the end of a beginning may be a longer one (twitter/links.py).
_LONGEST_LINK = 280


def _boundary(window: str, overflow_at: int) -> tuple[int, int]:
    """Say where a part ends and where the next begins."""
    for kind, filled in _FILLED:
        # The boundary itself may lie beyond the limit: what is left out there counts in no part.
        last = None
        for found in kind.finditer(window, 0, overflow_at + 1):
            if 0 < found.start() <= overflow_at and found.start() >= filled * overflow_at:
                last = found
        if last is not None:
            return last.start(), last.end()
    cut = _whole_character(window, overflow_at)
    return cut, cut


def _whole_character(window: str, overflow_at: int) -> int:
    """Give the last place before the overflow at which no character with its marks is torn."""
    cut = 0
    for found in _GRAPHEME.finditer(window):
        if found.end() > overflow_at:
            break
        cut = found.end()
    return cut or overflow_at or 1
