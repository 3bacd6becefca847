"""Putting a backup's copy in the place of a database. What its rows have to be told then: restoring.py.

Until that is done the schema's number is missing, and no bot starts on it (`refuse_unfinished`): a restoring
that is killed at any moment is begun again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, exists, inspect, select, text
from sqlalchemy import exc as sql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage import copies, key_check, schema
from storage import db as databases
from storage.backups import About, BadBackup
from storage.db import Database, Session, Unavailable
from storage.keyring import BadKeys
from storage.schema import MIGRATION_LOCK, MIGRATIONS
from storage.tables import Base, KeyCheck, Person
from storage.vault import Vault

#: Where DBOS keeps its tables in Postgres unless told otherwise.
ENGINE_SCHEMA = "dbos"
#: Seconds between looks for others: Postgres notices a moment later that somebody has gone.
PATIENCE_S = (0.2, 0.5, 1.0, 2.0, 4.0)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Restoring(Generic[T]):
    """A backup that is being restored."""

    about: About
    vault: Vault
    """With the keys it needs."""
    think: Callable[[Session], Awaitable[T]]
    """Tells the rows what they have to be told, in the transaction it is given."""


async def revision(db: Database) -> str | None:
    """Say which schema a database has. None: none, or its restoring was not finished."""
    return await _asked(db, _revision)


def is_known(number: str) -> bool:
    """Tell whether this program knows the schema of this number, or it is a newer one's."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return number in {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


async def refuse_unfinished(db: Database) -> None:
    """See that no restoring was begun and not finished. Raises BadBackup."""
    if await _asked(db, _is_unfinished):
        raise BadBackup("a restoring of this database was not finished: call `pinfeather restore` again")


async def is_used(db: Database) -> bool:
    """Tell whether anybody is in a database of any schema. Raises Unavailable, also for a damaged one."""
    return await _asked(db, _is_used)


async def replace_sqlite(database: Path, copy: Path, aside: Path | None, what: Restoring[T]) -> T:
    """Make a copy ready and put it in place; the former database is kept `aside`. Raises BadKeys, BadBackup.

    Nobody else may have it open.
    """
    db = await databases.open_database(f"sqlite:///{copy}")
    try:
        async with db.begin() as session:
            await _stamp(session, what.about.revision)
        await schema.migrate(db)
        await key_check.check_key(db, what.vault)
        async with db.begin() as session:
            thought = await what.think(session)
    finally:
        await db.close()
    copies.settle_sqlite(copy)
    copies.put_in_place(copy, database, aside)
    return thought


@asynccontextmanager
async def nobody_else(db: Database) -> AsyncIterator[AsyncConnection]:
    """Hold a Postgres database alone, by this connection: who starts waits. Raises BadBackup if one runs."""
    async with db.engine.connect() as connection:
        for wait_s in (*PATIENCE_S, None):
            if await _is_alone(connection):
                break
            if wait_s is None:
                raise BadBackup(
                    "the database is in use: stop every pinfeather, and whatever else is connected to it"
                )
            await asyncio.sleep(wait_s)
        yield connection


async def _is_alone(connection: AsyncConnection) -> bool:
    mine = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    others = await connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
        )
    )
    await connection.commit()
    return bool(mine) and not others


async def replace_postgres(
    connection: AsyncConnection, copy: Path, what: Restoring[T], *, url: str, environ: Mapping[str, str]
) -> T:
    """Put a copy in the place of what is there, held by `nobody_else`.

    `environ`: for the tools of Postgres. Raises BadKeys, BadBackup, Unavailable.
    """
    try:
        await _drop(connection)
        await copies.load_postgres(url, copy, environ)
        async with connection.begin(), AsyncSession(bind=connection, expire_on_commit=False) as session:
            await _stamp(session, what.about.revision)
            await connection.run_sync(_upgrade)
            held = await session.get(KeyCheck, key_check.ROW_ID)
            if held is None or not what.vault.passes(held.sealed):
                raise BadKeys("the key file does not fit the backup")
            thought = await what.think(session)
            await session.flush()
    except sql.DBAPIError as error:
        raise Unavailable(f"the database was lost: {type(error.orig).__name__}") from None
    return thought


async def _drop(connection: AsyncConnection) -> None:
    tables = ", ".join(f'"{name}"' for name in (copies.VERSIONS, *Base.metadata.tables))
    await connection.execute(text(f"DROP TABLE IF EXISTS {tables} CASCADE"))
    await connection.execute(text(f"DROP SCHEMA IF EXISTS {ENGINE_SCHEMA} CASCADE"))
    await connection.commit()


async def _stamp(session: Session, number: str) -> None:
    """Say which schema the copy has; only now a bot could start on it."""
    await session.execute(text(f"DELETE FROM {copies.VERSIONS}"))  # noqa: S608 - a name of our own
    await session.execute(
        text(f"INSERT INTO {copies.VERSIONS} (version_num) VALUES (:number)"),  # noqa: S608
        {"number": number},
    )


async def _asked(db: Database, question: Callable[[Connection], T]) -> T:
    async with db.begin() as session:
        return await (await session.connection()).run_sync(question)


def _is_used(connection: Connection) -> bool:
    if not inspect(connection).has_table(Person.__tablename__):
        return False
    return bool(connection.scalar(select(exists().select_from(Person))))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    command.upgrade(schema.alembic_config(connection), "head")


def _is_unfinished(connection: Connection) -> bool:
    there = inspect(connection).has_table
    return there(copies.VERSIONS) and there(Person.__tablename__) and _revision(connection) is None
