"""The sign of life: who is alive, and how soon one that is not can be taken over."""

import asyncio
import contextvars
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from storage.db import Unavailable
from storage.liveness import LOST_STATUS, SignOfLife, Taken, try_adopt
from tests.forwarder import forwarded

ROOT = Path(__file__).parents[2]
#: What is promised for a whole takeover; the lock alone must be free well before.
SOON_S = 12
#: A process that gives a sign of life and does nothing else.
PROCESS = """
import sys, time
from storage.liveness import SignOfLife
SignOfLife(sys.argv[1], sys.argv[2]).start()
print("alive", flush=True)
time.sleep(600)
"""


@pytest.fixture
async def database(postgresql_url, open_database):
    """Give an open Postgres; SQLite has one process and needs no sign of life."""
    return await open_database(postgresql_url)


@pytest.fixture
def sign(postgresql_url):
    """Give the sign of life of a process that is not ended when it loses it; its event says so."""
    lost = threading.Event()
    sign = SignOfLife(postgresql_url, "one", lost.set)
    sign.lost = lost
    sign.start()
    yield sign
    sign.stop()


@pytest.fixture
def process():
    """Start processes that give signs of life; they are killed when the test ends."""
    started = []

    def start(url):
        command = [sys.executable, "-c", PROCESS, url, "other"]
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        assert started[-1].stdout.readline() == b"alive\n", started[-1].stderr.read()
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.communicate()


async def is_dead(db, executor_id):
    """Look as another process does, whatever transaction the test itself has open."""

    async def look():
        async with try_adopt(db, executor_id) as adopted:
            return adopted

    return await asyncio.create_task(look(), context=contextvars.Context())


async def until_dead(db, executor_id):
    async with asyncio.timeout(SOON_S):
        while not await is_dead(db, executor_id):
            await asyncio.sleep(0.05)


async def test_who_lives_is_not_adopted(database, sign):
    assert sign.is_fresh()
    assert not await is_dead(database, "one")
    assert await is_dead(database, "another")


async def test_a_sign_of_life_stays_fresh(database, sign):
    first = sign._seen_s
    deadline = time.monotonic() + 30
    while sign._seen_s == first:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)

    assert sign.is_fresh()
    assert not sign.lost.is_set()


async def test_who_stops_in_order_is_adopted_at_once(database, postgresql_url):
    sign = SignOfLife(postgresql_url, "one")
    for _ in range(2):
        sign.start()
        assert not await is_dead(database, "one")
        sign.stop()

        assert await is_dead(database, "one")


async def test_two_processes_are_not_the_same_one(database, sign, postgresql_url):
    with pytest.raises(Taken):
        SignOfLife(postgresql_url, "one").start()


async def test_nobody_starts_without_a_database(database, postgresql_url):
    with pytest.raises(Unavailable, match="no sign of life"):
        SignOfLife("postgresql://nobody@127.0.0.1:1/none", "one").start()


async def test_who_is_being_adopted_is_adopted_by_nobody_else(database, postgresql_url, open_database):
    replica = await open_database(postgresql_url)

    async with try_adopt(database, "one") as first:
        assert first
        assert not await is_dead(replica, "one")
        with pytest.raises(Taken):
            SignOfLife(postgresql_url, "one").start()

    assert await is_dead(replica, "one")


async def test_an_adopter_that_falls_silent_loses_what_it_adopts(database, postgresql_url, open_database):
    replica = await open_database(postgresql_url)

    async def adopt():
        async with try_adopt(database, "one") as adopted:
            assert adopted
            await until_dead(replica, "one")

    with pytest.raises(Unavailable):
        await adopt()


async def test_a_session_that_ends_is_noticed_at_once(database, sign, postgresql_url):
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            ["pinfeather one"],
        )

    assert await asyncio.to_thread(sign.lost.wait, 10)
    assert not sign.is_fresh()
    assert await is_dead(database, "one")


async def test_a_killed_process_is_dead_at_once(database, process, postgresql_url):
    victim = process(postgresql_url)
    assert not await is_dead(database, "other")

    victim.kill()

    await until_dead(database, "other")


async def test_a_frozen_process_is_dead_soon_and_ends_when_it_wakes(database, process, postgresql_url):
    victim = process(postgresql_url)
    victim.send_signal(signal.SIGSTOP)

    await until_dead(database, "other")

    victim.send_signal(signal.SIGCONT)
    assert await asyncio.to_thread(victim.wait, 10) == LOST_STATUS


async def test_a_process_cut_off_is_dead_soon_and_ends(database, process, postgresql_url):
    with forwarded(postgresql_url) as line:
        victim = process(line.url)
        assert not await is_dead(database, "other")
        line.cut()

        await until_dead(database, "other")
        assert await asyncio.to_thread(victim.wait, 10) == LOST_STATUS
