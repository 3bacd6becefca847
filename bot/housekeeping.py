"""What comes round every second: albums that are complete, links that ran out, messages to delete."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

log = logging.getLogger(__name__)

Chore = Callable[[], Awaitable[None]]


class Housekeeping:
    """Does every chore once a second until stopped; one that fails is logged and does not stop the others."""

    def __init__(self, chores: Sequence[Chore], pause_s: float = 1.0) -> None:
        self._chores = chores
        self._pause_s = pause_s
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the running event loop."""
        self._loop = asyncio.create_task(self._run(), name="housekeeping")

    async def stop(self) -> None:
        """Stop after the chore in hand is broken off; every chore is safe to break off."""
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            for chore in self._chores:
                await self._do(chore)
            await asyncio.sleep(self._pause_s)

    async def _do(self, chore: Chore) -> None:
        try:
            await chore()
        except Exception:
            log.exception("a chore failed; it comes round again")
