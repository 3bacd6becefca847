"""`pinfeather backup` and `pinfeather restore`: everything but the keys into one file, and back.

After restoring nothing is sent blindly: storage/restoring.py.
"""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot import clock, process
from bot.build import sqlite_file
from bot.settings import Settings
from storage import backups, copies, key_check, keyring, replacing, restoring, rotation, schema
from storage import db as databases
from storage.backups import About, BadBackup
from storage.db import Database, Session, Unavailable
from storage.keyring import BadKeys, KeyRing
from storage.replacing import Restoring
from storage.restoring import Since
from storage.schema import TooNew
from storage.tables import Task
from storage.vault import Vault
from tasks import retry, waking
from tasks.kinds import KINDS, Settle

#: Kinds of tasks that are looked for on X; the others are done again without harm.
LOOKED_UP = [name for name, kind in KINDS.items() if kind.settle is not Settle.REPEAT]


@dataclass(frozen=True, slots=True)
class Here:
    """Where, and by which clock, it is done."""

    settings: Settings
    environ: Mapping[str, str]
    """For the tools of Postgres."""
    clock: Callable[[], datetime] | None = None
    """None: the machine's on SQLite, the database's on Postgres."""

    @property
    def url(self) -> str:
        """The database's address."""
        return self.settings.database_url.get_secret_value()


async def backup(here: Here, file: Path, *, force: bool) -> None:
    """Write a backup, while the bot runs or not. Raises BadBackup, BadKeys, TooNew."""
    _refuse_place(file, force=force)
    ring = keyring.read_key_file(here.settings.key_file)
    async with _opened(here) as db:
        await key_check.check_key(db, Vault(ring))
        about = await _write(here, db, ring, file)
    typer.echo(f"Written: {file} (readable by you only), as of {about.made_at:%Y-%m-%d %H:%M:%S} UTC")
    typer.echo(f"It opens with a key file that holds {', '.join(about.key_ids)}, which is not in it.")


async def restore(here: Here, file: Path, *, replace: bool) -> None:
    """Put a backup in the place of the database, while no bot runs. Raises BadBackup, BadKeys, TooNew.

    `replace`: also a database with people in it; that one is kept.
    """
    about = backups.read(file)
    vault = _checked(here.settings, about)
    with process.alone(here.settings):
        on = _on_postgres if sqlite_file(here.settings) is None else _on_sqlite
        counts = await on(here, file, (about, vault), replace=replace)
    typer.echo(f"Restored: the database as it was at {about.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    typer.echo(f"Looked for on X when the bot starts, and asked about if not found: {counts['now']} tasks.")
    typer.echo(f"Looked for before they are sent: {counts['later']} more.")


def _refuse_place(file: Path, *, force: bool) -> None:
    if file.exists() and not force:
        raise BadBackup(f"{file} is there already; --force replaces it")
    if not file.absolute().parent.is_dir():
        raise BadBackup(f"there is no directory {file.absolute().parent}")


async def _write(here: Here, db: Database, ring: KeyRing, file: Path) -> About:
    """Make a backup of an open database."""
    made_at = await _now(here, db)
    number, used = await replacing.revision(db), set(await rotation.counted(db))
    check = await key_check.stored(db)
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as scratch:
        copy = Path(scratch) / "database"
        if database := sqlite_file(here.settings):
            await asyncio.to_thread(copies.copy_sqlite, database, copy)
        else:
            await copies.dump_postgres(here.url, copy, here.environ)
        # Keys may have been rotated, and the schema changed, meanwhile.
        used |= set(await rotation.counted(db))
        if number is None or await replacing.revision(db) != number:
            raise BadBackup("the database's schema was changed meanwhile; try again")
        about = About(made_at, db.kind, number, sorted(used & set(ring.keys)), check.hex())
        await asyncio.to_thread(backups.write, file, about, copy)
    return about


@asynccontextmanager
async def _opened(here: Here) -> AsyncIterator[Database]:
    """Open the database as it is. Raises BadBackup where there is nothing to back up, and TooNew."""
    database = sqlite_file(here.settings)
    if database is not None and not database.exists():
        raise BadBackup(f"there is no database {database}")
    db = await databases.open_database(here.url)
    try:
        await replacing.refuse_unfinished(db)
        await schema.up_to_date(db)
        if await replacing.revision(db) is None:
            raise BadBackup("the database is empty")
        yield db
    finally:
        await db.close()


def _checked(settings: Settings, about: About) -> Vault:
    """See that a backup fits the settings, the program and the key file, before anything is touched."""
    kind = "postgresql" if sqlite_file(settings) is None else "sqlite"
    if about.kind != kind:
        raise BadBackup(f"it is a backup of a {about.kind} database, and the settings name a {kind} one")
    if not replacing.is_known(about.revision):
        raise TooNew("the backup was made by a newer Pinfeather; restore it with that one")
    ring = keyring.read_key_file(settings.key_file)
    if missing := sorted(set(about.key_ids) - set(ring.keys)):
        raise BadKeys(f"the key file {settings.key_file} lacks keys of the backup: {', '.join(missing)}")
    vault = Vault(ring)
    if not vault.passes(bytes.fromhex(about.check)):
        raise BadKeys(f"the key file {settings.key_file} does not fit the backup")
    return vault


async def _on_sqlite(here: Here, file: Path, opened: tuple[About, Vault], *, replace: bool) -> dict[str, int]:
    database = sqlite_file(here.settings)
    if database is None:
        raise AssertionError("asked before")
    is_there = _has_content(database)
    if is_there and not replace and await _is_used_or_broken(here):
        raise BadBackup(f"{database} is in use by people; --replace keeps it beside and takes the backup")
    copy = _new_copy(database)
    await asyncio.to_thread(backups.unpack, file, copy)
    aside = database.with_name(f"{database.name}.before-{_stamp()}") if is_there else None
    what = _restoring(opened, (here.clock or clock.now)())
    counts = await replacing.replace_sqlite(database, copy, aside, what)
    if aside:
        typer.echo(f"The database until now: {aside}")
    return counts


async def _on_postgres(
    here: Here, file: Path, opened: tuple[About, Vault], *, replace: bool
) -> dict[str, int]:
    directory = _made(here.settings.data_dir)
    db = await databases.open_database(here.url)
    try:
        what = _restoring(opened, await _now(here, db))
        if await replacing.is_used(db):
            if not replace:
                raise BadBackup(
                    "the database is in use by people; --replace backs it up and takes the backup"
                )
            await _keep(here, db)
        with tempfile.TemporaryDirectory(dir=directory) as scratch:
            copy = Path(scratch) / "database"
            await asyncio.to_thread(backups.unpack, file, copy)
            async with replacing.nobody_else(db) as connection:
                return await replacing.replace_postgres(
                    connection, copy, what, url=here.url, environ=here.environ
                )
    finally:
        await db.close()


def _restoring(opened: tuple[About, Vault], now: datetime) -> Restoring[dict[str, int]]:
    about, vault = opened
    return Restoring(about, vault, lambda session: _think(session, about, now))


def _has_content(database: Path) -> bool:
    return database.exists() and database.stat().st_size > 0


def _new_copy(database: Path) -> Path:
    """Name the file in which the copy is made ready, and see that nothing is there from an earlier time."""
    copy = database.with_name(f"{database.name}.restoring")
    for rest in ("", "-wal", "-shm"):
        Path(f"{copy}{rest}").unlink(missing_ok=True)
    return copy


def _made(directory: Path) -> Path:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


async def _keep(here: Here, db: Database) -> None:
    """Back up what is about to be replaced, unless it is a restoring that was not finished."""
    if await replacing.revision(db) is None:
        return
    aside = here.settings.data_dir / f"before-{_stamp()}.backup"
    await _write(here, db, keyring.read_key_file(here.settings.key_file), aside)
    typer.echo(f"The database until now: {aside}")


async def _is_used_or_broken(here: Here) -> bool:
    try:
        db = await databases.open_database(here.url)
    except Unavailable:
        return True
    try:
        return await replacing.is_used(db)
    except Unavailable:
        return True
    finally:
        await db.close()


async def _think(session: Session, about: About, now: datetime) -> dict[str, int]:
    """Let schedules make what came due since, then doubt everything that may have been sent."""
    behind: set[str] = set()
    while late := [task for task in await _behind(session, now) if task.id not in behind]:
        behind |= {task.id for task in late}
        for task in late:
            await waking.follow(session, task, now)
    return await restoring.think(
        session, Since(about.made_at, now), looked_up=LOOKED_UP, asks_after=retry.SENDS_MAX
    )


async def _now(here: Here, db: Database) -> datetime:
    if here.clock is not None:
        return here.clock()
    return clock.now() if db.kind == "sqlite" else await databases.now(db)


async def _behind(session: Session, now: datetime) -> list[Task]:
    newest = await restoring.newest_of_schedules(session)
    return [task for task in newest if task.occurrence_at is not None and task.occurrence_at <= now]


def _stamp() -> str:
    """Name a moment, and nothing else that was kept in its second."""
    return f"{clock.now().astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
