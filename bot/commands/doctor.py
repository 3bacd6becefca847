"""`/doctor`: how one's connections stand, what X holds against them, what helps; a press asks X."""

import logging
import secrets
from datetime import datetime, timedelta

from bot.commands import connect_card, connections, doctor_card, live_check, press
from bot.turn import Answer, Command, Turn
from storage import authorizations
from storage import connections as stored
from storage.tables import Authorization, AuthorizationState, Connection
from tasks import remedies
from texts.reply import Reply, Toast

log = logging.getLogger(__name__)

#: A link that led nowhere is spoken of for so long.
SPOKEN_OF_FOR = timedelta(days=1)


async def doctor(turn: Turn) -> Answer:
    """Answer /doctor: the one connection, else the list of them; and connecting that went wrong."""
    return [await _all(turn), *await _connecting(turn)]


async def show_all(turn: Turn) -> Answer:
    """Show the list again."""
    return [await _all(turn)]


async def _all(turn: Turn) -> Reply:
    async with turn.begin() as session:
        listed = await stored.listed(session, turn.person.id)
    rows = [row for row in listed if row.state in stored.HELD]
    if not rows:
        return Reply("connections.none", buttons=connect_card.anew())
    return await doctor_card.of(turn, rows[0]) if len(rows) == 1 else await doctor_card.of_all(turn, rows)


async def _connecting(turn: Turn) -> Answer:
    """Show the card of what was begun with /connect last, where it waits for something to be put right."""
    async with turn.begin() as session:
        row = await authorizations.latest(session, turn.person.id)
    if row is None or not _went_wrong(row, turn.now):
        return []
    return [await connect_card.of(turn.doors, row, turn.now, fresh=True)]


def _went_wrong(row: Authorization, now: datetime) -> bool:
    """Say whether X did not confirm typed keys, or a link led nowhere and a new one may follow."""
    unchecked = row.state == AuthorizationState.SECRET and row.consumer_secret is not None
    is_recent = row.expires_at > now - SPOKEN_OF_FOR
    return unchecked or (connect_card.is_renewable(row) and is_recent)


async def _show(turn: Turn, row: Connection) -> Answer:
    return [await doctor_card.of(turn, row)]


_guard = press.Guard(
    find=connections.find,
    stands=lambda row: (row.state, row.version),
    show=_show,
    unknown="connect.stale",
)


async def page(turn: Turn) -> Answer:
    """Show how one connection stands, whatever the list said about it."""
    return await _show(turn, await _guard.row(turn))


@_guard.button(*stored.HELD)
async def ask(turn: Turn, row: Connection) -> Answer:
    """Ask X now, and show what it said."""
    account = live_check.opened(turn, row)
    if account is None:
        return [Toast("connections.cannot_test", alert=True), *await _show(turn, row)]
    checked = await live_check.ask(turn, row, account)
    error_id = secrets.token_hex(4) if checked.error else ""
    if checked.error is not None and not remedies.is_known(checked.error.code):
        log.warning("error_id=%s connection=%s X said: %s", error_id, row.id, checked.error)
    return [await doctor_card.of(turn, checked.row, checked=checked, error_id=error_id)]


VERBS: dict[str, Command] = {"doctor": page, "doctors": show_all, "doc_ask": ask}
