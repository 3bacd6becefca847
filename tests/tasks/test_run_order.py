"""Order is the row's: re-queued, parked and moved tasks keep their place, also when they are taken over.

A random walk over all that may happen to the tasks of one account; whoever sends is looked at by other means than
the fence's own statement.
"""

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage import connections, holds, runs, tasks, writes
from storage.tables import ParkReason, Task, TaskState, WriteState
from tests.builders import NOW, add_connection, add_person, add_task

UNFINISHED = (TaskState.DUE, TaskState.RUNNING)
STEPS = 60
FIRST_TASKS = 4


@dataclass
class Walk:
    """The tasks of one account, the executions that have, or had, one of them in hand, and what went out."""

    db: object
    connection: object
    dice: random.Random
    now: object = NOW
    made: int = 0
    executions: list[tuple[str, str]] = field(default_factory=list)
    """Task and word of every execution that ever claimed one; the newest of a task is its true one."""
    sent: list[str] = field(default_factory=list)
    is_quiet: bool = False

    async def make(self) -> None:
        self.made += 1
        await add_task(
            self.db,
            id=f"{self.made:026d}",
            source_message_id=self.made,
            connection_id=self.connection.id,
            state=TaskState.DUE,
            due_at=self.now,
            run=1,
        )

    async def rows(self) -> list[Task]:
        async with self.db.begin() as session:
            return list(await session.scalars(select(Task).order_by(Task.due_at, Task.id)))

    async def take_up(self) -> None:
        """Execute a run, of any unfinished task: its own, one lost and found, or one of a dead process."""
        task = self.dice.choice([row for row in await self.rows() if row.state in UNFINISHED] or [None])
        if task is None:
            return
        by = f"e{len(self.executions)}"
        async with self.db.begin() as session:
            claimed = await runs.claim(session, runs.name_of(task), by=by, now=self.now)
            if isinstance(claimed, Task):
                await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
        if isinstance(claimed, Task):
            self.executions.append((task.id, by))

    async def send(self) -> None:
        """Let any execution try to send, also one that was taken over, and bring on what it sent."""
        if not self.executions:
            return
        task_id, by = self.dice.choice(self.executions[-6:])
        before = await self.rows()
        is_held = await self.is_held()
        async with self.db.begin() as session:
            attempt = await writes.send(session, task_id, 0, by=by, now=self.now)
        if attempt is None:
            return
        mine = next(row for row in before if row.id == task_id)
        earlier = [row.id for row in before[: before.index(mine)] if row.state in UNFINISHED]
        assert earlier == []
        assert not is_held
        assert by == [each for one, each in self.executions if one == task_id][-1]
        await self.end(task_id, by, attempt)

    async def end(self, task_id: str, by: str, attempt: int) -> None:
        """X takes it; or a limit; or the process dies with it, and another has to look."""
        outcome = "accepted" if self.is_quiet else self.dice.choice(["accepted", "limited", "died"])
        async with self.db.begin() as session:
            if outcome == "accepted":
                await writes.accepted(session, task_id, 0, x_post_id=str(len(self.sent)), now=self.now)
                await runs.leave(session, task_id, by=by, to=TaskState.DONE, now=self.now)
                self.sent.append(task_id)
                return
            await writes.nothing_sent(session, task_id, 0, attempt=attempt)
            if outcome == "limited":
                wake_at = self.now + timedelta(seconds=self.dice.randrange(60))
                due = {"to": TaskState.DUE, "wake_at": wake_at, "outcome": "rate_limited"}
                await runs.leave(session, task_id, by=by, now=self.now, **due)

    async def is_held(self) -> bool:
        async with self.db.begin() as session:
            row = await connections.get(session, self.connection.id)
            return await holds.why(session, row, self.now) is not None

    async def hold(self) -> None:
        """Freeze or park, or end it."""
        async with self.db.begin() as session:
            row = await connections.get(session, self.connection.id)
            subject = self.dice.choice([holds.of_connection(row), holds.of_app(row)])
            until = self.now + timedelta(seconds=self.dice.randrange(1, 60))
            match self.dice.randrange(4):
                case 0:
                    await holds.park(session, subject, ParkReason.RATE_LIMITED, now=self.now, until=until)
                case 1:
                    await holds.park(session, subject, ParkReason.OUT_OF_CREDIT, now=self.now)
                case 2:
                    row.frozen_at = self.now
                case 3:
                    await self.let_go(session, row)

    async def let_go(self, session, row) -> None:
        row.frozen_at = None
        await session.flush()
        for subject in (holds.of_connection(row), holds.of_app(row)):
            for reason in ParkReason:
                await holds.unpark(session, subject, reason, now=self.now)
            await holds.release(session, subject, now=self.now)

    async def wait(self) -> None:
        """Time passes; what waits for a moment gets its next run."""
        self.now += timedelta(seconds=self.dice.randrange(30))
        async with self.db.begin() as session:
            await holds.end_past(session, self.now)
            for task in await runs.take_ready(session, self.now, limit=100):
                await runs.next_run(session, task)

    async def move(self) -> None:
        """Give one that is not going out another moment."""
        moved = [row for row in await self.rows() if row.state == TaskState.DUE]
        if moved:
            due_at = self.now - timedelta(seconds=self.dice.randrange(120))
            task = self.dice.choice(moved)
            async with self.db.begin() as session:
                await session.execute(update(Task).where(Task.id == task.id).values(due_at=due_at))

    async def finish(self) -> None:
        """Let nothing hold them any more, and each come to its end, as in a quiet night."""
        self.is_quiet = True
        async with self.db.begin() as session:
            await self.let_go(session, await connections.get(session, self.connection.id))
        for _ in range(40 * self.made):
            if all(row.state == TaskState.DONE for row in await self.rows()):
                return
            await self.wait()
            first = next(row for row in await self.rows() if row.state in UNFINISHED)
            async with self.db.begin() as session:
                by = f"last{self.now}"
                claimed = await runs.claim(session, runs.name_of(first), by=by, now=self.now)
                assert isinstance(claimed, Task)
                await writes.prepare(session, first.id, 0, x_user_id="7001", price=150)
                write = await writes.get(session, first.id, 0)
            self.executions.append((first.id, by))
            async with self.db.begin() as session:
                if write.state == WriteState.SENDING:
                    await writes.nothing_sent(session, first.id, 0, attempt=write.attempts)
                attempt = await writes.send(session, first.id, 0, by=by, now=self.now)
            assert attempt is not None
            await self.end(first.id, by, attempt)


@pytest.fixture
async def account(database, vault):
    await add_person(database)
    return await add_connection(database, vault)


@pytest.mark.parametrize("moves", [False, True], ids=["nothing is moved", "tasks are moved"])
@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_the_earliest_goes_first_and_everything_once(database, account, seed, moves):
    walk = Walk(database, account, random.Random(seed))
    for _ in range(FIRST_TASKS):
        await walk.make()
    steps = [walk.take_up, walk.take_up, walk.send, walk.send, walk.hold, walk.wait, walk.make]
    for _ in range(STEPS):
        await walk.dice.choice([*steps, walk.move] if moves else steps)()

    await walk.finish()

    assert sorted(walk.sent) == [f"{number:026d}" for number in range(1, walk.made + 1)]
    if not moves:
        assert walk.sent == sorted(walk.sent)


async def test_a_limit_a_park_and_a_takeover_leave_x_the_order_that_was_asked(rig):
    """The same with X, and the real runs."""
    numbers = range(1, 6)
    made = [await rig.task(f"Number {number}") for number in numbers]
    rig.fault("rate_limited", seconds=30)
    await rig.run()
    async with rig.db.begin() as session:
        await holds.park(
            session, holds.of_app(rig.connection), ParkReason.OUT_OF_CREDIT, now=rig.doors.clock()
        )
        await runs.claim(session, runs.name_of(made[2]), by="dead", now=rig.doors.clock())
    after = timedelta(seconds=60)
    assert {row.state for row in await rig.run(after=after)} == {TaskState.DUE}
    async with rig.db.begin() as session:
        now = rig.doors.clock() + after
        await holds.unpark(session, holds.of_app(rig.connection), ParkReason.OUT_OF_CREDIT, now=now)
        # The last is moved to the front.
        (await tasks.get(session, made[4].id)).due_at = made[0].due_at - timedelta(hours=1)
    for number in range(2, 6):
        await rig.run(after=number * after)

    assert [row["text"] for row in reversed(rig.posts())] == [f"Number {n}" for n in (5, 1, 2, 3, 4)]
