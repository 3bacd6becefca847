"""Inline queries that wait for the bot's answer, and answers Telegram keeps for the next who asks the same.

Who may ask, and what a chosen result becomes, is decided in `inquiring`.
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.chats import Chat
from sandbox.telegram.clock import Clock
from sandbox.telegram.people import Bot, User

# telegram-bot-api, Client.cpp: an inline query waits 30 seconds for the bot
QUERY_LIFE = 30
REMEMBERED = 2000


@dataclass(frozen=True)
class Found:
    """What a bot answered: results as the phone will send them, and the button above them."""

    results: dict[str, dict[str, Any]]
    button: dict[str, Any] | None = None


@dataclass(eq=False)
class Query:
    """One inline query, until the bot answers it."""

    id: str
    bot: Bot
    person: User
    chat: Chat
    text: str
    at: float
    done: asyncio.Event = field(default_factory=asyncio.Event)
    found: Found = field(default_factory=lambda: Found({}))


@dataclass(frozen=True)
class _Kept:
    found: Found
    until: float


class Queries:
    """All inline queries, by id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Query] = {}
        # by bot, text and the only person who may see it (None: everybody)
        self._kept: dict[tuple[int, str, int | None], _Kept] = {}

    def begin(self, bot: Bot, person: User, chat: Chat, text: str) -> Query:
        """Open a query with a fresh id."""
        query = Query(str(secrets.randbits(62)), bot, person, chat, text, self._clock.now())
        self._open[query.id] = query
        while len(self._open) > REMEMBERED:
            del self._open[next(iter(self._open))]
        return query

    def answerable(self, bot: Bot, query_id: str) -> Query | None:
        """None for another bot's query, an unknown one, or one older than Telegram keeps."""
        query = self._open.get(query_id)
        if query is None or query.bot is not bot or self._clock.now() - query.at > QUERY_LIFE:
            return None
        return query

    def asked_by(self, person: User, query_id: str) -> Query | None:
        """Find a person's own query, answered or not."""
        query = self._open.get(query_id)
        return query if query and query.person is person else None

    def answer(self, query: Query, found: Found, cache_seconds: int, *, personal: bool) -> None:
        """Give a query its answer, and keep it for whoever may see it too."""
        query.found = found
        query.done.set()
        if cache_seconds > 0:
            whose = query.person.id if personal else None
            self._kept[query.bot.id, query.text, whose] = _Kept(found, self._clock.now() + cache_seconds)

    def kept(self, bot: Bot, person: User, text: str) -> Found | None:
        """Find an answer from before that this person may see; the bot then learns of nothing."""
        for whose in (person.id, None):
            kept = self._kept.get((bot.id, text, whose))
            if kept and kept.until > self._clock.now():
                return kept.found
        return None
