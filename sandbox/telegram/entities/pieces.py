"""The parts every entity parser needs: UTF-16 counting, a text being built, entity ordering.

No syntax is known here.
"""

import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

USER_LINK = re.compile(r"tg://user\?id=(\d+)$", re.IGNORECASE)
# a link Telegram keeps: a scheme it knows, or a host with a dot
LINK = re.compile(
    r"(?:(?:https?|ftp|tg|ton|tonsite)://\S+|[^\s/:?#]+\.[^\s/:?#]{2,}(?:[/:?#]\S*)?)$", re.IGNORECASE
)


class CannotParse(Exception):  # noqa: N818 - said as Telegram says it
    """The words that follow "can't parse entities: "."""


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, in which the Bot API measures."""
    return len(text) + sum(character > "\uffff" for character in text)


def byte_offset(text: str, position: int) -> int:
    """Count UTF-8 bytes before a position, as Telegram's refusals do."""
    return len(text[:position].encode("utf-8", "surrogatepass"))


def in_order(entities: list[Entity]) -> list[Entity]:
    """By offset, the longer first, as Telegram sorts them."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"]))


@dataclass
class Builder:
    """Plain text being put together, with its length in UTF-16 units."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Entity] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Append plain text."""
        self.parts.append(text)
        self.length += utf16_length(text)

    @property
    def text(self) -> str:
        """Return the text so far."""
        return "".join(self.parts)

    def mark(self, kind: str, start: int, **more: Any) -> None:
        """Make an entity of what came since `start`; nothing makes none."""
        if self.length > start:
            self.entities.append({"type": kind, "offset": start, "length": self.length - start, **more})

    def mark_link(self, start: int, url: str) -> None:
        """Make a link to a person a text_mention; drop one Telegram would not open silently."""
        person = USER_LINK.match(url)
        if person:
            self.mark("text_mention", start, user={"id": int(person.group(1))})
        elif LINK.match(url):
            self.mark("text_link", start, url=_checked_link(url))


def _checked_link(url: str) -> str:
    return url if "://" in url else f"http://{url}/" if "/" not in url else f"http://{url}"
