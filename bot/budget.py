"""How much of the bot's time one person gets: decided before anything is read or written. Waits for nothing.

Each process keeps its own books, in memory: with several replicas a person gets several budgets, which is
still a bound.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from bot import keys, pin
from bot.pace import Rate

#: Messages and presses of somebody who was let in; an album is ten messages at once. Slower than the bot may
#: answer in a chat (pace.PRIVATE): else waiting for Telegram would earn a flood its budget back.
TALK = Rate(burst=30, every_s=2.0)
#: The same in groups, where all share what the bot may answer (pace.GROUP): half of it is left to the others.
IN_GROUPS = Rate(burst=12, every_s=6.0)
#: Beyond that: what looks like a PIN or a key, which must leave the chat even when somebody types too fast.
SECRETS = Rate(burst=10, every_s=6.0)
#: Inline queries: Telegram sends one whenever somebody who types the bot's name pauses for a moment.
TYPING = Rate(burst=30, every_s=0.5)
#: Whoever was turned away may still come back with another invitation.
STARTS = Rate(burst=5, every_s=12.0)
#: Seconds between two sentences to somebody who is too fast, or is not let in.
TOLD_EVERY_S = 60.0
#: People remembered; a forgotten one starts anew.
PEOPLE_MAX = 10_000
#: What happens to a group, as updates (Bot API: Update) and as messages of Telegram's (Bot API: Message).
_CHANGES = frozenset({"my_chat_member", "chat_member"})
_TOLD = frozenset({"migrate_to_chat_id", "migrate_from_chat_id", "left_chat_member", "new_chat_title"})


class Verdict(Enum):
    """What becomes of an update."""

    WELCOME = auto()
    TOO_FAST = auto()
    """It is dropped, and the person is told so."""
    SILENCE = auto()
    """It is dropped."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who caused a raw update, and the little of it that matters here."""

    person_id: int
    private: bool
    starts: bool = False
    """/start, perhaps with an invitation."""
    secret: bool = False
    """It looks like a PIN or a key."""
    typing: bool = False
    """An inline query: text that is not sent yet."""
    presses: bool = False
    """A button: it can be answered without a word in the chat."""


@dataclass(slots=True)
class _Books:
    full_at: dict[Rate, float] = field(default_factory=dict)
    told_at: float | None = None
    refused_at: float | None = None


class Budget:
    """Keeps the books. Times are seconds of any clock that never goes back."""

    def __init__(self) -> None:
        self._books: OrderedDict[tuple[int, bool, bool], _Books] = OrderedDict()

    def spend(self, caller: Caller, now: float) -> Verdict:
        """Say whether there is time for this update, and take it."""
        books = self._books_of(caller)
        if books.refused_at is not None and now < books.refused_at + TOLD_EVERY_S:
            asks = caller.starts or caller.typing
            return Verdict.WELCOME if asks and _take(books, STARTS, now) else Verdict.SILENCE
        if caller.typing:
            return Verdict.WELCOME if _take(books, TYPING, now) else Verdict.SILENCE
        talk = TALK if caller.private else IN_GROUPS
        if _take(books, talk, now) or (caller.secret and _take(books, SECRETS, now)):
            return Verdict.WELCOME
        is_told = (caller.private or caller.presses) and _may_tell(books, now)
        return Verdict.TOO_FAST if is_told else Verdict.SILENCE

    def turned_away(self, caller: Caller, now: float) -> bool:
        """Note that the gate let somebody not in, and that they are told so. False: they were just told."""
        books = self._books_of(caller)
        books.refused_at = now
        return _may_tell(books, now)

    def let_in(self, caller: Caller) -> None:
        """Note that the gate let somebody in, whatever it said before."""
        books = self._books_of(caller)
        if books.refused_at is not None:
            books.refused_at = books.told_at = None

    def _books_of(self, caller: Caller) -> _Books:
        # Apart for groups: who is silenced there was told nothing. Apart for typing, which is no talk.
        key = (caller.person_id, caller.private, caller.typing)
        books = self._books.setdefault(key, _Books())
        self._books.move_to_end(key)
        while len(self._books) > PEOPLE_MAX:
            self._books.popitem(last=False)
        return books


def caller_of(raw: dict[str, Any]) -> Caller | None:
    """Find who caused a raw update. None: nobody in particular, or it cannot be read."""
    for kind, event in raw.items():
        person = event.get("from") if isinstance(event, dict) else None
        if not isinstance(person, dict) or not _is_an_id(person.get("id")):
            continue
        if _happened(kind, event, person["id"]):
            return None
        if isinstance(face := event.get("sender_chat"), dict) and _is_an_id(-_number(face.get("id"))):
            # Telegram lends all of them one name: each group's anonymous admins have a budget of their own.
            return Caller(face["id"], private=False)
        message = event.get("message") if kind == "callback_query" else event
        chat = message.get("chat") if isinstance(message, dict) else None
        private = isinstance(chat, dict) and chat.get("id") == person["id"]
        text = event.get("text")
        if not private or not isinstance(text, str):
            presses = kind == "callback_query"
            return Caller(person["id"], private, typing=kind == "inline_query", presses=presses)
        return Caller(
            person["id"],
            private,
            starts=text.split(maxsplit=1)[:1] == ["/start"],
            secret=pin.find(text) is not None or bool(keys.read(text)),
        )
    return None


def _happened(kind: str, event: dict[str, Any], person_id: int) -> bool:
    """Tell what happens to a group, which must not be missed, from what somebody says there."""
    chat = event.get("chat")
    is_private = isinstance(chat, dict) and chat.get("id") == person_id
    return (kind in _CHANGES and not is_private) or (kind == "message" and not _TOLD.isdisjoint(event))


def _number(value: object) -> int:
    return value if type(value) is int else 0


def _is_an_id(value: object) -> bool:
    """Tell whether a database takes it as somebody's id."""
    return type(value) is int and 0 < value < 2**63


def _take(books: _Books, rate: Rate, now: float) -> bool:
    """Take one of a rate, if there is one; remembered is when it would be full again (GCRA)."""
    full_at = max(books.full_at.get(rate, 0.0), now) + rate.every_s
    if full_at - now > rate.burst * rate.every_s:
        return False
    books.full_at[rate] = full_at
    return True


def _may_tell(books: _Books, now: float) -> bool:
    if books.told_at is not None and now < books.told_at + TOLD_EVERY_S:
        return False
    books.told_at = now
    return True
