"""What every test may ask for: a fresh database on either engine, another replica on it, keys, a person."""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import hypothesis
import pytest

from storage import db as databases
from storage import keyring, schema
from storage.db import Database
from storage.keyring import KeyRing
from storage.tables import Person
from storage.vault import Vault
from tasks import engine as engines
from tests import builders, postgres

_numbers = itertools.count(1)

# How long an example takes says something about the machine only.
hypothesis.settings.register_profile(
    "unhurried",
    hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("unhurried")


async def _migrated(url: str) -> None:
    db = await databases.open_database(url)
    await schema.migrate(db)
    await db.close()
    await asyncio.to_thread(engines.migrate, url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """Make a migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the address of a running Postgres."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server) -> Iterator[str]:
    """Give the name of a migrated Postgres database, to be copied."""
    name = f"pinfeather_template_{os.getpid()}"
    postgres.run(postgres_server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    postgres.run(postgres_server, "CREATE DATABASE {}", name)
    asyncio.run(_migrated(postgres.address(postgres_server, name)))
    yield name
    postgres.run(postgres_server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path) -> str:
    """Give a fresh, migrated SQLite database."""
    path = tmp_path / "pinfeather.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres_server, postgres_template) -> Iterator[str]:
    """Give a fresh, migrated Postgres database."""
    name = f"pinfeather_{os.getpid()}_{next(_numbers)}"
    postgres.run(postgres_server, "CREATE DATABASE {} TEMPLATE {}", name, postgres_template)
    yield postgres.address(postgres_server, name)
    postgres.run(postgres_server, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request) -> str:
    """Run the test on each engine."""
    return request.param


@pytest.fixture
def database_url(request, engine) -> str:
    """Give a fresh, migrated database; the test runs on each engine."""
    return request.getfixturevalue(f"{engine}_url")


@pytest.fixture
async def open_database() -> AsyncIterator:
    """Open databases that are closed when the test ends; a second one on an address is a second replica."""
    async with AsyncExitStack() as opened:

        async def opener(url: str) -> Database:
            db = await databases.open_database(url)
            opened.push_async_callback(db.close)
            return db

        yield opener


@pytest.fixture
async def database(database_url, open_database) -> Database:
    """Give an open database; the test runs on each engine."""
    return await open_database(database_url)


@pytest.fixture
async def replica(database_url, open_database) -> Database:
    """Open the same database as `database`, as another process has it open."""
    return await open_database(database_url)


@pytest.fixture
async def sqlite_database(sqlite_url, open_database) -> Database:
    """Give an open SQLite database, where the engine makes no difference."""
    return await open_database(sqlite_url)


@pytest.fixture
def key_ring(tmp_path) -> KeyRing:
    """Give the keys of a new key file."""
    return keyring.make_key_file(tmp_path / "pinfeather.keys")


@pytest.fixture
def vault(key_ring) -> Vault:
    """Give a vault with keys of its own."""
    return Vault(key_ring)


@pytest.fixture
async def a_person(database) -> Person:
    """Let Ada (101) in to `database`."""
    return await builders.add_person(database)
