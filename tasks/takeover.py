"""Taking over the work of a process that died, froze or was cut off (Postgres only).

Whether it did is decided in storage/liveness.py; what a task does that is taken up again, in run.py.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from storage.db import Database
from storage.liveness import try_adopt

log = logging.getLogger(__name__)


class Engine(Protocol):
    """What a takeover asks of the engine."""

    async def executors_with_pending(self) -> list[str]:
        """List the processes, living or dead, that have workflows in hand."""

    async def pending_of(self, executor_id: str) -> list[str]:
        """List the ids of the workflows that a process has in hand."""

    async def resume(self, workflow_ids: list[str]) -> None:
        """Give workflows back to their queue, each at its old place, for any living process."""


class Takeover:
    """Finds processes that ended with work in hand, and gives that work back to the queue."""

    def __init__(self, engine: Engine, db: Database, *, own_id: str, alive: Callable[[], bool]) -> None:
        self._engine = engine
        self._db = db
        self._own_id = own_id
        self._alive = alive

    async def round(self) -> int:
        """Do it once, now; gives how many workflows were taken over. Raises Unavailable."""
        others = [other for other in await self._engine.executors_with_pending() if other != self._own_id]
        return sum([await self._adopt(other) for other in others])

    async def _adopt(self, executor_id: str) -> int:
        async with try_adopt(self._db, executor_id) as is_dead:
            if not is_dead:
                return 0
            # Listed anew: another may have adopted it since, and the engine resumes whatever it is given,
            # also what another process has begun meanwhile.
            workflow_ids = await self._engine.pending_of(executor_id)
            if not workflow_ids or not self._alive():
                return 0
            await self._engine.resume(workflow_ids)
        log.warning("takeover executor=%s workflows=%d", executor_id, len(workflow_ids))
        return len(workflow_ids)
