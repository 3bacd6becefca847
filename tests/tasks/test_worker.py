"""The loop that runs tasks: what stops one task, or telling one person, stops nothing else. And takeovers."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import connections, tasks, writes
from storage.tables import TaskState, WriteState
from tasks.runner import Runner

LATER = timedelta(seconds=10)


async def until(rig, count, within_s=10.0):
    async with asyncio.timeout(within_s):
        while len(rig.posts()) < count:
            await asyncio.sleep(0.1)


@pytest.fixture
async def run_with(rig):
    """Run a loop with a way of telling people; it stops at the end."""
    runners = []

    def start(tell):
        runners.append(Runner(replace(rig.doors, tell=tell)))
        runners[-1].start()
        return runners[-1]

    yield start
    for runner in runners:
        await runner.stop(grace_s=1)


async def test_a_person_who_cannot_be_told_stops_nobodys_tweets(rig, run_with):
    async def tell(_task_id):
        raise RuntimeError("no words for that")

    await rig.task("First")
    runner = run_with(tell)
    await until(rig, 1)
    await asyncio.sleep(1.5)

    await rig.task("Second")
    runner.nudge()

    await until(rig, 2)


async def test_while_telegram_hangs_tweets_go_out(rig, run_with):
    hangs = asyncio.Event()

    async def tell(_task_id):
        hangs.set()
        await asyncio.sleep(60)

    await rig.task("Not told", state=TaskState.DONE, outcome="sent", created_at=rig.doors.clock())
    runner = run_with(tell)
    await hangs.wait()

    await rig.task("Due meanwhile")
    runner.nudge()

    await until(rig, 1, within_s=5)


async def test_what_another_runner_is_sending_is_looked_for_and_not_called_unsent(rig):
    task = await rig.task("Slow")
    async with rig.db.begin() as session:
        await tasks.add_media(session, task.id, 11, tasks.NewMedia("photo", "f", "u", "image/jpeg", 9, None))

    async def fetch(file_id):
        async with rig.db.begin() as session:
            assert await writes.send(session, task.id, 0, by=f"{rig.doors.name}/1", now=rig.doors.clock())
        return await rig.doors.fetch(file_id)

    (looking,) = await rig.run(replace(rig.doors, fetch=fetch))

    assert (looking.state, looking.outcome) == (TaskState.DUE, "looking")
    assert rig.posts() == []


@pytest.mark.parametrize("lost", ["revoked", "disconnected", "app gone"])
async def test_a_tweet_that_may_be_out_is_asked_about_when_nobody_can_look(rig, lost):
    task = await rig.task("Perhaps out")
    rig.fault("timeout_after", seconds=3)
    await rig.run()
    doors = rig.doors
    async with rig.db.begin() as session:
        if lost == "revoked":
            await connections.needs_reauthorizing(session, rig.connection.id)
        elif lost == "disconnected":
            await connections.disconnect(session, rig.connection, doors.clock())
        else:
            doors = replace(doors, registered_app=None)

    (asking,) = await rig.run(doors, after=LATER)

    assert (asking.state, asking.outcome) == (TaskState.ASKING, "cannot_look")
    assert (await rig.write(task.id)).state == WriteState.UNKNOWN
    assert len(rig.posts()) == 1
