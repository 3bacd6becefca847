"""What stops a task, and the one thing that helps: held, or failed. Changes nothing."""

from bot.commands import press, preview, way_out
from bot.turn import Doors
from storage import holds, people
from storage.db import Session
from storage.tables import AppKind, Task, TaskState
from texts.reply import Button, Fact, Reply, Style


async def held(session: Session, doors: Doors, task: Task, facts: dict[str, Fact]) -> Reply | None:
    """Show a task that is held, and what helps. None: nothing holds it, or it is under way."""
    connection = await preview.connection_of(session, task)
    if task.state != TaskState.DUE or connection is None:
        return None
    why = await holds.why(session, connection, doors.clock())
    stop = press.button("tweet.button_cancel", "drop", task)
    if why is None:
        by_grant = await holds.why_grant(session, task)
        said = Reply("tweet.held_grant", facts | {"why": by_grant or ""}, ((stop,),))
        return said if by_grant else None
    cause, until = why
    helps: tuple[Button, ...] = ()
    if cause == "frozen":
        helps = (press.button("connections.button_thaw", "conn_thaw", connection, style=Style.SUCCESS),)
    elif cause == "revoked":
        helps = (press.button("tweet.button_reconnect", "reauthorize", connection, style=Style.PRIMARY),)
    is_own = "yes" if connection.app_kind == AppKind.OWN else "no"
    when = until or doors.clock()
    key = "tweet.rate_limited" if cause == "rate_limited" else f"tweet.held_{cause}"
    return Reply(key, facts | {"when": when, "is_own": is_own}, ((*helps, stop),))


async def failed(session: Session, doors: Doors, task: Task, facts: dict[str, Fact], key: str) -> Reply:
    """Show a task that failed: why, and what helps."""
    trouble = await of(session, task)
    buttons = (way_out.button(doors, trouble), *way_out.further(doors, trouble))
    return Reply(key, facts | {"why": way_out.sentence(trouble)}, (buttons,))


async def of(session: Session, task: Task) -> way_out.Trouble:
    """Give the trouble of a task, with whose connection and which person it is."""
    connection = await preview.connection_of(session, task)
    person = await people.get(session, task.person_id)
    return way_out.of_task(task, connection, is_operator=person is not None and person.is_operator)
