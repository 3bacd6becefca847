"""A turn: one Telegram update and what a command may know and touch while answering it. Knows no Telegram."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from storage import updates
from storage.db import Database, Session
from storage.tables import Person
from storage.vault import Vault
from tasks.engine import Engine
from tasks.membership import Membership
from tasks.price import LIST, Prices
from texts.reply import Offers, Reply, Toast
from twitter.client import App, X

MediaKind = Literal["photo", "gif", "video", "other"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message; `other` is a kind X takes no post with (sticker, voice, ...)."""

    kind: MediaKind
    file_id: str
    file_unique_id: str
    mime: str | None = None
    size: int | None = None
    """Bytes; None: Telegram did not say."""
    duration_s: int | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll somebody sent or forwarded."""

    question: str
    options: tuple[str, ...]
    open_period_s: int | None = None
    """How long it is open, from when it was sent; None: until somebody closes it."""
    is_quiz: bool = False
    multiple: bool = False
    """One may choose several answers."""


@dataclass(frozen=True, slots=True)
class PickedChat:
    """A chat somebody chose in Telegram's own list, which a hostile client may make up: it proves nothing."""

    request_id: int
    """The button's."""
    chat_id: int
    title: str | None = None


@dataclass(frozen=True, slots=True)
class PickedPerson:
    """One of the people somebody chose; Telegram gives names only where the button asks for them."""

    id: int
    first_name: str | None = None
    username: str | None = None


@dataclass(frozen=True, slots=True)
class PickedPeople:
    """People somebody chose in Telegram's own list; it proves nothing."""

    request_id: int
    people: tuple[PickedPerson, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What was said. `text` is plain, without the leading command, hidden link targets made visible."""

    id: int
    text: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    album_id: str | None = None
    reply_to: "Message | None" = None
    protected: bool = False
    """Telegram forbids saving it: not to be tweeted by reply."""
    forwarded: bool = False
    """Somebody said it before, here or elsewhere."""
    poll: Poll | None = None
    picked: PickedChat | PickedPeople | None = None
    location: tuple[float, float] | None = None
    """Latitude and longitude, in degrees."""
    ours: bool = False
    """This bot said it."""
    author: PickedPerson | None = None
    """Who said it, where it is somebody: no bot, no channel, no anonymous admin."""


@dataclass(frozen=True, slots=True)
class Chat:
    """Where it was said."""

    id: int
    private: bool
    thread_id: int | None = None
    """The topic; a mere thread of replies is none."""
    title: str | None = None
    """A group's."""


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button. It grants nothing: the row's state and version are checked by the command."""

    verb: str
    row: str
    version: int
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """What somebody typed behind the bot's name in some chat: not sent there yet, at most 256 characters."""

    query_id: str
    """Telegram's id of the query, which is answered once, within half a minute."""
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided in the settings and a command must know."""

    bot_username: str
    registered_app: App | None
    own_apps: bool
    """May people type in keys of their own app?"""
    open_to_all: bool
    languages: Mapping[str, str]
    """The languages people may choose: tag -> what the language calls itself."""
    x_enterprise: bool = False
    """X lets the apps like, follow and quote: its Enterprise plan. Else these are handed off."""
    prices: Prices = LIST
    """What X charges, as the settings have it."""
    first_is_operator: bool = False
    """In the sandbox whoever comes first runs the bot; elsewhere the claim link names the operator."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways out of a command, the same for every turn of a process."""

    db: Database
    vault: Vault
    x: X
    rules: Rules
    erase: Callable[[int, int], Awaitable[bool]]
    """Delete a message (chat id, message id) now; it is kept as a row until done. True: it is gone."""
    members: Callable[[int, int], Awaitable[Membership | None]]
    """How somebody (chat id, person id) stands in a group right now; None: no answer, which means no."""
    is_gone: Callable[[int], Awaitable[bool]]
    """Does Telegram say of a group (chat id) that it was deleted?"""
    engine: Engine
    """Carries out tasks that are due; a command gives it their runs."""
    clock: Callable[[], datetime]
    """For what is shown; a turn's work goes by `Turn.now`."""


@dataclass(frozen=True, slots=True)
class BotChange:
    """What the bot was in a group and is now (Bot API: my_chat_member). None: something Telegram added."""

    was: Membership | None
    now: Membership | None
    by: int | None
    """Whose doing it is; None: an anonymous admin's."""


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What somebody else was in a group and is now; often told only to admins (Bot API: chat_member)."""

    person_id: int
    was: Membership | None
    """None: not told."""
    now: Membership | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup: its id is another one."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Titled:
    """A group is called otherwise."""

    title: str


Happened = BotChange | MemberChange | Moved | Titled


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One update that is being worked on: where, when, and with what."""

    bot_id: int
    update_id: int
    now: datetime
    chat: Chat
    doors: Doors
    again: bool = False
    """A redelivery whose work is committed already: answer from the rows."""

    def begin(self) -> AbstractAsyncContextManager[Session]:
        """Open a transaction that leaves the update's own state alone."""
        return self.doors.db.begin()

    def work(self) -> AbstractAsyncContextManager[Session]:
        """Open the transaction that does this turn's work: its commit also marks the update as worked.

        Once per turn. A redelivery (`again`) gets a plain transaction: changes keyed by message or by row
        version find their work done.
        """
        if self.again:
            return self.doors.db.begin()
        return updates.working(self.doors.db, self.bot_id, self.update_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening(Occasion):
    """Something that happened to a group, whoever did it: the gate asks for nobody."""

    what: Happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Occasion):
    """One update, taken apart. `argument` is what follows the command; `press` is set for a button.

    A turn with `inline` has no chat: Telegram does not say where it is typed. Its `chat` is nobody's.
    """

    person: Person
    message: Message
    command: str | None = None
    argument: str = field(default="", repr=False)
    press: Press | None = None
    inline: Inline | None = None
    edited: bool = False
    membership: str | None = None
    """The bot's new status in a private chat (Bot API: ChatMember.status), when that is what changed."""
    stands: Membership | None = None
    """What the person is in the group, as Telegram said in this very turn. None: nobody asked it."""


Answer = list[Reply | Toast | Offers]
Command = Callable[[Turn], Awaitable[Answer]]
Witness = Callable[[Happening], Awaitable[Answer]]
