"""What a run of chaos.py wants on X, and the feeder that puts it in: rows and engine in one transaction."""

import asyncio
import math
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice

from sqlalchemy import func, select

from benchmarks.chaos_again import Again
from benchmarks.chaos_wish import PAUSE_S, Wanted
from benchmarks.stage import Home
from bot import clock as clocks
from bot import settings as settings_
from bot.build import opened_database
from storage import runs
from storage.connections import usable
from storage.db import Database, Session, Unavailable
from storage.ids import sortable_id
from storage.tables import Task, TaskPart, TaskState
from tasks.engine import Engine

#: Of all tasks; the others are single tweets for now.
THREADS, PLANNED = 0.3, 0.25
PARTS = 3
#: Planned ones are for a moment so many seconds ahead.
AHEAD_S = (2.0, 12.0)
#: Tasks on their way at once, for each connection: more, and planned ones would come so late that they count
#: as missed, which is no chaos.
ON_THE_WAY = 4
UNDER_WAY = (TaskState.SCHEDULED, TaskState.DUE, TaskState.RUNNING)


def wishes(usernames: Sequence[str], count: int, dice: random.Random) -> list[Wanted]:
    """Make so many different wishes, each account's turn in turn."""
    made = []
    for number, username in enumerate(islice(cycle(usernames), count)):
        text = f"Wish {number} of {username}: fish & chips"
        is_thread, is_planned = dice.random() < THREADS, dice.random() < PLANNED
        texts = tuple(f"{text} {part}/{PARTS}" for part in range(1, PARTS + 1)) if is_thread else (text,)
        made.append(Wanted(username, texts, dice.uniform(*AHEAD_S) if is_planned else None))
    return made


class Feeder(threading.Thread):
    """Puts wishes in as a command does that a person gave, in a thread and with a database of its own."""

    def __init__(
        self, home: Home, people: dict[str, int], wanted: Sequence[Wanted], within_s: float, *, again: int
    ) -> None:
        """`people`: by the username of their account. What is not put in `within_s` seconds is not wanted.

        `again`: so many of them have a schedule that comes each minute.
        """
        super().__init__(name="feeder", daemon=True)
        self._home, self._people, self._wanted = home, people, wanted
        self._begun, self._within_s = math.inf, within_s
        self._again, self._scheduled = again, list[Wanted]()
        self._connections: dict[str, int] = {}
        self._engine: Engine
        self._clock: Callable[[], datetime]
        self.failure: Exception | None = None

    def begin(self) -> None:
        """Let the time run: the processes are up."""
        self._begun = min(self._begun, time.monotonic())

    def put_in(self) -> list[Wanted]:
        """List what was put in so far; what came of schedules when they have ended."""
        return [*(one for one in self._wanted if one.task_id), *self._scheduled]

    def progress(self) -> float:
        """Give the share of the work that was put in, or of the time that is over."""
        spent = max(0.0, time.monotonic() - self._begun) / self._within_s
        return max(spent, sum(1 for one in self._wanted if one.task_id) / len(self._wanted))

    def run(self) -> None:
        """Put everything in, however often the database is lost meanwhile."""
        try:
            asyncio.run(self._feed())
        except Exception as failure:  # noqa: BLE001 - told by who waits for the thread
            self.failure = failure

    async def _feed(self) -> None:
        settings = settings_.load(self._home.environ)
        self._engine = Engine(settings.database_url.get_secret_value())
        async with opened_database(settings, migrating=False) as (db, _):
            self._clock = await _clock(db)
            async with db.begin() as session:
                for username, person in self._people.items():
                    self._connections[username] = (await usable(session, person))[0].id
            again = Again(self._clock)
            owners = {name: (self._people[name], self._connections[name]) for name in self._people}
            await again.start(db, dict(islice(owners.items(), self._again)))
            await self._put_all_in(db)
            self._scheduled = await again.end(db)
        self._engine.close()

    async def _put_all_in(self, db: Database) -> None:
        for number, one in enumerate(self._wanted):
            if self.progress() >= 1:
                return
            if number % len(self._people) == 0:
                await self._until_room(db)
            await self._put_in(db, one, number)

    async def _until_room(self, db: Database) -> None:
        most = (ON_THE_WAY - 1) * len(self._people)
        query = select(func.count()).select_from(Task).where(Task.state.in_(UNDER_WAY))
        while True:
            try:
                async with db.begin() as session:
                    if (await session.scalar(query) or 0) <= most or self.progress() >= 1:
                        return
            except Unavailable:
                pass
            await asyncio.sleep(PAUSE_S)

    async def _put_in(self, db: Database, one: Wanted, number: int) -> None:
        task_id = sortable_id(self._clock())
        while not one.task_id:
            now = self._clock()
            due_at = now + timedelta(seconds=one.ahead_s or 0)
            try:
                async with db.begin() as session:
                    # A commit whose answer was lost may have been one.
                    known = await session.get(Task, task_id)
                    if known is None:
                        await self._put(session, self._task(one, task_id, number, now), due_at, one)
            except Unavailable:
                await asyncio.sleep(PAUSE_S)
            else:
                one.task_id, one.due_at = task_id, known.due_at if known else due_at

    def _task(self, one: Wanted, task_id: str, number: int, now: datetime) -> Task:
        person = self._people[one.username]
        return Task(
            id=task_id,
            person_id=person,
            chat_id=person,
            source_message_id=1_000_000 + number,
            kind="tweet",
            state=TaskState.DRAFT,
            version=1,
            run=0,
            attempts=0,
            connection_id=self._connections[one.username],
            text=one.texts[0],
            created_at=now,
        )

    async def _put(self, session: Session, task: Task, due_at: datetime, one: Wanted) -> None:
        session.add(task)
        if one.ahead_s is not None:
            task.state, task.due_at, task.wake_at = TaskState.SCHEDULED, due_at, due_at
            task.promised = True
        await session.flush()
        session.add_all(
            TaskPart(task_id=task.id, part=part, text=text) for part, text in enumerate(one.texts) if part
        )
        await session.flush()
        if one.ahead_s is None:
            due = await runs.make_due(session, task.id, version=1, states=(TaskState.DRAFT,), now=due_at)
            if due is None:
                raise AssertionError("nobody else knows this draft")
            await self._engine.enqueue(session, due)


async def _clock(db: Database) -> Callable[[], datetime]:
    if db.kind == "sqlite":
        return clocks.now
    shared = clocks.SharedClock(db)
    await shared.ask()
    return shared
