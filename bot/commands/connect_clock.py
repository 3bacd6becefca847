"""What time alone does to connecting: countdowns, ends, and tokens X has still to be told about."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.commands import connect_card, revoke
from bot.turn import Answer, Doors
from storage import authorizations, connections, links, revocations
from storage.db import Session, Unavailable
from storage.revocations import Revoking
from storage.tables import Authorization, AuthorizationState, Connection
from texts.reply import Reply

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Revoking)

#: Outcomes after which nothing is tried again.
SETTLED = frozenset((revoke.Outcome.REVOKED, revoke.Outcome.KEPT, revoke.Outcome.IMPOSSIBLE))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to say to a person in their private chat that no update asked for."""

    person_id: int
    answer: Answer


async def tick(doors: Doors, now: datetime) -> list[Notice]:
    """Count down and end what is too old; call it every second. Commits; of two replicas one gets a row."""
    async with doors.db.begin() as session:
        ended = await authorizations.take_expired(session, now)
        ticking = await links.take_ticking(session, now)
        await authorizations.forget_keys(session, now)
    return await _each((*ended, *ticking), lambda row: _moved_on(doors, row, now))


async def sweep(doors: Doors, now: datetime) -> list[Notice]:
    """Try again what X could not be told; call it every few seconds. Commits. Gives what to tell people."""
    async with doors.db.begin() as session:
        due = await revocations.due(session, now)
    return await _each(due, lambda row: _tried(doors, row, now))


async def _each(rows: Sequence[Row], deal: Callable[[Row], Awaitable[Notice | None]]) -> list[Notice]:
    """Deal with one row after the other: one that cannot be dealt with keeps no other waiting."""
    notices = []
    for row in rows:
        try:
            notices.append(await deal(row))
        except Unavailable:
            raise
        except Exception:
            log.exception("%s=%s cannot be dealt with", type(row).__name__.lower(), row.id)
    return [notice for notice in notices if notice is not None]


async def _moved_on(doors: Doors, row: Authorization, now: datetime) -> Notice:
    if row.state == AuthorizationState.REVOKING:
        await revoke.attempt(doors, row, now)
    return await _card(doors, row, now)


async def _tried(doors: Doors, row: Revoking, now: datetime) -> Notice | None:
    outcome = await revoke.attempt(doors, row, now)
    return await _settled(doors, row, outcome, now) if outcome in SETTLED else None


async def _card(doors: Doors, row: Authorization, now: datetime) -> Notice:
    async with doors.db.begin() as session:
        current = await authorizations.get(session, row.id, person_id=row.person_id) or row
    return Notice(row.person_id, [await connect_card.of(doors, current, now)])


async def _settled(doors: Doors, row: Revoking, outcome: revoke.Outcome, now: datetime) -> Notice | None:
    if isinstance(row, Authorization):
        return None if authorizations.is_stranded(row) else await _card(doors, row, now)
    async with doors.db.begin() as session:
        if await _is_replaced(session, row):
            return None
    if not row.name:
        return Notice(row.person_id, [Reply(f"connections.nameless_{outcome}")])
    facts = {"name": row.name, "username": row.username}
    return Notice(row.person_id, [Reply(f"connections.off_{outcome}", facts)])


async def _is_replaced(session: Session, row: Connection) -> bool:
    """Tell whether the account is still connected: then only an old token went, which nobody asked about."""
    held = await connections.of_account(session, person_id=row.person_id, x_user_id=row.x_user_id)
    return bool(held)
