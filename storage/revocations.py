"""Tokens X has still to be told about: disconnected connections, and authorizations nobody confirmed.

Both tables have a state *revoking* and `retry_at`, the moment of the next try. No call to X stands here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import select, update

from storage import authorizations, connections
from storage.db import Session
from storage.tables import Authorization, AuthorizationState, Connection, ConnectionState

Revoking: TypeAlias = Authorization | Connection

#: Wait between two tries; also how long one try is nobody else's.
EVERY = timedelta(minutes=1)


async def due(session: Session, now: datetime) -> Sequence[Revoking]:
    """List the tokens to be revoked now; who wants to do it takes them one by one."""
    of_authorizations = await session.scalars(
        select(Authorization).where(
            Authorization.state == AuthorizationState.REVOKING, Authorization.retry_at <= now
        )
    )
    of_connections = await session.scalars(
        select(Connection).where(Connection.state == ConnectionState.REVOKING, Connection.retry_at <= now)
    )
    return [*of_authorizations.all(), *of_connections.all()]


async def take(session: Session, row: Revoking, now: datetime) -> bool:
    """Take one token in hand for EVERY. False: somebody else has it, or it is done."""
    table = type(row)
    taken = await session.scalar(
        update(table)
        .where(table.id == row.id, table.state == "revoking", table.retry_at == row.retry_at)
        .values(retry_at=now + EVERY)
        .returning(table.id)
    )
    return taken is not None


async def is_shared(session: Session, row: Revoking) -> bool:
    """Tell whether a connection or an open authorization, anybody's, lives on the same token: it stays valid.

    X gives one token per account and app.
    """
    by_connection = select(Connection.id).where(
        Connection.token_fingerprint == row.token_fingerprint,
        Connection.state.in_(connections.HELD),
    )
    by_authorization = select(Authorization.id).where(
        Authorization.token_fingerprint == row.token_fingerprint,
        Authorization.state == AuthorizationState.CONFIRMING,
    )
    return await session.scalar(by_connection.union_all(by_authorization).limit(1)) is not None


async def finish(session: Session, row: Revoking) -> bool:
    """Erase the secrets: X was told, or need not or cannot be. False: somebody was first."""
    if isinstance(row, Connection):
        return await _erase_connection(session, row)
    erased = await session.scalar(
        update(Authorization)
        .where(Authorization.id == row.id, Authorization.state == AuthorizationState.REVOKING)
        .values(
            state=AuthorizationState.REVOKED,
            version=Authorization.version + 1,
            token_fingerprint=None,
            retry_at=None,
            **authorizations.EMPTY,
        )
        .returning(Authorization.id)
    )
    return erased is not None


async def end_sharers(session: Session, row: Revoking, now: datetime) -> None:
    """Take out of use what came to live on a token while X was being told to forget it.

    `is_shared` is asked before the call, and no transaction may last as long as a call. So what was kept
    meanwhile holds a dead token: the connection has to be authorized again, the question is over.
    """
    same = row.token_fingerprint
    held = select(Connection).where(
        Connection.token_fingerprint == same, Connection.state == ConnectionState.ACTIVE
    )
    for connection in (await session.scalars(held)).all():
        await connections.needs_reauthorizing(session, connection.id, token_fingerprint=same)
    asked = select(Authorization).where(
        Authorization.token_fingerprint == same, Authorization.state == AuthorizationState.CONFIRMING
    )
    for question in (await session.scalars(asked)).all():
        await authorizations.give_up(session, question, now)


async def retry_at(session: Session, row: Revoking, moment: datetime) -> None:
    """Note when to try again."""
    table = type(row)
    await session.execute(
        update(table).where(table.id == row.id, table.state == "revoking").values(retry_at=moment)
    )


async def _erase_connection(session: Session, row: Connection) -> bool:
    erased = await session.scalar(
        update(Connection)
        .where(Connection.id == row.id, Connection.state == ConnectionState.REVOKING)
        .values(
            state=ConnectionState.GONE,
            version=Connection.version + 1,
            data_key=None,
            token_fingerprint=None,
            retry_at=None,
            **connections.EMPTY,
        )
        .returning(Connection.id)
    )
    return erased is not None
