"""A rig for running tasks: a real database, the sandbox X, and what the bot would give the runner."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from storage import runs, tasks, writes
from storage.db import Database
from storage.tables import Connection, Task, TaskState, Write
from storage.vault import Vault
from tasks import run
from tasks.doors import Doors, NoFile
from tests.builders import add_connection, add_person, add_task
from tests.sandbox.conftest import x_server  # noqa: F401 - a fixture
from tests.sandbox.x_server import XServer, free_port
from twitter.client import App, X

SETTLE_AFTER = timedelta(seconds=1)


def picture(mode: str = "RGB") -> bytes:
    """Make a small JPEG."""
    content = io.BytesIO()
    Image.new(mode, (16, 16)).save(content, "JPEG")
    return content.getvalue()


@dataclass
class Rig:
    """One account at the sandbox X, connected, and doors to run its tasks through."""

    x: XServer
    db: Database
    vault: Vault
    doors: Doors
    username: str
    connection: Connection
    told: list[str] = field(default_factory=list)
    numbers: int = 0

    async def task(self, text="Hello", **changes) -> Task:
        """Put a due tweet into the database."""
        self.numbers += 1
        now = datetime.now(UTC)
        values = {
            "id": f"{self.numbers:026d}",
            "source_message_id": self.numbers,
            "state": TaskState.DUE,
            "connection_id": self.connection.id,
            "due_at": now,
        }
        return await add_task(self.db, text=text, **values | changes)

    async def run(self, doors: Doors | None = None, after: timedelta = timedelta(0)) -> list[Task]:
        """Claim and run what is due `after` some time, once; gives the rows as they stand then."""
        doors = doors or self.doors
        if after:
            doors = replace(doors, clock=lambda: datetime.now(UTC) + after)
        async with self.db.begin() as session:
            due = await session.scalars(
                select(Task)
                .where(Task.state.in_((TaskState.DUE, TaskState.RUNNING)))
                .where(Task.wake_at.is_(None) | (Task.wake_at <= doors.clock()))
                .order_by(Task.due_at, Task.id)
            )
            claimed = due.all()
        for task in claimed:
            await run.run(doors, runs.name_of(task))
        return [await self.now(task.id) for task in claimed]

    async def now(self, task_id: str) -> Task:
        async with self.db.begin() as session:
            return await tasks.get(session, task_id)

    async def write(self, task_id: str) -> Write | None:
        async with self.db.begin() as session:
            return await writes.get(session, task_id, 0)

    def posts(self) -> list[dict]:
        """Tell what stands at X, newest first."""
        return self.x.control("GET", "/posts", params={"username": self.username})

    def fault(self, name, times: int | None = 1, method="POST", path="/2/tweets$", **more):
        match = {"username": self.username, "method": method, "path": path}
        return self.x.fault(name, match, times, **more)

    def end_fault(self, number):
        self.x.control("DELETE", f"/faults?id={number}")


@pytest.fixture
async def rig(database, vault, x_server) -> AsyncIterator[Rig]:  # noqa: F811
    """Give a rig with a fresh account."""
    account = x_server.new_account()
    keys = x_server.app()
    grant = x_server.control("POST", "/tokens", json={"username": account["username"], "app": "registered"})
    await add_person(database)
    connection = await add_connection(
        database,
        vault,
        username=account["username"],
        x_user_id=account["id"],
        token=grant["token"],
        secret=grant["secret"],
        app_fingerprint=vault.fingerprint(keys["consumer_key"]),
    )
    told: list[str] = []

    async def tell(task_id: str) -> None:
        told.append(task_id)

    async def fetch(file_id: str) -> bytes:
        if file_id == "gone":
            raise NoFile("file_gone")
        return picture()

    x = X(x_server.origin)
    doors = Doors(
        db=database,
        vault=vault,
        x=x,
        registered_app=App(keys["consumer_key"], keys["consumer_secret"]),
        fetch=fetch,
        tell=tell,
        clock=lambda: datetime.now(UTC),
        name="runner-1",
        settle_after=SETTLE_AFTER,
    )
    yield Rig(x_server, database, vault, doors, account["username"], connection, told)
    x.close()


@pytest.fixture
def unused_origin() -> str:
    """Give an address where nobody listens."""
    return f"http://127.0.0.1:{free_port()}"
