"""A connection becomes another person's: its secrets are sealed anew for them, in one transaction."""

from datetime import datetime

from sqlalchemy import exists, select, update

from storage import connections, holds, people
from storage.db import FOR_CHANGE, Session
from storage.tables import Authorization, Connection, Person, PersonState
from storage.vault import Place, Vault


async def hand_over(
    session: Session, vault: Vault, row: Connection, *, to: int, now: datetime
) -> Connection | None:
    """Make a connection another person's, who uses the bot. Its grants stay, its tasks in private end.

    None: it is not as `row` says, they have this account by this app, or they may not. Raises vault.Locked.
    """
    # Both people's rows: of two changes at once the second sees what the first has made of them.
    await _lock_people(session, row.person_id, to)
    found = await session.get(Connection, row.id, populate_existing=True, with_for_update=FOR_CHANGE)
    if found is None or found.version != row.version or found.state not in connections.HELD:
        return None
    if found.person_id == to or not await _may_own(session, found, to) or found.data_key is None:
        return None
    sealed = {
        Place("connections", column, found.id, found.person_id): secret
        for column in connections.SEALED
        if (secret := getattr(found, column)) is not None
    }
    data_key, secrets = vault.reseal(found.data_key, sealed, to)
    before = found.person_id
    found.person_id, found.data_key, found.renaming_since = to, data_key, None
    found.version += 1
    for column, secret in secrets.items():
        setattr(found, column, secret)
    await session.flush()
    await _forget_at(session, found, before)
    await holds.release(session, holds.of_connection(found), now=now)
    return found


async def _lock_people(session: Session, *person_ids: int) -> None:
    # In one order: two who hand over to each other do not wait for each other in a circle.
    await session.execute(
        select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update(key_share=True)
    )


async def _may_own(session: Session, connection: Connection, person_id: int) -> bool:
    has_it = exists().where(
        Connection.person_id == person_id,
        Connection.app_fingerprint == connection.app_fingerprint,
        Connection.x_user_id == connection.x_user_id,
        Connection.state.in_(connections.HELD),
    )
    uses_the_bot = exists().where(Person.id == person_id, Person.state == PersonState.ACTIVE)
    return bool(await session.scalar(select(uses_the_bot & ~has_it)))


async def _forget_at(session: Session, connection: Connection, person_id: int) -> None:
    """Leave nothing of the connection with whom it was: no default, no authorization that renews it."""
    await session.execute(
        update(Authorization).where(Authorization.renews_id == connection.id).values(renews_id=None)
    )
    if await connections.default_id(session, person_id) == connection.id:
        left = await connections.usable(session, person_id)
        await people.set_default_connection(session, person_id, left[0].id if left else None)
