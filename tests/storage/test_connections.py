"""Connections: made once per person, app and account; renewed in place; given up without harm to anybody else's."""

import asyncio
from datetime import timedelta

import pytest

from storage import confirmations, connections, keyring, people, revocations
from storage.tables import AppKind, Connection, ConnectionState
from storage.vault import Locked, Secret, Vault
from tests import builders
from tests.builders import NOW
from tests.storage.test_authorizations import confirming

State = ConnectionState


async def confirmed(db, vault, replaces=None, **more):
    row = await confirming(db, vault, **more)
    async with db.begin() as session:
        return await confirmations.confirm(session, vault, row, NOW, replaces=replaces)


async def all_of(db, person_id=101):
    async with db.begin() as session:
        return list(await connections.listed(session, person_id))


async def default_of(db, person_id=101):
    async with db.begin() as session:
        return await connections.default_id(session, person_id)


async def test_a_connection_is_named_from_the_account_and_opens(database, vault, a_person):
    made = await confirmed(database, vault)

    keys = connections.open_keys(vault, made)
    assert (made.name, made.state, made.app_kind) == ("Alice Writes", State.ACTIVE, AppKind.REGISTERED)
    assert (keys.consumer_key, keys.access_token) == (None, Secret("7001-token"))
    assert keys.access_secret == Secret("access secret")


async def test_an_own_app_goes_along_with_its_connection(database, vault, a_person):
    made = await confirmed(database, vault, kind=AppKind.OWN)

    keys = connections.open_keys(vault, made)
    assert (keys.consumer_key, keys.consumer_secret) == (Secret("key"), Secret("secret"))


async def test_the_first_connection_becomes_the_default(database, vault, a_person):
    first = await confirmed(database, vault, update_id=1)

    await confirmed(database, vault, update_id=2, x_user_id="7002", token="7002-token")

    assert await default_of(database) == first.id


async def test_the_same_account_and_app_renews_in_place(database, vault, a_person):
    first = await confirmed(database, vault, update_id=1)
    async with database.begin() as session:
        await connections.needs_reauthorizing(session, first.id)

    renewed = await confirmed(database, vault, update_id=2)

    assert renewed.id == first.id
    assert renewed.state == State.ACTIVE
    assert [each.id for each in await all_of(database)] == [first.id]


async def test_a_chosen_name_survives_a_renewal(database, vault, a_person):
    first = await confirmed(database, vault, update_id=1)
    async with database.begin() as session:
        asked = await connections.ask_name(session, first, NOW)
        await connections.rename(session, asked, "Work")

    renewed = await confirmed(database, vault, update_id=2)

    assert renewed.name == "Work"


async def test_a_replaced_token_waits_for_its_revocation(database, vault, a_person):
    first = await confirmed(database, vault, update_id=1)

    renewed = await confirmed(database, vault, update_id=2, token="7001-newer")

    apart = next(each for each in await all_of(database) if each.id != first.id)
    assert connections.open_keys(vault, renewed).access_token == Secret("7001-newer")
    assert apart.state == State.REVOKING
    assert connections.open_keys(vault, apart).access_token == Secret("7001-token")


async def test_somebody_elses_connection_to_the_same_account_is_not_touched(database, vault, a_person):
    await builders.add_person(database, 102, "Ben")
    bens = await builders.add_connection(
        database, vault, person_id=102, app_fingerprint=vault.fingerprint("app")
    )

    adas = await confirmed(database, vault)

    async with database.begin() as session:
        still = await connections.get(session, bens.id)
        hidden = await connections.get(session, bens.id, 101)
    assert adas.id != bens.id
    assert (still.state, still.version) == (State.ACTIVE, bens.version)
    assert hidden is None


async def test_another_app_makes_a_second_connection_unless_it_replaces(database, vault, a_person):
    first = await builders.add_connection(database, vault, app_fingerprint=vault.fingerprint("other app"))

    second = await confirmed(database, vault, update_id=1)

    assert second.id != first.id
    assert {each.state for each in await all_of(database)} == {State.ACTIVE}


async def test_replacing_the_app_keeps_the_connection(database, vault, a_person):
    first = await builders.add_connection(
        database, vault, app_fingerprint=vault.fingerprint("other app"), token="7001-by-other-app"
    )

    replaced = await confirmed(database, vault, replaces=first)

    states = {each.id: each.state for each in await all_of(database)}
    assert replaced.id == first.id
    assert replaced.app_fingerprint == vault.fingerprint("app")
    assert states.pop(first.id) == State.ACTIVE
    assert list(states.values()) == [State.REVOKING]


async def test_replacing_by_another_account_disconnects_the_old_one(database, vault, a_person):
    old = await confirmed(database, vault, update_id=1)
    async with database.begin() as session:
        old = await connections.get(session, old.id)

    new = await confirmed(database, vault, update_id=2, replaces=old, x_user_id="7002", token="7002-token")

    states = {each.id: each.state for each in await all_of(database)}
    assert states == {old.id: State.REVOKING, new.id: State.ACTIVE}
    assert await default_of(database) == new.id


async def test_a_connection_is_disconnected_once(database, replica, vault, a_person):
    row = await confirmed(database, vault)

    async def off(db):
        async with db.begin() as session:
            return await connections.disconnect(session, row, NOW)

    results = await asyncio.gather(off(database), off(replica))

    assert sorted(result is None for result in results) == [False, True]


async def test_disconnecting_passes_the_default_on(database, vault, a_person):
    first = await confirmed(database, vault, update_id=1)
    second = await confirmed(database, vault, update_id=2, x_user_id="7002", token="7002-token")

    async with database.begin() as session:
        await connections.disconnect(session, first, NOW)
    after_first = await default_of(database)
    async with database.begin() as session:
        await connections.disconnect(session, second, NOW)

    assert after_first == second.id
    assert await default_of(database) is None


async def test_a_disconnected_connection_leaves_no_secret(database, vault, a_person):
    row = await confirmed(database, vault, kind=AppKind.OWN)
    async with database.begin() as session:
        off = await connections.disconnect(session, row, NOW)

    async with database.begin() as session:
        assert await revocations.finish(session, off)

    async with database.begin() as session:
        gone = await connections.get(session, row.id)
        listed = await connections.listed(session, 101)
    assert gone.state == State.GONE
    assert [getattr(gone, column) for column in ("data_key", *connections.SEALED)] == [None] * 5
    assert list(listed) == []


async def test_disconnecting_while_connecting_anew_leaves_a_working_connection(database, vault, a_person):
    first = await confirmed(database, vault, update_id=1)
    async with database.begin() as session:
        off = await connections.disconnect(session, first, NOW)

    second = await confirmed(database, vault, update_id=2)

    async with database.begin() as session:
        assert await revocations.is_shared(session, off)
    assert second.id != first.id


async def test_a_revocation_is_due_again_after_a_minute(database, vault, a_person):
    row = await confirmed(database, vault)
    async with database.begin() as session:
        off = await connections.disconnect(session, row, NOW)
        await revocations.take(session, off, NOW)

    async with database.begin() as session:
        at_once = await revocations.due(session, NOW)
        later = await revocations.due(session, NOW + timedelta(minutes=1))

    assert (list(at_once), [each.id for each in later]) == ([], [row.id])


async def test_a_name_is_taken_once(database, replica, vault, a_person):
    row = await confirmed(database, vault)
    async with database.begin() as session:
        asked = await connections.ask_name(session, row, NOW)

    async def name(db, words):
        async with db.begin() as session:
            return await connections.rename(session, asked, words)

    results = await asyncio.gather(name(database, "One"), name(replica, "Two"))

    assert sorted(result is None for result in results) == [False, True]


async def test_a_name_is_waited_for_ten_minutes(database, vault, a_person):
    row = await confirmed(database, vault)
    async with database.begin() as session:
        await connections.ask_name(session, row, NOW)

    async with database.begin() as session:
        in_time = await connections.being_renamed(session, 101, NOW + timedelta(minutes=9))
        too_late = await connections.being_renamed(session, 101, NOW + timedelta(minutes=10))

    assert (in_time.id, too_late) == (row.id, None)


async def test_only_one_connection_waits_for_a_name(database, vault, a_person):
    first = await confirmed(database, vault, update_id=1)
    second = await confirmed(database, vault, update_id=2, x_user_id="7002", token="7002-token")

    async with database.begin() as session:
        await connections.ask_name(session, first, NOW)
        await connections.ask_name(session, second, NOW)
        waiting = await connections.being_renamed(session, 101, NOW)

    assert waiting.id == second.id


async def test_usable_connections_come_default_first(database, vault, a_person):
    first = await confirmed(database, vault, update_id=1)
    second = await confirmed(database, vault, update_id=2, x_user_id="7002", token="7002-token")
    async with database.begin() as session:
        await people.set_default_connection(session, 101, second.id)
        ordered = [each.id for each in await connections.usable(session, 101)]
        await connections.needs_reauthorizing(session, second.id)
        left = [each.id for each in await connections.usable(session, 101)]

    assert (ordered, left) == ([second.id, first.id], [first.id])


async def test_a_locked_row_is_told_apart_and_breaks_no_list(database, vault, a_person, tmp_path):
    row = await confirmed(database, vault)
    stranger = Vault(keyring.make_key_file(tmp_path / "other.keys"))

    listed = await all_of(database)

    assert [connections.is_locked(stranger, each) for each in listed] == [True]
    assert not connections.is_locked(vault, row)
    with pytest.raises(Locked):
        connections.open_keys(stranger, row)


async def test_a_locked_connection_can_be_authorized_again(database, vault, a_person, tmp_path):
    row = await confirmed(database, vault, update_id=1)
    async with database.begin() as session:
        broken = await session.get(Connection, row.id)
        broken.data_key = b"\x01broken"

    renewed = await confirmed(database, vault, update_id=2, token="7001-newer")

    assert renewed.id == row.id
    assert connections.open_keys(vault, renewed).access_token == Secret("7001-newer")


async def test_what_a_test_found_changes_only_the_token_it_was_made_with(database, vault, a_person):
    row = await confirmed(database, vault, update_id=1)
    await confirmed(database, vault, update_id=2, token="7001-newer")

    async with database.begin() as session:
        stale = await connections.works(session, row, NOW, username="renamed")

    assert stale is None


async def test_a_late_refusal_of_the_old_token_leaves_a_renewed_connection_alone(database, vault, a_person):
    old = await confirmed(database, vault, update_id=1)
    fingerprint = old.token_fingerprint
    renewed = await confirmed(database, vault, update_id=2, token="7001-newer")

    async with database.begin() as session:
        late = await connections.needs_reauthorizing(session, renewed.id, token_fingerprint=fingerprint)
        state_after_late = (await connections.get(session, renewed.id)).state
        true = await connections.needs_reauthorizing(
            session, renewed.id, token_fingerprint=renewed.token_fingerprint
        )

    assert (late, state_after_late, true) == (False, State.ACTIVE, True)
