"""Opening the database, and its transactions. Knows no table and asks nothing about one."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, cast

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy import exc as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from storage import sqlite_driver

Session = AsyncSession
Kind = Literal["sqlite", "postgresql"]

#: SQLite waits this long for another writer (facts of the engine: DBOS waits as long).
BUSY_TIMEOUT_MS = 30_000
#: Seconds to wait for a free connection, and for Postgres to take a new one.
POOL_TIMEOUT_S = 30
CONNECT_TIMEOUT_S = 5
#: libpq `tcp_user_timeout`, `keepalives_*`: a silent network is noticed after about this long.
SILENCE_S = 15
#: Postgres ends a session that falls silent in a transaction: a frozen process holds no row longer than this.
IDLE_S = 6
#: `with_for_update(key_share=True)`: nobody else changes the row, but rows that refer to it may be written
#: meanwhile (FOR NO KEY UPDATE: postgresql.org/docs/current/explicit-locking.html). FOR UPDATE would let them
#: wait, and two transactions for each other in a circle; it is for rows that will be deleted.
FOR_CHANGE: Final = {"key_share": True}
#: SQLite's result codes (sqlite.org/rescode.html) that speak of the file and not of our statement: PERM,
#: BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
SQLITE_LOST = {3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26}


class Unavailable(Exception):  # noqa: N818 - what the caller does next: try later
    """The database cannot be reached right now. Raised at a commit, the work may have been committed."""


class _Transaction:
    """Whether a transaction is still open; shared with the tasks and threads started inside it."""

    __slots__ = ("is_open",)

    def __init__(self) -> None:
        self.is_open = True


_transaction: ContextVar[_Transaction | None] = ContextVar("transaction", default=None)


def in_transaction() -> bool:
    """Tell whether this task (or the one that started this thread) has a transaction open."""
    current = _transaction.get()
    return current is not None and current.is_open


def refuse_in_transaction() -> None:
    """Raise where a transaction is open: the network may hang, and the transaction with it."""
    if in_transaction():
        raise RuntimeError("a network call inside a transaction")


class Database:
    """One open database: SQLite in a file, or Postgres."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.kind: Kind = "sqlite" if engine.dialect.name == "sqlite" else "postgresql"
        self._session = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Session]:
        """Open one transaction: committed at the end, rolled back on an exception.

        Raises Unavailable when the database is lost. One inside another is refused: it would wait for itself.
        """
        with _marked(), translated():
            async with self._session.begin() as session:
                yield session

    async def close(self) -> None:
        """Give back all connections."""
        await self.engine.dispose()


async def open_database(url: str) -> Database:
    """Open `sqlite:///path` or `postgresql://...`, and see that it answers.

    Raises Unavailable if it does not, ValueError if that is no address; neither repeats the address.
    """
    address = _with_driver(url)
    if address.get_backend_name() == "sqlite":
        _make_private(address)
        engine = _sqlite(address)
    else:
        engine = _postgresql(address)
    db = Database(engine)
    try:
        async with db.begin() as session:
            await session.execute(text("SELECT 1"))
    except BaseException:
        await db.close()
        raise
    return db


def upsert(session: Session, table: type[DeclarativeBase]) -> postgresql.Insert:
    """Begin an INSERT ... ON CONFLICT, which both databases write alike."""
    return upsert_in(session.get_bind().dialect.name, table)


def upsert_in(dialect: str, table: type[DeclarativeBase]) -> postgresql.Insert:
    """Begin the same for the database that SQLAlchemy calls so."""
    if dialect == "sqlite":
        # The same methods and arguments, as far as both databases have them.
        return cast("postgresql.Insert", sqlite.insert(table))
    return postgresql.insert(table)


async def now(db: Database) -> datetime:
    """Ask Postgres for its time, aware and UTC. SQLite has none of its own: one process, one clock."""
    async with db.begin() as session:
        moment: datetime = await session.scalar(text("SELECT clock_timestamp()"))
    return moment.astimezone(UTC)


def file_of(url: str) -> Path | None:
    """Find the file of a SQLite database, whatever links lead there. None: Postgres. Raises ValueError."""
    address = _with_driver(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    return Path(address.database).resolve()


def _with_driver(address: str) -> URL:
    """Choose our driver, whatever driver the address names."""
    try:
        url = make_url(address)
    except sql.ArgumentError:
        raise ValueError("the database's address is not sqlite:///path or postgresql://...") from None
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"the database must be sqlite or postgresql, not {other}")


def _make_private(url: URL) -> None:
    """Make the file readable by its owner only; SQLite gives the WAL the mode of the file."""
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: sqlite:///path/to/pinfeather.db")
    try:
        os.close(os.open(url.database, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unavailable(f"the database file cannot be opened: {error.strerror}") from error


def _sqlite(url: URL) -> AsyncEngine:
    """One connection: SQLite has one writer, and our own queue is fair where its busy handler is not."""
    engine = create_async_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=POOL_TIMEOUT_S, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "do_connect")
    def by_our_driver(_dialect: Any, _record: Any, _path: Any, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = sqlite_driver.connect

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        # Else the driver opens transactions by itself, and with a plain BEGIN.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What a person had erased is overwritten, not left in free pages.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A plain BEGIN that reads first cannot become a writer when somebody else wrote: "locked" at once.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgresql(url: URL) -> AsyncEngine:
    """Try connections before use, so that a restarted server costs nobody an error."""
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        **dict.fromkeys(("keepalives_idle", "keepalives_interval"), SILENCE_S // 3),
        "keepalives_count": 2,
        "tcp_user_timeout": SILENCE_S * 1000,
        "options": f"{url.query.get('options', '')} -c idle_in_transaction_session_timeout={IDLE_S * 1000}",
    }
    return create_async_engine(
        url, pool_pre_ping=True, pool_timeout=POOL_TIMEOUT_S, connect_args=options, hide_parameters=True
    )


@contextmanager
def _marked() -> Iterator[None]:
    if in_transaction():
        raise RuntimeError("a transaction is open already: it would wait for itself")
    mine = _Transaction()
    _transaction.set(mine)
    try:
        yield
    finally:
        mine.is_open = False


@contextmanager
def translated() -> Iterator[None]:
    """Turn the many ways in which a database is lost into one."""
    try:
        yield
    except sql.TimeoutError:
        raise Unavailable("all connections to the database are in use") from None
    except sql.DBAPIError as error:
        if not _is_lost(error):
            raise
        # No cause: its text holds the statement.
        raise Unavailable(f"the database is not available: {_first_line(error)}") from None


def _first_line(error: sql.DBAPIError) -> str:
    """Give the driver's own words; what follows in later lines may quote values."""
    return (str(error.orig).splitlines() or ["no reason given"])[0]


def _is_lost(error: sql.DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_LOST
    return error.connection_invalidated or isinstance(error, sql.OperationalError | sql.InterfaceError)
