"""The loop that runs due tasks in this process; which ones, and in what order, is asked of the rows."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta

from storage import tasks
from storage.db import Unavailable
from storage.tables import Task
from tasks import run
from tasks.doors import Doors

log = logging.getLogger(__name__)

#: A runner that dies is followed by another after this long.
LEASE = timedelta(seconds=60)
#: Without a nudge, due tasks are looked for this often (seconds).
PAUSE_S = 1.0
#: Outcomes nobody could be told are tried again this often (seconds).
TELL_PAUSE_S = 5.0
#: Tasks at once in one process; half the threads that call X, so that conversations find one.
AT_ONCE = 8


class Runner:
    """Runs due tasks until stopped; several runners may share a database."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._due = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []

    def nudge(self) -> None:
        """Look for due tasks now."""
        self._due.set()

    def start(self) -> None:
        """Begin running tasks in the running event loop."""
        self._loops = [
            asyncio.create_task(self._run(), name="runner"),
            asyncio.create_task(self._keep_telling(), name="telling"),
        ]

    async def stop(self, grace_s: float = 10) -> None:
        """Take no new tasks; give those running `grace_s` seconds, then leave them to the next runner."""
        self._doors.stopping.set()
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._running:
            await asyncio.wait(self._running, timeout=grace_s)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._due.clear()
            try:
                await self._take()
            except Unavailable:
                log.warning("the database cannot be reached; due tasks wait")
            except Exception:
                log.exception("due tasks could not be taken up; tried again")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._due.wait(), PAUSE_S)

    async def _take(self) -> None:
        free = AT_ONCE - len(self._running)
        if free <= 0:
            return
        # A name for this claim alone: a task taken back from a runner that slept is not held by that one.
        by = f"{self._doors.name}/{secrets.token_hex(4)}"
        async with self._doors.db.begin() as session:
            claimed = await tasks.claim_due(session, by=by, now=self._doors.clock(), for_=LEASE, limit=free)
        for task in claimed:
            running = asyncio.create_task(self._one(task), name=f"task {task.id}")
            self._running.add(running)
            running.add_done_callback(self._finished)

    def _finished(self, running: asyncio.Task[None]) -> None:
        self._running.discard(running)
        self._due.set()

    async def _one(self, task: Task) -> None:
        try:
            async with self._kept(task):
                await run.run(self._doors, task)
        except Unavailable:
            log.warning("task=%s the database was lost; taken up again after its lease", task.id)
        except Exception:
            log.exception("task=%s failed unexpectedly; taken up again after its lease", task.id)

    @contextlib.asynccontextmanager
    async def _kept(self, task: Task) -> AsyncIterator[None]:
        """Renew the lease while a task runs."""
        keeper = asyncio.create_task(self._keep(task))
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _keep(self, task: Task) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with contextlib.suppress(Unavailable):
                async with self._doors.db.begin() as session:
                    until = self._doors.clock() + LEASE
                    if not await tasks.renew_lease(session, task.id, by=task.lease_by or "", until=until):
                        return

    async def _keep_telling(self) -> None:
        """Show outcomes that could not be told when they came. Apart from the tasks: Telegram may hang."""
        while True:
            try:
                async with self._doors.db.begin() as session:
                    untold = await tasks.untold(session, self._doors.clock())
                for task in untold:
                    await self._tell(task)
            except Unavailable:
                log.warning("the database cannot be reached; outcomes are told later")
            await asyncio.sleep(TELL_PAUSE_S)

    async def _tell(self, task: Task) -> None:
        try:
            await self._doors.tell(task.id)
        except Unavailable:
            raise
        except Exception:
            log.exception("task=%s could not be told; tried again", task.id)
