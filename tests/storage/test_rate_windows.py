"""What X said of its limits, kept: the last word counts, and only while it holds."""

from datetime import timedelta

import pytest

from storage import rate_windows
from storage.rate_windows import Said
from tests.builders import NOW, add_connection

SOON, MINUTE = NOW + timedelta(minutes=15), timedelta(minutes=1)


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


async def hear(db, connection, *limits, now=NOW):
    async with db.begin() as session:
        await rate_windows.heard(session, connection.id, limits, now=now)


async def running(db, connection, now=NOW):
    async with db.begin() as session:
        found = await rate_windows.running(session, connection.id, now=now)
        return [(one.name, one.remaining, one.heard_at) for one in found]


async def test_the_last_word_of_x_counts(database, connection):
    await hear(database, connection, Said("posts", 100, 7, SOON), Said("reads", 300, 299, SOON))
    await hear(database, connection, Said("posts", 100, 6, SOON), now=NOW + MINUTE)

    assert await running(database, connection) == [("posts", 6, NOW + MINUTE), ("reads", 299, NOW)]


async def test_a_limit_whose_time_is_over_says_nothing(database, connection):
    await hear(database, connection, Said("posts", 100, 0, SOON))
    await hear(database, connection)

    assert await running(database, connection, now=SOON) == []
