"""Tasks on their way through the engine: claimed by one execution at a time, each at its place in the order."""

import asyncio
from datetime import timedelta

import pytest

from storage import connections, holds, rearming, runs, tasks, writes
from storage.runs import NotNow
from storage.tables import ConnectionState, ParkReason, Task, TaskState
from tests.builders import NOW, add_connection, add_task

SOON = NOW + timedelta(seconds=5)
WEEK = timedelta(days=7)


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


async def due(db, connection, number, **changes):
    values = {"id": f"{number:026d}", "source_message_id": number, "state": TaskState.DUE, "due_at": NOW}
    return await add_task(db, connection_id=connection.id, run=1, **values | changes)


async def claim(db, task, by="a", now=NOW):
    async with db.begin() as session:
        return await runs.claim(session, runs.name_of(task), by=by, now=now)


async def leave(db, task, by="a", to=TaskState.DONE, now=NOW, **values):
    async with db.begin() as session:
        return await runs.leave(session, task.id, by=by, to=to, now=now, **values)


async def row(db, task):
    async with db.begin() as session:
        return await tasks.get(session, task.id)


async def test_whoever_claims_last_has_the_task(database, connection):
    task = await due(database, connection, 1)
    first = await claim(database, task, "dead")

    second = await claim(database, task, "b")

    assert (first.lease_by, second.lease_by, second.attempts) == ("dead", "b", 2)
    assert await leave(database, task, "dead", TaskState.FAILED) is None
    assert (await row(database, task)).state == TaskState.RUNNING


async def test_of_many_executions_at_once_one_sends(database, replica, connection):
    task = await due(database, connection, 1)
    async with database.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)

    async def execute(db, by):
        await claim(db, task, by)
        async with db.begin() as session:
            return await writes.send(session, task.id, 0, by=by, now=NOW) is not None

    dbs = (database, replica) * 3
    sent = await asyncio.gather(*(execute(db, f"e{number}") for number, db in enumerate(dbs)))

    assert sent.count(True) == 1


async def test_a_run_whose_number_is_not_the_rows_does_nothing(database, connection):
    task = await due(database, connection, 1)
    async with database.begin() as session:
        (await tasks.get(session, task.id)).run = 2

    assert await claim(database, task) == NotNow("stale")
    assert (await row(database, task)).wake_at is None


@pytest.mark.parametrize("state", [s for s in TaskState if s not in (TaskState.DUE, TaskState.RUNNING)])
async def test_what_is_not_to_be_done_now_is_not_claimed(database, connection, state):
    task = await due(database, connection, 1, state=state)

    assert await claim(database, task) == NotNow("stale")


async def test_one_task_at_a_time_per_connection_in_the_order_wanted(database, connection):
    second = await due(database, connection, 2)
    first = await due(database, connection, 1)

    assert await claim(database, second) == NotNow("turn")
    assert (await row(database, second)).wake_at == NOW + runs.TURN_AFTER
    assert isinstance(await claim(database, first), Task)
    assert await claim(database, second) == NotNow("turn")


async def test_the_next_is_woken_when_the_first_is_done(database, connection):
    first, second = await due(database, connection, 1), await due(database, connection, 2)
    await claim(database, first)
    await claim(database, second)

    await leave(database, first, now=SOON)

    assert (await row(database, second)).wake_at == SOON
    assert isinstance(await claim(database, second, now=SOON), Task)


async def test_of_several_that_wait_only_the_one_whose_turn_it_is_is_woken(database, connection):
    """The others would be given to the engine, and wait again, each time one before them is done."""
    first, second, third = [await due(database, connection, number) for number in (1, 2, 3)]
    await claim(database, first)
    for waiting in (second, third):
        assert await claim(database, waiting) == NotNow("turn")

    await leave(database, first, now=SOON)

    assert (await row(database, second)).wake_at == SOON
    assert (await row(database, third)).wake_at == NOW + runs.TURN_AFTER


@pytest.mark.parametrize("state", [TaskState.ASKING, TaskState.MISSED, TaskState.SCHEDULED, TaskState.FAILED])
async def test_what_waits_for_a_person_or_a_moment_blocks_nothing(database, connection, state):
    await due(database, connection, 1, state=state)
    second = await due(database, connection, 2)

    assert isinstance(await claim(database, second), Task)


async def test_one_whose_moment_has_come_goes_first_though_it_is_not_woken_yet(database, connection):
    """After an outage, say: the engine begins with what it has in its queue, before anybody woke anything."""
    await due(database, connection, 1, state=TaskState.SCHEDULED, wake_at=NOW)
    second = await due(database, connection, 2)

    assert await claim(database, second, now=SOON) == NotNow("turn")


async def test_a_task_for_later_does_not_block_one_for_now(database, connection):
    await due(database, connection, 1, state=TaskState.SCHEDULED, due_at=NOW + WEEK)
    second = await due(database, connection, 2)

    assert isinstance(await claim(database, second), Task)


async def test_another_connection_is_not_blocked(database, connection, vault):
    other = await add_connection(database, vault, x_user_id="7002", username="bob", token="7002-token")
    first, second = await due(database, connection, 1), await due(database, other, 2)

    assert isinstance(await claim(database, first), Task)
    assert isinstance(await claim(database, second, "b"), Task)


async def test_a_wait_changes_no_place(database, connection):
    first, second = await due(database, connection, 1), await due(database, connection, 2)
    await claim(database, first)
    await leave(database, first, to=TaskState.DUE, wake_at=NOW + WEEK, outcome="rate_limited")

    assert await claim(database, second) == NotNow("turn")


async def test_a_held_task_waits_for_nothing_but_its_release(database, connection):
    task = await due(database, connection, 1)
    async with database.begin() as session:
        await connections.needs_reauthorizing(session, connection.id)

    assert await claim(database, task) == NotNow("held")

    held = await row(database, task)
    assert (held.state, held.wake_at, held.outcome, held.attempts) == (TaskState.DUE, None, None, 0)


@pytest.mark.parametrize("state", [ConnectionState.REVOKING, ConnectionState.GONE])
async def test_what_waits_at_a_connection_given_up_is_not_held_but_may_not_be_sent(
    database, connection, state
):
    task = await due(database, connection, 1)
    async with database.begin() as session:
        (await connections.get(session, connection.id)).state = state
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)

    assert isinstance(await claim(database, task), Task)
    async with database.begin() as session:
        assert await writes.send(session, task.id, 0, by="a", now=NOW) is None


async def test_due_without_a_moment_it_waits_only_while_something_holds_it(database, connection, replica):
    task = await due(database, connection, 1)
    subject = holds.of_connection(connection)
    seen = []
    for is_parked in (True, False):
        async with database.begin() as session:
            await runs.claim(session, runs.name_of(task), by="a", now=NOW)
            if is_parked:
                await holds.park(session, subject, ParkReason.OUT_OF_CREDIT, now=NOW)
        left = await leave(database, task, to=TaskState.DUE, now=SOON)
        seen.append(left.wake_at)
        async with database.begin() as session:
            await holds.unpark(session, subject, ParkReason.OUT_OF_CREDIT, now=NOW)

    assert seen == [None, SOON]


async def test_what_is_ready_is_taken_in_the_order_wanted_and_by_one_replica(database, replica, connection):
    for number in (3, 1, 2):
        await due(database, connection, number, wake_at=NOW)

    async def take(db):
        async with db.begin() as session:
            ready = await runs.take_ready(session, NOW, limit=9)
            return [task.id for task in ready if await runs.next_run(session, task)]

    mine, theirs = await asyncio.gather(take(database), take(replica))

    assert sorted(mine + theirs) == [f"{number:026d}" for number in (1, 2, 3)]
    assert (mine, theirs) == (sorted(mine), sorted(theirs))


async def test_a_lost_run_is_armed_anew_once(database, replica, connection):
    task = await due(database, connection, 1)

    async def mend(db):
        async with db.begin() as session:
            return await rearming.rearm(session, task, now=NOW)

    assert sorted(await asyncio.gather(mend(database), mend(replica))) == [False, True]
