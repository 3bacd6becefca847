"""Links that start the bot: good for whom, how often, until when."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import people, start_links, updates
from storage.tables import StartLink
from tests.builders import NOW, add_person, everyone

SOON = NOW + timedelta(minutes=10)
ADA, BEN, CHEN = 101, 102, 103
BOT = 5


async def _make(db, purpose="invite", **changes):
    async with db.begin() as session:
        return await start_links.make(session, purpose, **{"expires_at": SOON} | changes)


async def _use(db, token, person_id=ADA, now=NOW, purposes=None, update_id=None):
    """Use a link; `update_id`: as the update of that number, which is received now."""
    delivery = (BOT, update_id) if update_id else None
    async with db.begin() as session:
        if delivery:
            await updates.claim(session, *delivery, by="a", now=now)
        return await start_links.use(
            session, token, person_id=person_id, now=now, purposes=purposes, delivery=delivery
        )


async def _reason(db, token, person_id=ADA, now=NOW):
    async with db.begin() as session:
        return await start_links.dead_because(session, token, person_id=person_id, now=now)


async def test_a_link_gives_its_purpose(database):
    token = await _make(database, "invite")

    assert await _use(database, token) == "invite"


async def test_only_the_hash_of_a_token_is_kept(database):
    token = await _make(database)

    async with database.begin() as session:
        kept = (await session.scalars(select(StartLink))).one()
    assert token not in str(vars(kept))
    assert len(token) == 22


async def test_a_link_for_one_use_is_used_up(database):
    token = await _make(database)
    await _use(database, token, ADA)

    assert await _use(database, token, BEN) is None
    assert await _reason(database, token, BEN) == "used_up"


async def test_a_redelivered_start_costs_no_second_use(database):
    token = await _make(database, uses=2)

    used = [
        await _use(database, token, person, NOW + timedelta(seconds=seconds), update_id=update_id)
        for seconds, (person, update_id) in enumerate([(ADA, 1), (ADA, 1), (ADA, 1), (BEN, 2), (CHEN, 3)])
    ]

    assert used == ["invite", "invite", "invite", "invite", None]


@pytest.mark.parametrize("uses", [1, 5])
async def test_a_later_press_finds_a_link_used(database, uses):
    token = await _make(database, "connect", person_id=ADA, uses=uses)
    await _use(database, token, update_id=1)

    later = await _use(database, token, now=NOW + timedelta(seconds=1), update_id=2)

    assert later is None


async def test_what_a_link_is_for_can_be_asked_without_using_it(database):
    token = await _make(database)

    async with database.begin() as session:
        purposes = [await start_links.purpose_of(session, each) for each in (token, "unknown")]

    assert purposes == ["invite", None]
    assert await _use(database, token, BEN) == "invite"


async def test_a_link_is_dead_from_its_last_moment_on(database):
    token = await _make(database)

    assert await _use(database, token, now=SOON) is None
    assert await _reason(database, token, now=SOON) == "expired"


async def test_a_link_bound_to_a_person_is_nobody_else_s(database):
    token = await _make(database, "connect", person_id=ADA)

    assert await _use(database, token, BEN) is None
    assert await _reason(database, token, BEN) == "not_yours"
    assert await _use(database, token, ADA) == "connect"


@pytest.mark.parametrize("token", ["", "x", "A" * 64, "ü\0'--"])
async def test_what_nobody_made_is_unknown(database, token):
    assert await _use(database, token) is None
    assert await _reason(database, token) == "unknown"


async def test_a_link_of_another_purpose_is_left_alone(database):
    token = await _make(database, "connect")

    assert await _use(database, token, purposes=("claim", "invite")) is None
    assert await _use(database, token) == "connect"


async def test_of_many_who_use_the_last_use_at_once_one_wins(database, replica):
    token = await _make(database)

    used = await asyncio.gather(*(_use(db, token, 200 + n) for n, db in enumerate([database, replica] * 5)))

    assert sorted(used, key=str) == [None] * 9 + ["invite"]


async def test_one_start_delivered_twice_at_once_costs_one_use(database, replica):
    token = await _make(database, uses=2)

    used = await asyncio.gather(*(_use(db, token, ADA, update_id=1) for db in [database, replica] * 3))

    assert used == ["invite"] * 6
    assert await _use(database, token, BEN) == "invite"


async def test_a_claim_link_is_dead_once_there_is_an_operator(database):
    await add_person(database, ADA, operator=True)
    token = await _make(database, "claim")

    assert await _use(database, token, BEN) is None


async def test_the_operator_s_own_claim_may_be_delivered_again(database):
    token = await _make(database, "claim")
    await _use(database, token, ADA, update_id=1)
    await add_person(database, ADA, operator=True)

    assert await _use(database, token, ADA, update_id=1) == "claim"


async def test_of_two_who_claim_with_two_links_one_becomes_the_operator(database, replica):
    tokens = [await _make(database, "claim") for _ in range(2)]

    async def claim(db, token, person_id):
        async with db.begin() as session:
            if await start_links.use(session, token, person_id=person_id, now=NOW):
                await asyncio.sleep(0.05)
                await people.let_in(session, person_id, "A", None, now=NOW, operator=True)

    await asyncio.gather(claim(database, tokens[0], ADA), claim(replica, tokens[1], BEN))

    async with database.begin() as session:
        assert [person.is_operator for person in await everyone(session)].count(True) == 1


async def test_a_token_of_the_caller_s_making_is_one_link(database):
    token = await _make(database, token="a" * 32, uses=1)
    await _use(database, token)

    assert await _make(database, token="a" * 32, uses=1) == token
    assert await _use(database, token, BEN) is None


async def test_a_withdrawn_link_is_good_for_nobody_who_has_not_used_it(database):
    token, other = await _make(database, uses=5), await _make(database, uses=5)
    await _use(database, token, ADA)
    short = start_links.short_name_of(token)

    async with database.begin() as session:
        withdrawn = [await start_links.withdraw(session, "invite", short) for _ in range(2)]

    assert withdrawn == [True, False]
    assert await _use(database, token, BEN) is None
    assert await _use(database, other, BEN) == "invite"


@pytest.mark.parametrize("short", ["", "%", "_" * 32])
async def test_withdrawing_takes_a_whole_short_name(database, short):
    token = await _make(database)

    async with database.begin() as session:
        withdrawn = await start_links.withdraw(session, "invite", short)

    assert withdrawn is False
    assert await _use(database, token) == "invite"


async def test_a_link_of_another_purpose_is_not_withdrawn(database):
    token = await _make(database, "claim")

    async with database.begin() as session:
        assert not await start_links.withdraw(session, "invite", start_links.short_name_of(token))


async def test_open_links_are_listed_until_used_up_or_run_out(database):
    late = await _make(database, uses=2, expires_at=SOON + timedelta(days=1))
    soon = await _make(database, uses=2)
    used = await _make(database, uses=1)
    await _make(database, "claim")
    await _use(database, used)

    async with database.begin() as session:
        now_open = await start_links.still_open(session, "invite", now=NOW)
        later_open = await start_links.still_open(session, "invite", now=SOON)

    assert [start_links.short_name(link) for link in now_open] == [
        *map(start_links.short_name_of, (soon, late))
    ]
    assert [start_links.short_name(link) for link in later_open] == [start_links.short_name_of(late)]
