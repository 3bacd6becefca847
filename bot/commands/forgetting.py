"""/forget: a person takes away what is stored about them, or has it erased."""

import json
from datetime import datetime, timedelta

from bot.commands import relations
from bot.turn import Answer, Command, Turn
from storage import authorizations, connections, people, personal_data
from storage.db import Session
from storage.tables import AuthorizationState
from texts.reply import Button, Fact, Refusal, Reply, Style, Toast

#: How long "Erase everything?" can be answered.
ASKED_FOR = timedelta(minutes=10)
FILE_NAME = "pinfeather.json"


async def forget(turn: Turn) -> Answer:
    """Answer /forget: what can be taken away, and how."""
    async with turn.begin() as session:
        facts = await _holdings(session, turn)
    take = Button("forget.button_export", "export:0:0")
    erase = Button("forget.button_erase", "erase:0:0", style=Style.DANGER)
    return [Reply("forget.explain", facts, ((take,), (erase,)))]


async def export(turn: Turn) -> Answer:
    """Send a file with everything stored about the person, without secrets."""
    async with turn.begin() as session:
        stored = await personal_data.export(session, turn.person.id)
    content = json.dumps(stored, ensure_ascii=False, indent=2).encode()
    return [Reply("forget.exported", document=(FILE_NAME, content))]


async def ask(turn: Turn) -> Answer:
    """Ask before everything is erased, with the consequences."""
    async with turn.begin() as session:
        facts = await _holdings(session, turn)
        theirs = await relations.names(session, turn.person.id)
        facts["uses"] = await relations.at_stake(session, turn, theirs)
    surely = Button(
        "forget.button_surely", f"erase_yes:{turn.person.id}:{_minute(turn.now)}", style=Style.DANGER
    )
    keep = Button("forget.button_keep", "forget:0:0")
    return [Reply("forget.ask", facts, ((surely,), (keep,)))]


async def erase(turn: Turn) -> Answer:
    """Erase the person; the connections' tokens stay sealed until X was told to forget them."""
    press = turn.press
    if press is None or press.row != str(turn.person.id) or not _is_recent(press.version, turn.now):
        return [Toast("forget.asked_too_long_ago"), *await ask(turn)]
    async with turn.work() as session:
        facts = await _holdings(session, turn)
        theirs = await relations.names(session, turn.person.id)
        shared = await relations.sharing(session, theirs)
        await _let_go(session, turn)
        await people.resign(session, turn.person.id)
        await personal_data.erase(session, turn.person.id)
        told = await relations.tell(session, turn, theirs, shared)
    return [Reply("forget.erased", facts), *told]


async def _let_go(session: Session, turn: Turn) -> None:
    """End what the person has at X. Raises Refusal while X is being asked for a token."""
    person_id = turn.person.id
    await authorizations.lock_person(session, person_id)
    if row := await authorizations.current(session, person_id):
        if row.state == AuthorizationState.EXCHANGING and row.expires_at > turn.now:
            # The token on its way here would be nobody's, and X never told to forget it.
            raise Refusal("forget.busy")
        await authorizations.end(session, row, AuthorizationState.CANCELLED, turn.now)
    for connection in await connections.listed(session, person_id):
        await connections.disconnect(session, connection, turn.now)


async def _holdings(session: Session, turn: Turn) -> dict[str, Fact]:
    return {
        "connections": await people.connections_held(session, turn.person.id),
        "role": "operator" if turn.person.is_operator else "person",
    }


def _minute(moment: datetime) -> int:
    """Give the number of a minute: the version of a question that is good for some minutes."""
    return int(moment.timestamp()) // 60


def _is_recent(minute: int, now: datetime) -> bool:
    return 0 <= _minute(now) - minute <= ASKED_FOR // timedelta(minutes=1)


VERBS: dict[str, Command] = {"forget": forget, "export": export, "erase": ask, "erase_yes": erase}
