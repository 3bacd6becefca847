"""What holds due tasks back, and what lets them go on: on both databases, with two replicas where contested."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import connections, holds, runs, tasks, writes
from storage.runs import NotNow
from storage.tables import ConnectionState, Park, ParkReason, Task, TaskState
from tests.builders import NOW, add_connection, add_task

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CREDIT, LIMIT = ParkReason.OUT_OF_CREDIT, ParkReason.RATE_LIMITED


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


@pytest.fixture
async def other(database, connection, vault):
    """Give another connection by the same app."""
    return await add_connection(database, vault, x_user_id="7002", username="bob", token="7002-token")


async def due(db, connection, number, **changes):
    values = {"id": f"{number:026d}", "source_message_id": number, "state": TaskState.DUE, "due_at": NOW}
    return await add_task(db, connection_id=connection.id, run=1, **values | changes)


async def claim(db, task, by="a", now=NOW):
    async with db.begin() as session:
        return await runs.claim(session, runs.name_of(task), by=by, now=now)


async def park(db, subject, reason=CREDIT, *, now=NOW, until=None):
    async with db.begin() as session:
        await holds.park(session, subject, reason, now=now, until=until)


async def unpark(db, subject, reason=CREDIT, now=NOW):
    async with db.begin() as session:
        return await holds.unpark(session, subject, reason, now=now)


async def trial(db, subject, now, every=HOUR):
    async with db.begin() as session:
        return await holds.take_trial(session, subject, now=now, every=every)


async def parks(db):
    async with db.begin() as session:
        return list(await session.scalars(select(Park).order_by(Park.subject)))


async def woken(db):
    """List the tasks that wait for a moment, with it."""
    async with db.begin() as session:
        found = await session.scalars(select(Task).where(Task.wake_at.is_not(None)).order_by(Task.id))
        return {int(task.id): task.wake_at for task in found}


async def why(db, connection, now=NOW):
    async with db.begin() as session:
        return await holds.why(session, await connections.get(session, connection.id), now)


async def test_a_parked_connection_holds_its_own_tasks_only(database, connection, other):
    await park(database, holds.of_connection(connection))

    assert await claim(database, await due(database, connection, 1)) == NotNow("held")
    assert isinstance(await claim(database, await due(database, other, 2)), Task)


async def test_a_parked_app_holds_the_tasks_of_all_its_connections_only(database, connection, other, vault):
    third = await add_connection(
        database, vault, x_user_id="7003", username="cy", token="7003-token", app_fingerprint="own"
    )
    await park(database, holds.of_app(connection))

    assert await claim(database, await due(database, connection, 1)) == NotNow("held")
    assert await claim(database, await due(database, other, 2)) == NotNow("held")
    assert isinstance(await claim(database, await due(database, third, 3)), Task)


async def test_what_runs_already_is_not_sent_once_its_app_is_parked(database, connection):
    task = await due(database, connection, 1)
    await claim(database, task)
    await park(database, holds.of_app(connection))

    async with database.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
        assert await writes.send(session, task.id, 0, by="a", now=NOW) is None


async def test_the_end_of_a_park_wakes_what_waited_for_it_and_a_second_end_is_none(
    database, replica, connection, other
):
    for number, of in enumerate((connection, other), 1):
        await claim(database, await due(database, of, number), now=NOW)
    await due(database, connection, 3, state=TaskState.SCHEDULED, wake_at=NOW + HOUR)
    await park(database, holds.of_app(connection))
    subject = holds.of_app(connection)
    for number in (1, 2):
        async with database.begin() as session:
            (await tasks.get(session, f"{number:026d}")).state = TaskState.DUE

    ended = await asyncio.gather(*(unpark(db, subject, now=NOW + MINUTE) for db in (database, replica) * 3))

    assert ended.count(True) == 1
    assert await woken(database) == {1: NOW + MINUTE, 2: NOW + MINUTE, 3: NOW + HOUR}


async def test_a_park_with_a_moment_ends_there(database, connection):
    task = await due(database, connection, 1)
    subject = holds.of_connection(connection)
    await park(database, subject, LIMIT, until=NOW + MINUTE)
    assert await claim(database, task) == NotNow("held")

    for now in (NOW + MINUTE - timedelta(seconds=1), NOW + MINUTE):
        assert await woken(database) == {}
        async with database.begin() as session:
            await holds.end_past(session, now)

    assert await woken(database) == {1: NOW + MINUTE}
    assert await parks(database) == []


async def test_a_park_lasts_until_the_later_moment_and_one_without_stays(database, connection):
    subject = holds.of_connection(connection)
    seen = []
    for until in (MINUTE, HOUR, MINUTE, None, HOUR):
        await park(database, subject, LIMIT, until=until and NOW + until)
        seen += [each.until for each in await parks(database)]

    assert seen == [NOW + MINUTE, NOW + HOUR, NOW + HOUR, None, None]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({}, None),
        ({"state": ConnectionState.REAUTHORIZE}, ("revoked", None)),
        ({"frozen_at": NOW}, ("frozen", None)),
    ],
)
async def test_why_tasks_are_held_is_said(database, connection, setting, expected):
    async with database.begin() as session:
        row = await connections.get(session, connection.id)
        for column, value in setting.items():
            setattr(row, column, value)

    assert await why(database, connection) == expected


async def test_what_a_person_has_to_end_is_said_first_and_the_longest_wait(database, connection):
    await park(database, holds.of_connection(connection), LIMIT, until=NOW + MINUTE)
    await park(database, holds.of_app(connection), LIMIT, until=NOW + HOUR)
    limited = await why(database, connection)
    await park(database, holds.of_app(connection))

    assert limited == ("rate_limited", NOW + HOUR)
    assert await why(database, connection) == ("out_of_credit", None)
    assert await why(database, connection, NOW + 2 * HOUR) == ("out_of_credit", None)


async def test_the_first_that_waits_tries_whether_there_is_credit_again(database, connection, other):
    second, first = await due(database, connection, 2), await due(database, other, 1)
    third = await due(database, connection, 3)
    subject = holds.of_app(connection)
    await park(database, subject)

    assert await trial(database, subject, NOW + MINUTE) is None
    assert await trial(database, subject, NOW + HOUR) == first.id

    later = NOW + HOUR
    assert await woken(database) == {1: later}
    assert isinstance(await claim(database, first, now=later), Task)
    assert [await claim(database, each, now=later) for each in (second, third)] == [NotNow("held")] * 2


async def test_a_trial_may_send_and_its_success_ends_the_park(database, connection, other):
    task, waiting = await due(database, connection, 1), await due(database, other, 2)
    subject = holds.of_app(connection)
    await park(database, subject)
    await trial(database, subject, NOW + HOUR)
    await claim(database, task, now=NOW + HOUR)

    async with database.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
        assert await writes.send(session, task.id, 0, by="a", now=NOW + HOUR) == 1
        await holds.answered(session, waiting.id, now=NOW + HOUR)
    assert len(await parks(database)) == 1, "it was not this task's trial"
    async with database.begin() as session:
        await holds.answered(session, task.id, now=NOW + HOUR)

    assert await parks(database) == []
    assert await woken(database) == {2: NOW + HOUR}


async def test_a_trial_that_fails_leaves_the_next_for_an_hour_later(database, connection):
    task = await due(database, connection, 1)
    subject = holds.of_app(connection)
    await park(database, subject)
    await trial(database, subject, NOW + HOUR)
    await park(database, subject, now=NOW + HOUR + MINUTE)

    assert await claim(database, task, now=NOW + HOUR + MINUTE) == NotNow("held")
    assert await trial(database, subject, NOW + 2 * HOUR) is None
    assert await trial(database, subject, NOW + 2 * HOUR + MINUTE) == task.id


async def test_a_trial_of_which_nothing_is_heard_is_followed_by_another(database, connection):
    task = await due(database, connection, 1)
    subject = holds.of_app(connection)
    await park(database, subject)
    await trial(database, subject, NOW + HOUR)
    async with database.begin() as session:
        await tasks.move(session, task.id, states=[TaskState.DUE], to=TaskState.CANCELLED)
    following = await due(database, connection, 2)

    assert await trial(database, subject, NOW + 2 * HOUR) == following.id


async def test_the_button_tries_at_once_and_many_who_press_it_make_one_trial(database, replica, connection):
    task = await due(database, connection, 1)
    subject = holds.of_app(connection)
    await park(database, subject)

    tried = await asyncio.gather(
        *(trial(db, subject, NOW + MINUTE, every=MINUTE / 2) for db in (database, replica) * 4)
    )

    assert sorted(tried, key=str) == [task.id, *[None] * 7]


@pytest.mark.parametrize("reason", ["revoked", "frozen", "limited", "given up"])
async def test_what_something_else_holds_tries_nothing(database, connection, other, reason):
    await due(database, connection, 1)
    free = await due(database, other, 2)
    subject = holds.of_app(connection)
    await park(database, subject)
    async with database.begin() as session:
        row = await connections.get(session, connection.id)
        if reason == "limited":
            await holds.park(session, holds.of_connection(row), LIMIT, now=NOW, until=NOW + 2 * HOUR)
        elif reason == "frozen":
            row.frozen_at = NOW
        else:
            state = {"revoked": ConnectionState.REAUTHORIZE, "given up": ConnectionState.GONE}
            row.state = state[reason]

    assert await trial(database, subject, NOW + HOUR) == free.id


async def test_without_a_task_that_waits_nothing_is_tried(database, connection):
    subject = holds.of_app(connection)
    await due(database, connection, 1, state=TaskState.SCHEDULED, due_at=NOW + HOUR)
    await park(database, subject)

    assert await trial(database, subject, NOW + HOUR) is None
    async with database.begin() as session:
        assert await holds.to_try(session, NOW + HOUR, every=HOUR) == [subject]


async def test_a_park_and_a_send_at_once_leave_no_send_after_the_park(database, replica, connection):
    task = await due(database, connection, 1)
    await claim(database, task)
    async with database.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)

    async def send(db):
        async with db.begin() as session:
            return await writes.send(session, task.id, 0, by="a", now=NOW)

    await asyncio.gather(send(database), park(replica, holds.of_app(connection)))
    async with database.begin() as session:
        await writes.nothing_sent(session, task.id, 0, attempt=1)

    assert await send(database) is None


async def test_whoever_can_help_is_told_once_of_an_app_without_credit(database, replica, connection):
    subject = holds.of_app(connection)
    await park(database, subject)
    await park(database, holds.of_connection(connection), LIMIT, until=NOW + HOUR)

    async def tell(db):
        async with db.begin() as session:
            return await holds.told(session, subject, now=NOW)

    async with database.begin() as session:
        untold = [each.subject for each in await holds.untold(session)]
    told = await asyncio.gather(*(tell(db) for db in (database, replica) * 2))
    await park(database, subject, now=NOW + HOUR)

    assert (untold, told.count(True)) == ([subject], 1)
    async with database.begin() as session:
        assert await holds.untold(session) == [], "a trial that failed tells nothing new"


async def test_those_whose_tasks_wait_for_credit_are_known(database, connection, other):
    await due(database, connection, 1)
    await due(database, other, 2, state=TaskState.DONE)

    async with database.begin() as session:
        found = await holds.connections_of(session, holds.of_app(connection))

    assert [each.id for each in found] == [connection.id]
