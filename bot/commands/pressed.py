"""Buttons of authorizations: the presser, the row's state and its version are checked here, once for all."""

from collections.abc import Awaitable, Callable

from bot.commands import connect_card
from bot.turn import Answer, Command, Turn
from storage import authorizations
from storage.db import Session
from storage.tables import OPEN_AUTHORIZATION, Authorization, AuthorizationState
from texts.reply import Refusal, Toast

Handler = Callable[[Turn, Authorization], Awaitable[Answer]]


def button(*states: AuthorizationState) -> Callable[[Handler], Command]:
    """Let a handler see a press only if the row is the presser's and as the button says; else show it."""

    def guard(handler: Handler) -> Command:
        async def command(turn: Turn) -> Answer:
            row = await _row(turn)
            is_fresh = turn.press is not None and row.version == turn.press.version
            if is_fresh and row.state in states and not turn.again:
                return await handler(turn, row)
            shown = await as_it_is(turn, row)
            return shown if turn.again else [Toast("connect.moved_on"), *shown]

        return command

    return guard


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


async def _row(turn: Turn) -> Authorization:
    pressed = turn.press.row if turn.press else ""
    if not (pressed.isascii() and pressed.isdigit() and len(pressed) <= 18):
        raise Refusal("connect.stale")
    async with turn.begin() as session:
        row = await authorizations.get(session, int(pressed), person_id=turn.person.id)
    if row is None:
        raise Refusal("connect.stale")
    return row
