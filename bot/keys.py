"""Recognises the keys of an X app in what a person pasted. Pure; nothing here keeps or shows them.

Shapes as X's console gives them (lengths are not documented, so they have some room): consumer key 25
letters and digits, its secret 50; access token "<user id>-<letters and digits>", its secret 45.
"""

import re
import unicodedata
from collections.abc import Iterator

#: As long as a message of Telegram; more is not looked at.
LONGEST = 4096

KEY, SECRET, TOKEN, TOKEN_SECRET = "consumer_key", "consumer_secret", "access_token", "access_secret"
#: Not one of the four, but often taken for one.
BEARER, CLIENT_ID = "bearer", "client_id"

#: What may stand between a label and its value: quotes, a sign, a line's end, "is".
_LINK = r"[\s\"'`*_:=>\u201c\u201d\u2018\u2019-]*(?:is[\s:\"'`]*)?$"
_LABELS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(f"(?:{label}){_LINK}", re.IGNORECASE), kind)
    for label, kind in (
        (r"(access[ _-]?)?token[ _-]?secret|access[ _-]?secret", TOKEN_SECRET),
        (r"(consumer|api)[ _-]?(key[ _-]?)?secret([ _-]?key)?|app[ _-]?secret", SECRET),
        (r"access[ _-]?token|oauth[ _-]?token", TOKEN),
        (r"(consumer|api|app)[ _-]?key", KEY),
    )
)
#: A label is looked for in this many characters before its value.
_LABEL_WITHIN = 60
_SHAPES: tuple[tuple[str, str], ...] = (
    (r"[0-9]{1,20}-[A-Za-z0-9]{20,80}", TOKEN),
    (r"A{8,}[A-Za-z0-9%+/=_-]{30,}", BEARER),
    (r"[A-Za-z0-9]{20,30}", KEY),
    (r"[A-Za-z0-9]{40,80}", SECRET),
    (r"[A-Za-z0-9_-]{30,60}", CLIENT_ID),
)
_ADDRESS = re.compile(r"\S+://\S+|[\w-]+(?:\.[\w-]+)+/\S*")
_VALUE = re.compile(r"(?<![\w%+/@#.-])[A-Za-z0-9][A-Za-z0-9%+/_-]{19,}(?![\w@]|\.\w)")
_ABOUT_KEYS = re.compile(r"\b(key|secret|token|api|consumer|bearer)s?\b", re.IGNORECASE)
#: A value alone, or among as many words as this, was meant to be sent as it is.
_FEW_WORDS = 4


def read(text: str) -> dict[str, str]:
    """Return what a text holds, by kind: as its label says, else as its shape does.

    An access secret looks like a consumer secret: without a label the first counts as the latter.
    """
    found: dict[str, str] = {}
    for label, value in _values(_plain(text)):
        kind = label or _kind(value)
        if label is None and kind == SECRET and kind in found:
            kind = TOKEN_SECRET
        if kind and kind not in found:
            found[kind] = value
    return found


def looks_secret(text: str) -> bool:
    """Tell whether a text surely holds a key nobody meant to publish, also when none was asked for."""
    plain = _plain(text)
    is_about_keys = len(plain.split()) <= _FEW_WORDS or _ABOUT_KEYS.search(plain.replace("_", " "))
    return any(
        _is_random(value) and (label or is_about_keys or _kind(value) in {SECRET, TOKEN})
        for label, value in _values(plain)
        if _kind(value) not in {None, CLIENT_ID} or label
    )


def _plain(text: str) -> str:
    """NFKC, without addresses and the invisible characters that copying drags along."""
    normal = unicodedata.normalize("NFKC", text[:LONGEST])
    visible = (char for char in normal if char in "\n\t" or unicodedata.category(char) not in {"Cf", "Cc"})
    return _ADDRESS.sub(" ", "".join(visible))


def _values(plain: str) -> Iterator[tuple[str | None, str]]:
    """Find what is shaped like a value, each with the kind its label names, if it has one."""
    end = 0
    for found in _VALUE.finditer(plain):
        before = plain[max(end, found.start() - _LABEL_WITHIN) : found.start()]
        end = found.end()
        yield next((kind for label, kind in _LABELS if label.search(before)), None), found[0]


def _is_random(value: str) -> bool:
    """Tell a key from a long word: small and capital letters and digits."""
    return all(re.search(kind, value) for kind in ("[a-z]", "[A-Z]", "[0-9]"))


def _kind(word: str) -> str | None:
    return next((kind for shape, kind in _SHAPES if re.fullmatch(shape, word)), None)
