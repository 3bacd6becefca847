"""`/limits`: what a connection may do, has spent and has left, and the cap on what it costs in a month."""

import re
from datetime import datetime
from decimal import Decimal

from bot.commands import asked, limits_card, press
from bot.commands.connect_clock import Notice
from bot.turn import Answer, Command, Doors, Turn
from storage import connections, spending
from storage.db import Session
from storage.tables import Connection
from texts.reply import Refusal, Reply, Toast

#: An amount of US dollars as people type it; more than this a month is a slip.
_AMOUNT = re.compile(r"\$?\s*([0-9]{1,6}(?:[.,][0-9]{1,4})?)\s*\$?")
_MOST = Decimal(100_000)
_NO_CAP = "none"
#: What the person's next words are (asked.py).
_ASKED = "cap"


async def show(turn: Turn) -> Answer:
    """Answer /limits: the sheet of the one connection, or the question whose."""
    async with turn.begin() as session:
        rows = await connections.listed(session, turn.person.id)
        held = [row for row in rows if row.state in connections.HELD]
        if len(held) == 1:
            shown = await limits_card.read(session, turn.person, held[0], turn.now)
            return [limits_card.of(turn.doors, shown, turn.now)]
    return [limits_card.which(held) if held else Reply("limits.none")]


async def tick(doors: Doors, now: datetime) -> list[Notice]:
    """Say once when 50, 80 and 100 percent of a cap are reached. Commits."""
    async with doors.db.begin() as session:
        warned = await spending.take_warnings(session, now=now)
    return [Notice(each.connection.person_id, [limits_card.warning(each)]) for each in warned]


async def words(turn: Turn, question: asked.Question) -> Answer | None:
    """Take a typed amount as the cap. None: another question was asked."""
    if question.what != _ASKED:
        return None
    cap = _read(turn.message.text)
    async with turn.work() as session:
        row = await _find(session, turn, question.row)
        if row is None:
            raise Refusal("button.stale")
        await asked.taken(session, turn)
        return [await _set(session, turn, row, cap)]


def _read(said: str) -> int | None:
    """Read an amount, in hundredths of a cent. None: no cap. Raises Refusal."""
    if said.strip().lower() == _NO_CAP:
        return None
    found = _AMOUNT.fullmatch(said.strip())
    amount = Decimal(found[1].replace(",", ".")) if found else None
    if amount is None or amount > _MOST:
        raise Refusal("limits.not_read", words=said[:64])
    return int(amount * 10_000)


async def _find(session: Session, turn: Turn, row: str) -> Connection | None:
    row_id = press.number(row)
    return await connections.get(session, row_id, turn.person.id) if row_id is not None else None


async def _as_it_is(turn: Turn, row: Connection) -> Answer:
    return [await _sheet(turn, row)]


async def _sheet(turn: Turn, row: Connection, *, fresh: bool = False) -> Reply:
    async with turn.begin() as session:
        shown = await limits_card.read(session, turn.person, row, turn.now)
    return limits_card.of(turn.doors, shown, turn.now, fresh=fresh)


_guard = press.Guard(
    find=_find,
    stands=lambda row: (row.state, row.version),
    show=_as_it_is,
    unknown="connect.stale",
)


async def _page(turn: Turn) -> Answer:
    """Show the sheet of a connection, whatever the button said about it."""
    return await _as_it_is(turn, await _guard.row(turn))


async def _new_page(turn: Turn) -> Answer:
    """Show it as a message of its own."""
    return [await _sheet(turn, await _guard.row(turn), fresh=True)]


@_guard.work(*connections.HELD)
async def _press_cap(turn: Turn, session: Session, row: Connection) -> Answer:
    """Set the cap that a button names."""
    extra = turn.press.extra if turn.press else ""
    if extra != _NO_CAP and not (extra.isascii() and extra.isdigit() and len(extra) < 9):
        raise Refusal("button.stale")
    sheet = await _set(session, turn, row, None if extra == _NO_CAP else int(extra))
    return [Toast("limits.cap_set"), sheet]


async def _set(session: Session, turn: Turn, row: Connection, cap: int | None) -> Reply:
    await spending.set_cap(session, row.id, cap, now=turn.now)
    return limits_card.of(turn.doors, await limits_card.read(session, turn.person, row, turn.now), turn.now)


@_guard.work(*connections.HELD)
async def _ask(turn: Turn, session: Session, row: Connection) -> Answer:
    """Ask for an amount."""
    await asked.ask(session, turn, _ASKED, str(row.id))
    return [Reply("limits.ask", {"username": row.username}, ask="limits.ask_hint", fresh=True)]


VERBS: dict[str, Command] = {
    "limits": _page,
    "limits_new": _new_page,
    "limits_all": show,
    "cap": _press_cap,
    "cap_ask": _ask,
}
