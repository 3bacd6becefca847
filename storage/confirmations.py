"""The Yes: a confirmed authorization becomes a connection, or renews one. Nothing else stands here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage import authorizations, connections, holds, people
from storage.db import Session
from storage.tables import (
    AppKind,
    Authorization,
    AuthorizationState,
    Connection,
    ConnectionState,
)
from storage.vault import Locked, Secret, Vault

#: What an authorization knows of the account and hands on.
ACCOUNT = ("x_user_id", "username", "x_name", "picture_url", "access_level", "premium")
_COPIED = ("person_id", "name", "app_kind", "app_fingerprint", "token_fingerprint", "created_at", *ACCOUNT)


@dataclass(frozen=True, slots=True)
class _Handed:
    """What an authorization hands on: secrets by column, and the other columns' values."""

    secrets: Mapping[str, Secret]
    values: Mapping[str, Any]


async def made_by(session: Session, row: Authorization) -> Connection | None:
    """Find the connection of the same person, app and X account: what it made, or would renew."""
    found: Connection | None = await session.scalar(
        select(Connection).where(
            Connection.person_id == row.person_id,
            Connection.app_fingerprint == row.app_fingerprint,
            Connection.x_user_id == row.x_user_id,
            Connection.state.in_(connections.HELD),
        )
    )
    return found


async def confirm(
    session: Session, vault: Vault, row: Authorization, now: datetime, *, replaces: Connection | None = None
) -> Connection | None:
    """Make the connection that an authorization leads to, now that the person said Yes.

    The same person, app and X account renews in place. `replaces`: a connection to the same X account gets
    the new app and token in place; one to another X account is disconnected, so that none of its tasks goes
    out from the new account. What waited for a renewal goes on. None: somebody was first, or it is too late.
    Raises Locked.
    """
    await authorizations.lock_person(session, row.person_id)
    if row.expires_at <= now:
        return None
    handed = _handed(vault, row)
    done = await authorizations.move(session, row, AuthorizationState.DONE, **authorizations.EMPTY)
    if done is None:
        return None
    target = await made_by(session, done)
    if target is None and replaces is not None and replaces.x_user_id == done.x_user_id:
        target = replaces
    if target is None:
        kept = await _insert(session, vault, done, handed, now)
    else:
        kept = await _renew(session, vault, target, handed, now)
        await holds.release(session, holds.of_connection(kept), now=now)
    await _settle_default(session, kept, replaces)
    if replaces is not None and replaces.id != kept.id:
        await connections.disconnect(session, replaces, now)
    return kept


def _handed(vault: Vault, row: Authorization) -> _Handed:
    opened = {column: authorizations.unseal(vault, row, column) for column in connections.SEALED}
    values = {
        **{column: getattr(row, column) for column in ACCOUNT},
        "state": ConnectionState.ACTIVE,
        "app_kind": row.app_kind or AppKind.REGISTERED,
        "app_fingerprint": row.app_fingerprint,
        "token_fingerprint": row.token_fingerprint,
        "data_key": vault.new_data_key("connections", row.person_id),
    }
    return _Handed({column: secret for column, secret in opened.items() if secret is not None}, values)


async def _insert(
    session: Session, vault: Vault, row: Authorization, handed: _Handed, now: datetime
) -> Connection:
    name = row.x_name or row.username
    made = Connection(person_id=row.person_id, name=name, created_at=now, **handed.values)
    return await _keep(session, vault, made, handed.secrets)


async def _renew(
    session: Session, vault: Vault, target: Connection, handed: _Handed, now: datetime
) -> Connection:
    """Put new secrets in place; a name the person chose stays."""
    values = handed.values
    if target.token_fingerprint != values["token_fingerprint"]:
        await _set_old_token_apart(session, vault, target, now)
    sealed = {**connections.EMPTY, **connections.seal(vault, target, values["data_key"], handed.secrets)}
    is_named_by_account = target.name in {target.x_name, target.username}
    name = (values["x_name"] or values["username"]) if is_named_by_account else target.name
    renewed: Connection | None = await session.scalar(
        update(Connection)
        .where(Connection.id == target.id)
        .values(**values, **sealed, name=name, version=target.version + 1)
        .returning(Connection),
        execution_options={"populate_existing": True},
    )
    return renewed or target


async def _set_old_token_apart(session: Session, vault: Vault, target: Connection, now: datetime) -> None:
    """Keep a replaced token in a row of its own until X was told; one that will not open cannot be told."""
    try:
        old = connections.open_keys(vault, target)
    except Locked:
        return
    apart = Connection(
        **{column: getattr(target, column) for column in _COPIED},
        state=ConnectionState.REVOKING,
        data_key=vault.new_data_key("connections", target.person_id),
        retry_at=now,
    )
    secrets = {column: getattr(old, column) for column in connections.SEALED}
    await _keep(session, vault, apart, {column: secret for column, secret in secrets.items() if secret})


async def _keep(session: Session, vault: Vault, new: Connection, secrets: Mapping[str, Secret]) -> Connection:
    """Insert a row, which gives it its id, then seal its secrets to that id."""
    session.add(new)
    await session.flush()
    for column, sealed in connections.seal(vault, new, new.data_key or b"", secrets).items():
        setattr(new, column, sealed)
    await session.flush()
    return new


async def _settle_default(session: Session, kept: Connection, replaces: Connection | None) -> None:
    """Make the first connection the default, and one that takes the default's place."""
    default = await connections.default_id(session, kept.person_id)
    if default is None or (replaces is not None and default == replaces.id):
        await people.set_default_connection(session, kept.person_id, kept.id)
