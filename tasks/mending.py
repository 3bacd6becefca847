"""Re-driving a task for the operator: another run, another look, or once more from the start.

Nothing here sends: a write that may be out is looked for by its run, as ever (design, rule 9).
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from enum import StrEnum

from storage import complaints, rearming, runs, tasks, writes
from storage.db import Database, Session
from storage.tables import Task, TaskState
from tasks import orphans, retry
from tasks.engine import Engine


class Mended(StrEnum):
    """What became of a task the operator wanted re-driven; the last five: nothing, and why."""

    RUN = "gets another run as soon as the bot runs"
    LOOK = "is looked into on X as soon as the bot runs"
    DUE_AGAIN = "is due again; what X may have of it is looked for first"
    HELD = "is held back: it goes on by itself when what holds it ends"
    UNDER_WAY = "is under way, or waits for its moment or its turn"
    ASLEEP = "waits to be woken, which a running bot does within a second: does one run?"
    NOTHING_TO_LOOK_FOR = "waits for its person's answer, and there is nothing to look for"
    NOT_OPEN = "is neither stuck, failed, unknown nor orphaned"


_NOTHING_DONE = (
    Mended.HELD,
    Mended.UNDER_WAY,
    Mended.ASLEEP,
    Mended.NOTHING_TO_LOOK_FOR,
    Mended.NOT_OPEN,
)


class Mender:
    """Re-drives tasks beside a running bot, or another mender: each change is of the row as it is."""

    def __init__(self, db: Database, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._engine = engine
        self._clock = clock

    async def mend_all(self) -> AsyncIterator[tuple[str, Mended]]:
        """Re-drive what is orphaned, stuck or unknown; what failed was told, and is left. Commits each."""
        done: set[str] = set()
        async for task in orphans.find(self._db, self._engine, self._clock):
            done.add(task.id)
            yield task.id, await self._rerun(task)
        async for task_id in self._wrong():
            if task_id in done:
                continue
            done.add(task_id)
            mended = await self.mend(task_id, also_failed=False)
            if mended not in _NOTHING_DONE:
                yield task_id, mended

    async def _wrong(self) -> AsyncIterator[str]:
        for complain in (complaints.stuck, complaints.unknown):
            async for task_id in self._all_of(complain):
                yield task_id

    async def _all_of(self, complain: complaints.Complain) -> AsyncIterator[str]:
        after = ""
        while True:
            async with self._db.begin() as session:
                found = await complain(session, self._clock(), after=after)
            for one in found:
                yield one.task_id
            if len(found) < complaints.NAMED_MAX:
                return
            after = found[-1].task_id

    async def mend(self, task_id: str, *, also_failed: bool = True) -> Mended:
        """Re-drive one task by what is wrong with it; `also_failed`: it may have failed. Commits."""
        async with self._db.begin() as session:
            task = await tasks.get(session, task_id, lock=True)
            if task is None:
                return Mended.NOT_OPEN
            if task.state == TaskState.FAILED and also_failed:
                return await self._once_more(session, task)
            if task.state == TaskState.ASKING:
                return await self._look_again(session, task)
        return await self._bring_on(task)

    async def _bring_on(self, task: Task) -> Mended:
        """Give what the engine should have in hand, and has not or for too long, another run."""
        if task.state not in (TaskState.DUE, TaskState.RUNNING):
            return Mended.NOT_OPEN
        async with self._db.begin() as session:
            if await rearming.is_held(session, task.id, now=self._clock()):
                return Mended.HELD
            if task.wake_at is not None:
                return await self._sooner(session, task, task.wake_at)
        is_stuck = task.due_at is not None and task.due_at < self._clock() - complaints.STUCK_AFTER
        if is_stuck or not await self._engine.under_way([runs.name_of(task)]):
            return await self._rerun(task)
        return Mended.UNDER_WAY

    async def _rerun(self, task: Task) -> Mended:
        async with self._db.begin() as session:
            rearmed = await rearming.rearm(session, task, now=self._clock())
        return Mended.RUN if rearmed else Mended.UNDER_WAY

    async def _sooner(self, session: Session, task: Task, wake_at: datetime) -> Mended:
        """Bring a look forward; other waits are left alone."""
        if wake_at <= self._clock():
            return Mended.ASLEEP
        if not await writes.may_be_out(session, task.id):
            return Mended.UNDER_WAY
        await runs.put_off(session, task.id, until=self._clock())
        return Mended.LOOK

    async def _once_more(self, session: Session, task: Task) -> Mended:
        """Let a task that failed be due again; only what X refused, or never got, is sent without a look."""
        await writes.reopen(session, task.id)
        return await self._due(session, task, Mended.DUE_AGAIN)

    async def _look_again(self, session: Session, task: Task) -> Mended:
        """Look for what its person was asked about; what is not found is asked about again, not sent."""
        if not await writes.look_anew(session, task.id, asks_after=retry.SENDS_MAX):
            return Mended.NOTHING_TO_LOOK_FOR
        return await self._due(session, task, Mended.LOOK)

    async def _due(self, session: Session, task: Task, mended: Mended) -> Mended:
        due = await runs.make_due(
            session, task.id, version=task.version, states=(task.state,), now=self._clock()
        )
        if due is None:
            raise AssertionError("a locked task is as it was read")
        await self._engine.enqueue(session, due)
        return mended
