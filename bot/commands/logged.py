"""Writing into the log of a group what somebody did in this turn, or what happened to the group."""

from collections.abc import Mapping

from bot.turn import Occasion, Turn
from storage.db import Session
from storage.tables import Grant, Group, LogEntry, Task
from tasks import logged
from tasks.acts import Act


async def note(
    session: Session,
    turn: Occasion,
    where: Grant | Group | Task,
    act: Act,
    *,
    task: Task | None = None,
    facts: Mapping[str, int | str] | None = None,
    text: str | None = None,
) -> LogEntry | None:
    """Add an entry by who made the turn; last in the transaction, for it locks the group's log.

    `facts`: ids and numbers only; words go into `text`, which can be erased. A task of a private chat has
    no log: None. Of a happening the bot itself is said to have done it.
    """
    by = turn.person.id if isinstance(turn, Turn) else None
    return await logged.note(
        session, turn.doors.vault, where, act, at=turn.now, by=by, task=task, facts=facts, text=text
    )
