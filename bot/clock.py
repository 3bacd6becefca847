"""The one place that reads clocks; everybody else is told the time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from storage import db
from storage.db import Database

#: CLOCK_BOOTTIME goes on while a machine sleeps, so that its leases are over when it wakes (Linux only).
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now() -> datetime:
    """Give this moment by this machine's clock, aware and UTC."""
    return datetime.now(UTC)  # noqa: TID251 - here is its home


class SharedClock:
    """The time all replicas agree on: the database's, carried on by a steady clock since it was last asked.

    Leases and sends of one replica are compared with the time of another; their machines' clocks may differ.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at, self._since = now(), _steady_s()

    def __call__(self) -> datetime:
        """Give this moment, aware and UTC."""
        return self._at + timedelta(seconds=_steady_s() - self._since)

    async def ask(self) -> None:
        """Ask the database for the time; half of the way there and back is added. Raises Unavailable."""
        asked = _steady_s()
        at = await db.now(self._database)
        answered = _steady_s()
        self._at, self._since = at + timedelta(seconds=(answered - asked) / 2), answered


async def opened(database: Database) -> Callable[[], datetime]:
    """Give the clock that all who work with a database go by. Raises Unavailable."""
    if database.kind == "sqlite":
        return now
    shared = SharedClock(database)
    await shared.ask()
    return shared


def _steady_s() -> float:
    return time.clock_gettime(_STEADY)
