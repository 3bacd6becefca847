"""Which key file goes with which database: the look at the start that keeps a wrong key from being used."""

from pathlib import Path

from sqlalchemy import exists, select

from storage import keyring
from storage.db import Database, Session, upsert
from storage.keyring import BadKeys, KeyRing
from storage.tables import KeyCheck, Person
from storage.vault import Vault

#: The table has this one row.
ROW_ID = 1


async def ring_for(db: Database, path: Path) -> KeyRing:
    """Read the key file, or make one if the database is a new, empty SQLite one.

    Raises BadKeys for every other database without its key file: a new key would open nothing in it.
    """
    if keyring.is_there(path):
        return keyring.read_key_file(path)
    async with db.begin() as session:
        held = await session.get(KeyCheck, ROW_ID)
        used = await session.scalar(select(exists().select_from(Person)))
    if held:
        raise BadKeys(f"the key file {path} is missing; the database's secrets open with {held.key_id} only")
    if db.kind != "sqlite" or used:
        raise BadKeys(f"there is no key file {path}; one is made by itself for a new SQLite database only")
    return keyring.make_key_file(path)


async def check_key(db: Database, vault: Vault) -> None:
    """See that the vault has the database's key; a database without one takes this one. Commits.

    Raises BadKeys that names the missing key.
    """
    async with db.begin() as session:
        held = await _held(session, vault)
    if not vault.passes(held.sealed):
        raise BadKeys(
            f"the key file does not fit the database: {held.key_id} is missing, or another by that name"
        )


async def stored(db: Database) -> bytes:
    """Give the database's key check, for another to be tried with a key ring later; empty: it has none."""
    async with db.begin() as session:
        held = await session.get(KeyCheck, ROW_ID)
    return held.sealed if held else b""


async def _held(session: Session, vault: Vault) -> KeyCheck:
    row = upsert(session, KeyCheck).values(id=ROW_ID, key_id=vault.key_id, sealed=vault.check_value())
    await session.execute(row.on_conflict_do_nothing())
    return await session.get_one(KeyCheck, ROW_ID)
