"""Copying a whole database out and in: SQLite by its online backup, Postgres by pg_dump and pg_restore.

Only our own tables are copied. The engine makes its own anew: what it would still run belongs to the time
after the copy, which is unknown (restoring.py). The schema's number is left out too (backups.py).
"""

import asyncio
import contextlib
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from storage.backups import BadBackup
from storage.db import BUSY_TIMEOUT_MS
from storage.tables import Base

VERSIONS = "alembic_version"
OUR_TABLES = (VERSIONS, *sorted(Base.metadata.tables))
#: Where Debian has pg_dump and pg_restore.
PACKAGE = "postgresql-client"
#: Lines of a tool's complaint that are repeated.
LINES = 3


def copy_sqlite(database: Path, copy: Path) -> None:
    """Copy a database that may be in use, as it is at one moment. Blocking. Raises BadBackup."""
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(copy)) as made:
            with closing(sqlite3.connect(database, timeout=BUSY_TIMEOUT_MS / 1000)) as live:
                # All pages in one step: one that another process writes between two steps begins it anew.
                live.backup(made)
            _leave_out(made)
    except sqlite3.Error as error:
        raise BadBackup(f"{database} cannot be copied: {error}") from None


def _leave_out(made: sqlite3.Connection) -> None:
    made.isolation_level = None
    made.execute("PRAGMA journal_mode=DELETE")
    names = made.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (name,) in names.fetchall():
        if name not in OUR_TABLES:
            made.execute(f'DROP TABLE "{name}"')
    made.execute(f"DELETE FROM {VERSIONS}")  # noqa: S608 - a name of our own
    made.execute("VACUUM")


def settle_sqlite(database: Path) -> None:
    """Bring what is in a closed database's write-ahead log into its file. Blocking. Raises BadBackup."""
    try:
        with closing(sqlite3.connect(database, timeout=BUSY_TIMEOUT_MS / 1000)) as opened:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise BadBackup(f"{database} cannot be read: {error}") from None
    descriptor = os.open(database, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(new: Path, database: Path, aside: Path | None) -> None:
    """Make one SQLite database the one in use; the former is kept `aside`. At no moment there is none."""
    if aside is not None:
        _keep(database, aside)
    # A log of another database would be taken for the new one's.
    for rest in ("-wal", "-shm"):
        Path(f"{database}{rest}").unlink(missing_ok=True)
    new.replace(database)


def _keep(database: Path, aside: Path) -> None:
    """Keep a database, damaged or not, under another name too."""
    with contextlib.suppress(BadBackup):
        settle_sqlite(database)
    try:
        os.link(database, aside)
    except OSError:
        shutil.copy2(database, aside)
    if (log := Path(f"{database}-wal")).exists():
        shutil.copy2(log, f"{aside}-wal")


async def dump_postgres(url: str, copy: Path, environ: Mapping[str, str]) -> None:
    """Write a copy by pg_dump, as the database is at one moment. Raises BadBackup."""
    tables = [f"--table={name}" for name in OUR_TABLES]
    await _tool(
        "pg_dump",
        url,
        environ,
        *("--format=custom", "--no-owner", "--no-privileges", f"--file={copy}"),
        *tables,
        f"--exclude-table-data={VERSIONS}",
    )


async def load_postgres(url: str, copy: Path, environ: Mapping[str, str]) -> None:
    """Bring a copy into a database without our tables, wholly or not at all. Raises BadBackup."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    await _tool("pg_restore", url, environ, *options, str(copy))


async def _tool(name: str, url: str, environ: Mapping[str, str], *arguments: str) -> None:
    """Run a tool of Postgres; the password is in its environment, where only its owner can see it."""
    path = shutil.which(name, path=environ.get("PATH"))
    if path is None:
        raise BadBackup(f"{name} is missing. On Debian: sudo apt-get install {PACKAGE}")
    shown, secret = _address(make_url(url))
    kept = {key: value for key, value in environ.items() if not key.startswith("PINFEATHER_")}
    process = await asyncio.create_subprocess_exec(
        *(path, "--no-password", f"--dbname={shown}", *arguments),
        env=kept | secret,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    if process.returncode:
        raise BadBackup(f"{name} does not do it: {_complaint(said, name)}")


def _address(url: URL) -> tuple[str, dict[str, str]]:
    """Give an address without the password, and the password as libpq's environment variable."""
    query = dict(url.query)
    password = url.password or query.pop("password", None)
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return shown.render_as_string(), {"PGPASSWORD": str(password)} if password else {}


def _complaint(said: bytes, name: str) -> str:
    """Give the first lines in which the tool itself complains; others may quote rows."""
    lines = [line for line in said.decode(errors="replace").splitlines() if line.startswith(f"{name}: ")]
    return " ".join(lines[:LINES]) or "no reason given"
