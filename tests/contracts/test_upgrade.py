"""The release before runs on this release's schema: migrations expand first and contract a release later.

Its code is taken from the history of this very repository. In a rolling upgrade its processes go on after
the migration, and may start after it.
"""

import asyncio
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage import db as databases
from storage import keyring, schema
from storage.tables import Base
from tasks import engine as engines
from tests import postgres
from tests.bot.test_process import clean_environ, press, until
from tests.bot.test_stopping import connect
from tests.contracts.documents import ROOT
from tests.sandbox.conftest import telegram_bot, telegram_server, x_server  # noqa: F401
from tests.sandbox.telegram_server import ADA

#: The last commit of the release before this one.
RELEASE_BEFORE = "c062e2a"
#: A process of the old code; what it does is below.
PROLOGUE = """
import asyncio, json, sys
from pathlib import Path
import storage
from storage import db as databases, erasures, keyring, people, runs, schema, tasks, updates, writes
from storage.tables import Task, TaskState
from storage.vault import Vault
from tests import builders
from tests.builders import NOW

url, keys, tree = sys.argv[1:]
assert storage.__file__.startswith(tree), storage.__file__
vault = Vault(keyring.read_key_file(Path(keys)))

async def whole_task(db, connection, number, person_id=101):
    async with db.begin() as session:
        task, _ = await tasks.begin(
            session, person_id=person_id, chat_id=person_id, message_id=number, kind="tweet",
            text=f"tweet {number}", connection_id=connection.id, now=NOW,
        )
        due = await runs.make_due(session, task.id, version=1, states=[TaskState.DRAFT], now=NOW)
    async with db.begin() as session:
        claimed = await runs.claim(session, runs.name_of(due), by="old", now=NOW)
        assert claimed.id == due.id, claimed
    async with db.begin() as session:
        await writes.prepare(session, due.id, 0, x_user_id=connection.x_user_id, price=150)
        attempt = await writes.send(session, due.id, 0, by="old", now=NOW)
        assert attempt == 1
    async with db.begin() as session:
        assert await writes.accepted(session, due.id, 0, x_post_id=str(number), now=NOW)
        assert await runs.leave(session, due.id, by="old", to=TaskState.DONE, now=NOW, outcome="sent")
    return due.id
"""
BEFORE = """
async def main():
    db = await databases.open_database(url)
    await schema.migrate(db)
    await builders.add_person(db)
    connection = await builders.add_connection(db, vault)
    await whole_task(db, connection, 1)
    await builders.add_task(db, id="0" * 26, source_message_id=2, connection_id=connection.id)
    async with db.begin() as session:
        await tasks.add_media(
            session, "0" * 26, 2, tasks.NewMedia("photo", "file", "unique", "image/jpeg", 10, None)
        )
        await erasures.add(session, 101, 9, NOW)
        await updates.claim(session, 77, 1, "old", NOW)
    await db.close()
asyncio.run(main())
"""
AFTER = """
async def main():
    db = await databases.open_database(url)
    async with db.begin() as session:
        known = (await tasks.open_draft(session, chat_id=101, person_id=101)).connection_id
        files = [each.file_id for each in await tasks.media(session, "0" * 26)]
    await builders.add_person(db, 102, "Bob")
    connection = await builders.add_connection(
        db, vault, person_id=102, username="bob", x_user_id="7002", token="b"
    )
    done = await whole_task(db, connection, 3, person_id=102)
    async with db.begin() as session:
        state = (await tasks.get(session, done)).state
        await tasks.set_aside_draft(session, chat_id=101, person_id=101)
        await updates.claim(session, 77, 2, "old", NOW)
        await people.leave(session, 102)
    # It may start anew beside the new one, and changes nothing.
    await schema.migrate(db)
    is_current = await schema.up_to_date(db)
    await db.close()
    print(json.dumps({"known": known, "files": files, "state": state, "starts": is_current}))
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def old_tree(tmp_path_factory) -> Path:
    """Unpack the release before."""
    tree = tmp_path_factory.mktemp("old").resolve()
    packed = git("archive", "--format=tar", RELEASE_BEFORE)
    if packed is None:
        pytest.skip(f"the release before, {RELEASE_BEFORE}, is not in this clone's history")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(tree, filter="data")
    return tree


def git(*arguments: str) -> bytes | None:
    """Ask git. None: there is none, this is no clone, or it does not know."""
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout
    return None


def old_environ(tree: Path, **more: str) -> dict[str, str]:
    return clean_environ(PYTHONPATH=str(tree), **more)


async def by_old_code(tree: Path, script: str, url: str, keys: Path) -> str:
    """Run a script with the old code; gives what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROLOGUE + script, url, str(keys), str(tree)),
        cwd=tree,
        env=old_environ(tree),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return said.decode()


@pytest.fixture
def empty_url(request, engine, tmp_path):
    """Give the address of a database without tables, on each engine."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'pinfeather.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"pinfeather_upgrade_{os.getpid()}"
    postgres.run(server, "CREATE DATABASE {}", name)
    yield postgres.address(server, name)
    postgres.run(server, "DROP DATABASE {} WITH (FORCE)", name)


async def counted(db: databases.Database, tables: set[str]) -> dict[str, int]:
    async with db.begin() as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name in tables
        }


async def test_rows_of_the_release_before_outlive_the_migration_and_its_storage_goes_on(
    old_tree, empty_url, open_database, tmp_path
):
    keyring.make_key_file(tmp_path / "keys")
    await by_old_code(old_tree, BEFORE, empty_url, tmp_path / "keys")
    db = await open_database(empty_url)
    made = {"people", "connections", "tasks", "task_media", "writes", "erasures", "updates"}
    before = await counted(db, made)

    await schema.migrate(db)
    after = await counted(db, made)
    said = json.loads(await by_old_code(old_tree, AFTER, empty_url, tmp_path / "keys"))

    assert before == after == dict.fromkeys(made, 1) | {"tasks": 2}
    assert said == {"known": 1, "files": ["file"], "state": "done", "starts": True}


class Bot:
    """A bot that runs as its own process, of the old code or of ours."""

    def __init__(self, tree: Path, environ: dict[str, str], log: Path, side) -> None:
        environ = environ | {"PYTHONPATH": str(tree)}
        polls = len(side.calls("getUpdates"))
        self._log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=tree, env=environ, stdout=file, stderr=file
            )
        self._polls = lambda: len(side.calls("getUpdates")) > polls

    def until_it_polls(self) -> None:
        until(lambda: self._polls() or self.process.poll() is not None, seconds=60)
        assert self.process.poll() is None, self._log.read_text()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, self._log.read_text()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)


@pytest.fixture
def start(telegram_bot, tmp_path):  # noqa: F811
    """Start bots; what is left of them in the end is killed."""
    started = []

    def starter(tree: Path, environ: dict[str, str]) -> Bot:
        started.append(Bot(tree, environ, tmp_path / f"log-{len(started)}.txt", telegram_bot))
        return started[-1]

    yield starter
    for each in started:
        each.kill()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.timeout(300)
def test_in_a_rolling_upgrade_the_old_process_goes_on_and_the_new_one_finishes_what_it_leaves(
    old_tree,
    empty_url,
    start,
    telegram_server,  # noqa: F811
    telegram_bot,  # noqa: F811
    x_server,  # noqa: F811
    tmp_path,
):
    app = next(app for app in x_server.control("GET", "/apps") if app["name"] == "registered")
    keyring.make_key_file(tmp_path / "keys")
    environ = clean_environ(
        PINFEATHER_HOME=str(tmp_path),
        PINFEATHER_BOT_TOKEN=telegram_bot.token,
        PINFEATHER_TELEGRAM_API=telegram_server.origin,
        PINFEATHER_X_API=x_server.origin,
        PINFEATHER_CONSUMER_KEY=app["consumer_key"],
        PINFEATHER_CONSUMER_SECRET=app["consumer_secret"],
        PINFEATHER_DATABASE_URL=empty_url,
        PINFEATHER_OPEN_TO_ALL="true",
    )
    phone, account = telegram_server.phone(ADA, telegram_bot.id), x_server.new_account()["username"]

    def posts() -> list[str]:
        return sorted(post["text"] for post in x_server.control("GET", f"/posts?username={account}"))

    def answers() -> list[int]:
        asked = [each for each in x_server.control("GET", "/requests") if each["username"] == account]
        return [each["status"] for each in asked if each["path"].endswith("/2/tweets")]

    def tweet(text: str) -> None:
        phone.send(f"/tweet {text}")
        press(phone, "post")

    old = start(old_tree, environ)
    old.until_it_polls()
    connect(phone, x_server, account)
    tweet("by the old")
    until(lambda: posts() == ["by the old"])

    migrate = [sys.executable, "-m", "bot", "migrate"]
    migrated = subprocess.run(migrate, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert migrated.returncode == 0, migrated.stderr

    tweet("by the old on the new schema")
    until(lambda: "by the old on the new schema" in posts())
    x_server.fault("rate_limited", {"path": "/2/tweets", "username": account}, 1, seconds=8)
    tweet("left by the old")
    until(lambda: 429 in answers())
    new = start(ROOT, environ)
    old.stop()
    new.until_it_polls()
    until(lambda: "left by the old" in posts(), seconds=60)
    tweet("by the new")
    until(lambda: "by the new" in posts())
    new.stop()

    assert posts() == ["by the new", "by the old", "by the old on the new schema", "left by the old"]


def test_what_waits_in_the_engine_bears_names_that_never_change():
    # A run is carried out only under the version, the queue and the name it was written down with. A new name
    # is deployed a release before anything is written down with it, an old one is kept a release longer.
    assert (engines.VERSION, engines.QUEUE, engines.WORKFLOW) == ("1", "x", "run_task")
