"""The log of a group, on both databases: one chain, and whatever is done to it afterwards is found and named."""

import asyncio

import pytest
from sqlalchemy import delete, select, update

from storage import keyring, log
from storage.log import Broken
from storage.tables import LogEntry, LogHead, LogText
from storage.vault import Vault
from tests.builders import NOW, add_group


@pytest.fixture
async def group(database):
    return await add_group(database)


@pytest.fixture
async def written(database, vault, group):
    """Write five entries, each with words."""
    for number in range(1, 6):
        await append(database, vault, group, f"act {number}", text=f"words {number}")
    return group


async def append(db, vault, group, act, **values):
    async with db.begin() as session:
        return await log.append(session, vault, group.id, act, at=NOW, **{"actor_id": 101} | values)


async def check(db, vault, group):
    async with db.begin() as session:
        return await log.check(session, vault, group.id)


async def run(db, *statements):
    async with db.begin() as session:
        for statement in statements:
            await session.execute(statement)


def put(which, **values):
    return update(LogEntry).where(LogEntry.seq == which).values(**values)


async def entry(db, seq):
    async with db.begin() as session:
        return await session.scalar(select(LogEntry).where(LogEntry.seq == seq))


def copied(of, **changes):
    names = [column.key for column in LogEntry.__table__.columns]
    return LogEntry(**{name: getattr(of, name) for name in names} | changes)


async def test_what_was_written_is_whole(database, vault, written):
    assert await check(database, vault, written) is None


async def test_a_group_without_a_log_has_nothing_wrong(database, vault, group):
    assert await check(database, vault, group) is None


async def test_many_who_write_at_once_make_one_chain(database, replica, vault, group):
    await asyncio.gather(*(append(db, vault, group, "act") for db in (database, replica) * 8))

    async with database.begin() as session:
        assert [each.seq for each in await log.entries_of(session, group.id)] == list(range(1, 17))
    assert await check(database, vault, group) is None


async def test_what_is_rolled_back_leaves_no_gap(database, vault, written):
    async def never():
        async with database.begin() as session:
            await log.append(session, vault, written.id, "never", at=NOW)
            raise LookupError

    with pytest.raises(LookupError):
        await never()

    assert (await append(database, vault, written, "after")).seq == 6
    assert await check(database, vault, written) is None


async def test_each_group_has_a_chain_of_its_own(database, vault, written):
    other = await add_group(database, -501)

    assert (await append(database, vault, other, "first")).seq == 1
    assert await check(database, vault, other) is None


@pytest.mark.parametrize(
    "change",
    [
        {"act": "another"},
        {"actor_id": 102},
        {"actor_id": None},
        {"task_id": "0" * 26},
        {"connection_id": 7},
        {"facts": '{"votes":9}'},
        {"at": NOW.replace(year=2020)},
        {"text_hash": None},
        {"mac": b"0" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_changed_entry_is_found(database, vault, written, change):
    await run(database, put(3, **change))

    assert await check(database, vault, written) == Broken(3, "changed")


async def test_changed_words_are_found(database, vault, written):
    await run(database, update(LogText).where(LogText.seq == 2).values(text="other words"))

    assert await check(database, vault, written) == Broken(2, "changed")


async def test_a_deleted_entry_is_found(database, vault, written):
    await run(database, delete(LogEntry).where(LogEntry.seq == 3))

    assert await check(database, vault, written) == Broken(3, "missing")


async def test_a_deleted_entry_is_found_though_the_others_closed_ranks(database, vault, written):
    await run(database, delete(LogEntry).where(LogEntry.seq == 3), put(4, seq=3), put(5, seq=4))

    assert await check(database, vault, written) == Broken(3, "changed")


async def test_entries_that_changed_places_are_found(database, vault, written):
    await run(database, put(2, seq=99), put(4, seq=2), put(99, seq=4))

    assert await check(database, vault, written) == Broken(2, "reordered")


async def test_a_log_that_was_cut_off_is_found(database, vault, written):
    await run(database, delete(LogEntry).where(LogEntry.seq > 3))

    assert await check(database, vault, written) == Broken(4, "cut_off")


async def test_a_log_that_was_cut_off_with_its_head_is_found(database, vault, written):
    await run(database, delete(LogEntry).where(LogEntry.seq > 3), update(LogHead).values(seq=3))

    assert await check(database, vault, written) == Broken(3, "rewritten_head")


async def test_an_inserted_entry_is_found(database, vault, written):
    third = await entry(database, 3)
    await run(database, put(5, seq=6), put(4, seq=5), put(3, seq=4))
    async with database.begin() as session:
        session.add(copied(third, act="made up", mac=b"1" * 32))

    assert await check(database, vault, written) == Broken(3, "inserted")


async def test_an_entry_behind_the_head_is_found(database, vault, written):
    fifth = await entry(database, 5)
    async with database.begin() as session:
        session.add(copied(fifth, seq=6, mac=vault.sign(vault.key_id, b"made", b"up")))

    assert await check(database, vault, written) == Broken(6, "changed")


async def test_a_head_that_was_put_back_is_found(database, vault, written):
    async with database.begin() as session:
        head = await session.get(LogHead, written.id)
        old = {"seq": head.seq, "mac": head.mac}
    await append(database, vault, written, "later")
    await run(database, update(LogHead).values(**old))

    assert await check(database, vault, written) == Broken(6, "forked")


@pytest.mark.parametrize("change", [{"mac": b"0" * 32}, {"seq": 4}])
async def test_a_rewritten_head_is_found(database, vault, written, change):
    await run(database, update(LogHead).values(**change))

    assert await check(database, vault, written) == Broken(change.get("seq", 5), "rewritten_head")


async def test_a_head_that_is_gone_is_found(database, vault, written):
    await run(database, delete(LogHead))

    assert await check(database, vault, written) == Broken(5, "rewritten_head")


async def test_a_key_that_is_gone_is_named(database, written, tmp_path):
    other = Vault(keyring.make_key_file(tmp_path / "other"))

    assert await check(database, other, written) == Broken(1, "unknown_key")


async def test_a_new_key_signs_what_is_new_and_nothing_anew(database, vault, written, key_ring):
    more = keyring.KeyRing({**key_ring.keys, "new": b"n" * 32}, "new", key_ring.fingerprint_key)

    await append(database, Vault(more), written, "under the new key")

    assert await check(database, Vault(more), written) is None
    async with database.begin() as session:
        assert await log.signed_under(session, key_ring.active_id) == 5
        assert await log.signed_under(session, "new") == 2


async def test_words_can_be_erased_and_the_chain_stays_whole(database, vault, written):
    async with database.begin() as session:
        assert await log.erase_texts(session, written.id, seq=2) == 1
        assert await log.text_of(session, written.id, 2) is None
        assert await log.text_of(session, written.id, 3) == "words 3"
        assert await log.erase_texts(session, written.id) == 4

    assert await check(database, vault, written) is None


async def test_the_export_has_all_that_was_signed(database, vault, written):
    await append(database, vault, written, "voted", facts={"verdict": 1}, task_id="0" * 26, connection_id=7)
    async with database.begin() as session:
        rows = await log.exported(session, written.id)

    assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[5] | {"mac": "", "key_id": ""} == {
        "seq": 6,
        "at": "2026-11-23T12:00:00+00:00",
        "act": "voted",
        "actor_id": 101,
        "connection_id": 7,
        "task_id": "0" * 26,
        "facts": {"verdict": 1},
        "text": None,
        "text_hash": None,
        "key_id": "",
        "mac": "",
    }
    assert rows[0]["text"] == "words 1"


async def test_a_log_that_is_written_to_meanwhile_is_whole(database, replica, vault, group):
    async def write():
        for _ in range(25):
            await append(replica, vault, group, "act")

    async def look():
        return [await check(database, vault, group) for _ in range(40)]

    _, found = await asyncio.gather(write(), look())

    assert set(found) == {None}
