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


class CannotParse(Exception):
    """The words that follow "can't parse entities: "."""


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def byte_offset(text: str, position: int) -> int:
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
        self.parts.append(text)
        self.length += utf16_length(text)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def mark(self, kind: str, start: int, **more: Any) -> None:
        if self.length > start:
            self.entities.append({"type": kind, "offset": start, "length": self.length - start, **more})

    def mark_link(self, start: int, url: str) -> None:
        """A link to a person becomes a text_mention; one Telegram would not open is dropped silently."""
        person = USER_LINK.match(url)
        if person:
            self.mark("text_mention", start, user={"id": int(person.group(1))})
        elif LINK.match(url):
            self.mark("text_link", start, url=checked_link(url))


def checked_link(url: str) -> str:
    return url if "://" in url else f"http://{url}/" if "/" not in url else f"http://{url}"
