"""Every row comes under the new key: beside processes that change them, and stopped at any of them."""

import asyncio

import pytest
from sqlalchemy import select, update

from storage import authorizations, confirmations, connections, key_changes, keyring, rotation
from storage.key_check import check_key
from storage.keyring import BadKeys, KeyFile
from storage.tables import AppKind, Connection, KeyCheck
from storage.vault import Place, Secret, Vault, key_named_in
from tests.builders import NOW, add_authorization, add_connection, add_person


@pytest.fixture
def path(tmp_path):
    return tmp_path / "the.keys"


@pytest.fixture
def old(path):
    """Give the vault of before the rotation."""
    return Vault(keyring.make_key_file(path))


@pytest.fixture
def new(path, old):
    """Give the vault with a new primary key."""
    key_changes.add(path)
    return Vault(key_changes.promote(path))


@pytest.fixture
async def rows(database, old):
    """Give three connections and two authorizations under the old key, and the key check."""
    await check_key(database, old)
    await add_person(database)
    await add_person(database, 102, "Grace")
    made = [
        await add_connection(database, old, person_id=101 + n % 2, x_user_id=f"700{n}", secret=f"secret {n}")
        for n in range(3)
    ]
    for person_id in (101, 102):
        await add_authorization(database, old, person_id=person_id)
    return made


async def _secrets(database, vault):
    async with database.begin() as session:
        found = (await session.scalars(select(Connection).order_by(Connection.id))).all()
    return [connections.open_keys(vault, row).access_secret.reveal() for row in found]


async def test_every_row_comes_under_the_new_key_and_opens_without_the_old(database, rows, old, new, path):
    done = await rotation.rewrap(database, new)

    assert (done.rows, done.locked) == (6, [])
    assert await rotation.counted(database) == {new.key_id: 6}
    key_changes.take_out(path, old.key_id)
    without = Vault(keyring.read_key_file(path))
    await check_key(database, without)
    assert await _secrets(database, without) == ["secret 0", "secret 1", "secret 2"]


async def test_what_is_sealed_is_not_touched_and_opens_with_the_old_key_file_as_long_as_it_is_not_done(
    database, rows, old, new
):
    async with database.begin() as session:
        await session.execute(
            update(Connection)
            .where(Connection.id == rows[0].id)
            .values(data_key=new.rewrap(rows[0].data_key, "connections", rows[0].person_id))
        )
        row = await session.get_one(Connection, rows[0].id, populate_existing=True)

    assert row.access_secret == rows[0].access_secret
    assert connections.open_keys(new, row).access_secret.reveal() == "secret 0"
    assert connections.is_locked(old, row)


async def test_a_second_time_there_is_nothing_to_do(database, rows, new):
    await rotation.rewrap(database, new)

    assert (await rotation.rewrap(database, new)).rows == 0


class _Killed(BaseException):
    pass


async def test_stopped_at_any_step_it_is_finished_the_next_time(database, rows, old, new, path):
    """The vault asks for the newest keys at every row; there it is stopped, each time a step later."""
    ring, counts = keyring.read_key_file(path), []

    def stopping_after(steps):
        left = iter(range(steps))

        def newest():
            if next(left, None) is None:
                raise _Killed
            return ring

        return newest

    for steps in range(100):
        try:
            await rotation.rewrap(database, Vault(ring, stopping_after(steps)))
        except _Killed:
            counts.append((await rotation.counted(database))[new.key_id])
            assert await _secrets(database, new) == ["secret 0", "secret 1", "secret 2"]
            await check_key(database, new)
        else:
            break

    assert counts[0] == 0
    assert counts == sorted(counts)
    assert set(counts) >= {1, 2, 3, 4, 5}
    assert await rotation.counted(database) == {new.key_id: 6}


async def test_a_row_that_does_not_open_is_named_and_left_and_the_others_go_on(database, rows, old, new):
    stranger = Vault(keyring.KeyRing({"k-lost": bytes(32)}, "k-lost", bytes(32)))
    broken = {
        rows[0].id: b"\x01broken",
        rows[1].id: stranger.new_data_key("connections", 102),
    }
    async with database.begin() as session:
        for row_id, data_key in broken.items():
            await session.execute(update(Connection).where(Connection.id == row_id).values(data_key=data_key))

    done = await rotation.rewrap(database, new)

    assert done.rows == 4
    assert done.locked == [f"connections {row_id}" for row_id in broken]
    assert await rotation.counted(database) == {new.key_id: 4, "k-lost": 1, rotation.UNREADABLE: 1}
    async with database.begin() as session:
        for row_id, data_key in broken.items():
            assert (await session.get_one(Connection, row_id)).data_key == data_key


async def test_a_row_moved_to_another_owner_stays_locked(database, rows, new):
    async with database.begin() as session:
        await session.execute(update(Connection).where(Connection.id == rows[0].id).values(person_id=102))

    done = await rotation.rewrap(database, new)

    assert done.locked == [f"connections {rows[0].id}"]


async def test_the_key_check_of_another_ring_is_left(database, rows, new, old):
    async with database.begin() as session:
        await session.execute(update(KeyCheck).values(sealed=b"\x01\x05k-ero" + bytes(60)))

    await rotation.rewrap(database, new)

    with pytest.raises(BadKeys):
        await check_key(database, new)


async def test_the_key_check_names_the_new_key_when_all_is_done(database, rows, new):
    await rotation.rewrap(database, new)

    async with database.begin() as session:
        held = await session.get_one(KeyCheck, 1)
    assert (held.key_id, key_named_in(held.sealed)) == (new.key_id, new.key_id)


async def test_accounts_are_connected_and_disconnected_while_keys_are_rotated(
    database, replica, path, old, rows
):
    """A running bot, which knew the old key only, connects on; two rotations at once bring it all along."""
    ring = keyring.read_key_file(path)
    running = Vault(ring, KeyFile(path, ring).newest)
    started = asyncio.Event()

    async def connect_on():
        for number in range(12):
            await _connect(replica, running, f"secret of {number}", x_user_id=f"800{number}")
            async with replica.begin() as session:
                kept = await session.get_one(Connection, rows[number % 3].id)
                await connections.disconnect(session, kept, NOW)
            if number == 3:
                started.set()

    connecting = asyncio.create_task(connect_on())
    await started.wait()
    key_changes.add(path)
    promoted = Vault(key_changes.promote(path))
    await asyncio.gather(rotation.rewrap(database, promoted), rotation.rewrap(replica, promoted))
    await connecting
    await rotation.rewrap(database, promoted)

    assert set(await rotation.counted(database)) == {promoted.key_id}
    key_changes.take_out(path, old.key_id)
    expected = ["secret 0", "secret 1", "secret 2", *(f"secret of {number}" for number in range(12))]
    assert await _secrets(database, Vault(keyring.read_key_file(path))) == expected
    assert running.key_id == promoted.key_id


async def _connect(db, vault, secret, *, x_user_id):
    """Connect an account as the bot does: each step in a transaction of its own."""
    async with db.begin() as session:
        row = await authorizations.open_new(session, vault, person_id=101, update_id=int(x_user_id), now=NOW)
        row = await authorizations.choose_app(session, row, AppKind.REGISTERED, "app", NOW)
    async with db.begin() as session:
        row = await authorizations.keep_token(
            session,
            vault,
            row,
            token=Secret(f"{x_user_id}-token"),
            secret=Secret(secret),
            now=NOW,
            x_user_id=x_user_id,
            username="alice",
            x_name="Alice",
        )
    async with db.begin() as session:
        row = await authorizations.get(session, row.id, person_id=101)
        made = await confirmations.confirm(session, vault, row, NOW)
    assert made is not None


def test_a_rewrapped_data_key_belongs_to_the_same_row_only(old, new):
    data_key = old.new_data_key("connections", 101)
    place = Place("connections", "access_token", 7, 101)
    sealed = old.seal(data_key, place, Secret("hush"))

    wrapped = new.rewrap(data_key, "connections", 101)

    assert key_named_in(wrapped) == new.key_id != key_named_in(data_key)
    assert new.open(wrapped, place, sealed) == Secret("hush")
    assert new.rewrap(wrapped, "connections", 101) is None
