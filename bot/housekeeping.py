"""What comes round by itself: albums that are complete, links that ran out, messages to delete, menus."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from storage.db import Unavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again; safe to break off at any moment."""

    name: str
    do: Callable[[], Awaitable[None]]
    every_s: float = 1.0
    """Seconds from the end of one round to the next."""


class Housekeeping:
    """Does every chore in a round of its own until stopped: a slow or failing one holds up no other."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self.chores = tuple(chores)
        self._rounds: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin in the running event loop."""
        self._rounds = [asyncio.create_task(_rounds_of(chore), name=chore.name) for chore in self.chores]

    async def stop(self) -> None:
        """Break off the chores in hand."""
        for each in self._rounds:
            each.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)


async def _rounds_of(chore: Chore) -> None:
    while True:
        try:
            await chore.do()
        except Unavailable:
            log.warning("the database cannot be reached; %s: later", chore.name)
        except Exception:
            log.exception("%s failed; it comes round again", chore.name)
        await asyncio.sleep(chore.every_s)
