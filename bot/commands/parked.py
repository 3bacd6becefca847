"""What is said when X or money stops tasks, and the button that tries again: one message, one button."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.commands import press
from bot.commands.connect_clock import Notice
from bot.turn import Answer, Command, Doors, Turn
from storage import connections, holds, people
from storage.db import Session
from storage.tables import Connection, Park
from texts.reply import Button, Refusal, Reply, Style, Toast

#: An app out of credit is tried by its button no more often than this.
PRESSED_EVERY = timedelta(seconds=10)


async def tick(doors: Doors, now: datetime) -> list[Notice]:
    """Say once what stopped. Commits. When it goes on again: tasks/parking.py."""
    async with doors.db.begin() as session:
        revoked = await connections.take_untold_revoked(session, now)
        notices = [_revoked(connection) for connection in revoked]
        for park in await holds.untold(session):
            if await holds.told(session, park.subject, now=now):
                notices += await _out_of_credit(session, doors, park)
    return notices


def _revoked(connection: Connection) -> Notice:
    again = press.button("tweet.button_reconnect", "reauthorize", connection, style=Style.PRIMARY)
    facts = {"name": connection.name, "username": connection.username}
    return Notice(connection.person_id, [Reply("parked.revoked", facts, ((again,),), fresh=True)])


async def _out_of_credit(session: Session, doors: Doors, park: Park) -> list[Notice]:
    """Tell those who can help, with a button; those who cannot, that it is known."""
    waiting = await holds.connections_of(session, park.subject)
    registered = doors.rules.registered_app
    if registered is None or park.subject != f"app:{doors.vault.fingerprint(registered.consumer_key)}":
        return [_of_own_app(connection) for connection in _one_each(waiting)]
    operators = await people.operators(session)
    button = Button("parked.button_try", "credit:0:0", style=Style.PRIMARY)
    told = [Notice(one, [Reply("parked.credit_operator", {}, ((button,),), fresh=True)]) for one in operators]
    others = [one for one in _one_each(waiting) if one.person_id not in operators]
    return [*told, *(Notice(one.person_id, [Reply("parked.credit_known", fresh=True)]) for one in others)]


def _one_each(waiting: Sequence[Connection]) -> list[Connection]:
    """Choose one connection of each person."""
    return list({connection.person_id: connection for connection in waiting}.values())


def _of_own_app(connection: Connection) -> Notice:
    button = Button("parked.button_try", f"credit:{connection.id}:0", style=Style.PRIMARY)
    facts = {"username": connection.username}
    return Notice(connection.person_id, [Reply("parked.credit_own", facts, ((button,),), fresh=True)])


async def try_again(turn: Turn) -> Answer:
    """Try again now: the first task that waits finds out whether the app has credit."""
    async with turn.work() as session:
        subject = await _subject(session, turn)
        tried = await holds.take_trial(session, subject, now=turn.now, every=PRESSED_EVERY)
    return [Toast("parked.tried" if tried else "parked.not_tried")]


async def _subject(session: Session, turn: Turn) -> str:
    """Say whose credit a button is about: 0 is the registered app, for the operator; else a connection."""
    row = press.number(turn.press.row if turn.press else "")
    registered = turn.doors.rules.registered_app
    if row == 0 and turn.person.is_operator and registered:
        return f"app:{turn.doors.vault.fingerprint(registered.consumer_key)}"
    connection = await connections.get(session, row, turn.person.id) if row else None
    if connection is None:
        raise Refusal("button.stale")
    return holds.of_app(connection)


VERBS: dict[str, Command] = {"credit": try_again}
