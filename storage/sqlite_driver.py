"""The driver of SQLite: once to its thread and back for a statement with all its rows.

aiosqlite goes there four times: for a cursor, to carry it out, for its rows, and to close it.
"""

import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager


async def connect(path: str, **options: Any) -> aiosqlite.Connection:
    """Open a file, for SQLAlchemy (its `async_creator_fn`)."""
    connection = _Connection(partial(sqlite3.connect, path, **options), iter_chunk_size=1)
    # As SQLAlchemy does it: a process can end though a connection is open.
    connection._thread.daemon = True  # noqa: SLF001
    return await connection


class _Connection(aiosqlite.Connection):
    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        return _Cursor(self, self._conn.cursor())


class _Cursor(aiosqlite.Cursor):
    """Has all rows when it comes back from `execute`: nobody here asks for them bit by bit."""

    _rows: Sequence[Any] = ()

    async def execute(self, sql: str, parameters: Any = None) -> "_Cursor":
        self._rows = await self._execute(self._all_of, sql, parameters or ())  # type: ignore[no-untyped-call]
        return self

    def _all_of(self, sql: str, parameters: Any) -> Sequence[Any]:
        return self._cursor.execute(sql, parameters).fetchall()

    async def fetchall(self) -> Sequence[Any]:
        return self._rows

    async def close(self) -> None:
        """Leave it: no row is left to be fetched, so it holds nothing open."""
