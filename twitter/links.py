"""Which parts of a text X makes links. What a link weighs is in `text.py`, where a host ends in `hosts.py`.

A name with a dot is a link when X knows its ending, scheme or none: `example.com`, and also `main.py`,
`README.md`, `setup.sh` and `backup.zip`, because .py, .md, .sh and .zip are top-level domains. Each of them
counts 23 and makes the post cost what a post with a link costs.

Positions are code points of the text given. Everything here takes time in proportion to the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge

from twitter.hosts import (
    LATIN_ACCENTS,
    NOT_IN_A_WORD,
    Label,
    bare_host,
    encoded_length,
    host_of_any_script,
    labels,
)

# Source of everything below: the grammar of twitter-text 3 (its Java edition).
_SCHEME = re.compile("[Hh][Tt][Tt][Pp][Ss]?://")
_START = re.compile(NOT_IN_A_WORD)
_NO_BARE_LINK_AFTER = ("-", "_", ".", "/")
_PORT = re.compile(":[0-9]+")

_LETTERS = f"A-Za-z0-9{LATIN_ACCENTS}\u0400-\u04ff"
_IN_PATH = rf"[{_LETTERS}!*';:=+,.$/%#\[\]\u2013_~|&@-]"
# Parentheses belong to a path when they close again, with one more pair inside at most: /a_(film), /a_(b_(c))
_PATH_PART = re.compile(
    rf"(?P<run>{_IN_PATH}++)|\((?:{_IN_PATH}++|{_IN_PATH}*+\({_IN_PATH}++\){_IN_PATH}*+)\)"
)
_PATH_END = re.compile(rf"[{_LETTERS}=_#/+-]")
_QUERY = re.compile(r"\?[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*+")
_QUERY_END = re.compile(r"[A-Za-z0-9_&=#/-]")

_SHORT_LINK = re.compile(r"https?://t\.co/([a-z0-9]+)", re.IGNORECASE)
_MAX_SHORT_LINK_NAME = 40
_MAX_URL = 4096
_SCHEME_LENGTH = len("https://")  # X's servers add it where none was written


@dataclass(frozen=True, slots=True)
class Link:
    """A link: `text[start:end] == url`."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class _Find:
    """Something shaped like a URL. X passes over all of it even where it then makes no link of it."""

    start: int
    host_start: int
    host_end: int
    end: int


def links(text: str) -> tuple[Link, ...]:
    """Find every link, in order; they do not overlap."""
    if "." not in text:
        return ()
    return tuple(link for find in _finds(text) if (link := _link(text, find)))


def without(text: str) -> str:
    """Give a text without its links, and without the spaces they leave behind."""
    found = links(text)
    if not found:
        return text
    left, end = "", 0
    for link in found:
        left = _joined(left, text[end : link.start]).rstrip(" \t")
        end = link.end
    left = _joined(left, text[end:])
    return re.sub("\n{3,}", "\n\n", left).strip()


def _joined(left: str, right: str) -> str:
    """Put a piece behind what is left; at the start of a line without its spaces."""
    return left + (right.lstrip(" \t") if not left or left.endswith("\n") else right)


def _finds(text: str) -> Iterator[_Find]:
    """Everything shaped like a URL, from left to right."""
    found = labels(text)
    by_start = {label.start: label for label in found}
    schemes = {scheme.end(): scheme.start() for scheme in _SCHEME.finditer(text)}
    since = 0
    for at in merge(schemes, by_start):
        label = by_start.get(at)
        find = _behind_scheme(text, schemes[at], at, label) if schemes.get(at, -1) >= since else None
        if label and not find:
            find = _bare(text, label, since)
        if find:
            since = find.end + 1  # X takes the character behind as what stands before the next one
            yield find


def _behind_scheme(text: str, scheme: int, host_start: int, label: Label | None) -> _Find | None:
    """Take the host behind a scheme; alone where the scheme is the end of a word and so none."""
    host_end = (label.host_end if label else None) or host_of_any_script(text, host_start)
    start = scheme if _START.match(text, scheme) else host_start
    return _Find(start, host_start, host_end, _end(text, host_end)) if host_end else None


def _bare(text: str, label: Label, since: int) -> _Find | None:
    if label.end <= since:
        return None
    host = bare_host(text, label, since)
    # At the start of a text X first tries the first character as what stands before the link.
    second = bare_host(text, label, 1) if host and host[0] == 0 else None
    host = second if second and second[0] == 1 else host
    return _Find(host[0], host[0], host[1], _end(text, host[1])) if host else None


def _end(text: str, host_end: int) -> int:
    """Where the URL ends whose host ends here: behind its port, path and query."""
    port = _PORT.match(text, host_end)
    end = port.end() if port else host_end
    if text.startswith("/", end):
        end = _path_end(text, end + 1)
    return _query_end(text, end)


def _path_end(text: str, start: int) -> int:
    """Where the path ends that has its first slash before `start`."""
    end = at = start
    while part := _PATH_PART.match(text, at):
        at = part.end()
        if part["run"]:
            end = _trimmed(text, part.start(), at, _PATH_END) or end
        elif part.start() == end:
            # Parentheses may end a path, but not behind what may not: /a(b), not /a.(b)
            end = at
    return end


def _query_end(text: str, start: int) -> int:
    """Where the query ends that starts here with its question mark; `start` if none does."""
    query = _QUERY.match(text, start)
    return (_trimmed(text, start + 1, query.end(), _QUERY_END) if query else None) or start


def _trimmed(text: str, start: int, end: int, last: re.Pattern[str]) -> int | None:
    """Move the end back over what may be inside but not last, as a full stop; None if nothing remains."""
    while end > start and not last.match(text, end - 1):
        end -= 1
    return end if end > start else None


def _link(text: str, find: _Find) -> Link | None:
    """Make a link of what X takes of a find; None if it takes nothing."""
    bare = find.start == find.host_start
    if bare and find.start > 0 and text[find.start - 1] in _NO_BARE_LINK_AFTER:
        return None
    url = text[find.start : find.end]
    short = _SHORT_LINK.match(url)
    if short:
        if len(short[1]) > _MAX_SHORT_LINK_NAME:
            return None
        url = url[: _query_end(url, short.end())]  # X's own short links have no path behind their name
    host_length = encoded_length(text[find.host_start : find.host_end])
    if host_length is None:
        return None
    sent_length = len(url) + host_length - (find.host_end - find.host_start) + (_SCHEME_LENGTH if bare else 0)
    return Link(find.start, find.start + len(url), url) if sent_length <= _MAX_URL else None
