"""A database full of tasks, put in as the bot puts them in, and counted while a process works on them."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from subprocess import Popen

import psycopg
from sqlalchemy import insert

from benchmarks import processes
from benchmarks.stage import Account, Home, Stage
from bot import settings as settings_
from bot.build import opened_database
from storage.connections import usable
from storage.db import Database
from storage.ids import sortable_id
from storage.tables import Task, TaskState
from tasks.engine import Engine

#: Seconds without any progress after which a backlog counts as stuck.
STUCK_S = 60.0
#: Rows in one INSERT, tasks in one transaction.
CHUNK = 500
#: Seconds between counts.
LOOK_S = 0.1


@dataclass
class Backlog:
    """Tasks of some people, each with one connection of their own, evenly spread over them."""

    home: Home
    people: dict[int, Account]
    connections: dict[int, int]
    """By person."""

    def add_due(self, count: int) -> None:
        """Add tweets that are due now and already given to the engine."""
        asyncio.run(self._add_due(count))

    def add_planned(self, count: int, due_at: datetime) -> None:
        """Add tweets planned for a moment."""
        asyncio.run(self._add_planned(count, due_at))

    def done(self) -> int:
        """Count the tasks that are done."""
        return self.ask("SELECT count(*) FROM tasks WHERE state = 'done'")[0]

    def over(self) -> int:
        """Count the tasks that went one way or another."""
        return self.ask("SELECT count(*) FROM tasks WHERE state IN ('done', 'failed', 'missed', 'asking')")[0]

    def ask(self, query: str) -> list[int]:
        """Ask the database for one column of whole numbers, beside whoever works with it."""
        return asked(address(self.home), query)

    def accepted_at_ms(self) -> list[int]:
        """List when X said yes, in milliseconds since 1970."""
        if address(self.home).startswith("sqlite"):
            moment = "(julianday(accepted_at) - 2440587.5) * 86400000"
        else:
            moment = "extract(epoch from accepted_at) * 1000"
        return self.ask(f"SELECT {moment} FROM writes WHERE state = 'accepted'")

    async def _add_due(self, count: int) -> None:
        now = datetime.now(UTC)
        settings = settings_.load(self.home.environ)
        engine = Engine(settings.database_url.get_secret_value())
        async with opened_database(settings) as (db, _):
            rows = self._rows(count, now, state=TaskState.DUE, run=1)
            for first in range(0, count, CHUNK):
                async with db.begin() as session:
                    for row in rows[first : first + CHUNK]:
                        task = Task(**row)
                        session.add(task)
                        await session.flush()
                        await engine.enqueue(session, task)
        engine.close()

    async def _add_planned(self, count: int, due_at: datetime) -> None:
        async with opened_database(settings_.load(self.home.environ)) as (db, _):
            rows = self._rows(count, due_at, state=TaskState.SCHEDULED, wake_at=due_at, promised=True)
            await _insert(db, rows)

    def _rows(self, count: int, due_at: datetime, **more: object) -> list[dict[str, object]]:
        people = list(self.people)
        now = datetime.now(UTC)
        begin = 1 + self.ask("SELECT count(*) FROM tasks")[0]
        return [
            {
                "id": sortable_id(now),
                "person_id": (person := people[number % len(people)]),
                "chat_id": person,
                "source_message_id": 1_000_000 + number,
                "kind": "tweet",
                "connection_id": self.connections[person],
                # X refuses the same text twice.
                "text": f"Tweet {number} of {self.home.path.name}",
                "due_at": due_at,
                "created_at": now,
                **more,
            }
            for number in range(begin, begin + count)
        ]


def people_with_accounts(here: Stage, count: int) -> dict[int, Account]:
    """Make people with an X account each."""
    return {here.person(): here.account() for _ in range(count)}


def backlog(home: Home, people: dict[int, Account]) -> Backlog:
    """Let the people in, and give them their connections."""
    home.people(dict(people))
    return Backlog(home, people, asyncio.run(_connections(home, people)))


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a backlog was worked off, and what it cost."""

    per_s: float
    cpu_ms: float
    """Processor time of the process for each."""


def pace(count: Callable[[], int], wanted: int, process: "Popen[bytes]", home: Home) -> Pace:
    """Watch a backlog being worked off, from its first twentieth to its last one. Raises when it is stuck."""
    begun = time.monotonic()
    first: tuple[float, int, float] | None = None
    seen, moved = 0, begun
    while seen < wanted:
        processes.see_alive(process, home.path / "log.txt")
        now, found = time.monotonic(), count()
        if found > seen:
            seen, moved = found, now
        if now - moved > STUCK_S:
            raise RuntimeError(f"stuck at {seen} of {wanted}")
        if first is None and seen >= wanted / 20:
            first = now, seen, processes.cpu_s(process.pid)
        time.sleep(LOOK_S)
    assert first, "nothing was wanted"
    number = max(1, seen - first[1])
    cpu_s = processes.cpu_s(process.pid) - first[2]
    return Pace(number / max(LOOK_S, moved - first[0]), 1000 * cpu_s / number)


def next_week() -> datetime:
    """Give a moment that comes in no benchmark."""
    return datetime.now(UTC) + timedelta(days=7)


@contextmanager
def working(home: Home, *arguments: str) -> "Iterator[Popen[bytes]]":
    """Run a process that works on a home's tasks."""
    environ = processes.environment(**home.environ, BARE_URL=address(home))
    with processes.running(arguments, environ, home.path / "log.txt") as process:
        yield process


def address(home: Home) -> str:
    """Give the address of a home's database."""
    return home.environ.get("PINFEATHER_DATABASE_URL") or f"sqlite:///{home.path}/data/pinfeather.db"


def asked(url: str, query: str) -> list[int]:
    """Ask a database for one column of whole numbers."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
        try:
            return [int(row[0]) for row in connection.execute(query)]
        finally:
            connection.close()
    with psycopg.connect(url, autocommit=True) as server:
        return [int(row[0]) for row in server.execute(query.encode())]


async def _connections(home: Home, people: dict[int, Account]) -> dict[int, int]:
    async with opened_database(settings_.load(home.environ)) as (db, _), db.begin() as session:
        return {person: (await usable(session, person))[0].id for person in people}


async def _insert(db: Database, rows: list[dict[str, object]]) -> None:
    for first in range(0, len(rows), CHUNK):
        async with db.begin() as session:
            await session.execute(insert(Task), rows[first : first + CHUNK])
