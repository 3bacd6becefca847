"""Rows under a new key: every data key is wrapped anew under the primary one. The key file: key_changes.py.

Each row is one conditional UPDATE in a transaction of its own. So it may be stopped at any row and begun
again, beside processes that connect and disconnect: a row that changed meanwhile is left, and seen again.
"""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select, update

from storage.db import Database
from storage.key_check import ROW_ID
from storage.tables import Authorization, Connection, KeyCheck
from storage.vault import Locked, Vault, key_named_in

#: Rows that are read at once.
PAGE = 500
#: What a data key counts under that names none.
UNREADABLE = "unreadable"

_Table = type[Authorization] | type[Connection]
_TABLES: tuple[_Table, ...] = (Authorization, Connection)


@dataclass(slots=True)
class Rewrapped:
    """What a rotation did."""

    rows: int = 0
    locked: list[str] = field(default_factory=list)
    """The rows that will not open, as `connections 7`; they are left as they are."""


async def rewrap(db: Database, vault: Vault) -> Rewrapped:
    """Wrap every data key, and the key check, under the primary key. Commits row by row."""
    done = Rewrapped()
    while True:
        # Again from the start until nothing is left: what was being connected meanwhile may be under the old.
        before, done.locked = done.rows, []
        for table in _TABLES:
            await _rewrap_table(db, vault, table, done)
        if done.rows == before:
            break
    done.rows += await _rewrap_check(db, vault)
    return done


async def counted(db: Database) -> Counter[str]:
    """Count the rows under each key, by its name; the key check counts as one."""
    count: Counter[str] = Counter()
    for table in _TABLES:
        after = 0
        while page := await _page(db, table, after):
            after = page[-1][0]
            count.update(_key_of(data_key) for _, _, data_key in page)
    async with db.begin() as session:
        if held := await session.get(KeyCheck, ROW_ID):
            count[_key_of(held.sealed)] += 1
    return count


async def _rewrap_table(db: Database, vault: Vault, table: _Table, done: Rewrapped) -> None:
    after = 0
    while page := await _page(db, table, after):
        after = page[-1][0]
        for row_id, owner_id, data_key in page:
            try:
                wrapped = vault.rewrap(data_key, table.__tablename__, owner_id)
            except Locked:
                done.locked.append(f"{table.__tablename__} {row_id}")
                continue
            if wrapped is not None:
                done.rows += await _put(db, table, row_id, data_key, wrapped)


async def _page(db: Database, table: _Table, after: int) -> list[tuple[int, int, bytes]]:
    """Read the next rows with a data key: id, owner, wrapped data key."""
    async with db.begin() as session:
        found = await session.execute(
            select(table.id, table.person_id, table.data_key)
            .where(table.id > after, table.data_key.is_not(None))
            .order_by(table.id)
            .limit(PAGE)
        )
        return [(row_id, owner_id, data_key or b"") for row_id, owner_id, data_key in found]


async def _put(db: Database, table: _Table, row_id: int, old: bytes, new: bytes) -> bool:
    """Exchange a row's wrapped data key. False: it has another by now, or none."""
    async with db.begin() as session:
        put = await session.scalar(
            update(table)
            .where(table.id == row_id, table.data_key == old)
            .values(data_key=new)
            .returning(table.id)
        )
    return put is not None


async def _rewrap_check(db: Database, vault: Vault) -> bool:
    """Make the key check anew under the primary key. False: it is so already, or is not this ring's."""
    async with db.begin() as session:
        held = await session.get(KeyCheck, ROW_ID)
        if held is None or key_named_in(held.sealed) == vault.key_id or not vault.passes(held.sealed):
            return False
        put = await session.scalar(
            update(KeyCheck)
            .where(KeyCheck.id == ROW_ID, KeyCheck.sealed == held.sealed)
            .values(sealed=vault.check_value(), key_id=vault.key_id)
            .returning(KeyCheck.id)
        )
    return put is not None


def _key_of(data_key: bytes) -> str:
    try:
        return key_named_in(data_key)
    except Locked:
        return UNREADABLE
