"""`pinfeather backup` and `restore`: what is written, what is refused, and what a kill in between leaves."""

import asyncio
import json
import os
import signal
import sqlite3
import stat
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import select, text

from bot import backing_up, process
from bot.backing_up import Here
from bot.build import opened_database
from bot.process import NotAlone
from bot.settings import Settings
from storage import backups, connections, copies, key_changes, keyring, restoring, schema, writes
from storage import db as databases
from storage.backups import BadBackup
from storage.key_check import check_key
from storage.keyring import BadKeys
from storage.schema import TooNew
from storage.tables import Connection, Person, Task
from storage.vault import Vault
from tests import postgres
from tests.bot.test_process import environ, running, said  # noqa: F401
from tests.builders import NOW, add_connection, add_person
from tests.sandbox.conftest import x_server  # noqa: F401

TOKEN = f"{42:010d}:SANDBOX-{'x' * 30}"


@dataclass
class Place:
    """A database with a key file, and what is done to it."""

    here: Here
    file: Path

    @property
    def keys(self):
        return self.here.settings.key_file

    async def fill(self, *names):
        """Let people in, each with a connection."""
        vault = Vault(keyring.read_key_file(self.keys))
        async with opened_database(self.here.settings) as (db, _):
            for person_id, name in enumerate(names, 101):
                await add_person(db, person_id, name)
                await add_connection(db, vault, person_id=person_id, secret=f"hush of {name}")

    async def names(self):
        """Say who is in the database, and what their connections hold."""
        async with opened_database(self.here.settings) as (db, vault), db.begin() as session:
            people = await session.scalars(select(Person).order_by(Person.id))
            rows = await session.scalars(select(Connection).order_by(Connection.id))
            opened = [connections.open_keys(vault, row).access_secret.reveal() for row in rows]
            return [person.first_name for person in people], opened

    async def backup(self, **options):
        await backing_up.backup(self.here, self.file, **{"force": False} | options)

    async def restore(self, **options):
        await backing_up.restore(self.here, self.file, **{"replace": True} | options)


@pytest.fixture
def place(engine, request, tmp_path):
    """Give a migrated database of either engine."""
    keyring.make_key_file(tmp_path / "keys")
    settings = Settings(
        bot_token=SecretStr(TOKEN),
        data_dir=tmp_path / "data",
        database_url=SecretStr(request.getfixturevalue(f"{engine}_url")),
        key_file=tmp_path / "keys",
    )
    return Place(Here(settings, postgres.tools(dict(os.environ))), tmp_path / "a.backup")


async def test_what_was_backed_up_comes_back_and_what_came_after_is_kept_beside(place, tmp_path):
    await place.fill("Ada", "Grace")
    await place.backup()
    async with opened_database(place.here.settings) as (db, _):
        await add_person(db, 103, "Mallory")

    await place.restore()

    assert await place.names() == (["Ada", "Grace"], ["hush of Ada", "hush of Grace"])
    beside = [*tmp_path.glob("pinfeather.db.before-*"), *(tmp_path / "data").glob("before-*.backup")]
    assert [stat.S_IMODE(path.stat().st_mode) for path in beside] == [0o600]
    await _put_back(place, beside[0])
    assert (await place.names())[0] == ["Ada", "Grace", "Mallory"]


async def test_what_is_kept_beside_in_one_second_never_replaces_one_another(place, tmp_path):
    await place.fill("Ada")
    await place.backup()

    for _ in range(3):
        await place.restore()

    beside = [*tmp_path.glob("pinfeather.db.before-*"), *(tmp_path / "data").glob("before-*.backup")]
    assert len(beside) == 3


async def _put_back(place, beside):
    if beside.suffix == ".backup":
        await replace(place, file=beside).restore()
    else:
        beside.replace(beside.with_name("pinfeather.db"))


async def test_a_backup_is_its_owner_s_only_holds_no_key_and_names_those_it_needs(place):
    await place.fill("Ada")
    generous = os.umask(0)
    try:
        await place.backup()
    finally:
        os.umask(generous)

    ring = keyring.read_key_file(place.keys)
    with zipfile.ZipFile(place.file) as packed:
        content = b"".join(packed.read(name) for name in packed.namelist())
        about = json.loads(packed.read("about.json"))
    assert stat.S_IMODE(place.file.stat().st_mode) == 0o600
    assert about["key_ids"] == [ring.active_id]
    assert not [key for key in (*ring.keys.values(), ring.fingerprint_key) if key in content]
    assert b"hush" not in content
    assert [path.name for path in place.file.parent.glob("*a.backup*")] == ["a.backup"]


async def test_a_backup_does_not_take_the_place_of_another_unless_it_is_told_to(place):
    await place.fill("Ada")
    await place.backup()
    before = place.file.read_bytes()

    with pytest.raises(BadBackup, match="--force"):
        await place.backup()
    assert place.file.read_bytes() == before
    await place.backup(force=True)

    assert backups.read(place.file).made_at > backups.read(_again(place, before)).made_at


def _again(place, content):
    path = place.file.with_name("before.backup")
    path.write_bytes(content)
    return path


async def test_a_database_with_people_is_not_replaced_unless_that_is_asked_for(place):
    await place.fill("Ada")
    await place.backup()
    async with opened_database(place.here.settings) as (db, _):
        await add_person(db, 103, "Mallory")

    with pytest.raises(BadBackup, match="--replace"):
        await place.restore(replace=False)

    assert (await place.names())[0] == ["Ada", "Mallory"]


async def test_an_empty_database_takes_a_backup_as_it_is(place, request, engine, tmp_path):
    await place.fill("Ada")
    await place.backup()
    elsewhere = f"sqlite:///{tmp_path}/data/new.db"
    if engine == "postgresql":
        server = request.getfixturevalue("postgres_server")
        postgres.run(server, "CREATE DATABASE {}", f"new_{os.getpid()}")
        elsewhere = postgres.address(server, f"new_{os.getpid()}")
    other = place.here.settings.model_copy(update={"database_url": SecretStr(elsewhere)})
    fresh = replace(place, here=replace(place.here, settings=other))

    await fresh.restore(replace=False)

    assert (await fresh.names())[0] == ["Ada"]
    if engine == "postgresql":
        postgres.run(server, "DROP DATABASE {} WITH (FORCE)", f"new_{os.getpid()}")


async def test_nothing_is_touched_while_a_bot_runs(place, engine):
    await place.fill("Ada")
    await place.backup()
    db = await databases.open_database(place.here.url)
    try:
        with process.alone(place.here.settings), pytest.raises((NotAlone, BadBackup), match="stop"):
            async with db.engine.connect():
                await place.restore()
    finally:
        await db.close()

    assert (await place.names())[0] == ["Ada"]


async def test_a_key_file_that_does_not_open_the_backup_is_refused_by_name(place, tmp_path):
    await place.fill("Ada")
    await place.backup()
    mine = keyring.read_key_file(place.keys).active_id
    keyring.make_key_file(tmp_path / "other.keys")
    settings = place.here.settings.model_copy(update={"key_file": tmp_path / "other.keys"})

    with pytest.raises(BadKeys, match=mine):
        await replace(place, here=replace(place.here, settings=settings)).restore()

    assert (await place.names())[0] == ["Ada"]


async def test_a_backup_from_before_a_rotation_wants_the_key_that_was_taken_out(place):
    await place.fill("Ada")
    old = keyring.read_key_file(place.keys).active_id
    await place.backup()
    whole = place.keys.read_text()
    key_changes.add(place.keys)
    key_changes.promote(place.keys)
    taken = key_changes.take_out(place.keys, old)

    with pytest.raises(BadKeys, match=old):
        await place.restore()
    place.keys.write_text(whole)
    await place.restore()

    assert (await place.names())[0] == ["Ada"]
    assert old in taken.read_text()


async def test_a_newer_program_s_backup_and_another_engine_s_are_refused_in_words(place, engine):
    await place.fill("Ada")
    await place.backup()

    for changes, refusal in (
        ({"revision": "9999"}, TooNew),
        ({"format": 9}, BadBackup),
        ({"kind": "sqlite" if engine == "postgresql" else "postgresql"}, BadBackup),
    ):
        with pytest.raises(refusal):
            await replace(place, file=_changed(place.file, changes)).restore()

    assert (await place.names())[0] == ["Ada"]


def _changed(file, changes):
    other = file.with_name("changed.backup")
    with zipfile.ZipFile(file) as packed, zipfile.ZipFile(other, "w") as made:
        page = json.loads(packed.read("about.json")) | changes
        made.writestr("about.json", json.dumps(page))
        made.writestr("database", packed.read("database"))
    return other


async def test_a_damaged_backup_is_said_in_words_and_changes_nothing(place):
    await place.fill("Ada")
    await place.backup()
    whole = place.file.read_bytes()

    for damaged in (b"", whole[:100], whole[: len(whole) // 2], b"x" + whole[1:], _with_a_bit_flipped(whole)):
        place.file.write_bytes(damaged)
        with pytest.raises(BadBackup):
            await place.restore()
    place.file.unlink()
    with pytest.raises(BadBackup):
        await place.restore()

    assert (await place.names())[0] == ["Ada"]


def _with_a_bit_flipped(whole):
    position = whole.index(b"database") + 200
    return whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :]


async def test_a_restoring_that_stopped_half_way_keeps_every_bot_away_until_it_is_done_again(place, engine):
    """What is in the file has no number of a schema until its rows were told that time went on."""
    await place.fill("Ada")
    await place.backup()
    await _put_in_by_hand(place, engine)

    with pytest.raises(BadBackup, match="pinfeather restore"):
        await place.names()
    await place.restore()

    assert (await place.names())[0] == ["Ada"]


async def _put_in_by_hand(place, engine):
    copy = place.file.with_name("copy")
    backups.unpack(place.file, copy)
    if engine == "sqlite":
        copies.put_in_place(copy, databases.file_of(place.here.url), None)
        return
    db = await databases.open_database(place.here.url)
    async with db.engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await db.close()
    await copies.load_postgres(place.here.url, copy, place.here.environ)


async def test_a_backup_of_an_older_schema_is_brought_up_to_date(place, engine):
    """The program was updated after the backup; it is tried before the first update in the same way."""
    await _make_older(place, engine)
    await place.backup()
    await place.restore()

    assert backups.read(place.file).revision == "0001"
    async with opened_database(place.here.settings) as (db, _), db.begin() as session:
        task = await session.get_one(Task, "1" * 26)
        fence = await writes.get(session, task.id, 0)
    assert (task.state, task.run >= restoring.BEYOND, fence.state) == ("due", True, "unknown")


async def _make_older(place, engine):
    """Put Ada, her connection and a due tweet into a database as the first release made it."""
    if engine == "sqlite":
        databases.file_of(place.here.url).unlink()
    db = await databases.open_database(place.here.url)
    async with db.engine.begin() as connection:
        if engine == "postgresql":
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text("CREATE SCHEMA public"))
        await connection.run_sync(lambda c: command.upgrade(schema.alembic_config(c), "0001"))
    vault = Vault(keyring.read_key_file(place.keys))
    await check_key(db, vault)
    values = {"now": NOW.replace(tzinfo=None) if engine == "sqlite" else NOW}
    async with db.begin() as session:
        for statement in OLDER.strip().split(";"):
            await session.execute(text(statement), values)
    await db.close()


OLDER = """
INSERT INTO people (id, first_name, state, is_operator, created_at) VALUES (101, 'Ada', 'active', false, :now);
INSERT INTO connections (id, person_id, name, state, version, app_kind, app_fingerprint, data_key, x_user_id,
    username, x_name, premium, created_at)
    VALUES (1, 101, 'a', 'gone', 1, 'registered', 'f', NULL, '7001', 'a', 'A', false, :now);
INSERT INTO tasks (id, person_id, chat_id, source_message_id, kind, state, version, connection_id, text, due_at,
    attempts, created_at)
    VALUES ('11111111111111111111111111', 101, 101, 1, 'tweet', 'due', 1, 1, 'Hello', :now, 0, :now)
"""


# SQLite alone


@pytest.fixture
def on_sqlite(sqlite_url, tmp_path):
    """Give a place on SQLite."""
    keyring.make_key_file(tmp_path / "keys")
    settings = Settings(
        bot_token=SecretStr(TOKEN),
        data_dir=tmp_path / "data",
        database_url=SecretStr(sqlite_url),
        key_file=tmp_path / "keys",
    )
    return Place(Here(settings, {}), tmp_path / "a.backup")


async def test_a_backup_made_while_rows_are_written_is_of_one_moment(on_sqlite):
    """Two rows are always changed together; no backup has them apart."""
    await on_sqlite.fill("0", "0")
    writing = asyncio.Event()

    async def write_on():
        async with opened_database(on_sqlite.here.settings) as (db, _):
            for number in range(300):
                async with db.begin() as session:
                    for person in await session.scalars(select(Person)):
                        person.first_name = str(number)
                writing.set()

    write = asyncio.create_task(write_on())
    await writing.wait()
    seen = []
    while not write.done():
        await on_sqlite.backup(force=True)
        backups.unpack(on_sqlite.file, on_sqlite.file.with_name("copy"))
        with sqlite3.connect(on_sqlite.file.with_name("copy")) as copy:
            seen.append([name for (name,) in copy.execute("SELECT first_name FROM people")])
        copy.close()
    await write

    assert seen
    assert [names for names in seen if len(set(names)) != 1] == []


async def test_a_damaged_database_is_replaced_and_kept(on_sqlite, tmp_path):
    await on_sqlite.fill("Ada")
    await on_sqlite.backup()
    (tmp_path / "pinfeather.db").write_bytes(b"no database at all" * 1000)

    with pytest.raises(BadBackup, match="--replace"):
        await on_sqlite.restore(replace=False)
    await on_sqlite.restore()

    assert (await on_sqlite.names())[0] == ["Ada"]
    assert [path.read_bytes()[:2] for path in tmp_path.glob("pinfeather.db.before-*")] == [b"no"]


async def test_without_a_database_there_is_nothing_to_back_up(on_sqlite, tmp_path):
    (tmp_path / "pinfeather.db").unlink()

    with pytest.raises(BadBackup, match="no database"):
        await on_sqlite.backup()

    assert not (tmp_path / "pinfeather.db").exists()


def test_at_the_command_line_a_backup_is_made_beside_the_bot_and_restored_without_it(
    running,  # noqa: F811
    environ,  # noqa: F811
    tmp_path,
):
    process, _log = running
    file = str(tmp_path / "a.backup")

    made = said(environ, "backup", file)
    beside = said(environ, "restore", file)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    restored = said(environ, "restore", file)

    assert (made[0], f"Written: {file}" in made[1]) == (0, True), made
    assert (beside[0], "stop it first" in beside[1], "Traceback" in beside[1]) == (1, True, False), beside
    assert (restored[0], "Restored: the database as it was" in restored[1]) == (0, True), restored
    assert said(environ, "check")[0] == 0


# Postgres alone


async def test_the_tools_never_see_the_password_on_their_command_line_nor_our_settings(tmp_path):
    tool = tmp_path / "pg_dump"
    tool.write_text('#!/bin/sh\necho "$@" > "$0.arguments"\nenv > "$0.environ"\n')
    tool.chmod(0o700)
    kept = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PINFEATHER_BOT_TOKEN": "hush"}

    for url in (
        "postgresql://ada:pass-word@db:5/x?sslmode=require",
        "postgresql://ada@db/x?password=pass-word",
    ):
        await copies.dump_postgres(url, tmp_path / "copy", kept)

        arguments = (tmp_path / "pg_dump.arguments").read_text()
        seen = (tmp_path / "pg_dump.environ").read_text()
        assert "pass-word" not in arguments
        assert "--dbname=postgresql://ada@db" in arguments
        assert "PGPASSWORD=pass-word\n" in seen
        assert "hush" not in seen


async def test_a_missing_tool_is_named_with_its_package(tmp_path):
    with pytest.raises(BadBackup, match=r"pg_dump is missing.*apt-get install postgresql-client"):
        await copies.dump_postgres("postgresql://db/x", tmp_path / "copy", {"PATH": str(tmp_path)})


async def test_what_a_tool_complains_of_is_said_without_rows(tmp_path):
    tool = tmp_path / "pg_restore"
    tool.write_text("#!/bin/sh\necho 'pg_restore: error: it is full' >&2\necho 'a row' >&2\nexit 1\n")
    tool.chmod(0o700)

    with pytest.raises(BadBackup, match="it is full") as refusal:
        await copies.load_postgres(
            "postgresql://db/x", tmp_path / "copy", {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        )

    assert "a row" not in str(refusal.value)
