"""What a process does that carries tasks out: runs, waking what waits for a moment, mending, telling."""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from storage import rearming, runs, tasks
from storage.db import Session, Unavailable
from storage.liveness import SignOfLife
from storage.tables import Task, TaskState
from tasks import booking, expiry, logged, orphans, outcomes, parking, run, waking
from tasks.doors import Doors
from tasks.engine import LOCAL, Engine
from tasks.takeover import Takeover

log = logging.getLogger(__name__)

#: Without a nudge, tasks whose moment has come are looked for this often (seconds).
WAKE_PAUSE_S = 1.0
#: So many are woken in one transaction.
WAKE_AT_ONCE = 100
#: Processes that ended with runs in hand are looked for this often (seconds).
TAKEOVER_PAUSE_S = 1.0
#: A task that could not be taken up is tried again after this.
PUT_OFF_FOR = timedelta(minutes=1)
#: Tasks whose run the engine lost are looked for this often (seconds), and at the start.
MEND_PAUSE_S = 60.0
#: Runs that ended are kept this long, for `pinfeather doctor`; looked for this often (seconds).
RUNS_KEPT_FOR = timedelta(days=3)
CLEAN_PAUSE_S = 600.0
CLEAN_AT_ONCE = 500
#: Outcomes nobody could be told are tried again this often (seconds).
TELL_PAUSE_S = 5.0
#: Outcomes told at once; more of them than Telegram takes in some seconds wait in the rows.
TELLINGS_AT_ONCE = 64


class Again(Exception):  # noqa: N818 - what the engine does next
    """A run failed and has to be tried again; says nothing, for the engine stores what it is raised."""


class Worker:
    """Carries tasks out in this process until stopped; several processes may share a Postgres database."""

    def __init__(self, doors: Doors, engine: Engine, sign: SignOfLife | None = None) -> None:
        """`sign`: this process's. None: no other process works with the database; what one left goes on."""
        self._doors = doors
        self._run_doors = replace(doors, tell=self._tell_meanwhile)
        self._engine = engine
        self._sign = sign
        self._tellings: set[asyncio.Task[None]] = set()
        self._due = asyncio.Event()
        self._rounds: list[asyncio.Task[None]] = []

    def nudge(self) -> None:
        """Look for tasks whose moment has come now."""
        self._due.set()

    async def start(self) -> None:
        """Begin in the running event loop. Raises Unavailable, and when one runs in this process already."""
        if self._sign is not None:
            # Before the first run is begun: what is in the hands of one without a sign is taken from it.
            await asyncio.to_thread(self._sign.start)
        executor = LOCAL if self._sign is None else self._sign.executor_id
        await self._engine.start(self._carry_out, executor=executor)
        self._rounds = [
            asyncio.create_task(_again_and_again(self.wake, self._due_or(WAKE_PAUSE_S)), name="waking"),
            asyncio.create_task(_again_and_again(self.mend, _sleep(MEND_PAUSE_S)), name="mending"),
            asyncio.create_task(_again_and_again(self.clean, _sleep(CLEAN_PAUSE_S)), name="cleaning"),
            asyncio.create_task(_again_and_again(self._tell, _sleep(TELL_PAUSE_S)), name="telling"),
        ]
        if self._sign is not None:
            takeover = Takeover(self._engine, self._doors.db, self._sign)
            rounds = _again_and_again(takeover.round, _sleep(TAKEOVER_PAUSE_S))
            self._rounds.append(asyncio.create_task(rounds, name="taking over"))

    def is_at_work(self) -> bool:
        """Say whether runs are begun here: it was started, and is known to be alive."""
        return bool(self._rounds) and (self._sign is None or self._sign.is_fresh())

    async def stop(self, grace_s: int = 10) -> None:
        """Take no new runs; give those under way `grace_s` seconds, then leave them to the next worker."""
        self._doors.stopping.set()
        for each in self._rounds:
            each.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        await self._engine.stop(grace_s)
        if self._tellings:
            await asyncio.wait(self._tellings, timeout=grace_s)
        if self._sign is not None:
            await asyncio.to_thread(self._sign.stop)

    async def _carry_out(self, name: str) -> None:
        try:
            await run.run(self._run_doors, name)
        except Unavailable:
            log.warning("run=%s the database was lost; tried again", name)
            raise Again from None
        except Exception:
            log.exception("run=%s failed unexpectedly; tried again", name)
            raise Again from None

    async def wake(self) -> None:
        """Give the tasks whose moment has come to the engine, in the order they were wanted. Commits."""
        await parking.lift(self._doors)
        await expiry.expire(self._run_doors)
        while True:
            async with self._doors.db.begin() as session:
                ready = await runs.take_ready(session, self._doors.clock(), limit=WAKE_AT_ONCE)
                missed = [task for task in ready if await self._wake_one(session, task)]
                for task in await logged.in_order(session, missed):
                    await outcomes.note(session, self._doors.vault, task, at=self._doors.clock())
            if len(ready) < WAKE_AT_ONCE:
                return

    async def _wake_one(self, session: Session, task: Task) -> bool:
        """Give one task to the engine, or say that it was missed.

        One that cannot be taken up stops no other, and comes again later.
        """
        now = self._doors.clock()
        try:
            async with session.begin_nested():
                woken = await waking.take_up(session, task, now)
                if woken is not None:
                    await self._engine.enqueue(session, woken)
                return task.state == TaskState.MISSED
        except Exception:
            log.exception("task=%s cannot be taken up; tried again", task.id)
            await runs.put_off(session, task.id, until=now + PUT_OFF_FOR)
            return False

    async def mend(self) -> None:
        """Let tasks whose run the engine does not know any more have another. Commits."""
        async for task in orphans.find(self._doors.db, self._engine, self._doors.clock):
            async with self._doors.db.begin() as session:
                if await rearming.rearm(session, task, now=self._doors.clock()):
                    log.warning("task=%s its run was lost; it gets another", task.id)

    async def clean(self) -> None:
        """Give back money that is set aside for nothing; forget, in batches, runs that ended. Commits."""
        await booking.tidy(self._doors)
        before = self._doors.clock() - RUNS_KEPT_FOR
        while await self._engine.clean(before=before, limit=CLEAN_AT_ONCE) == CLEAN_AT_ONCE:
            log.info("%s runs that ended before %s are forgotten", CLEAN_AT_ONCE, before)

    async def _tell_meanwhile(self, task_id: str) -> None:
        """Show an outcome beside the runs: Telegram's pace is not theirs. Too many wait for a round."""
        if len(self._tellings) >= TELLINGS_AT_ONCE:
            return
        # A context of its own: the engine's belongs to the run.
        telling = asyncio.create_task(
            self._told(task_id), name=f"telling {task_id}", context=contextvars.Context()
        )
        self._tellings.add(telling)
        telling.add_done_callback(self._tellings.discard)

    async def _told(self, task_id: str) -> None:
        try:
            await self._doors.tell(task_id)
        except Unavailable:
            log.warning("task=%s not told yet: the database was lost", task_id)
        except Exception:
            log.exception("task=%s could not be told; tried again", task_id)

    async def _tell(self) -> None:
        """Show outcomes that could not be told when they came."""
        async with self._doors.db.begin() as session:
            untold = await tasks.untold(session, self._doors.clock())
        for task in untold:
            await self._told(task.id)

    def _due_or(self, seconds: float) -> Callable[[], Awaitable[None]]:
        async def pause() -> None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), seconds)
            self._due.clear()

        return pause


def _sleep(seconds: float) -> Callable[[], Awaitable[None]]:
    return lambda: asyncio.sleep(seconds)


async def _again_and_again(work: Callable[[], Awaitable[None]], pause: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except Unavailable:
            log.warning("the database cannot be reached; later")
        except Exception:
            log.exception("a round of the worker failed; it comes round again")
        await pause()
