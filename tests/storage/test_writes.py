"""The fences of writes, on both databases: one sender, one outcome, and nothing reopened that may be out."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import exc, update

from storage import connections, runs, writes
from storage.tables import ConnectionState, Task, TaskState, Write, WriteState
from tests.builders import NOW, add_connection, add_task

X_USER = "7001"


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


@pytest.fixture
async def task(database, connection):
    """Give a running task of runner "a", its write prepared."""
    return await running(database, connection, 1)


async def running(db, connection, number):
    made = await add_task(
        db,
        id=f"{number:026d}",
        source_message_id=number,
        connection_id=connection.id,
        state=TaskState.RUNNING,
        due_at=NOW,
        lease_by="a",
    )
    async with db.begin() as session:
        await writes.prepare(session, made.id, 0, x_user_id=X_USER, price=150)
    return made


async def put(db, task, state):
    async with db.begin() as session:
        values = {"state": state, "accepted_at": NOW if state == WriteState.ACCEPTED else None}
        await session.execute(update(Write).where(Write.task_id == task.id).values(**values))


async def send(db, task, by="a", now=NOW):
    async with db.begin() as session:
        return await writes.send(session, task.id, 0, by=by, now=now) is not None


async def now_is(db, task):
    async with db.begin() as session:
        return await writes.get(session, task.id, 0)


async def test_sending_is_noted_with_its_moment_and_counted(database, task):
    assert await send(database, task)

    write = await now_is(database, task)
    assert (write.state, write.sent_at, write.attempts) == (WriteState.SENDING, NOW, 1)


async def test_preparing_again_finds_the_same_fence(database, task):
    await send(database, task)

    async with database.begin() as session:
        again = await writes.prepare(session, task.id, 0, x_user_id=X_USER, price=999)

    assert (again.state, again.price_cents_100) == (WriteState.SENDING, 150)


@pytest.mark.parametrize("state", [s for s in WriteState if s != WriteState.PREPARED])
async def test_only_what_is_prepared_is_sent(database, task, state):
    await put(database, task, state)

    assert not await send(database, task)


async def test_another_runner_may_not_send(database, task):
    assert not await send(database, task, by="b")


async def test_a_runner_whose_task_was_taken_over_may_not_send(database, task):
    async with database.begin() as session:
        await runs.claim(session, runs.name_of(task), by="b", now=NOW)

    assert not await send(database, task)
    assert await send(database, task, by="b")


@pytest.mark.parametrize("state", [s for s in TaskState if s != TaskState.RUNNING])
async def test_a_task_that_does_not_run_sends_nothing(database, task, state):
    async with database.begin() as session:
        await session.execute(update(Task).where(Task.id == task.id).values(state=state))

    assert not await send(database, task)


@pytest.mark.parametrize("state", [s for s in ConnectionState if s != ConnectionState.ACTIVE])
async def test_a_connection_that_takes_no_writes_sends_nothing(database, task, connection, state):
    async with database.begin() as session:
        (await connections.get(session, connection.id)).state = state

    assert not await send(database, task)


async def test_of_two_senders_at_once_one_sends(database, replica, task):
    sent = await asyncio.gather(*(send(db, task) for db in (database, replica) * 4))

    assert sent.count(True) == 1
    assert (await now_is(database, task)).attempts == 1


async def test_a_takeover_at_the_very_moment_of_sending_makes_no_second_sender(database, replica, task):
    async def take_over():
        async with replica.begin() as session:
            taken = await runs.claim(session, runs.name_of(task), by="b", now=NOW)
        return isinstance(taken, Task) and await send(replica, task, by="b")

    sent = await asyncio.gather(send(database, task), take_over())

    assert sent.count(True) == 1


@pytest.mark.parametrize("settled", [WriteState.ACCEPTED, WriteState.REFUSED])
async def test_what_is_settled_stays_so(database, task, settled):
    await put(database, task, settled)

    async with database.begin() as session:
        attempt = (await writes.get(session, task.id, 0)).attempts
        await writes.unknown(session, task.id, 0, attempt=attempt)
        await writes.nothing_sent(session, task.id, 0, attempt=attempt)
        await writes.refused(session, task.id, 0, attempt=attempt, code="late")
        await writes.accepted(session, task.id, 0, x_post_id="9", now=NOW)

    write = await now_is(database, task)
    assert (write.state, write.x_post_id, write.error_code) == (settled, None, None)


async def test_looks_in_vain_are_counted_anew_for_each_send(database, task):
    await send(database, task)
    async with database.begin() as session:
        await writes.unknown(session, task.id, 0, attempt=1)
        looks = [await writes.looked_in_vain(session, task.id, 0, attempt=1) for _ in range(2)]
        await writes.nothing_sent(session, task.id, 0, attempt=1)
    await send(database, task)

    assert looks == [1, 2]
    assert (await now_is(database, task)).absent_looks == 0


async def test_what_is_learnt_late_about_an_earlier_sending_does_not_move_a_later_one(database, task):
    await send(database, task)
    async with database.begin() as session:
        await writes.unknown(session, task.id, 0, attempt=1)
        await writes.nothing_sent(session, task.id, 0, attempt=1)
    await send(database, task, now=NOW + timedelta(seconds=1))

    async with database.begin() as session:
        moved = [
            await writes.nothing_sent(session, task.id, 0, attempt=1),
            await writes.unknown(session, task.id, 0, attempt=1),
            await writes.refused(session, task.id, 0, attempt=1, code="late"),
        ]

    write = await now_is(database, task)
    assert moved == [False, False, False]
    assert (write.state, write.attempts) == (WriteState.SENDING, 2)
    assert (write.first_sent_at, write.sent_at) == (NOW, NOW + timedelta(seconds=1))


async def test_that_x_accepted_an_earlier_sending_ends_it_all(database, task):
    await send(database, task)
    async with database.begin() as session:
        await writes.unknown(session, task.id, 0, attempt=1)
        assert await writes.accepted(session, task.id, 0, x_post_id="5", now=NOW)

    assert not await send(database, task)


async def test_a_sending_may_go_on_only_while_the_task_is_its_runners(database, task):
    await send(database, task)

    async def still(by):
        async with database.begin() as session:
            return await writes.is_sending(session, task.id, 0, attempt=1, by=by, now=NOW)

    assert await still("a")
    assert not await still("b")
    async with database.begin() as session:
        await runs.claim(session, runs.name_of(task), by="b", now=NOW)
    assert not await still("a")


async def test_a_post_is_adopted_by_one_write_only(database, connection, task):
    other = await running(database, connection, 2)
    async with database.begin() as session:
        await writes.accepted(session, task.id, 0, x_post_id="555", now=NOW)
        mine = await writes.get(session, task.id, 0)
        next_part = await writes.prepare(session, task.id, 1, x_user_id=X_USER, price=150)
        another = await writes.get(session, other.id, 0)
        taken = [
            await writes.adopted(session, X_USER, ["555", "556"], but_for=write)
            for write in (mine, next_part, another)
        ]

    assert taken == [set(), {"555"}, {"555"}]
    with pytest.raises(exc.IntegrityError):
        async with database.begin() as session:
            await writes.accepted(session, other.id, 0, x_post_id="555", now=NOW)


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (WriteState.PREPARED, WriteState.PREPARED),
        (WriteState.REFUSED, WriteState.PREPARED),
        (WriteState.SENDING, WriteState.SENDING),
        (WriteState.UNKNOWN, WriteState.UNKNOWN),
        (WriteState.ACCEPTED, WriteState.ACCEPTED),
    ],
)
async def test_trying_again_reopens_only_what_x_surely_refused(database, task, state, then):
    await put(database, task, state)

    async with database.begin() as session:
        await writes.reopen(session, task.id)

    assert (await now_is(database, task)).state == then


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (WriteState.UNKNOWN, WriteState.PREPARED),
        (WriteState.SENDING, WriteState.SENDING),
        (WriteState.ACCEPTED, WriteState.ACCEPTED),
    ],
)
async def test_what_the_person_did_not_find_on_x_may_be_sent_again(database, task, state, then):
    await put(database, task, state)

    async with database.begin() as session:
        await writes.reopen_unseen(session, task.id)

    assert (await now_is(database, task)).state == then


async def test_an_attempt_that_x_says_did_nothing_does_not_count(database, task):
    await send(database, task)
    async with database.begin() as session:
        back = [await writes.take_back(session, task.id, 0, attempt=1) for _ in range(2)]

    write = await now_is(database, task)
    assert back == [True, False]
    assert (write.state, write.attempts) == (WriteState.PREPARED, 0)
    assert await send(database, task)
    assert (await now_is(database, task)).attempts == 1
