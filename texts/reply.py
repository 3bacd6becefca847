"""What to say, not how: values that commands return. Sentences stand in *.ftl, sending in bot/speak.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum


class Style(StrEnum):
    """How a button looks (Bot API 9.4, InlineKeyboardButton.style)."""

    PLAIN = ""
    PRIMARY = "primary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence inside another one, such as a line of notes under a preview."""

    key: str
    facts: "Facts" = field(default_factory=dict)


#: A value put into a sentence: text is escaped; moments, durations and amounts of US dollars are formatted
#: for the reader; several `Say` stand one per line.
Fact = str | int | float | Decimal | datetime | timedelta | Say | tuple[Say, ...]
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `data` (verb:row:version, at most 64 bytes) or `url`; `key` names its label."""

    key: str
    data: str = ""
    url: str = field(default="", repr=False)
    facts: Facts = field(default_factory=dict)
    style: Style = Style.PLAIN


#: The buttons under a message, row by row.
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A row whose message lives on: sent once, then edited in place. `noun`: authorization, task, missed."""

    noun: str
    id: int | str
    version: int = 0
    """The row's when it was looked at; 0: nobody asks whether it moved on meanwhile."""


class Picks(StrEnum):
    """What is chosen in Telegram's own list."""

    GROUP = "group"
    """One group where the person is an admin; the bot is brought along."""
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Pick:
    """A button in place of the keyboard that opens Telegram's own list of chats or people; private only."""

    key: str
    """Names its label."""
    what: Picks
    request_id: int
    """Comes back with what was chosen (32 bits)."""
    most: int = 1
    """How many people."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to say. `card`: edit that row's living message (send anew when gone, remember its id)."""

    key: str
    facts: Facts = field(default_factory=dict)
    buttons: Rows = ()
    card: Card | None = None
    fresh: bool = False
    """With `card`: send a new message at the bottom of the chat instead of editing the old one up there."""
    picture: str | None = None
    """An https URL of a picture to show; the sentence becomes its caption."""
    ask: str = ""
    """Key of a placeholder: the client opens the keyboard for an answer (ForceReply)."""
    pick: Pick | None = None
    picked: bool = False
    """Takes the button of an earlier `pick` away."""
    to: int | None = None
    """The chat it is said in, if not that of the turn: with `fresh`, a new message there."""
    thread_id: int | None = None
    """With `to`: the topic it is said in. None: that of the turn if it is the same chat, else General."""
    answers: bool = False
    """In a group: sent as a reply to what it answers; a question (`ask`) always is."""
    protect: bool = False
    """No forwarding or saving (Bot API: protect_content)."""
    document: tuple[str, bytes] | None = field(default=None, repr=False)
    """A file to send, by name and content; the sentence becomes its caption. Never edits a message."""


@dataclass(frozen=True, slots=True)
class Toast:
    """The short answer to a pressed button; `alert`: a box that must be closed."""

    key: str
    facts: Facts = field(default_factory=dict)
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose while typing the bot's name; `text` is what is sent, as it is, if it is chosen."""

    id: str
    title: Say
    description: Say
    text: str = field(repr=False)
    button: Button
    """Under what is sent: everybody in that chat sees it."""


@dataclass(frozen=True, slots=True)
class Offers:
    """The answer to an inline query: offers, and above them a button into the private chat."""

    key: str
    """Names the label of the button."""
    facts: Facts = field(default_factory=dict)
    start: str = ""
    """What the button starts the bot with; nothing: as if /start was typed."""
    offers: tuple[Offer, ...] = ()


class Refusal(Exception):  # noqa: N818 - an expected answer, not an error
    """No, because: rendered as a reply (or as an alert to a press), logged at INFO, changes nothing."""

    def __init__(self, key: str, buttons: Rows = (), **facts: Fact) -> None:
        super().__init__(key)
        self.key = key
        self.facts: Facts = facts
        self.buttons = buttons
