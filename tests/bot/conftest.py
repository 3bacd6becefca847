"""Fixtures: a bot of our own in the sandbox Telegram, and what it speaks through."""

import pytest

from bot.cards import RowCards
from bot.line import Line, make_bot
from bot.speak import Speaker
from bot.turn import Answer
from tests import builders
from tests.sandbox.conftest import ada, telegram_bot, telegram_server  # noqa: F401
from texts.catalogue import Catalogue

ENGLISH = """
language-name = English
say-hello = Hello <b>{ $name }</b>
say-bye = Bye
say-long = { $text }
say-draft =
    Draft

    { $text }

    Price { $price }
say-ask = What now?
say-placeholder = type it here
say-done = Done
say-button = Go on
"""


@pytest.fixture
async def bot(telegram_server, telegram_bot):  # noqa: F811
    """Give python-telegram-bot's side of the fresh bot."""
    bot = make_bot(telegram_bot.token, telegram_server.origin)
    async with bot:
        yield bot


@pytest.fixture
async def db(sqlite_database):
    """Give a database that knows Ada."""
    await builders.add_person(sqlite_database)
    return sqlite_database


@pytest.fixture
def left():
    """Collect the people who blocked the bot, and the groups it is out of with whether they were deleted."""
    return []


@pytest.fixture
def moves():
    """Collect the chats whose id changed: (old, new)."""
    return []


@pytest.fixture
def speaker(bot, db, left, moves):
    """Give a speaker with a few sentences of its own."""

    async def note_move(old: int, new: int) -> Answer:
        moves.append((old, new))
        return []

    async def note_out(chat_id: int, *, is_gone: bool) -> Answer:
        left.append((chat_id, is_gone))
        return []

    async def note(person_id: int) -> None:
        left.append(person_id)

    return Speaker(
        Line(bot), Catalogue({"en": ENGLISH}), RowCards(db), blocked=note, out=note_out, moved=note_move
    )
