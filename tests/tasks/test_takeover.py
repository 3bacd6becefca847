"""Taking over: whose runs are given back to the queue, in what order they go on, and what wakes too late."""

import asyncio
import contextvars
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.liveness import SignOfLife
from storage.tables import Task, TaskState, WriteState
from tasks.engine import Engine
from tasks.takeover import Takeover
from twitter.client import X

LATER = timedelta(minutes=3)


@pytest.fixture
async def database(postgresql_url, open_database):
    """Give an open Postgres; SQLite has one process and nobody to take over from."""
    return await open_database(postgresql_url)


@pytest.fixture
async def make_engine(postgresql_url):
    """Give the engine as another process knows it."""
    made = []

    def make():
        made.append(Engine(postgresql_url))
        return made[-1]

    yield make
    for engine in made:
        await engine.stop(grace_s=1)
        engine.close()


@pytest.fixture
def make_sign(postgresql_url):
    """Give signs of life of processes that are not ended when they lose them."""
    made = []

    def make(executor_id):
        made.append(SignOfLife(postgresql_url, executor_id, lambda: None))
        made[-1].start()
        return made[-1]

    yield make
    for sign in made:
        sign.stop()


class Carrier:
    """A process that carries runs out, and ends none before it is told to."""

    def __init__(self, engine):
        self.engine = engine
        self.begun = []
        self.may_end = asyncio.Event()

    async def carry_out(self, name):
        self.begun.append(name)
        await self.may_end.wait()

    async def has_begun(self, count):
        async with asyncio.timeout(60):
            while len(self.begun) < count:
                await asyncio.sleep(0.02)


@pytest.fixture
async def carrier(make_engine, database):
    """Give a process, "one", with the first of three runs of connection 1 and the one of connection 2."""
    carrier = Carrier(make_engine())
    async with database.begin() as session:
        for task_id, connection_id in (("a", 1), ("b", 1), ("c", 1), ("d", 2)):
            await carrier.engine.enqueue(session, Task(id=task_id, run=1, connection_id=connection_id))
    await carrier.engine.start(carrier.carry_out, executor="one")
    await carrier.has_begun(2)
    yield carrier
    carrier.may_end.set()


async def in_hand(engine):
    return {executor: sorted(await engine.runs_of(executor)) for executor in await engine.executors()}


async def test_what_a_living_process_has_in_hand_is_left_to_it(carrier, make_sign, make_engine, database):
    make_sign("one")

    await Takeover(make_engine(), database, make_sign("two")).round()

    assert await in_hand(carrier.engine) == {"one": ["a~1", "d~1"]}


async def test_what_a_dead_process_had_in_hand_goes_on_before_what_came_later(
    carrier, make_sign, make_engine, database
):
    await Takeover(make_engine(), database, make_sign("two")).round()

    # The engine of this process stands for any that lives: it is given them once more.
    await carrier.has_begun(4)
    carrier.may_end.set()
    await carrier.has_begun(6)
    assert sorted(carrier.begun[:2]) == sorted(carrier.begun[2:4]) == ["a~1", "d~1"]
    assert carrier.begun[4:] == ["b~1", "c~1"]


async def test_a_process_whose_own_sign_is_old_takes_nothing_over(carrier, make_sign, make_engine, database):
    stale = make_sign("two")
    stale.stop()
    stale._seen_s = float("-inf")

    await Takeover(make_engine(), database, stale).round()

    assert await in_hand(carrier.engine) == {"one": ["a~1", "d~1"]}


async def test_of_several_that_take_over_at_once_one_does(
    carrier, make_sign, make_engine, postgresql_url, open_database, caplog
):
    await carrier.engine.stop(grace_s=0)
    takeovers = [
        Takeover(make_engine(), await open_database(postgresql_url), make_sign(name))
        for name in ("two", "three", "four")
    ]
    assert await in_hand(make_engine()) == {"one": ["a~1", "d~1"]}

    await asyncio.gather(*(each.round() for each in takeovers))

    said = [record.getMessage() for record in caplog.records if record.name == "tasks.takeover"]
    assert said == ["takeover executor=one runs=2"]
    assert await in_hand(make_engine()) == {}


@pytest.fixture
async def frozen(rig):
    """Give doors of a process that freezes when its fence has opened; `meanwhile` is done before it wakes."""
    loop = asyncio.get_running_loop()
    opened = []

    def make(meanwhile):
        def alive():
            # Out of the frozen call's context: the other process knows nothing of its fence.
            contextvars.Context().run(asyncio.run_coroutine_threadsafe, meanwhile(), loop).result(20)
            return False

        opened.append(X(rig.x.origin, alive=alive))
        return replace(rig.doors, x=opened[-1], name="frozen")

    yield make
    for x in opened:
        x.close()


async def test_what_a_process_did_not_send_because_it_slept_is_sent_once(rig, frozen):
    task = await rig.task("Slept")

    async def nothing():
        assert (await rig.write(task.id)).state == WriteState.SENDING

    await rig.run(frozen(nothing))
    assert rig.posts() == []

    (row,) = await rig.run(after=LATER)

    assert row.state == TaskState.DONE
    assert [post["text"] for post in rig.posts()] == ["Slept"]


async def test_what_a_process_had_not_sent_when_another_took_over_is_sent_once(rig, frozen):
    task = await rig.task("Taken over")

    async def taken_over():
        await rig.run()
        assert ((await rig.now(task.id)).outcome, rig.posts()) == ("looking", [])

    await rig.run(frozen(taken_over))
    assert ((await rig.now(task.id)).outcome, rig.posts()) == ("looking", [])

    for number in range(1, 4):
        await rig.run(after=number * LATER)

    assert (await rig.now(task.id)).state == TaskState.DONE
    assert [post["text"] for post in rig.posts()] == ["Taken over"]
