"""A message with a secret is deleted at once, or again and again until it is gone or the person is told."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import ChatMigrated, TelegramError

from bot.erase import Eraser
from bot.line import Line
from storage import erasures
from tests.builders import NOW
from tests.sandbox.telegram_server import ADA


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return []


@pytest.fixture
def eraser(bot, db, clock, told):
    async def tell(chat_id: int) -> None:
        told.append(chat_id)

    return Eraser(Line(bot), db, clock=clock, tell=tell)


async def due(db, clock):
    async with db.begin() as session:
        return await erasures.take_due(session, clock.now + timedelta(days=3))


async def test_a_message_is_deleted_at_once_and_forgotten(eraser, ada, db, clock):
    message_id = ada.send("1234567")

    assert await eraser.erase(ADA, message_id)
    assert [m["text"] for m in ada.messages() if m["message_id"] == message_id] == []
    assert await due(db, clock) == []


async def test_a_message_that_is_gone_already_counts_as_deleted(eraser, ada, db, clock):
    message_id = ada.send("1234567")

    assert await eraser.erase(ADA, message_id)
    assert await eraser.erase(ADA, message_id)
    assert await due(db, clock) == []


async def test_what_could_not_be_deleted_is_deleted_later(eraser, ada, db, clock, telegram_bot):
    message_id = ada.send("1234567")
    telegram_bot.server.fault("server_error", telegram_bot, times=3, match={"method": "deleteMessage"})

    assert not await eraser.erase(ADA, message_id)
    clock.now += timedelta(minutes=1)
    await eraser.sweep()

    assert [m for m in ada.messages() if m["message_id"] == message_id] == []
    assert await due(db, clock) == []


async def test_a_hanging_telegram_takes_two_seconds_of_a_turn_at_most(eraser, ada, clock, telegram_bot):
    message_id = ada.send("1234567")
    telegram_bot.server.fault("hang", telegram_bot, seconds=20, match={"method": "deleteMessage"})
    began = asyncio.get_running_loop().time()

    gone = await eraser.erase(ADA, message_id)
    took = asyncio.get_running_loop().time() - began
    clock.now += timedelta(minutes=1)
    await eraser.sweep()

    assert (gone, took < 3) == (False, True)
    assert message_id not in [m["message_id"] for m in ada.messages()]


class Moving:
    """Telegram's answers when a group has become a supergroup, or when it says something unheard of."""

    def __init__(self, bot, answers) -> None:
        self.bot, self.answers, self.asked = bot, answers, []

    async def delete_message(self, chat_id, message_id):
        self.asked.append((chat_id, message_id))
        if error := self.answers.get(chat_id):
            raise error


@pytest.mark.parametrize("error", [ChatMigrated(-100), TelegramError("odd"), ValueError("odder")])
async def test_one_message_that_fails_does_not_stop_the_others(db, clock, error):
    moving = Moving(None, {-5: error})
    eraser = Eraser(Line(moving), db, clock=clock, tell=None)
    async with db.begin() as session:
        for chat_id in (-5, -6, -7):
            await erasures.add(session, chat_id, 1, clock.now)
    clock.now += timedelta(minutes=1)

    await eraser.sweep()

    assert {(-6, 1), (-7, 1)} <= set(moving.asked)
    assert ((-100, 1) in moving.asked) is isinstance(error, ChatMigrated)
    assert [row.chat_id for row in await due(db, clock)] == ([] if isinstance(error, ChatMigrated) else [-5])


async def test_a_chat_that_has_moved_is_swept_where_it_is_now(db, clock):
    moving = Moving(None, {-5: ChatMigrated(-100)})
    eraser = Eraser(Line(moving), db, clock=clock, tell=None)

    gone = await eraser.erase(-5, 1)
    clock.now += timedelta(minutes=1)
    await eraser.sweep()

    assert not gone
    assert moving.asked == [(-5, 1), (-100, 1)]


@pytest.fixture
def undeletable(telegram_bot):
    """Make Telegram refuse to delete anything."""
    match = {"method": "deleteMessage"}
    telegram_bot.server.fault("forbidden_blocked", telegram_bot, times=None, match=match)


@pytest.mark.usefixtures("undeletable")
async def test_who_wrote_what_cannot_be_deleted_is_told_once(eraser, ada, db, clock, told):
    await eraser.erase(ADA, ada.send("1234567"))
    for _ in range(20):
        clock.now += timedelta(hours=1)
        await eraser.sweep()

    assert told == [ADA]
    assert await due(db, clock) == []
