"""How a fact becomes safe to stand in a sentence: cleaned, cut, escaped, isolated; no sentences here.

A fact arrives as it was typed by somebody. The name of the fact says what it may be: a name (the fact is
called `name`, `title` or `who`, or ends with `_name`, ...) is one short line; a `url` stays as it is;
everything else keeps its lines and its length.
"""

import html
import unicodedata

#: Longest name shown, in characters: X allows 50, Telegram 64 per half of a name.
NAME_MAX = 64
#: More combining marks than this on one letter of a name are a prank ("Zalgo").
MARKS_MAX = 3

_NAMES = ("name", "title", "who")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
#: Unicode 17, section 23.2: overrides, embeddings and isolates let a fact reorder the sentence around it.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))


def prepared(name: str, text: str, *, right_to_left: bool, markup: bool) -> str:
    """Make a text fact safe for a sentence of that direction; `markup`: the sentence is HTML."""
    text = cleaned(text)
    if _is(name, _NAMES):
        text = shortened(text)
    isolate = not _is(name, ("url",)) and _runs_against(text, right_to_left=right_to_left)
    if markup:
        text = html.escape(text)
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}" if isolate else text


def cleaned(text: str) -> str:
    """Take out what is not text: control characters but for line breaks, bidi controls, lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(char for char in text if char == "\n" or _is_text(char))


def shortened(name: str) -> str:
    """Make a name one line of at most NAME_MAX characters without towers of combining marks."""
    kept: list[str] = []
    marks = 0
    for char in " ".join(name.split()):
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MARKS_MAX:
            kept.append(char)
    return "".join(kept) if len(kept) <= NAME_MAX else "".join(kept[: NAME_MAX - 1]).rstrip() + "…"


def _is(name: str, kinds: tuple[str, ...]) -> bool:
    return name in kinds or name.endswith(tuple(f"_{kind}" for kind in kinds))


def _is_text(char: str) -> bool:
    if char in _BIDI_CONTROLS or ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef":
        return False
    return unicodedata.category(char) not in ("Cc", "Cs")


def _runs_against(text: str, *, right_to_left: bool) -> bool:
    """Say whether the text holds a letter that runs against the direction of the sentence."""
    against = frozenset("L") if right_to_left else _RIGHT_TO_LEFT
    return any(unicodedata.bidirectional(char) in against for char in text)
