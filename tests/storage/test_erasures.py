"""Messages that must go: tried again until they are gone or the person was told."""

import asyncio
from datetime import timedelta

from storage import erasures
from storage.erasures import ATTEMPTS_MAX, DELETABLE_FOR, FIRST_RETRY, TAKEN_FOR
from tests.builders import NOW

CHAT, MESSAGE = 101, 7


async def _add(db):
    async with db.begin() as session:
        await erasures.add(session, CHAT, MESSAGE, NOW)


async def _due(db, now):
    async with db.begin() as session:
        return [(row.chat_id, row.message_id) for row in await erasures.take_due(session, now)]


async def _fail(db, now):
    async with db.begin() as session:
        return await erasures.failed(session, CHAT, MESSAGE, now)


async def test_a_message_is_swept_up_soon_and_not_at_once(database):
    await _add(database)
    await _add(database)

    assert await _due(database, NOW) == []
    assert await _due(database, NOW + FIRST_RETRY) == [(CHAT, MESSAGE)]


async def test_of_two_replicas_one_sweeps_and_another_when_it_died(database, replica):
    await _add(database)
    swept = await asyncio.gather(_due(database, NOW + FIRST_RETRY), _due(replica, NOW + FIRST_RETRY))

    assert sorted(swept) == [[], [(CHAT, MESSAGE)]]
    assert await _due(replica, NOW + FIRST_RETRY + TAKEN_FOR) == [(CHAT, MESSAGE)]


async def test_a_message_moves_with_its_chat_and_keeps_its_place(database):
    await _add(database)
    await _fail(database, NOW)
    async with database.begin() as session:
        await erasures.moved(session, CHAT, MESSAGE, -100)

    assert await _due(database, NOW + FIRST_RETRY) == []
    assert await _due(database, NOW + FIRST_RETRY * 2) == [(-100, MESSAGE)]


async def test_a_message_that_is_gone_is_forgotten(database):
    await _add(database)
    async with database.begin() as session:
        await erasures.done(session, CHAT, MESSAGE)

    assert await _due(database, NOW + timedelta(days=9)) == []
    assert await _fail(database, NOW) is False


async def test_every_failure_waits_longer(database):
    await _add(database)

    assert await _fail(database, NOW) is False
    assert await _due(database, NOW + FIRST_RETRY) == []
    assert await _due(database, NOW + FIRST_RETRY * 2) == [(CHAT, MESSAGE)]


async def test_after_many_failures_the_person_is_to_be_told_and_it_stays_until_then(database):
    await _add(database)

    gave_up = [await _fail(database, NOW) for _ in range(ATTEMPTS_MAX)]

    assert gave_up == [False] * (ATTEMPTS_MAX - 1) + [True]
    assert await _due(database, NOW + timedelta(days=1)) == [(CHAT, MESSAGE)]


async def test_what_telegram_deletes_no_more_is_given_up_at_once(database):
    await _add(database)

    assert await _fail(database, NOW + DELETABLE_FOR) is True
