"""The fence before a write (rule 9): it opens between connecting and the first byte of the request.

So nothing but the socket write follows the commit that is the moment of sending.
"""

import asyncio
import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from storage import money, writes
from storage.db import Unavailable
from storage.tables import Task
from tasks.doors import Doors
from twitter.client import behind, in_thread

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds a connected call waits for the fence; X closes a connection that stays silent for long.
PATIENCE_S = 10


class HeldBack(Exception):  # noqa: N818 - says what happened
    """The fence did not open: not a byte of the request has left this machine."""


class Fence:
    """Lets one write of a task pass, as one attempt."""

    def __init__(self, doors: Doors, task: Task, part: int = 0) -> None:
        self._doors = doors
        self._task = task
        self._part = part
        self._loop = asyncio.get_running_loop()
        self.attempt: int | None = None
        """Which sending of this write it is, from 1; None: the fence has not opened."""

    async def passed_by(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call X in a thread, through the fence. Raises HeldBack, and what the call raises."""
        call = functools.partial(function, *args, **kwargs)
        return await in_thread(behind, self._open_from_thread, call)

    def _open_from_thread(self) -> None:
        opening = asyncio.run_coroutine_threadsafe(self._open(), self._loop)
        try:
            is_open = opening.result(PATIENCE_S)
        except (Unavailable, TimeoutError) as lost:
            opening.cancel()
            log.warning("task=%s held back: %s", self._task.id, type(lost).__name__)
            raise HeldBack from None
        if not is_open:
            raise HeldBack

    async def _open(self) -> bool:
        """Commit prepared -> sending; signed anew after a 401, the same attempt must still be ours."""
        by, now = self._task.lease_by or "", self._doors.clock()
        async with self._doors.db.begin() as session:
            if self.attempt is None:
                if not await money.is_reserved(session, self._task.id, self._part):
                    return False
                self.attempt = await writes.send(session, self._task.id, self._part, by=by, now=now)
                return self.attempt is not None
            return await writes.is_sending(
                session, self._task.id, self._part, attempt=self.attempt, by=by, now=now
            )
