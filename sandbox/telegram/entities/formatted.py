"""The way in: a text with a parse mode or given entities becomes clean text with final entities.

Length limits belong to whoever asks; the syntaxes are in their own modules.
"""

import re
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.entities.detect import detect
from sandbox.telegram.entities.html import parse_html
from sandbox.telegram.entities.markdown import parse_markdown, parse_markdown_v2
from sandbox.telegram.entities.pieces import CannotParse, Entity, in_order, utf16_length

PARSERS = {"html": parse_html, "markdownv2": parse_markdown_v2, "markdown": parse_markdown}
# tdlib, clean_input_string: control characters become spaces, these vanish
VANISHING = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
# found by the server alone, whatever a client says of them
FOUND = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
OPAQUE = {"code", "pre", "text_link", "text_mention"}


@dataclass(frozen=True)
class Formatted:
    """Plain text and its entities, as the Bot API shows them."""

    text: str
    entities: list[Entity]


def formatted(text: str, parse_mode: str | None = None, entities: list[Entity] | None = None) -> Formatted:
    """Raise CannotParse. Given entities are ignored when there is a parse mode, as at Telegram."""
    if parse_mode:
        parser = PARSERS.get(parse_mode.lower())
        if parser is None:
            raise CannotParse("unsupported parse_mode")
        text, given = parser(VANISHING.sub("", text))
    else:
        given = _checked(text, entities or [])
    return _finished(text, given)


def detected(text: str) -> Formatted:
    """Find what Telegram finds in a plain text by itself."""
    return _finished(text, [])


def _checked(text: str, entities: list[Entity]) -> list[Entity]:
    length = utf16_length(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > length:
            raise CannotParse(
                f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text"
            )
    return [dict(entity) for entity in entities if entity["type"] not in FOUND]


def _finished(text: str, given: list[Entity]) -> Formatted:
    text = CONTROL.sub(" ", VANISHING.sub("", text) if not given else text)
    text, given = stripped(text, given)
    hidden = [e for e in given if e["type"] in OPAQUE]
    found = [e for e in detect(text) if not any(_overlap(e, other) for other in hidden)]
    return Formatted(text, in_order([*given, *found]))


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )


def stripped(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space at both ends goes; entities shrink with it."""
    ahead = len(text) - len(text.lstrip())
    text = text.strip()
    length = utf16_length(text)
    kept: list[dict[str, Any]] = []
    for entity in entities:
        start = max(0, entity["offset"] - ahead)
        end = min(length, entity["offset"] - ahead + entity["length"])
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept
