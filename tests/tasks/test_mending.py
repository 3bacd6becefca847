"""Re-driving tasks for the operator: nothing that may be out is sent without a look, nothing goes out twice."""

import asyncio
from datetime import timedelta

import pytest

from storage import complaints
from storage.tables import TaskState, Write, WriteState
from tasks.engine import Engine
from tasks.mending import Mended, Mender
from tasks.worker import Worker
from tests.builders import add_connection

AGO = timedelta(hours=1)
LATER = timedelta(seconds=10)


@pytest.fixture
async def runs_engine(database_url):
    """Give the engine's tables in the test's database."""
    engine = Engine(database_url)
    yield engine
    engine.close()


@pytest.fixture
def mender(rig, runs_engine):
    return Mender(rig.db, runs_engine, rig.doors.clock)


@pytest.fixture
def another_mender(rig, replica, runs_engine):
    """Give a mender in another process."""
    return Mender(replica, runs_engine, rig.doors.clock)


@pytest.fixture
async def worker(rig, runs_engine):
    """Give a worker that is not started yet; it stops at the end."""
    worker = Worker(rig.doors, runs_engine)
    yield worker
    await worker.stop(grace_s=5)


@pytest.fixture
def asked_about(rig):
    """Give a way to make a tweet of which its person was asked whether it is on X."""

    async def make(text, *, state=TaskState.ASKING, attempts=1, **changes):
        sent_at = rig.doors.clock() - AGO
        task = await rig.task(text, state=state, due_at=sent_at, **changes)
        async with rig.db.begin() as session:
            session.add(
                Write(
                    task_id=task.id,
                    part=0,
                    state=WriteState.UNKNOWN,
                    x_user_id=rig.connection.x_user_id,
                    attempts=attempts,
                    absent_looks=2,
                    sent_at=sent_at,
                    first_sent_at=sent_at,
                )
            )
        return task

    return make


async def all_of(mender):
    return [one async for one in mender.mend_all()]


async def reach(rig, task, state, within_s=60.0):
    async with asyncio.timeout(within_s):
        while (await rig.now(task.id)).state != state:
            await asyncio.sleep(0.05)


def texts(rig):
    return [post["text"] for post in rig.posts()]


async def test_a_tweet_asked_about_that_is_on_x_is_found_and_not_doubled(rig, mender, asked_about, worker):
    rig.x.session(rig.username).tweet("Went out")
    task = await asked_about("Went out")

    assert await all_of(mender) == [(task.id, Mended.LOOK)]
    await worker.start()

    await reach(rig, task, TaskState.DONE)
    assert texts(rig) == ["Went out"]


async def test_a_tweet_asked_about_that_is_not_on_x_is_asked_about_again_and_not_sent(
    rig, mender, asked_about
):
    task = await asked_about("Never arrived")

    assert await mender.mend(task.id) == Mended.LOOK
    (looking,) = await rig.run()
    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    (asking,) = await rig.run(after=LATER)

    assert (asking.state, asking.outcome) == (TaskState.ASKING, "unknown")
    assert texts(rig) == []


async def test_a_look_that_waits_is_brought_forward(rig, mender, asked_about):
    later = rig.doors.clock() + AGO
    task = await asked_about("Slow to show", state=TaskState.DUE, outcome="looking", wake_at=later)

    assert await all_of(mender) == [(task.id, Mended.LOOK)]

    assert (await rig.now(task.id)).wake_at < later


async def test_a_question_without_anything_to_look_for_is_left_to_its_person(rig, mender):
    task = await rig.task("Asked", state=TaskState.ASKING)

    assert await mender.mend(task.id) == Mended.NOTHING_TO_LOOK_FOR
    assert (await rig.now(task.id)).state == TaskState.ASKING


@pytest.fixture
async def refused(rig):
    """Give a tweet that X refused."""
    task = await rig.task("Refused at first")
    rig.fault("forbidden_bare")
    await rig.run()
    assert (await rig.now(task.id)).state == TaskState.FAILED
    return task


async def test_what_failed_is_posted_once_when_it_is_named_however_many_name_it(
    rig, refused, mender, another_mender, worker
):
    await worker.start()

    mended = await asyncio.gather(*(each.mend(refused.id) for each in (mender, another_mender) * 2))

    assert mended.count(Mended.DUE_AGAIN) == 1
    await reach(rig, refused, TaskState.DONE)
    assert texts(rig) == ["Refused at first"]


async def test_what_failed_and_is_not_named_stays(rig, refused, mender):
    assert await all_of(mender) == []

    assert (await rig.now(refused.id)).state == TaskState.FAILED


async def test_what_failed_and_may_be_out_is_looked_for_before_it_is_sent(rig, mender, asked_about):
    rig.x.session(rig.username).tweet("Out after all")
    task = await asked_about("Out after all", state=TaskState.FAILED, outcome="internal")

    assert await mender.mend(task.id) == Mended.DUE_AGAIN
    (done,) = await rig.run()

    assert done.state == TaskState.DONE
    assert texts(rig) == ["Out after all"]


async def test_a_stuck_task_gets_another_run_and_its_old_one_does_nothing(rig, mender, runs_engine, worker):
    task = await rig.task("Stuck", due_at=rig.doors.clock() - AGO, run=3)
    async with rig.db.begin() as session:
        await runs_engine.enqueue(session, task)

    assert await all_of(mender) == [(task.id, Mended.RUN)]
    await worker.start()

    await reach(rig, task, TaskState.DONE)
    assert (await rig.now(task.id)).run == 4
    assert texts(rig) == ["Stuck"]


async def test_a_task_mended_in_the_middle_of_its_sending_is_not_sent_twice(rig, mender, worker):
    task = await rig.task("In the middle", due_at=rig.doors.clock() - AGO, wake_at=rig.doors.clock())
    rig.fault("timeout_after", seconds=3)
    await worker.start()
    async with asyncio.timeout(60):
        while (write := await rig.write(task.id)) is None or write.state == WriteState.PREPARED:
            await asyncio.sleep(0.02)

    # On a slow machine it is over by now, and is looked for.
    assert await mender.mend(task.id) in (Mended.RUN, Mended.LOOK)

    await reach(rig, task, TaskState.DONE)
    assert texts(rig) == ["In the middle"]


async def test_two_who_mend_everything_beside_a_worker_send_nothing_twice(
    rig, mender, another_mender, asked_about, worker
):
    rig.x.session(rig.username).tweet("Known to X")
    due_at = rig.doors.clock() - AGO
    stuck = [await rig.task(f"Stuck {number}", due_at=due_at, run=2) for number in range(4)]
    tasks = [await asked_about("Known to X"), *stuck]
    await worker.start()

    for _ in range(3):
        await asyncio.gather(all_of(mender), all_of(another_mender))

    for task in tasks:
        await reach(rig, task, TaskState.DONE)
    assert sorted(texts(rig)) == ["Known to X", *(f"Stuck {number}" for number in range(4))]


async def test_more_are_mended_than_are_named_at_once(rig, mender):
    count = complaints.NAMED_MAX + 3
    for _ in range(count):
        await rig.task(due_at=rig.doors.clock() - AGO, run=1)

    mended = await all_of(mender)

    assert len(mended) == len(dict(mended)) == count


async def test_what_is_held_under_way_asleep_or_over_is_left_alone(rig, mender, runs_engine, vault):
    now = rig.doors.clock()
    frozen = await add_connection(rig.db, vault, x_user_id="7002", token="t2", frozen_at=now)
    left = {
        Mended.HELD: await rig.task(connection_id=frozen.id, due_at=now - AGO),
        Mended.UNDER_WAY: await rig.task(due_at=now + AGO, wake_at=now + AGO),
        Mended.ASLEEP: await rig.task(wake_at=now - AGO),
        Mended.NOT_OPEN: await rig.task(state=TaskState.DONE),
    }
    enqueued = await rig.task(run=1)
    async with rig.db.begin() as session:
        await runs_engine.enqueue(session, enqueued)

    assert [await mender.mend(task.id) for task in left.values()] == list(left)
    assert await mender.mend(enqueued.id) == Mended.UNDER_WAY
    for task in left.values():
        now_it = await rig.now(task.id)
        assert (now_it.state, now_it.version, now_it.wake_at) == (task.state, task.version, task.wake_at)
