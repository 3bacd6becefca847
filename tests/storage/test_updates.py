"""Updates: taken in hand once, worked once, answered once."""

import asyncio
from datetime import timedelta

import pytest

from storage import updates
from storage.updates import CLAIMED_FOR, Claim, Overtaken
from tests.builders import NOW

BOT, ID = 5_000_000_001, 900_000_000_001


async def _claim(db, by="one", now=NOW):
    async with db.begin() as session:
        return await updates.claim(session, BOT, ID, by, now)


async def test_a_new_update_is_mine(database):
    assert await _claim(database) == Claim("mine", again=False, attempts=1)


async def test_of_two_replicas_one_takes_the_update_in_hand(database, replica):
    claims = await asyncio.gather(*(_claim(db, by) for db, by in [(database, "one"), (replica, "two")] * 5))

    assert sorted(claim.state for claim in claims) == ["busy"] * 9 + ["mine"]


async def test_an_answered_update_is_done(database):
    await _claim(database)
    async with database.begin() as session:
        await updates.answered(session, BOT, ID)

    assert await _claim(database, now=NOW + timedelta(hours=1)) == Claim("done")


async def test_the_update_of_a_dead_replica_is_taken_over(database):
    await _claim(database, by="dead")

    assert await _claim(database, "two", NOW + CLAIMED_FOR) == Claim("mine", again=False, attempts=2)


async def test_a_released_update_is_taken_in_hand_at_once(database):
    await _claim(database)
    async with database.begin() as session:
        await updates.release(session, BOT, ID)

    assert await _claim(database) == Claim("mine", again=False, attempts=2)


async def test_a_redelivery_after_the_work_only_answers(database):
    await _claim(database)
    async with updates.working(database, BOT, ID):
        pass

    assert await _claim(database, now=NOW + CLAIMED_FOR) == Claim("mine", again=True, attempts=2)


async def test_work_that_fails_is_not_marked(database):
    await _claim(database)
    with pytest.raises(ZeroDivisionError):
        async with updates.working(database, BOT, ID):
            raise ZeroDivisionError

    assert await _claim(database, now=NOW + CLAIMED_FOR) == Claim("mine", again=False, attempts=2)


async def test_of_two_who_work_on_one_update_one_commits(database, replica):
    await _claim(database)
    done = []

    async def work(db, by):
        async with updates.working(db, BOT, ID):
            await asyncio.sleep(0.05)
            done.append(by)

    outcomes = await asyncio.gather(work(database, "one"), work(replica, "two"), return_exceptions=True)

    assert len(done) == 1
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Overtaken"]


async def test_work_on_an_update_nobody_claimed_is_refused(database):
    with pytest.raises(Overtaken):
        async with updates.working(database, BOT, ID):
            pass


async def test_an_update_set_aside_is_done(database):
    await _claim(database)
    async with database.begin() as session:
        await updates.set_aside(session, BOT, ID, error_id="abcd1234")

    assert await _claim(database, now=NOW + CLAIMED_FOR) == Claim("done")


async def test_old_updates_are_forgotten(database):
    await _claim(database)
    async with database.begin() as session:
        await updates.clean(session, before=NOW + timedelta(seconds=1))

    assert await _claim(database) == Claim("mine", again=False, attempts=1)
