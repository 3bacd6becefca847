"""A message as the sandbox keeps it, before anybody looks at it.

How the Bot API and the phone show it is in `botview` and `phoneview`.
"""

from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.chats import Chat, Speaker
from sandbox.telegram.files import StoredFile
from sandbox.telegram.people import Bot, User
from sandbox.telegram.surveys import Survey


@dataclass(frozen=True)
class Picture:
    """A stored picture with its size in pixels."""

    file: StoredFile
    width: int
    height: int


@dataclass(frozen=True)
class Media:
    """What a message carries besides text; `kind` is the Bot API's field name."""

    kind: str
    file: StoredFile
    # photos: smallest to largest
    sizes: tuple[Picture, ...] = ()
    thumbnail: Picture | None = None
    width: int = 0
    height: int = 0
    duration: int = 0


@dataclass
class Forwarded:
    """Where a forwarded message first came from."""

    date: int
    sender: User
    sender_chat: Speaker | None = None
    # in a channel; 0: it was not posted in one
    post: int = 0


@dataclass(eq=False)
class Message:
    """A message with all that can be in it; one in no chat's history is deleted."""

    message_id: int
    chat: Chat
    date: int
    sender: User
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    media: Media | None = None
    survey: Survey | None = None
    # the bot whose inline mode it came through
    via_bot: Bot | None = None
    sender_chat: Speaker | None = None
    # brought by Telegram from the channel that belongs to the group
    automatic: bool = False
    reply_to: "Message | None" = None
    quote: dict[str, Any] | None = None
    forwarded: Forwarded | None = None
    markup: dict[str, Any] | None = None
    edit_date: int | None = None
    media_group_id: str | None = None
    thread_id: int | None = None
    # the thread is a topic, not only replies to replies
    in_topic: bool = False
    protected: bool = False
    spoiler: bool = False
    caption_above: bool = False
    link_preview: dict[str, Any] | None = None
    # Bot API fields of a service message, e.g. {"new_chat_members": [...]}
    service: dict[str, Any] | None = None
    reactions: list[dict[str, Any]] = field(default_factory=list)
    deleted: bool = False

    def content(self) -> tuple[Any, ...]:
        """Return what an edit must change to be an edit."""
        return (self.text, self.entities, self.media, self.markup, self.link_preview, self.caption_above)


def origin_of(message: Message) -> Forwarded:
    """Say where a message comes from that is being forwarded for the first time."""
    return Forwarded(message.date, message.sender, message.sender_chat)
