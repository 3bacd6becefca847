"""What of a connection failed last: the newest of its own person, within the time that is asked about."""

from datetime import timedelta

import pytest

from storage import failures
from storage.tables import TaskState
from tests.builders import NOW, add_connection, add_task

WEEK_AGO = NOW - timedelta(days=7)


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


async def failed(database, connection, *, message, ago, **more):
    at = NOW - ago
    values = {"state": TaskState.FAILED, "outcome": "duplicate", "finished_at": at, "due_at": at}
    return await add_task(
        database, connection_id=connection.id, source_message_id=message, created_at=WEEK_AGO, **values | more
    )


async def last(database, connection):
    async with database.begin() as session:
        found = await failures.last(session, connection, since=WEEK_AGO)
    return found.id if found else None


async def test_the_newest_that_failed_is_found_whenever_it_was_made(database, connection):
    newest = await failed(database, connection, message=1, ago=timedelta(minutes=1))
    await failed(database, connection, message=2, ago=timedelta(hours=1))

    assert await last(database, connection) == newest.id


async def test_what_its_person_is_asked_about_counts_from_when_it_was_due(database, connection):
    await failed(database, connection, message=1, ago=timedelta(hours=1))
    asked = await failed(
        database, connection, message=2, ago=timedelta(minutes=1), state=TaskState.ASKING, finished_at=None
    )

    assert await last(database, connection) == asked.id


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.DUE, TaskState.CANCELLED])
async def test_what_did_not_fail_is_not_found(database, connection, state):
    await failed(database, connection, message=1, ago=timedelta(minutes=1), state=state)

    assert await last(database, connection) is None


async def test_what_failed_longer_ago_is_not_found(database, connection):
    await failed(database, connection, message=1, ago=timedelta(days=7))

    assert await last(database, connection) is None


async def test_another_connections_failure_is_its_own(database, connection, vault):
    other = await add_connection(database, vault, x_user_id="77", username="other")
    await failed(database, other, message=1, ago=timedelta(minutes=1))

    assert await last(database, connection) is None
