"""The vault: what is sealed opens only where it was sealed, and nothing shows a secret."""

import copy
import json
import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage import keyring, personal_data
from storage.keyring import KeyRing
from storage.vault import Locked, Place, Secret, Vault
from tests.builders import NOW, add_authorization, add_connection, add_person, add_task

PLACE = Place("connections", "access_secret", 7, 101)
SECRET = Secret("hush-5ed6c0de")


def _changed(**changes):
    parts = {"table": PLACE.table, "column": PLACE.column, "row_id": PLACE.row_id, "owner_id": PLACE.owner_id}
    return Place(**parts | changes)


@pytest.fixture
def data_key(vault):
    return vault.new_data_key("connections", 101)


@pytest.fixture
def sealed(vault, data_key):
    return vault.seal(data_key, PLACE, SECRET)


def test_what_is_sealed_opens(vault, data_key, sealed):
    assert vault.open(data_key, PLACE, sealed) == SECRET


@given(some.text(max_size=200))
def test_every_text_can_be_a_secret(text):
    vault = Vault(KeyRing({"k": bytes(32)}, "k", bytes(32)))
    data_key = vault.new_data_key("connections", 101)

    assert vault.open(data_key, PLACE, vault.seal(data_key, PLACE, Secret(text))).reveal() == text


@pytest.mark.parametrize(
    "place",
    [
        _changed(table="authorizations"),
        _changed(column="access_token"),
        _changed(row_id=8),
        _changed(row_id="7"),
        _changed(owner_id=102),
    ],
    ids=str,
)
def test_what_was_moved_does_not_open(vault, data_key, sealed, place):
    with pytest.raises(Locked):
        vault.open(data_key, place, sealed)


def test_what_was_moved_together_with_its_data_key_does_not_open(vault, data_key, sealed):
    """Somebody who may write the table copies a whole row to a row of their own."""
    with pytest.raises(Locked):
        vault.open(data_key, _changed(row_id=8, owner_id=102), sealed)


def test_the_data_key_of_another_row_opens_nothing(vault, sealed):
    with pytest.raises(Locked):
        vault.open(vault.new_data_key("connections", 101), PLACE, sealed)


def test_a_changed_byte_anywhere_keeps_it_shut(vault, data_key, sealed):
    for stored, opened in ((sealed, lambda s: (data_key, s)), (data_key, lambda k: (k, sealed))):
        for position in range(len(stored)):
            tampered = bytearray(stored)
            tampered[position] ^= 1
            key, value = opened(bytes(tampered))
            with pytest.raises(Locked):
                vault.open(key, PLACE, value)


def test_what_is_cut_short_keeps_shut(vault, data_key, sealed):
    for length in range(len(sealed)):
        with pytest.raises(Locked):
            vault.open(data_key, PLACE, sealed[:length])
    for length in range(len(data_key)):
        with pytest.raises(Locked):
            vault.open(data_key[:length], PLACE, sealed)


def test_another_ring_opens_nothing_and_names_the_missing_key(data_key, sealed, key_ring, tmp_path):
    other = Vault(keyring.make_key_file(tmp_path / "other.keys"))

    with pytest.raises(Locked, match=key_ring.active_id):
        other.open(data_key, PLACE, sealed)


def test_another_key_by_the_same_name_opens_nothing(data_key, sealed, key_ring):
    other = Vault(KeyRing({key_ring.active_id: bytes(32)}, key_ring.active_id, key_ring.fingerprint_key))

    with pytest.raises(Locked):
        other.open(data_key, PLACE, sealed)


def test_a_ring_with_a_newer_key_opens_what_the_older_one_sealed(data_key, sealed, key_ring):
    newer = Vault(KeyRing({**key_ring.keys, "newer": bytes(32)}, "newer", key_ring.fingerprint_key))

    assert newer.open(data_key, PLACE, sealed) == SECRET


def test_the_same_secret_is_never_sealed_alike(vault, data_key, sealed):
    assert vault.seal(data_key, PLACE, SECRET) != sealed


def test_equal_texts_have_equal_fingerprints_that_need_the_key(vault, tmp_path):
    other = Vault(keyring.make_key_file(tmp_path / "other.keys"))

    assert vault.fingerprint("a") == vault.fingerprint("a") != vault.fingerprint("b")
    assert other.fingerprint("a") != vault.fingerprint("a")


def test_a_secret_shows_nothing(caplog, vault, key_ring):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").debug("%s %r %s", SECRET, [SECRET], {"a": SECRET})

    shown = f"{SECRET} {SECRET!r} {caplog.text} {vault!r} {key_ring!r}"
    assert "hush" not in shown
    assert str(next(iter(key_ring.keys.values()))) not in shown


@pytest.mark.parametrize("write_down", [pickle.dumps, copy.deepcopy, json.dumps])
def test_a_secret_cannot_be_written_down(write_down):
    with pytest.raises(TypeError):
        write_down(SECRET)


async def test_no_clear_secret_reaches_the_database_its_wal_or_an_export(sqlite_database, vault, tmp_path):
    await add_person(sqlite_database)
    await add_connection(sqlite_database, vault, token="7001-hush-token", secret="hush-secret")
    await add_authorization(sqlite_database, vault)
    await add_task(sqlite_database, text="said in public")

    async with sqlite_database.begin() as session:
        exported = json.dumps(await personal_data.export(session, 101))
    files = {path.name: path.read_bytes() for path in tmp_path.glob("pinfeather.db*")}

    assert b"said in public" in files["pinfeather.db-wal"]
    assert not [name for name, content in files.items() if b"hush" in content]
    assert "hush" not in exported
    assert vault.fingerprint("7001-hush-token") not in exported


async def test_a_connection_opens_after_its_row_was_read_again(database, vault):
    await add_person(database)
    connection = await add_connection(database, vault, secret="hush")

    async with database.begin() as session:
        row = await session.get_one(type(connection), connection.id)

    place = Place("connections", "access_secret", row.id, row.person_id)
    assert vault.open(row.data_key, place, row.access_secret) == Secret("hush")
    assert row.created_at == NOW
