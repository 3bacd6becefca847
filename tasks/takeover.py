"""Taking over the work of a process that died, froze or was cut off (Postgres only).

Whether it did is decided in storage/liveness.py; what a task does that is taken up again, in run.py.
"""

import logging

from storage.db import Database
from storage.liveness import SignOfLife, try_adopt
from tasks.engine import Engine

log = logging.getLogger(__name__)


class Takeover:
    """Finds processes that ended with runs in hand, and gives these back to the queue."""

    def __init__(self, engine: Engine, db: Database, sign: SignOfLife) -> None:
        """`sign` is this process's own."""
        self._engine = engine
        self._db = db
        self._sign = sign

    async def round(self) -> None:
        """Do it once, now. Raises Unavailable."""
        others = await self._engine.executors() - {self._sign.executor_id}
        for other in sorted(others):
            await self._adopt(other)

    async def _adopt(self, executor_id: str) -> None:
        async with try_adopt(self._db, executor_id) as is_dead:
            if not is_dead:
                return
            # Listed anew: another may have adopted it since, and the engine resumes whatever it is given,
            # also what another process has begun meanwhile.
            names = await self._engine.runs_of(executor_id)
            if not names or not self._sign.is_fresh():
                return
            await self._engine.resume(names)
        log.warning("takeover executor=%s runs=%d", executor_id, len(names))
