"""The key file, and that it goes with its database."""

import os

import pytest

from storage import keyring
from storage.key_check import check_key, ring_for
from storage.keyring import BadKeys, KeyRing
from storage.vault import Vault
from tests.builders import add_person


@pytest.fixture
def path(tmp_path):
    return tmp_path / "the.keys"


def test_a_key_file_is_its_owner_s_only(path):
    generous = os.umask(0)
    try:
        keyring.make_key_file(path)
    finally:
        os.umask(generous)

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_file_gives_the_same_keys_again(path):
    assert keyring.make_key_file(path) == keyring.read_key_file(path)


def test_two_key_files_have_nothing_in_common(path, tmp_path):
    one, two = keyring.make_key_file(path), keyring.make_key_file(tmp_path / "two.keys")

    assert one.active_id != two.active_id
    assert not {*one.keys.values(), one.fingerprint_key} & {*two.keys.values(), two.fingerprint_key}


def test_the_last_key_of_the_file_seals_and_all_open(path):
    old = keyring.make_key_file(path)
    with path.open("a") as file:
        file.write("k-new:" + "A" * 43 + "=\n")

    ring = keyring.read_key_file(path)

    assert ring == KeyRing({**old.keys, "k-new": bytes(32)}, "k-new", old.fingerprint_key)


def test_a_key_file_is_never_overwritten(path):
    kept = keyring.make_key_file(path)

    with pytest.raises(BadKeys, match="already"):
        keyring.make_key_file(path)

    assert keyring.read_key_file(path) == kept


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_may_read_is_refused_with_what_to_do(path, mode):
    keyring.make_key_file(path)
    path.chmod(mode)

    with pytest.raises(BadKeys, match="chmod 600"):
        keyring.read_key_file(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "incomplete"),
        ("k-1:" + "A" * 43 + "=\n", "incomplete"),
        ("fingerprint:" + "A" * 43 + "=\n", "incomplete"),
        ("k-1:hush\n", "line 1: not a key"),
        ("# a comment\n\nk-1:aHVzaA==\n", "line 3: not a key"),
        ("hush", "line 1: not a key"),
        ("k-1:hush é", "cannot be read"),
    ],
)
def test_a_damaged_key_file_is_refused_without_showing_it(path, content, words):
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(BadKeys, match=words) as refusal:
        keyring.read_key_file(path)

    assert "hush" not in str(refusal.value)


def test_a_key_file_in_no_directory_is_refused_in_words(tmp_path):
    with pytest.raises(BadKeys, match="cannot be made"):
        keyring.make_key_file(tmp_path / "none" / "the.keys")
    with pytest.raises(BadKeys, match="no key file"):
        keyring.read_key_file(tmp_path / "none" / "the.keys")


async def test_a_new_sqlite_database_gets_its_key_by_itself(sqlite_database, path):
    ring = await ring_for(sqlite_database, path)

    assert ring == keyring.read_key_file(path)


async def test_a_postgres_database_never_gets_a_key_by_itself(postgresql_url, open_database, path):
    with pytest.raises(BadKeys, match="no key file"):
        await ring_for(await open_database(postgresql_url), path)

    assert not path.exists()


async def test_a_database_with_people_in_it_gets_no_key_by_itself(sqlite_database, path):
    await add_person(sqlite_database)

    with pytest.raises(BadKeys, match="no key file"):
        await ring_for(sqlite_database, path)

    assert not path.exists()


async def test_a_database_that_had_a_key_never_gets_a_new_one_and_names_the_old(database, vault, path):
    await check_key(database, vault)

    with pytest.raises(BadKeys, match=vault.key_id):
        await ring_for(database, path)

    assert not path.exists()


async def test_the_right_key_passes_every_time(database, vault):
    await check_key(database, vault)
    await check_key(database, vault)


async def test_a_wrong_key_is_refused_and_the_missing_one_named(database, vault, path):
    await check_key(database, vault)

    with pytest.raises(BadKeys, match=vault.key_id):
        await check_key(database, Vault(keyring.make_key_file(path)))


async def test_a_wrong_key_by_the_right_name_is_refused(database, vault, key_ring):
    await check_key(database, vault)
    name = key_ring.active_id

    with pytest.raises(BadKeys, match=name):
        await check_key(database, Vault(KeyRing({name: bytes(32)}, name, key_ring.fingerprint_key)))


async def test_a_wrong_fingerprint_key_is_refused(database, vault, key_ring):
    await check_key(database, vault)

    with pytest.raises(BadKeys):
        await check_key(database, Vault(KeyRing(key_ring.keys, key_ring.active_id, bytes(32))))


async def test_a_ring_with_a_newer_key_passes(database, vault, key_ring):
    await check_key(database, vault)

    await check_key(
        database, Vault(KeyRing({**key_ring.keys, "new": bytes(32)}, "new", key_ring.fingerprint_key))
    )
