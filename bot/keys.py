"""Recognises the keys of an X app in what a person pasted. Pure; nothing here keeps or shows them.

Shapes as X's console gives them (lengths are not documented, so they have some room): consumer key 25
letters and digits, its secret 50; access token "<user id>-<letters and digits>", its secret 45.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping

#: Longer than all four values with their labels; more is not looked at.
LONGEST = 2000

KEY, SECRET, TOKEN, TOKEN_SECRET = "consumer_key", "consumer_secret", "access_token", "access_secret"
#: Not one of the four, but often taken for one.
BEARER, CLIENT_ID = "bearer", "client_id"

_LABELS: tuple[tuple[str, str], ...] = (
    (r"(access[ _-]?)?token[ _-]?secret|access[ _-]?secret", TOKEN_SECRET),
    (r"(consumer|api)[ _-]?(key[ _-]?)?secret([ _-]?key)?|app[ _-]?secret", SECRET),
    (r"access[ _-]?token|oauth[ _-]?token", TOKEN),
    (r"(consumer|api|app)[ _-]?key", KEY),
)
_SHAPES: tuple[tuple[str, str], ...] = (
    (r"[0-9]{1,20}-[A-Za-z0-9]{20,80}", TOKEN),
    (r"A{8,}[A-Za-z0-9%+/=_-]{30,}", BEARER),
    (r"[A-Za-z0-9]{20,30}", KEY),
    (r"[A-Za-z0-9]{40,80}", SECRET),
    (r"[A-Za-z0-9_-]{30,60}(:1:[a-z]+)?", CLIENT_ID),
)
_QUOTES = "\"'`\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb<>"
_LINE = re.compile(r"\s*[\"']?([A-Za-z][A-Za-z _-]{2,40}?)[\"']?\s*[:=]\s*(\S+)\s*")


def read(text: str) -> dict[str, str]:
    """Return what a text holds, by kind; a value without a label is told by its shape.

    An access secret looks like a consumer secret: without a label it is returned as the latter.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    found = _json(text) or _labelled(text)
    return found or dict(_bare(text))


def looks_secret(text: str) -> bool:
    """Tell whether a text surely is a key nobody meant to publish, also when none was asked for."""
    words = text[:LONGEST].split()
    labelled = _json(text) or _labelled(text)
    if len(labelled) > 1 or any(map(_is_surely_secret, labelled.values())):
        return True
    return 0 < len(words) <= 4 and any(_is_surely_secret(word.strip(_QUOTES + ",;")) for word in words)


def _is_surely_secret(word: str) -> bool:
    kind = _kind(word)
    mixed = re.search("[a-z]", word) and re.search("[A-Z]", word) and re.search("[0-9]", word)
    return kind == TOKEN or (kind in {KEY, SECRET, BEARER} and mixed is not None)


def _json(text: str) -> dict[str, str]:
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return {}
    try:
        read_out = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return {}
    return _by_label(read_out) if isinstance(read_out, dict) else {}


def _labelled(text: str) -> dict[str, str]:
    lines = (_LINE.fullmatch(line) for line in text.splitlines())
    return _by_label({found[1]: found[2].rstrip(",;") for found in lines if found})


def _by_label(values: Mapping[str, object]) -> dict[str, str]:
    found = {}
    for label, value in values.items():
        kind = _labelled_kind(label.strip().lower())
        if kind and isinstance(value, str) and (clean := _clean(value)):
            found[kind] = clean
    return found


def _labelled_kind(label: str) -> str | None:
    return next((kind for pattern, kind in _LABELS if re.fullmatch(pattern, label)), None)


def _bare(text: str) -> Iterator[tuple[str, str]]:
    """Tell values apart by their shape; of two of a kind the first counts, a second secret is the token's."""
    seen: set[str] = set()
    for word in map(_clean, text.replace(",", " ").split()):
        kind = _kind(word)
        if kind == SECRET and kind in seen:
            kind = TOKEN_SECRET
        if kind and kind not in seen:
            seen.add(kind)
            yield kind, word


def _kind(word: str) -> str | None:
    return next((kind for shape, kind in _SHAPES if re.fullmatch(shape, word)), None)


def _clean(value: str) -> str:
    """Take off quotes, and the invisible characters that copying drags along."""
    visible = "".join(char for char in value if unicodedata.category(char) not in {"Cf", "Cc"})
    return visible.strip().strip(_QUOTES + ",;").strip()
