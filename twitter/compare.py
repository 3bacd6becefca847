"""Undoing what X does to a text when it publishes it, so that a post can be recognised. Pure; no network.

A difference that X never makes is kept: these texts are compared, not shown.
"""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from twitter.links import links
from twitter.text import nfc

_LEADING_MENTIONS = re.compile(r"(?:@\w{1,15}(?:\s+|\Z))+", re.ASCII)
_TRAILING_SHORT_LINK = re.compile(r"\s*https?://t\.co/\w+\s*\Z")
_SHORT_LINK = re.compile(r"https?://t\.co/\w")
_LINK_MARK = "\ufffc"  # OBJECT REPLACEMENT CHARACTER
_MEDIA_PAGE = re.compile(r"/status/\d+/(?:photo|video)/\d+\Z")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_SLASH_AT_END = re.compile(r"/(?=[\s)\]}>.,;:!?'\"]|\Z)")
_PUNYCODE = re.compile(r"xn--[a-z0-9-]{1,59}", re.IGNORECASE)


def published(
    text: str, urls: Sequence[dict[str, object]], *, has_media: bool, is_escaped: bool = True
) -> str:
    """Turn the text of a post back: links in full, no link to its own media, `&`, `<` and `>` as typed.

    `urls` are the post's link entities. Their positions are not used: X counts them before its own escaping.
    """
    text = _unescaped(text) if is_escaped else text
    for entity in sorted(urls, key=lambda entity: -len(str(entity.get("url", "")))):
        short, full = str(entity.get("url") or ""), str(entity.get("expanded_url") or "")
        if has_media and short and text.endswith(short) and _is_own_media(entity, full):
            text = text.removesuffix(short).rstrip()
        elif short and full:
            text = text.replace(short, full)
    if has_media and not urls:
        text = _TRAILING_SHORT_LINK.sub("", text)
    return text


def has_short_link(text: str) -> bool:
    """Tell whether X's shortening is still in the text: without an entity nobody knows what it stands for."""
    return _SHORT_LINK.search(text) is not None


def without_links(text: str) -> str:
    """Put one mark in the place of every link, where the links themselves cannot be compared."""
    pieces, end = [], 0
    for link in links(text):
        pieces += [text[end : link.start], _LINK_MARK]
        end = link.end
    return "".join([*pieces, text[end:]])


def comparable(text: str, urls: Sequence[dict[str, object]], *, is_reply: bool) -> str:
    """Bring a text into the form in which equal texts are equal whatever X did to their links and spaces.

    Both sides get the entities of the post: the names of hosts in them are compared without case.
    """
    text = nfc(text.replace("\r\n", "\n")).strip()
    if is_reply:
        text = _LEADING_MENTIONS.sub("", text, count=1) if _LEADING_MENTIONS.match(text) else text
    text = _PUNYCODE.sub(lambda found: _decoded(found[0]), unquote(_SCHEME.sub("", text)))
    for host in {_host(str(entity.get("expanded_url") or "")) for entity in urls} - {""}:
        text = re.sub(re.escape(host), host, text, flags=re.IGNORECASE)
    text = re.sub(r"\btwitter\.com/", "x.com/", text)
    return nfc(_SLASH_AT_END.sub("", text)).strip()


def _unescaped(text: str) -> str:
    """Undo the three escapes X makes, the ampersand last; other entities are text somebody typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _is_own_media(entity: dict[str, object], full: str) -> bool:
    return bool(entity.get("media_key")) or _MEDIA_PAGE.search(full) is not None


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return _PUNYCODE.sub(lambda found: _decoded(found[0]), host)


def _decoded(label: str) -> str:
    try:
        return label.lower().encode("ascii").decode("idna")
    except UnicodeError:
        return label
