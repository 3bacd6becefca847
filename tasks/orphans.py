"""Tasks that should have a run of which the engine knows nothing. Finds them, changes nothing."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

from storage import rearming, runs
from storage.db import Database
from storage.tables import Task
from tasks.engine import Engine

#: So many tasks are compared with the engine at once.
AT_ONCE = 500


async def find(db: Database, engine: Engine, clock: Callable[[], datetime]) -> AsyncIterator[Task]:
    """Give them one after the other, by their ids; between them no transaction is open."""
    after = ""
    while True:
        async with db.begin() as session:
            running = await rearming.in_the_engines_hands(session, clock(), after=after, limit=AT_ONCE)
        known = await engine.under_way([runs.name_of(task) for task in running]) if running else set()
        for task in running:
            if runs.name_of(task) not in known:
                yield task
        if len(running) < AT_ONCE:
            return
        after = running[-1].id
