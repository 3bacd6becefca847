"""The worker: what stops one task, or telling one person, stops nothing else; what is lost is mended."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage import runs
from storage.tables import TaskState
from tasks.engine import Engine
from tasks.worker import RUNS_KEPT_FOR, Worker
from tests.builders import add_connection
from twitter import errors

WEEK = timedelta(days=7)


async def until(rig, count, within_s=60.0):
    async with asyncio.timeout(within_s):
        while len(rig.posts()) < count:
            await asyncio.sleep(0.1)


@pytest.fixture
async def runs_engine(database_url):
    """Give the engine's tables in the test's database."""
    engine = Engine(database_url)
    yield engine
    engine.close()


@pytest.fixture
async def work_with(rig, runs_engine):
    """Let a worker work with changed doors; it stops at the end."""
    workers = []

    async def start(**changes):
        workers.append(Worker(replace(rig.doors, **changes), runs_engine))
        await workers[-1].start()
        return workers[-1]

    yield start
    for worker in workers:
        await worker.stop(grace_s=1)


async def woken(rig, task):
    """Let a due task wait for no moment but now."""
    async with rig.db.begin() as session:
        row = await session.get(type(task), task.id)
        row.wake_at = row.due_at


async def test_a_person_who_cannot_be_told_stops_nobodys_tweets(rig, work_with):
    async def tell(_task_id):
        raise RuntimeError("no words for that")

    await woken(rig, await rig.task("First"))
    worker = await work_with(tell=tell)
    await until(rig, 1)

    await woken(rig, await rig.task("Second"))
    worker.nudge()

    await until(rig, 2)


async def test_while_telegram_hangs_tweets_go_out(rig, work_with):
    hangs = asyncio.Event()

    async def tell(_task_id):
        hangs.set()
        await asyncio.sleep(60)

    await rig.task("Not told", state=TaskState.DONE, outcome="sent", created_at=rig.doors.clock())
    worker = await work_with(tell=tell)
    await hangs.wait()

    await woken(rig, await rig.task("Due meanwhile"))
    worker.nudge()

    await until(rig, 1)


async def test_a_tweet_planned_for_next_week_blocks_none_for_now(rig, work_with):
    now = rig.doors.clock()
    await rig.task("Next week", state=TaskState.SCHEDULED, due_at=now + WEEK, wake_at=now + WEEK)
    await woken(rig, await rig.task("Now"))

    await work_with()

    await until(rig, 1)
    assert [post["text"] for post in rig.posts()] == ["Now"]


async def test_tweets_of_one_connection_go_out_in_the_order_they_were_wanted(rig, work_with):
    now = rig.doors.clock()
    for number in (3, 1, 2, 0):
        due_at = now - timedelta(minutes=10 - number)
        await rig.task(f"Number {number}", due_at=due_at, wake_at=now)

    await work_with()

    await until(rig, 4)
    assert [post["text"] for post in reversed(rig.posts())] == [f"Number {n}" for n in range(4)]


async def test_a_task_whose_run_the_engine_lost_gets_another(rig, work_with):
    task = await rig.task("Lost and found", run=7)

    await work_with()

    await until(rig, 1)
    assert (await rig.now(task.id)).run > 7


async def test_a_task_that_is_held_is_not_taken_for_lost(rig, work_with, vault):
    frozen = await add_connection(rig.db, vault, x_user_id="7002", token="t2", frozen_at=rig.doors.clock())
    task = await rig.task("Held", run=3, connection_id=frozen.id)
    worker = await work_with()

    await worker.mend()

    row = await rig.now(task.id)
    assert (row.state, row.run, row.wake_at) == (TaskState.DUE, 3, None)


async def test_a_run_in_a_transaction_that_was_rolled_back_is_never_carried_out(rig, runs_engine, work_with):
    task = await rig.task("Never wanted", state=TaskState.DRAFT)

    async def roll_back():
        async with rig.db.begin() as session:
            due = await runs.make_due(
                session, task.id, version=task.version, states=(TaskState.DRAFT,), now=rig.doors.clock()
            )
            await runs_engine.enqueue(session, due)
            raise errors.Unavailable("network")

    with pytest.raises(errors.Unavailable):
        await roll_back()

    assert await runs_engine.under_way([f"{task.id}~1"]) == set()
    assert (await rig.now(task.id)).state == TaskState.DRAFT


async def test_what_a_failing_run_says_never_reaches_the_engines_tables(rig, work_with, database):
    failed = asyncio.Event()

    async def fetch(_file_id):
        failed.set()
        raise RuntimeError("the-secret-word")

    task = await rig.task("With a file")
    async with rig.db.begin() as session:
        await session.execute(
            text(
                "INSERT INTO task_media (task_id, message_id, kind, file_id, file_unique_id)"
                " VALUES (:task, 1, 'photo', 'f', 'u')"
            ),
            {"task": task.id},
        )
    await woken(rig, task)
    await work_with(fetch=fetch)
    await asyncio.wait_for(failed.wait(), 20)

    schema = "dbos." if database.kind == "postgresql" else ""
    async with database.begin() as session:
        for table in ("workflow_status", "operation_outputs"):
            rows = (await session.execute(text(f"SELECT * FROM {schema}{table}"))).all()
            assert "the-secret-word" not in repr(rows)


async def test_runs_that_ended_days_ago_are_forgotten_and_none_that_is_under_way(rig, runs_engine, work_with):
    task = await rig.task("Done with")
    await woken(rig, task)
    await work_with()
    await until(rig, 1)
    later = rig.doors.clock() + RUNS_KEPT_FOR

    async with asyncio.timeout(60):
        while not await runs_engine.clean(before=later, limit=10):
            await asyncio.sleep(0.1)

    assert await runs_engine.clean(before=later, limit=10) == 0
