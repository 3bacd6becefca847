"""How a connection stands: what stops it, what failed last, why, the button that helps. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands import connection_card, live_check, planning, press, queue, trouble_card, way_out
from bot.commands.way_out import Trouble
from bot.turn import Turn
from storage import connections, failures, holds
from storage.db import Session
from storage.tables import Connection
from texts.reply import Button, Fact, Reply, Rows, Say
from twitter.errors import SlowDown, XError

#: What failed longer ago is not spoken of.
FAILED_WITHIN = timedelta(days=7)
#: Access levels with which posts, or only messages, are refused (X: header x-access-level).
_TOO_LOW = {"read": "read_only", "read-write": "no_dm_permission"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: what it is about, and the sentence around it."""

    trouble: Trouble
    key: str = "doctor.stopped"
    until: datetime | None = None
    """When it ends by itself; None: nobody knows."""
    about: Fact = ""
    """The task it happened to."""
    at: datetime | None = None


async def of(
    turn: Turn, row: Connection, *, checked: live_check.Checked | None = None, error_id: str = ""
) -> Reply:
    """Show how a connection stands. `checked`: what X has just said; `error_id`: what the log calls that."""
    async with turn.begin() as session:
        now = await connections.get(session, row.id, row.person_id) or row
        stops = await _stops(session, turn, now)
        last = await _last(session, turn, now)
        has_others = len(await connections.listed(session, turn.person.id)) > 1
    if checked and checked.error:
        said = _said(turn, now, checked.error, error_id)
        stops = [said, *(stop for stop in stops if stop.trouble.code != said.trouble.code)]
    found = [*stops, *last]
    lines = (*_well(stops, checked), *(_line(turn, one) for one in found), *(() if last else (_QUIET,)))
    facts: dict[str, Fact] = {"name": now.name, "username": now.username, "lines": lines}
    return Reply("doctor.page", facts, _rows(turn, now, found, has_others=has_others))


async def of_all(turn: Turn, rows: Sequence[Connection]) -> Reply:
    """List a person's connections, each with what stops it, and what failed there last."""
    async with turn.begin() as session:
        lines = tuple([await _overview(session, turn, row) for row in rows])
    return Reply("doctor.list", {"lines": lines}, tuple((_open(row),) for row in rows))


_QUIET = Say("doctor.nothing_failed", {"days": FAILED_WITHIN.days})


async def _overview(session: Session, turn: Turn, row: Connection) -> Say:
    stops = [stop for stop in await _stops(session, turn, row) if not _is_note(stop)]
    said: tuple[Say, ...] = tuple(say for stop in stops for say in way_out.sentence(stop.trouble))
    last = await _last(session, turn, row)
    failed = tuple(Say("doctor.failed_there", {"what": way_out.sentence(one.trouble)}) for one in last)
    facts: dict[str, Fact] = {
        "name": row.name,
        "username": row.username,
        "is_well": "no" if stops else "yes",
        "lines": (*(said or (Say("doctor.well"),)), *failed),
    }
    return Say("doctor.line", facts)


async def _stops(session: Session, turn: Turn, row: Connection) -> list[Finding]:
    """Find what stops a connection, or part of what it could do."""
    held = await holds.why(session, row, turn.now)
    found = [Finding(_trouble(turn, row, held[0]), until=held[1])] if held else []
    if connection_card.state(turn.doors, row) == "locked":
        found.insert(0, Finding(_trouble(turn, row, "locked_secrets")))
    elif live_check.opened(turn, row) is None:
        found.insert(0, Finding(_trouble(turn, row, "keys_wrong")))
    if code := _TOO_LOW.get(row.access_level or ""):
        key = "doctor.stopped" if code == "read_only" else "doctor.note"
        found.append(Finding(_trouble(turn, row, code), key))
    return found


def _trouble(turn: Turn, row: Connection, code: str) -> Trouble:
    return Trouble(code, row, is_operator=turn.person.is_operator)


async def _last(session: Session, turn: Turn, row: Connection) -> list[Finding]:
    """Find what failed last, or what the person is asked about; nothing if that is long ago."""
    task = await failures.last(session, row, since=turn.now - FAILED_WITHIN)
    if task is None:
        return []
    trouble = await trouble_card.of(session, task)
    about = await queue.what(session, turn, task)
    at = task.finished_at or task.due_at or task.created_at
    return [Finding(trouble, "doctor.last", about=about, at=at)]


def _said(turn: Turn, row: Connection, error: XError, error_id: str) -> Finding:
    """Say what X answered just now."""
    operator = turn.person.is_operator
    trouble = Trouble(error.code, row, detail=error.detail, error_id=error_id, is_operator=operator)
    return Finding(trouble, "doctor.x_says", until=error.until if isinstance(error, SlowDown) else None)


def _well(stops: Sequence[Finding], checked: live_check.Checked | None) -> tuple[Say, ...]:
    """Say that nothing stops it, if so, and what X said to that."""
    name = checked.username if checked else ""
    said = (Say("doctor.x_says_well", {"username": name}),) if name else ()
    return said if not all(map(_is_note, stops)) else (*said, Say("doctor.well"))


def _is_note(finding: Finding) -> bool:
    return finding.key == "doctor.note"


def _line(turn: Turn, finding: Finding) -> Say:
    zone = planning.zone_of(turn.person).key
    until = (Say("doctor.until", {"until": finding.until, "zone": zone}),) if finding.until else ()
    facts: dict[str, Fact] = {
        "what": (*way_out.sentence(finding.trouble), *until),
        "why": way_out.cause(finding.trouble),
    }
    if finding.at is not None:
        facts |= {"about": finding.about, "at": finding.at, "zone": zone}
    return Say(finding.key, facts)


def _open(row: Connection) -> Button:
    facts: dict[str, Fact] = {"name": row.name, "username": row.username}
    return press.button("connections.button_page", "doctor", row, facts=facts)


def _rows(turn: Turn, row: Connection, found: Sequence[Finding], *, has_others: bool) -> Rows:
    """Give a button for each finding, and those to ask X and to go back."""
    rows: list[tuple[Button, ...]] = []
    asks = (way_out.ask(row),) if live_check.opened(turn, row) is not None else ()
    for one in found:
        helps = (way_out.button(turn.doors, one.trouble, afar=True),)
        if helps not in (*rows, asks):
            rows.append(helps)
    back = (Button("doctor.button_list", data="doctors:0:0"),) if has_others else ()
    return tuple(filter(None, (*rows, asks, back)))
