"""Transactions, and what becomes of them when the database does."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from storage import db as databases
from storage import people, schema
from storage.db import Unavailable
from tests import postgres
from tests.builders import NOW, add_person, everyone


async def _ids(db):
    async with db.begin() as session:
        return [person.id for person in await everyone(session)]


async def test_a_transaction_commits_at_its_end(database, replica):
    await add_person(database, 101)

    assert await _ids(replica) == [101]


async def test_a_transaction_that_fails_leaves_nothing(database):
    async def fail():
        async with database.begin() as session:
            await people.let_in(session, 101, "Ada", None, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await _ids(database) == []


async def test_a_transaction_inside_another_is_refused_at_once(sqlite_database):
    with pytest.raises(RuntimeError, match="open already"):
        async with sqlite_database.begin(), sqlite_database.begin():
            pass

    assert await _ids(sqlite_database) == []


async def test_the_doors_can_see_an_open_transaction(sqlite_database):
    async with sqlite_database.begin():
        inside = databases.in_transaction(), await asyncio.to_thread(databases.in_transaction)

    assert inside == (True, True)
    assert not databases.in_transaction()


async def test_a_task_started_inside_a_transaction_is_outside_once_that_ends(sqlite_database):
    ended = asyncio.Event()

    async def later():
        await ended.wait()
        return databases.in_transaction()

    async with sqlite_database.begin():
        task = asyncio.create_task(later())
    ended.set()

    assert not await task


async def test_a_neighbour_s_transaction_is_not_mine(sqlite_database):
    async with sqlite_database.begin():
        neighbour = asyncio.create_task(asyncio.sleep(0))
    await neighbour

    assert not databases.in_transaction()


async def test_who_reads_before_writing_is_never_told_locked(sqlite_url, open_database):
    first, second = await open_database(sqlite_url), await open_database(sqlite_url)
    await add_person(first, 101, name="0")

    async def count_on(db):
        async with db.begin() as session:
            person = await people.get(session, 101)
            person.first_name = str(int(person.first_name) + 1)

    await asyncio.gather(*(count_on(db) for db in [first, second] * 25))

    async with first.begin() as session:
        assert (await people.get(session, 101)).first_name == "50"


async def test_a_cancelled_turn_gives_its_connection_back(database):
    async def endless():
        async with database.begin() as session:
            while True:
                await everyone(session)

    for _ in range(20):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(endless(), 0.01)

    async with asyncio.timeout(60):
        assert await _ids(database) == []


async def test_a_query_cancelled_half_way_gives_its_connection_back(postgresql_url, open_database):
    db = await open_database(postgresql_url)

    async def slow():
        async with db.begin() as session:
            await session.execute(text("SELECT pg_sleep(30)"))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(slow(), 0.2)

    assert await _ids(db) == []


async def test_a_connection_cut_in_the_middle_is_unavailable_and_the_next_one_works(
    postgresql_url, open_database
):
    db = await open_database(postgresql_url)

    async def work():
        async with db.begin() as session:
            await people.let_in(session, 101, "Ada", None, now=NOW)
            await _cut_off(session, postgresql_url)
            await everyone(session)

    with pytest.raises(Unavailable):
        await work()

    assert await _ids(db) == []


async def test_a_connection_cut_before_the_commit_is_unavailable(postgresql_url, open_database):
    db = await open_database(postgresql_url)

    async def work():
        async with db.begin() as session:
            await people.let_in(session, 101, "Ada", None, now=NOW)
            await _cut_off(session, postgresql_url)

    with pytest.raises(Unavailable):
        await work()

    assert await _ids(db) == []


async def test_a_restart_of_postgres_between_two_turns_costs_nobody_an_error(postgresql_url, open_database):
    db = await open_database(postgresql_url)
    await asyncio.gather(*(_ids(db) for _ in range(5)))
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    await asyncio.to_thread(postgres.run, postgresql_url, f"{others} AND pid <> pg_backend_pid()")

    assert await asyncio.gather(*(_ids(db) for _ in range(5))) == [[]] * 5


async def _cut_off(session, url):
    pid = await session.scalar(text("SELECT pg_backend_pid()"))
    await asyncio.to_thread(postgres.run, url, f"SELECT pg_terminate_backend({pid})")


async def test_a_killed_postgres_is_unavailable():
    with postgres.own_server(postgres.own_directory("killed")) as url:
        db = await databases.open_database(url)

        with pytest.raises(Unavailable):
            await _kill_and_go_on(db)
        with pytest.raises(Unavailable):
            await _ids(db)
        with pytest.raises(Unavailable):
            await databases.open_database(url)

        await db.close()


def _postmaster(directory):
    return int((directory / "postmaster.pid").read_text().split()[0])


async def _kill_and_go_on(db):
    """Shut down at once (SIGQUIT); SIGKILL would leave shared memory behind on the test's machine."""
    async with db.begin() as session:
        directory = await session.scalar(text("SHOW data_directory"))
        os.kill(_postmaster(Path(directory)), signal.SIGQUIT)
        async with asyncio.timeout(60):
            while True:
                await session.execute(text("SELECT 1"))
                await asyncio.sleep(0.05)


async def test_a_postgres_that_is_not_there_is_unavailable():
    with pytest.raises(Unavailable, match="refused") as lost:
        await databases.open_database("postgresql://somebody:hush@127.0.0.1:1/nothing")

    assert "hush" not in str(lost.value)


async def test_a_directory_that_is_not_there_is_unavailable(tmp_path):
    with pytest.raises(Unavailable, match="No such file"):
        await databases.open_database(f"sqlite:///{tmp_path}/none/pinfeather.db")


async def test_a_file_that_is_no_database_is_unavailable(tmp_path):
    (tmp_path / "letter.db").write_text("Dear Ada, " * 1000)

    with pytest.raises(Unavailable):
        await databases.open_database(f"sqlite:///{tmp_path}/letter.db")


async def test_a_sqlite_that_stays_locked_is_unavailable(sqlite_url, open_database):
    first, second = await open_database(sqlite_url), await open_database(sqlite_url)
    async with second.begin() as session:
        await session.execute(text("PRAGMA busy_timeout=50"))

    async def hold(until):
        async with first.begin() as session:
            await everyone(session)
            held.set()
            await until.wait()

    held, done = asyncio.Event(), asyncio.Event()
    holder = asyncio.create_task(hold(done))
    await held.wait()
    with pytest.raises(Unavailable):
        await _ids(second)
    done.set()
    await holder


async def test_an_error_that_is_not_the_database_s_stays_what_it_is(sqlite_database):
    with pytest.raises(TimeoutError):
        async with sqlite_database.begin():
            raise TimeoutError


async def test_a_mistake_of_ours_is_not_called_unavailable(database):
    with pytest.raises((OperationalError, ProgrammingError)):
        async with database.begin() as session:
            await session.execute(text("SELECT * FROM no_such_table"))


async def test_an_error_quotes_no_values(sqlite_database):
    with pytest.raises(OperationalError) as mistake:
        async with sqlite_database.begin() as session:
            await session.execute(text("INSERT INTO nothing VALUES (:a)"), {"a": "hush"})

    assert "hush" not in str(mistake.value)


@pytest.mark.parametrize("url", ["", "hush", "mysql://a:hush@b/c", "sqlite://", "sqlite:///:memory:"])
async def test_what_is_no_address_of_ours_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError) as refusal:
        await databases.open_database(url)

    assert "hush" not in str(refusal.value)


async def test_the_database_file_is_its_owner_s_only(tmp_path, open_database):
    db = await open_database(f"sqlite:///{tmp_path}/new.db")
    await schema.migrate(db)
    await add_person(db)

    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.glob("new.db*")}
    assert modes == {"new.db": "0o600", "new.db-wal": "0o600", "new.db-shm": "0o600"}
