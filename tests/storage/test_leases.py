"""Leases: one holder at a time."""

import asyncio
from datetime import timedelta

from storage import leases
from tests.builders import NOW


async def _take(db, holder, now=NOW):
    async with db.begin() as session:
        return await leases.take(session, "poll", holder, now, for_s=30)


async def test_of_two_replicas_one_gets_the_lease(database, replica):
    takers = [(database, "one"), (replica, "two"), (database, "three"), (replica, "four")]

    won = await asyncio.gather(*(_take(db, holder) for db, holder in takers))

    assert sorted(won) == [False, False, False, True]


async def test_the_holder_keeps_the_lease_by_taking_it_again(database):
    await _take(database, "one")

    assert await _take(database, "one", NOW + timedelta(seconds=20))
    assert not await _take(database, "two", NOW + timedelta(seconds=40))


async def test_a_lease_that_ran_out_goes_to_the_next(database):
    await _take(database, "one")

    assert await _take(database, "two", NOW + timedelta(seconds=30))
    assert not await _take(database, "one", NOW + timedelta(seconds=30))


async def test_a_lease_given_back_is_free_at_once(database):
    await _take(database, "one")
    async with database.begin() as session:
        await leases.give_back(session, "poll", "one")

    assert await _take(database, "two")


async def test_nobody_gives_back_what_another_holds(database):
    await _take(database, "one")
    async with database.begin() as session:
        await leases.give_back(session, "poll", "two")

    assert not await _take(database, "two")
