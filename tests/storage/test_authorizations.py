"""Authorizations: each step has one winner, secrets live no longer than they are needed, time ends what is open."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from storage import authorizations, confirmations, connections, links, personal_data, revocations
from storage.tables import AppKind, Authorization, AuthorizationState, ConnectionState
from storage.vault import Locked, Secret
from tests import builders
from tests.builders import NOW

State = AuthorizationState
MINUTE = timedelta(minutes=1)


async def begun(db, vault, update_id=1, **more):
    async with db.begin() as session:
        return await authorizations.open_new(
            session, vault, person_id=101, update_id=update_id, now=NOW, **more
        )


async def linked(db, vault, update_id=1, kind=AppKind.REGISTERED, now=NOW, **more):
    row = await begun(db, vault, update_id, **more)
    async with db.begin() as session:
        row = await authorizations.choose_app(session, row, kind, vault.fingerprint("app"), now)
        if kind == AppKind.OWN:
            keys = {"consumer_key": Secret("key"), "consumer_secret": Secret("secret")}
            row = await authorizations.take_secrets(session, vault, row, State.SECRET, secrets=keys, now=now)
        return await links.hand_out_link(
            session, vault, row, token=Secret("request"), secret=Secret("request secret"), now=now
        )


async def confirming(db, vault, update_id=1, token="7001-token", x_user_id="7001", **more):
    row = await linked(db, vault, update_id, **more)
    async with db.begin() as session:
        row = await links.exchange(session, row, NOW)
        return await authorizations.keep_token(
            session,
            vault,
            row,
            token=Secret(token),
            secret=Secret("access secret"),
            now=NOW,
            x_user_id=x_user_id,
            username="alice_writes",
            x_name="Alice Writes",
        )


async def reread(db, row):
    async with db.begin() as session:
        return await authorizations.get(session, row.id, person_id=row.person_id)


def clear_columns(row):
    return {column for column in authorizations.SEALED if getattr(row, column) is not None}


async def at_once(one, other):
    """Run two contenders at the same time; give what came of each, None or an error for the loser."""
    return await asyncio.gather(one, other, return_exceptions=True)


async def test_the_newest_connect_wins(database, vault, a_person):
    old = await begun(database, vault, update_id=1)

    new = await begun(database, vault, update_id=2)

    async with database.begin() as session:
        current = await authorizations.current(session, 101)
    assert (await reread(database, old)).state == State.CANCELLED
    assert current.id == new.id


async def test_the_same_update_finds_its_own_row(database, vault, a_person):
    first = await begun(database, vault, update_id=1)
    await begun(database, vault, update_id=2)

    again = await begun(database, vault, update_id=1)

    assert again.id == first.id
    assert again.state == State.CANCELLED


async def test_two_connects_at_once_leave_one_open(database, replica, vault, a_person):
    rows = await at_once(begun(database, vault, update_id=1), begun(replica, vault, update_id=2))

    states = sorted([(await reread(database, row)).state for row in rows])
    assert states == [State.CANCELLED, State.CHOOSING]


async def test_somebody_elses_authorization_is_not_found(database, vault, a_person):
    await builders.add_person(database, 102, "Ben")
    row = await begun(database, vault)

    async with database.begin() as session:
        assert await authorizations.get(session, row.id, person_id=102) is None


async def test_typed_keys_are_sealed_to_their_row_and_column(database, vault, a_person):
    row = await linked(database, vault, kind=AppKind.OWN)

    assert b"secret" not in row.consumer_secret
    assert authorizations.unseal(vault, row, "consumer_secret") == Secret("secret")
    row.consumer_secret = row.consumer_key
    with pytest.raises(Locked):
        authorizations.unseal(vault, row, "consumer_secret")


async def test_a_pin_is_exchanged_by_one_of_two(database, replica, vault, a_person):
    row = await linked(database, vault)

    async def take(db):
        async with db.begin() as session:
            return await links.exchange(session, row, NOW)

    results = await at_once(take(database), take(replica))

    assert sorted(result is None for result in results) == [False, True]
    assert (await reread(database, row)).state == State.EXCHANGING


async def test_a_link_is_not_exchanged_after_its_time(database, vault, a_person):
    row = await linked(database, vault)

    async with database.begin() as session:
        assert await links.exchange(session, row, NOW + timedelta(minutes=10)) is None


async def test_three_wrong_pins_use_a_link_up(database, vault, a_person):
    row = await linked(database, vault)
    until = row.expires_at
    left = []

    for _ in range(3):
        async with database.begin() as session:
            taken = await links.exchange(session, row, NOW)
            row = await links.wrong_pin(session, taken, link_until=until, now=NOW)
        left.append((row.state, row.tries_left))

    assert left == [(State.LINK, 2), (State.LINK, 1), (State.USED_UP, 0)]
    assert row.request_token is None


async def test_an_exchange_that_never_reached_x_costs_no_try(database, vault, a_person):
    row = await linked(database, vault)
    until = row.expires_at

    async with database.begin() as session:
        taken = await links.exchange(session, row, NOW)
        back = await links.give_back(session, taken, link_until=until, now=NOW)

    assert (back.state, back.tries_left, back.expires_at) == (State.LINK, 3, until)


async def stranded_of(db, but_for):
    async with db.begin() as session:
        found = await session.scalars(
            select(Authorization).where(Authorization.state == State.REVOKING, Authorization.id != but_for.id)
        )
        return found.all()


@pytest.mark.parametrize("meanwhile", [State.CANCELLED, State.USED_UP, "new link"])
async def test_a_token_that_comes_too_late_gets_a_row_of_its_own_to_be_revoked(
    database, vault, a_person, meanwhile
):
    row = await linked(database, vault, kind=AppKind.OWN)
    secrets = {"access_token": Secret("t"), "access_secret": Secret("s"), "consumer_key": Secret("key")}
    async with database.begin() as session:
        taken = await links.exchange(session, row, NOW)
        old = SimpleNamespace(**{c.key: getattr(taken, c.key) for c in Authorization.__table__.columns})
        to = State.USED_UP if meanwhile == "new link" else meanwhile
        ended = await authorizations.end(session, taken, to, NOW)
        if meanwhile == "new link":
            new = {"token": Secret("new"), "secret": Secret("new secret")}
            ended = await links.hand_out_link(session, vault, ended, **new, now=NOW)

    async with database.begin() as session:
        kept = await authorizations.keep_token(
            session, vault, old, token=Secret("t"), secret=Secret("s"), now=NOW
        )
        stranded = await links.strand_token(session, vault, old, secrets, NOW)

    (own,) = await stranded_of(database, row)
    assert (kept, stranded) == (None, True)
    assert own.retry_at == NOW
    assert authorizations.unseal(vault, own, "access_token") == Secret("t")
    assert authorizations.unseal(vault, own, "consumer_key") == Secret("key")
    assert (await reread(database, row)).state == ended.state
    async with database.begin() as session:
        assert (await authorizations.latest(session, 101)).id == row.id


async def test_a_token_of_somebody_erased_is_not_stored(database, vault, a_person):
    row = await linked(database, vault)
    secrets = {"access_token": Secret("t"), "access_secret": Secret("s")}

    async with database.begin() as session:
        await personal_data.erase(session, 101)
        stranded = await links.strand_token(session, vault, row, secrets, NOW)

    assert not stranded
    assert await stranded_of(database, row) == []


async def test_a_cancelled_own_app_keeps_no_key(database, vault, a_person):
    row = await linked(database, vault, kind=AppKind.OWN)

    async with database.begin() as session:
        ended = await authorizations.end(session, row, State.CANCELLED, NOW)

    assert clear_columns(ended) == set()


async def test_an_expired_link_keeps_the_app_for_a_new_one_and_forgets_it_later(database, vault, a_person):
    row = await linked(database, vault, kind=AppKind.OWN)
    later = NOW + timedelta(minutes=10)

    async with database.begin() as session:
        (expired,) = await authorizations.take_expired(session, later)
        await authorizations.forget_keys(session, later + timedelta(minutes=29))
        kept = clear_columns(await authorizations.get(session, row.id, person_id=101))
        await authorizations.forget_keys(session, later + timedelta(minutes=30))
    assert expired.state == State.EXPIRED
    assert kept == {"consumer_key", "consumer_secret"}
    assert clear_columns(await reread(database, row)) == set()


async def test_an_expired_link_is_given_to_one_of_two_replicas(database, replica, vault, a_person):
    await linked(database, vault)

    async def expire(db):
        async with db.begin() as session:
            return len(await authorizations.take_expired(session, NOW + timedelta(minutes=10)))

    assert sorted(await at_once(expire(database), expire(replica))) == [0, 1]


async def test_a_countdown_is_given_to_one_of_two_replicas_each_minute(database, replica, vault, a_person):
    await linked(database, vault)

    async def count(db, at):
        async with db.begin() as session:
            return len(await links.take_ticking(session, at))

    at = NOW + MINUTE
    assert sorted(await at_once(count(database, at), count(replica, at))) == [0, 1]
    assert await count(database, at + timedelta(seconds=30)) == 0
    assert await count(database, at + MINUTE) == 1


async def test_typing_that_takes_too_long_ends_and_is_erased(database, vault, a_person):
    row = await begun(database, vault)
    async with database.begin() as session:
        row = await authorizations.choose_app(session, row, AppKind.OWN, None, NOW)
        await authorizations.take_secrets(
            session, vault, row, State.SECRET, secrets={"consumer_key": Secret("key")}, now=NOW
        )

    async with database.begin() as session:
        (ended,) = await authorizations.take_expired(session, NOW + timedelta(minutes=15))

    assert ended.state == State.EXPIRED
    assert clear_columns(ended) == set()


async def test_an_exchange_nobody_finished_is_used_up(database, vault, a_person):
    row = await linked(database, vault)
    async with database.begin() as session:
        await links.exchange(session, row, NOW)

    async with database.begin() as session:
        (ended,) = await authorizations.take_expired(session, NOW + timedelta(seconds=30))

    assert (ended.state, ended.tries_left) == (State.USED_UP, 3)


async def test_a_token_nobody_confirmed_is_revoked(database, vault, a_person):
    await confirming(database, vault)

    async with database.begin() as session:
        (ended,) = await authorizations.take_expired(session, NOW + timedelta(minutes=10))

    assert ended.state == State.REVOKING
    assert authorizations.unseal(vault, ended, "access_token") == Secret("7001-token")


async def test_a_ready_made_token_is_forgotten_but_not_revoked(database, vault, a_person):
    row = await confirming(database, vault)
    async with database.begin() as session:
        row = await authorizations.move(session, row, State.CONFIRMING, request_token=None)

    async with database.begin() as session:
        ended = await authorizations.end(session, row, State.CANCELLED, NOW)

    assert ended.state == State.CANCELLED
    assert clear_columns(ended) == set()


async def test_a_revocation_is_taken_by_one_of_two_replicas(database, replica, vault, a_person):
    row = await confirming(database, vault)
    async with database.begin() as session:
        row = await authorizations.end(session, row, State.CANCELLED, NOW)

    async def take(db):
        async with db.begin() as session:
            return await revocations.take(session, row, NOW)

    assert sorted(await at_once(take(database), take(replica))) == [False, True]


async def test_a_token_is_shared_while_anything_lives_on_it(database, vault, a_person):
    await builders.add_person(database, 102, "Ben")
    row = await confirming(database, vault)
    async with database.begin() as session:
        row = await authorizations.end(session, row, State.CANCELLED, NOW)
        alone = await revocations.is_shared(session, row)
    bens = await builders.add_connection(database, vault, person_id=102)

    async with database.begin() as session:
        shared = await revocations.is_shared(session, row)
        await connections.disconnect(session, bens, NOW)
        alone_again = await revocations.is_shared(session, row)

    assert (alone, shared, alone_again) == (False, True, False)


async def test_a_finished_revocation_leaves_no_secret(database, vault, a_person):
    row = await confirming(database, vault)
    async with database.begin() as session:
        row = await authorizations.end(session, row, State.CANCELLED, NOW)

    async with database.begin() as session:
        assert await revocations.finish(session, row)

    ended = await reread(database, row)
    assert (ended.state, clear_columns(ended), ended.token_fingerprint) == (State.REVOKED, set(), None)


async def test_yes_makes_the_connection_once(database, replica, vault, a_person):
    row = await confirming(database, vault)

    async def say_yes(db):
        async with db.begin() as session:
            return await confirmations.confirm(session, vault, row, NOW)

    results = await at_once(say_yes(database), say_yes(replica))

    async with database.begin() as session:
        made = await connections.listed(session, 101)
    assert sorted(result is None for result in results) == [False, True]
    assert [each.username for each in made] == ["alice_writes"]
    assert (await reread(database, row)).state == State.DONE
    assert clear_columns(await reread(database, row)) == set()


async def test_yes_or_cancel_at_once_has_one_winner(database, replica, vault, a_person):
    row = await confirming(database, vault)

    async def say_yes():
        async with database.begin() as session:
            return await confirmations.confirm(session, vault, row, NOW)

    async def say_no():
        async with replica.begin() as session:
            fresh = await authorizations.get(session, row.id, person_id=101)
            return await authorizations.end(session, fresh, State.CANCELLED, NOW)

    await at_once(say_yes(), say_no())

    async with database.begin() as session:
        held = [
            each for each in await connections.listed(session, 101) if each.state == ConnectionState.ACTIVE
        ]
    state = (await reread(database, row)).state
    assert (state, len(held)) in {(State.DONE, 1), (State.REVOKING, 0)}


async def test_a_yes_that_comes_too_late_connects_nothing(database, vault, a_person):
    row = await confirming(database, vault)

    async with database.begin() as session:
        late = await confirmations.confirm(session, vault, row, NOW + timedelta(minutes=10))

    assert late is None


async def test_what_came_to_live_on_a_token_x_has_forgotten_is_taken_out_of_use(database, vault, a_person):
    await builders.add_person(database, 102, "Ben")
    gone = await builders.add_connection(database, vault, state=ConnectionState.REVOKING)
    bens = await builders.add_connection(database, vault, person_id=102)
    other = await builders.add_connection(database, vault, person_id=102, x_user_id="8", token="8-other")
    asked = await confirming(database, vault)

    async with database.begin() as session:
        await revocations.end_sharers(session, gone, NOW)

    async with database.begin() as session:
        states = [(await connections.get(session, each.id)).state for each in (gone, bens, other)]
    assert states == [ConnectionState.REVOKING, ConnectionState.REAUTHORIZE, ConnectionState.ACTIVE]
    ended = await reread(database, asked)
    assert (ended.state, clear_columns(ended)) == (State.USED_UP, set())
