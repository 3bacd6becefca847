"""Cutting HTML messages to the lengths Telegram allows. Sends nothing.

Telegram counts UTF-16 code units of the text that remains when tags are gone and references resolved
(Bot API, sendMessage: "1-4096 characters after entities parsing").
"""

import html
import re

MESSAGE_MAX = 4096
CAPTION_MAX = 1024

_MARKUP = re.compile(r"<(/?)([a-zA-Z-]+)[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
_PIECE = re.compile(rf"{_MARKUP.pattern}|.", re.DOTALL)
#: A cut is made at a line's end or a space when there is one in this last part of the room.
_SOFT_FROM = 0.7


def visible_length(text: str) -> int:
    """Count as Telegram does: without tags, references resolved, in UTF-16 code units."""
    return _units(plain(text))


def split(text: str, limit: int = MESSAGE_MAX) -> list[str]:
    """Cut into parts of at most `limit` visible units; tags open at a cut are closed and opened again."""
    parts: list[str] = []
    while visible_length(text) > limit:
        head, text = _cut(text, limit)
        parts.append(head)
    return [*parts, text] if text or not parts else parts


def plain(text: str) -> str:
    """Give what a reader would see: no tags, references resolved."""
    return _MARKUP.sub(_seen, text)


def _cut(text: str, limit: int) -> tuple[str, str]:
    end, is_space = _place(text, limit)
    open_tags = _open_tags(text[:end])
    closing = "".join(f"</{name}>" for name, _ in reversed(open_tags))
    opening = "".join(tag for _, tag in open_tags)
    return text[:end] + closing, opening + text[end + is_space :]


def _place(text: str, limit: int) -> tuple[int, bool]:
    """Find where to cut; and whether what stands there is a space that the cut replaces."""
    used, soft = 0, None
    for match in _PIECE.finditer(text):
        if used >= limit * _SOFT_FROM and match.group().isspace() and used <= limit:
            soft = match.start()
        used += _width(match)
        if used > limit:
            hard = match.start()
            return (soft, True) if soft is not None else (hard, False)
    return len(text), False


def _open_tags(text: str) -> list[tuple[str, str]]:
    """List the tags open at the end of the text: name and the tag itself."""
    stack: list[tuple[str, str]] = []
    for match in _PIECE.finditer(text):
        name = match.group(2)
        if name and match.group(1):
            stack = stack[:-1]
        elif name:
            stack.append((name, match.group()))
    return stack


def _width(match: re.Match[str]) -> int:
    return _units(_seen(match))


def _seen(match: re.Match[str]) -> str:
    return "" if match.group(2) else html.unescape(match.group())


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
