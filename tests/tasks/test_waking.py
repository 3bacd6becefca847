"""Taking up what is planned: who waited behind a task that is missed goes on at once."""

from datetime import timedelta

import pytest

from storage import runs, tasks
from storage.runs import NotNow
from storage.tables import Task, TaskState
from tasks import waking
from tests.builders import NOW, add_connection, add_task

TOO_LATE = NOW + waking.GRACE + timedelta(seconds=1)


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


async def planned(db, connection):
    return await add_task(
        db, connection_id=connection.id, state=TaskState.SCHEDULED, due_at=NOW, wake_at=NOW, promised=True
    )


async def due(db, connection):
    return await add_task(
        db,
        id=f"{2:026d}",
        source_message_id=2,
        connection_id=connection.id,
        state=TaskState.DUE,
        due_at=NOW + timedelta(seconds=1),
        run=1,
    )


async def claim(db, task):
    async with db.begin() as session:
        return await runs.claim(session, runs.name_of(task), by="a", now=TOO_LATE)


async def woken_at(db, task):
    async with db.begin() as session:
        return (await tasks.get(session, task.id)).wake_at


async def test_who_waits_behind_one_that_is_missed_when_its_moment_is_seen_goes_on(database, connection):
    first, second = await planned(database, connection), await due(database, connection)
    assert await claim(database, second) == NotNow("turn")

    async with database.begin() as session:
        assert await waking.take_up(session, await tasks.get(session, first.id), TOO_LATE) is None

    assert await woken_at(database, second) == TOO_LATE
    assert isinstance(await claim(database, second), Task)


async def test_who_waits_behind_one_that_is_missed_when_it_is_run_goes_on(database, connection):
    first, second = await planned(database, connection), await due(database, connection)
    async with database.begin() as session:
        first = await runs.next_run(session, await tasks.get(session, first.id))
    assert await claim(database, second) == NotNow("turn")

    async with database.begin() as session:
        claimed = await runs.claim(session, runs.name_of(first), by="b", now=TOO_LATE)
        assert await waking.miss(session, claimed, TOO_LATE)

    assert await woken_at(database, second) == TOO_LATE
