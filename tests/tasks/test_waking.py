"""Taking up what is planned: who waited behind a task that is missed goes on at once."""

import asyncio
import contextvars
from datetime import timedelta

import pytest

from storage import runs, tasks
from storage.runs import NotNow
from storage.tables import Schedule, ScheduleState, ScheduleText, Task, TaskState
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


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_an_older_task_of_a_schedule_is_taken_up_beside_its_newest(database, connection):
    # Two workers that each locked the schedules of what they woke came to wait for each other in a circle.
    schedule_id = await a_schedule(database, connection)
    older, newest = [
        await add_task(
            database,
            id=f"{number:026d}",
            source_message_id=number,
            connection_id=connection.id,
            state=TaskState.SCHEDULED,
            due_at=at,
            wake_at=at,
            promised=True,
            schedule_id=schedule_id,
            occurrence_at=at,
        )
        for number, at in ((1, NOW), (2, NOW + timedelta(minutes=1)))
    ]
    now = NOW + timedelta(minutes=1)

    async with database.begin() as one:
        assert await waking.take_up(one, await tasks.get(one, newest.id, lock=True), now)
        # In a context of its own, as another worker's: one task of the loop has one transaction at a time.
        other = asyncio.create_task(take_up(database, older, now), context=contextvars.Context())
        assert await asyncio.wait_for(other, 30)


async def take_up(db, task, now):
    async with db.begin() as session:
        return await waking.take_up(session, await tasks.get(session, task.id, lock=True), now)


async def a_schedule(db, connection):
    async with db.begin() as session:
        schedule = Schedule(
            person_id=connection.person_id,
            chat_id=connection.person_id,
            source_message_id=7,
            connection_id=connection.id,
            state=ScheduleState.ACTIVE,
            rule="on mon at 09:00",
            zone="UTC",
            created_at=NOW,
        )
        session.add(schedule)
        await session.flush()
        session.add(ScheduleText(schedule_id=schedule.id, position=0, text="Again"))
        return schedule.id
