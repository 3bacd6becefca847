"""The key file is changed: no key is ever lost, and what runs meanwhile follows."""

import logging
import os

import pytest

from storage import key_changes, keyring
from storage.keyring import BadKeys, KeyFile
from storage.vault import Locked, Vault


@pytest.fixture
def path(tmp_path):
    keyring.make_key_file(tmp_path / "the.keys")
    return tmp_path / "the.keys"


def test_an_added_key_opens_and_does_not_seal_yet(path):
    before = keyring.read_key_file(path)

    after = key_changes.add(path)

    assert after == keyring.read_key_file(path)
    assert after.active_id == before.active_id
    assert key_changes.waiting(after) == [name for name in after.keys if name not in before.keys]
    assert before.keys.items() < after.keys.items()
    assert after.fingerprint_key == before.fingerprint_key


def test_the_newest_key_becomes_the_primary_one_and_all_stay(path):
    before = keyring.read_key_file(path)
    added = key_changes.add(path)

    after = key_changes.promote(path)

    assert (after.keys, after.fingerprint_key) == (added.keys, before.fingerprint_key)
    assert [after.active_id] == key_changes.waiting(added)
    assert key_changes.waiting(after) == []


def test_words_of_the_operator_in_the_file_stay(path):
    path.write_text("# the copy is in the safe\n" + path.read_text())

    key_changes.add(path)
    key_changes.promote(path)

    assert path.read_text().startswith("# the copy is in the safe\n")


def test_a_changed_key_file_is_its_owner_s_only_and_nothing_lies_beside_it(path):
    generous = os.umask(0)
    try:
        key_changes.add(path)
    finally:
        os.umask(generous)

    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["the.keys"]


def test_a_file_that_is_not_wholly_copied_yet_never_has_another_primary_key(path):
    """What `add` wrote is brought to another machine by something that writes it bit by bit."""
    known = keyring.read_key_file(path)
    key_changes.add(path)
    whole = path.read_text()

    for length in range(len(whole)):
        path.write_text(whole[:length])
        try:
            ring = keyring.read_key_file(path)
        except BadKeys:
            continue
        assert ring.active_id == known.active_id


def test_a_key_that_is_taken_out_lies_in_a_file_of_its_own(path):
    old = keyring.read_key_file(path)
    line = next(line for line in path.read_text().splitlines() if line.startswith(old.active_id))
    key_changes.add(path)
    key_changes.promote(path)

    kept = key_changes.take_out(path, old.active_id)

    assert old.active_id not in keyring.read_key_file(path).keys
    assert line in kept.read_text().splitlines()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_neither_the_primary_key_nor_one_nobody_knows_is_taken_out(path):
    ring = keyring.read_key_file(path)
    key_changes.add(path)

    with pytest.raises(BadKeys, match="primary"):
        key_changes.take_out(path, ring.active_id)
    with pytest.raises(BadKeys, match="no key k-none"):
        key_changes.take_out(path, "k-none")
    with pytest.raises(BadKeys, match="no key fingerprint"):
        key_changes.take_out(path, "fingerprint")

    assert ring.keys.items() < keyring.read_key_file(path).keys.items()


def test_a_file_that_cannot_be_written_stays_and_is_said_in_words(tmp_path):
    """The name of what is written beside it gets too long; root may write everywhere else."""
    path = tmp_path / ("k" * 250)
    ring = keyring.make_key_file(path)

    with pytest.raises(BadKeys, match="cannot be written"):
        key_changes.add(path)

    assert keyring.read_key_file(path) == ring
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_two_do_not_change_a_key_file_at_once(path):
    link = path.with_name("by another name")
    link.symlink_to(path)

    with key_changes.only_changer(path), pytest.raises(BadKeys, match="another"):
        key_changes.only_changer(link).__enter__()
    with key_changes.only_changer(link) as itself:
        assert itself == path


def test_a_primary_key_that_is_not_in_the_file_is_refused(path):
    path.write_text("primary:k-none\n" + path.read_text())

    with pytest.raises(BadKeys, match="primary"):
        keyring.read_key_file(path)


# a process that runs meanwhile


@pytest.fixture
def running(path):
    """Give the vault of a process that runs while the key file is changed."""
    ring = keyring.read_key_file(path)
    return Vault(ring, KeyFile(path, ring).newest)


def test_a_running_process_opens_what_was_wrapped_under_a_key_it_did_not_know(path, running):
    key_changes.add(path)
    other = Vault(key_changes.promote(path))
    data_key = other.new_data_key("connections", 101)

    assert running.rewrap(data_key, "connections", 101) is None


def test_a_running_process_wraps_under_the_new_primary_key_from_the_next_time_on(path, running):
    before = running.key_id
    key_changes.add(path)
    assert running.key_id == before

    promoted = key_changes.promote(path)

    assert running.key_id == promoted.active_id


def test_a_running_process_keeps_its_keys_while_the_file_cannot_be_used(path, running, caplog):
    data_key, content = running.new_data_key("connections", 101), path.read_text()

    with caplog.at_level(logging.WARNING):
        for wrong in ("", "fingerprint", content.replace("fingerprint:", "fingerprint:A")):
            path.write_text(wrong)
            assert running.rewrap(data_key, "connections", 101) is None
        path.unlink()
        assert running.rewrap(data_key, "connections", 101) is None

    assert not [
        line for line in content.splitlines() if line.partition(":")[2] in caplog.text and ":" in line
    ]


def test_a_running_process_does_not_take_the_key_file_of_another_database(path, running, tmp_path):
    before = running.key_id
    path.write_text(keyring.private_text(_another(tmp_path)))

    assert running.key_id == before


def _another(tmp_path):
    keyring.make_key_file(tmp_path / "another.keys")
    return tmp_path / "another.keys"


def test_a_key_that_is_nowhere_is_named(path, running, tmp_path):
    stranger = Vault(keyring.read_key_file(_another(tmp_path)))

    with pytest.raises(Locked, match=stranger.key_id):
        running.rewrap(stranger.new_data_key("connections", 101), "connections", 101)
