"""Buttons of authorizations, and what is shown when one came too late. The check itself: press.py."""

from collections.abc import Callable

from bot.commands import connect_card, press
from bot.turn import Answer, Command, Turn
from storage import authorizations
from storage.db import Session
from storage.tables import OPEN_AUTHORIZATION, Authorization, AuthorizationState


async def as_it_is(turn: Turn, row: Authorization) -> Answer:
    """Show how the row stands now: after a change, and to whoever came second or again."""
    async with turn.begin() as session:
        now = await authorizations.get(session, row.id, person_id=turn.person.id) or row
        now = await lapsed(session, now, turn) or now
    return [await connect_card.of(turn.doors, now, turn.now)]


async def lapsed(session: Session, row: Authorization, turn: Turn) -> Authorization | None:
    """End a row whose time is over and that nobody has ended yet; else None."""
    if row.state not in OPEN_AUTHORIZATION or row.expires_at > turn.now:
        return None
    return await authorizations.lapse(session, row, turn.now)


async def _find(session: Session, turn: Turn, row: str) -> Authorization | None:
    row_id = press.number(row)
    return await authorizations.get(session, row_id, person_id=turn.person.id) if row_id is not None else None


_guard = press.Guard(
    find=_find,
    stands=lambda row: (row.state, row.version),
    show=as_it_is,
    unknown="connect.stale",
)


def button(*states: AuthorizationState) -> Callable[[press.Handler[Authorization]], Command]:
    """Guard a handler that opens what is sealed: a row that will not open is shown, not gone on with."""

    def guarded(handler: press.Handler[Authorization]) -> Command:
        async def unless_locked(turn: Turn, row: Authorization) -> Answer:
            if authorizations.is_locked(turn.doors.vault, row):
                return await as_it_is(turn, row)
            return await handler(turn, row)

        return _guard.button(*states)(unless_locked)

    return guarded


#: For a handler that opens nothing.
ending = _guard.button
