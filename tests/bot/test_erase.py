"""A message with a secret is deleted at once, or again and again until it is gone or the person is told."""

from datetime import timedelta

import pytest

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
        return await erasures.due(session, clock.now + timedelta(days=3))


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
