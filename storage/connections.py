"""Connections: the X accounts people authorized; the only place that opens a connection's seals.

No call to X and no sentence stands here. A contested change is one UPDATE that names what it expects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update

from storage import grants, holds, people
from storage.db import Session
from storage.tables import Connection, ConnectionState, Person, Task, TaskState
from storage.vault import Locked, Place, Secret, Vault

State = ConnectionState

#: States in which a connection is the person's: its X account is taken for this person and app.
HELD = (State.ACTIVE, State.REAUTHORIZE)
#: How long the bot takes the next words for the new name it asked for.
RENAMING_FOR = timedelta(minutes=10)
SEALED = ("consumer_key", "consumer_secret", "access_token", "access_secret")
EMPTY: Mapping[str, None] = dict.fromkeys(SEALED)


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs a connection's requests. No consumer key: the registered app's is used."""

    consumer_key: Secret | None
    consumer_secret: Secret | None
    access_token: Secret
    access_secret: Secret


async def get(session: Session, row_id: int, person_id: int | None = None) -> Connection | None:
    """Find a connection; with `person_id` only this person's own."""
    mine = [Connection.person_id == person_id] if person_id is not None else []
    found: Connection | None = await session.scalar(select(Connection).where(Connection.id == row_id, *mine))
    return found


async def listed(session: Session, person_id: int) -> Sequence[Connection]:
    """List what a person has connected, oldest first; with what is still being disconnected."""
    found = await session.scalars(
        select(Connection)
        .where(Connection.person_id == person_id, Connection.state != State.GONE)
        .order_by(Connection.id)
    )
    return found.all()


async def usable(session: Session, person_id: int) -> list[Connection]:
    """List the connections a task may use now, the default one first."""
    rows = [row for row in await listed(session, person_id) if row.state == State.ACTIVE]
    default = await default_id(session, person_id)
    return sorted(rows, key=lambda row: (row.id != default, row.id))


async def default_id(session: Session, person_id: int) -> int | None:
    """Say which connection a person uses when none is named."""
    found: int | None = await session.scalar(
        select(Person.default_connection_id).where(Person.id == person_id)
    )
    return found


async def of_account(session: Session, *, person_id: int, x_user_id: str) -> Sequence[Connection]:
    """List a person's connections to one X account, by whatever app."""
    found = await session.scalars(
        select(Connection)
        .where(
            Connection.person_id == person_id, Connection.x_user_id == x_user_id, Connection.state.in_(HELD)
        )
        .order_by(Connection.id)
    )
    return found.all()


async def disconnect(session: Session, row: Connection, now: datetime) -> Connection | None:
    """Take a connection out of use; its secrets stay until X was told. None: it is not as `row` says.

    What waits at it is looked at once more, to end; so do the grants of it.
    """
    gone = await _one(
        session,
        Connection.id == row.id,
        Connection.version == row.version,
        Connection.state.in_(HELD),
        values={
            "state": State.REVOKING,
            "version": row.version + 1,
            "retry_at": now,
            "renaming_since": None,
        },
    )
    if gone is None:
        return None
    await holds.release(session, holds.of_connection(gone), now=now)
    await grants.end_all(session, connection_id=gone.id, now=now)
    if await default_id(session, gone.person_id) == gone.id:
        left = [other for other in await usable(session, gone.person_id) if other.id != gone.id]
        await people.set_default_connection(session, gone.person_id, left[0].id if left else None)
    return gone


async def ask_name(session: Session, row: Connection, now: datetime) -> Connection | None:
    """Note that the person's next words are this connection's new name; no other's any more."""
    await stop_renaming(session, row.person_id)
    expected = (Connection.version == row.version, Connection.state.in_(HELD))
    return await _one(session, Connection.id == row.id, *expected, values={"renaming_since": now})


async def being_renamed(session: Session, person_id: int, now: datetime) -> Connection | None:
    """Find the connection that waits for its new name."""
    found: Connection | None = await session.scalar(
        select(Connection).where(
            Connection.person_id == person_id,
            Connection.renaming_since > now - RENAMING_FOR,
            Connection.state.in_(HELD),
        )
    )
    return found


async def stop_renaming(session: Session, person_id: int) -> bool:
    """Take the next words for something else again. False: no name was asked for."""
    expected = (Connection.person_id == person_id, Connection.renaming_since.is_not(None))
    return await _one(session, *expected, values={"renaming_since": None}) is not None


async def rename(session: Session, row: Connection, name: str) -> Connection | None:
    """Give a connection the name that was asked for. None: the question was answered meanwhile."""
    expected = (Connection.renaming_since == row.renaming_since, Connection.state.in_(HELD))
    values = {"name": name, "renaming_since": None, "version": row.version + 1}
    return await _one(session, Connection.id == row.id, *expected, values=values)


async def used(session: Session, row_id: int, now: datetime) -> None:
    """Note that a connection did something at X."""
    await session.execute(update(Connection).where(Connection.id == row_id).values(last_used_at=now))


async def needs_reauthorizing(session: Session, row_id: int, *, token_fingerprint: str | None = None) -> bool:
    """Note that X takes a connection's token no longer. False: that was known, or it is gone.

    `token_fingerprint` names the token X refused: one that was renewed meanwhile is left alone. None: the
    present one, whichever it is.
    """
    expected = [Connection.id == row_id, Connection.state == State.ACTIVE]
    if token_fingerprint is not None:
        expected.append(Connection.token_fingerprint == token_fingerprint)
    values = {"state": State.REAUTHORIZE, "version": Connection.version + 1, "revoked_told_at": None}
    return await _one(session, *expected, values=values) is not None


async def take_untold_revoked(session: Session, now: datetime) -> Sequence[Connection]:
    """Take in hand to tell of the connections X takes no longer and tasks wait for; each comes once."""
    waits = exists().where(Task.connection_id == Connection.id, Task.state == TaskState.DUE)
    found = await session.scalars(
        update(Connection)
        .where(Connection.state == State.REAUTHORIZE, Connection.revoked_told_at.is_(None), waits)
        .values(revoked_told_at=now)
        .returning(Connection)
        .execution_options(synchronize_session=False)
    )
    return found.all()


async def works(session: Session, row: Connection, now: datetime, **account: Any) -> Connection | None:
    """Note that X takes the token, and what it tells about the account. None: disconnected meanwhile.

    What waited for that goes on.
    """
    values = {"state": State.ACTIVE, "last_used_at": now, **account}
    was_held = row.state != State.ACTIVE
    expected = (Connection.token_fingerprint == row.token_fingerprint, Connection.state.in_(HELD))
    working = await _one(session, Connection.id == row.id, *expected, values=values)
    if working is not None and was_held:
        await holds.release(session, holds.of_connection(working), now=now)
    return working


async def freeze(session: Session, row: Connection, now: datetime) -> Connection | None:
    """Stop everything that would go out through a connection. None: it is not as `row` says."""
    expected = (Connection.version == row.version, Connection.state.in_(HELD), Connection.frozen_at.is_(None))
    values = {"frozen_at": now, "version": row.version + 1}
    return await _one(session, Connection.id == row.id, *expected, values=values)


async def thaw(session: Session, row: Connection) -> Connection | None:
    """Let a frozen connection go on; its tasks have to be released too (holds.py). None: as in `freeze`."""
    expected = (Connection.version == row.version, Connection.frozen_at.is_not(None))
    values = {"frozen_at": None, "version": row.version + 1}
    return await _one(session, Connection.id == row.id, *expected, values=values)


def open_keys(vault: Vault, row: Connection) -> Keys:
    """Open what signs a connection's requests. Raises vault.Locked."""
    opened = {column: _unseal(vault, row, column) for column in SEALED}
    token, secret = opened["access_token"], opened["access_secret"]
    if token is None or secret is None:
        raise Locked(f"connection {row.id} holds no token")
    return Keys(opened["consumer_key"], opened["consumer_secret"], token, secret)


def is_locked(vault: Vault, row: Connection) -> bool:
    """Tell whether a connection's secrets will not open: it can be deleted or authorized again, not used."""
    try:
        open_keys(vault, row)
    except Locked:
        return True
    return False


def seal(vault: Vault, row: Connection, data_key: bytes, secrets: Mapping[str, Secret]) -> dict[str, bytes]:
    """Seal secrets, by column, for this row under a wrapped data key."""
    return {
        column: vault.seal(data_key, Place("connections", column, row.id, row.person_id), secret)
        for column, secret in secrets.items()
    }


def _unseal(vault: Vault, row: Connection, column: str) -> Secret | None:
    sealed = getattr(row, column)
    if sealed is None or row.data_key is None:
        return None
    return vault.open(row.data_key, Place("connections", column, row.id, row.person_id), sealed)


async def _one(
    session: Session, *expected: ColumnElement[bool], values: Mapping[str, Any]
) -> Connection | None:
    found: Connection | None = await session.scalar(
        update(Connection).where(*expected).values(**values).returning(Connection),
        execution_options={"populate_existing": True},
    )
    return found
