"""A typed text as X's API tells it: t.co links, HTML entities, a link to the media, a cut for long posts.

Does not decide whether a text may be posted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from sandbox.x.ids import random_key
from sandbox.x.wording import LIMIT, Span, cashtags, hashtags, links, mentions, weight

# Where X cuts a long post is not documented; here the cut text fits 280 with the link to the rest.
CUT_AT = 250
# A repost's text is cut to this many code points (reported: the whole text is in the post referred to).
REPOST_LENGTH = 140


@dataclass
class Rendered:
    """Text and entities as the API gives them; indices are code points of `text`."""

    text: str
    entities: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def render(typed: str, media: list[tuple[str, str]], quoted: str | None = None) -> Rendered:
    """Return the API's text; `media` holds (media key, page address) of each attached file.

    `quoted` is the address of a quoted post, which X links at the end.
    """
    if weight(typed) > LIMIT:
        short = _cut(typed)
        rendered = _body(short)
        rendered.text += "… https://t.co/" + random_key(10)
    else:
        rendered = _body(typed)
    if quoted is not None:
        rendered.text += " "
        _append_link(rendered, Span(0, 0, quoted))
    return _with_media(rendered, media)


def render_repost(username: str, original: Rendered) -> Rendered:
    """Return the text of a repost: RT, who wrote it and the beginning of what was written."""
    prefix = f"RT @{username}: "
    text = prefix + original.text
    if len(text) > REPOST_LENGTH:
        text = text[: REPOST_LENGTH - 1] + "…"
    rendered = Rendered(text, {"mentions": [{"start": 3, "end": 4 + len(username), "username": username}]})
    for kind, entities in original.entities.items():
        for entity in entities:
            moved = {**entity, "start": entity["start"] + len(prefix), "end": entity["end"] + len(prefix)}
            if moved["end"] < REPOST_LENGTH:
                rendered.entities.setdefault(kind, []).append(moved)
    return rendered


def render_message(typed: str, media: list[tuple[str, str]]) -> Rendered:
    """Return the API's text of a direct message, which is never cut."""
    return _with_media(_body(typed), media)


def render_whole(typed: str) -> Rendered | None:
    """Return the uncut text of a long post, or None for a post that was not cut."""
    return _body(typed) if weight(typed) > LIMIT else None


def display_url(address: str) -> str:
    """Return a link the way it is shown: no scheme, no www, cut after 26 characters."""
    shown = address.split("://", 1)[-1].removeprefix("www.")
    return shown if len(shown) <= 27 else shown[:26] + "…"


def expanded_url(address: str) -> str:
    """Return a link with its scheme; X writes http for one that was typed without."""
    return address if address.lower().startswith(("http://", "https://")) else "http://" + address


def _body(typed: str) -> Rendered:
    rendered = Rendered("")
    for piece, link in _pieces(typed):
        if link is None:
            _append_text(rendered, piece)
        else:
            _append_link(rendered, link)
    return rendered


def _pieces(typed: str) -> Iterator[tuple[str, Span | None]]:
    end = 0
    for link in links(typed):
        yield typed[end : link.start], None
        yield link.text, link
        end = link.end
    yield typed[end:], None


def _append_text(rendered: Rendered, piece: str) -> None:
    start, safe = len(rendered.text), escape(piece, quote=False)
    rendered.text += safe
    kinds = (("mentions", "username", mentions), ("hashtags", "tag", hashtags), ("cashtags", "tag", cashtags))
    for kind, key, finder in kinds:
        for span in finder(safe):
            entity = {"start": start + span.start, "end": start + span.end, key: span.text}
            rendered.entities.setdefault(kind, []).append(entity)


def _append_link(rendered: Rendered, link: Span) -> None:
    start, short = len(rendered.text), "https://t.co/" + random_key(10)
    rendered.text += short
    entity = {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": expanded_url(link.text),
        "display_url": display_url(link.text),
    }
    rendered.entities.setdefault("urls", []).append(entity)


def _with_media(rendered: Rendered, media: list[tuple[str, str]]) -> Rendered:
    if not media:
        return rendered
    path = random_key(10)
    start = len(rendered.text) + (1 if rendered.text else 0)
    rendered.text = f"{rendered.text} https://t.co/{path}".lstrip()
    for key, address in media:
        entity = {
            "start": start,
            "end": len(rendered.text),
            "url": f"https://t.co/{path}",
            "expanded_url": address,
            "display_url": f"pic.x.com/{path}",
            "media_key": key,
        }
        rendered.entities.setdefault("urls", []).append(entity)
    return rendered


def _cut(typed: str) -> str:
    end = len(typed)
    while weight(typed[:end]) > CUT_AT:
        end = min(end - 1, CUT_AT) if end > CUT_AT else end - 1
    blank = typed.rfind(" ", 0, end)
    return typed[: blank if blank > 0 else end].rstrip()
