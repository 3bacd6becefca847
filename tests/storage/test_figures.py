"""The figures count what is open, what was done lately, and nothing of anybody in particular."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import erasures, figures, holds, updates, writes
from storage.tables import ConnectionState, ParkReason, Task, TaskState, Write, WriteState
from tests.builders import NOW, add_connection, add_person, add_task

BOT = 77


@pytest.fixture
async def connection(database, vault, a_person):
    return await add_connection(database, vault)


async def look(db, now=NOW):
    async with db.begin() as session:
        return await figures.look(session, now)


async def add(db, number, **changes):
    return await add_task(db, id=f"{number:026d}", source_message_id=number, **changes)


async def test_an_empty_database_has_a_zero_for_everything(database):
    found = await look(database)

    assert set(found.tasks) == {state.value for state in TaskState}
    assert not any([*found.updates.values(), *found.tasks.values(), *found.unsettled_writes.values()])
    assert not any([*found.parks.values(), found.held, found.erasures])
    assert found.oldest_due_at is None


async def test_what_is_open_is_counted_however_old_and_what_is_over_only_lately(database, connection):
    old = NOW - timedelta(days=400)
    await add(database, 1, state=TaskState.ASKING, connection_id=connection.id, due_at=old)
    await add(database, 2, state=TaskState.DONE, connection_id=connection.id, due_at=old)
    await add(database, 3, state=TaskState.DONE, connection_id=connection.id, due_at=NOW)
    await add(database, 4, state=TaskState.SCHEDULED, due_at=NOW + timedelta(days=7))

    found = await look(database)

    assert {state: count for state, count in found.tasks.items() if count} == {
        "asking": 1,
        "done": 1,
        "scheduled": 1,
    }


async def test_the_oldest_due_task_is_one_that_could_go_out_and_held_ones_are_counted_apart(
    database, vault, connection
):
    minute = timedelta(minutes=1)
    revoked = await add_connection(
        database, vault, x_user_id="7002", token="b", state=ConnectionState.REAUTHORIZE
    )
    await add(database, 1, state=TaskState.DUE, connection_id=revoked.id, due_at=NOW - 60 * minute)
    await add(
        database,
        2,
        state=TaskState.DUE,
        connection_id=connection.id,
        due_at=NOW - 50 * minute,
        wake_at=NOW + minute,
    )
    await add(database, 3, state=TaskState.RUNNING, connection_id=connection.id, due_at=NOW - 5 * minute)
    await add(database, 4, state=TaskState.DUE, connection_id=connection.id, due_at=NOW - minute)

    found = await look(database)

    assert (found.held, found.oldest_due_at) == (1, NOW - 5 * minute)


async def test_parks_are_counted_by_what_and_why_until_they_end(database, connection):
    async with database.begin() as session:
        await holds.park(
            session,
            holds.of_connection(connection),
            ParkReason.RATE_LIMITED,
            now=NOW,
            until=NOW + timedelta(minutes=15),
        )
        await holds.park(session, holds.of_app(connection), ParkReason.OUT_OF_CREDIT, now=NOW)
    await add(database, 1, state=TaskState.DUE, connection_id=connection.id, due_at=NOW)

    now, later = await look(database), await look(database, NOW + timedelta(minutes=16))

    assert now.parks["connection", "rate_limited"] == now.parks["app", "out_of_credit"] == 1
    assert (later.parks["connection", "rate_limited"], later.parks["app", "out_of_credit"]) == (0, 1)
    assert (now.held, now.oldest_due_at) == (1, None)


async def test_writes_that_nobody_knows_the_outcome_of_are_counted_until_they_are_settled(
    database, connection
):
    states = (WriteState.UNKNOWN, WriteState.SENDING, WriteState.ACCEPTED)
    for number, state in enumerate(states, 1):
        task = await add(database, number, state=TaskState.RUNNING, connection_id=connection.id, due_at=NOW)
        async with database.begin() as session:
            await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
            write = await session.get_one(Write, (task.id, 0))
            write.state, write.accepted_at = state, NOW

    found = await look(database)
    async with database.begin() as session:
        for task in await session.scalars(select(Task)):
            task.state = TaskState.CANCELLED
    settled = await look(database)

    assert found.unsettled_writes == {"sending": 1, "unknown": 1}
    assert settled.unsettled_writes == {"sending": 0, "unknown": 0}


async def test_updates_of_the_last_hour_and_messages_to_delete_are_counted(database):
    await add_person(database)
    async with database.begin() as session:
        await updates.claim(session, BOT, 1, "old", NOW - timedelta(hours=2))
        await updates.claim(session, BOT, 2, "new", NOW)
        await erasures.add(session, 101, 5, NOW)

    found = await look(database)

    assert found.updates == {"claimed": 1, "worked": 0, "answered": 0, "set_aside": 0}
    assert found.erasures == 1
