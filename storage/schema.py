"""The schema: brought up to date by one set of steps on both engines, and which programs run on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.db import Database, translated

#: Key of the Postgres advisory lock under which migrations run; any number of our own.
MIGRATION_LOCK = 0x70696E66
MIGRATIONS = Path(__file__).parent / "migrations"


class TooNew(Exception):  # noqa: N818 - what the operator does next: update the program
    """The database was made by a newer Pinfeather; start that one, or restore a backup."""


async def migrate(db: Database) -> None:
    """Bring the schema up to date, alone: whoever comes second waits and finds it done. Commits."""
    with translated():
        async with db.engine.connect() as connection:
            await connection.run_sync(_upgrade)


async def up_to_date(db: Database) -> bool:
    """Tell whether `migrate` would change nothing. Raises TooNew."""
    with translated():
        async with db.engine.connect() as connection:
            return await connection.run_sync(_is_at_head)


def alembic_config(connection: Connection) -> Config:
    """Say where the migrations stand and what they change; there is no alembic.ini."""
    config = _where()
    config.attributes["connection"] = connection
    return config


def _where() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


@cache
def _scripts() -> ScriptDirectory:
    """Read the steps: once, they are code and do not change while the program runs."""
    return ScriptDirectory.from_config(_where())


def _is_at_head(connection: Connection) -> bool:
    current = MigrationContext.configure(connection).get_current_revision()
    return current == _head() or _is_newer(current)


def _head() -> str:
    return _scripts().get_current_head() or ""


def _is_newer(current: str | None) -> bool:
    """Say whether the schema is of a newer program, but one this program runs on. Raises TooNew.

    A migration is named `number_floor`: it runs with programs whose last migration is the floor, or later.
    """
    if current is None or current in {script.revision for script in _scripts().walk_revisions()}:
        return False
    floor = current.partition("_")[2]
    if not floor or _head().partition("_")[0] < floor:
        raise TooNew(str(TooNew.__doc__))
    return True


def _upgrade(connection: Connection) -> None:
    with _unchecked_references(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        if not _is_at_head(connection):
            command.upgrade(alembic_config(connection), "head")


@contextmanager
def _unchecked_references(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off: rebuilding a table would empty those that refer to it.

    It works outside of transactions only, hence on the driver's connection.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
