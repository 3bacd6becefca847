"""The migrations: both engines, one outcome, and that is what the code expects."""

import asyncio
from itertools import groupby

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from storage import schema
from storage.schema import TooNew
from storage.tables import Base
from tests import postgres
from tests.builders import NOW


@pytest.fixture
def empty_url(request, engine, tmp_path):
    """Give a database without tables."""
    if engine == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"pinfeather_empty_{tmp_path.name[-30:]}"
    postgres.run(server, "CREATE DATABASE {}", name)
    yield postgres.address(server, name)
    postgres.run(server, "DROP DATABASE {} WITH (FORCE)", name)


async def _look(db, question):
    async with db.engine.connect() as connection:
        return await connection.run_sync(question)


async def test_what_the_migrations_make_is_what_the_tables_say(database):
    def differences(connection):
        return compare_metadata(
            MigrationContext.configure(connection, opts={"include_name": _is_ours}), Base.metadata
        )

    assert await _look(database, differences) == []


def _is_ours(name, kind, _parents):
    """Leave out the tables of the engine, which stand beside ours in the file of SQLite."""
    return kind != "table" or name in Base.metadata.tables


async def test_the_migrations_make_the_constraints_and_partial_indexes_too(
    database, empty_url, open_database
):
    """Alembic's own comparison does not look at these."""
    made = await open_database(empty_url)
    async with made.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)

    assert await _look(database, _details) == await _look(made, _details)


def _details(connection):
    looker = inspect(connection)
    return {
        table: {
            "checks": sorted((c["name"], c["sqltext"]) for c in looker.get_check_constraints(table)),
            "indexes": sorted(
                (i["name"], i["column_names"], i["unique"], str(_partial(i)))
                for i in looker.get_indexes(table)
            ),
            "references": sorted((f["name"], str(f)) for f in looker.get_foreign_keys(table)),
        }
        for table in looker.get_table_names()
        if _is_ours(table, "table", {})
    }


def _partial(index):
    return [str(value) for key, value in index.get("dialect_options", {}).items() if key.endswith("_where")]


async def test_many_who_start_at_once_migrate_once(empty_url, open_database):
    replicas = [await open_database(empty_url) for _ in range(4)]

    await asyncio.gather(*map(schema.migrate, replicas))

    async with replicas[0].begin() as session:
        assert len(list(await session.scalars(text("SELECT version_num FROM alembic_version")))) == 1


async def test_a_database_of_a_newer_program_is_refused_in_words(database):
    async with database.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'tomorrow'"))

    with pytest.raises(TooNew, match="newer Pinfeather"):
        await schema.migrate(database)


async def test_a_newer_schema_that_only_adds_is_run_on_and_left_alone(database):
    async with database.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999_0002'"))

    assert await schema.up_to_date(database)
    await schema.migrate(database)

    async with database.begin() as session:
        assert await session.scalar(text("SELECT version_num FROM alembic_version")) == "9999_0002"


@pytest.mark.parametrize("revision", ["9999_9998", "9999"])
async def test_a_newer_schema_that_takes_away_what_we_use_is_refused(database, revision):
    async with database.begin() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})

    with pytest.raises(TooNew):
        await schema.up_to_date(database)


async def test_references_are_checked_again_after_a_migration(sqlite_database):
    await schema.migrate(sqlite_database)

    with pytest.raises(IntegrityError):
        async with sqlite_database.begin() as session:
            await session.execute(
                text("INSERT INTO start_link_uses VALUES ('none', 101, :now)"), {"now": NOW.isoformat()}
            )


def test_the_steps_stand_in_one_line():
    steps = sorted(path.name for path in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))

    assert [len(list(same)) for _, same in groupby(steps, key=lambda name: name[:4])] == [1] * len(steps)
