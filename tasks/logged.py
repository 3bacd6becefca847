"""Writing into the log of a group what was done there: by a person, or by the bot itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from storage import groups, log
from storage.db import Session
from storage.tables import Grant, Group, LogEntry, Task
from storage.vault import Vault
from tasks.acts import Act


async def note(
    session: Session,
    vault: Vault,
    where: Grant | Group | Task,
    act: Act,
    *,
    at: datetime,
    by: int | None = None,
    task: Task | None = None,
    facts: Mapping[str, int | str] | None = None,
    text: str | None = None,
) -> LogEntry | None:
    """Add an entry to the log of the group of `where`, in the caller's transaction, as its last step.

    None: `where` is a task of a private chat, of which no log is kept. `by` None: the bot itself did it.
    """
    about = where if isinstance(where, Task) else task
    group_id = await _group_id(session, where)
    if group_id is None:
        return None
    connection_id = None if isinstance(where, Group) else where.connection_id
    if connection_id is None and about is not None:
        connection_id = about.connection_id
    return await log.append(
        session,
        vault,
        group_id,
        act,
        at=at,
        actor_id=by,
        connection_id=connection_id,
        task_id=about.id if about else None,
        facts=facts,
        text=text,
    )


async def in_order(session: Session, found: Iterable[Task]) -> list[Task]:
    """Order tasks by their groups' numbers: so the logs of several groups are locked, whoever locks some.

    Two who did it in orders of their own would wait for each other in a circle.
    """
    numbered = [(await _group_id(session, task) or 0, task.id, task) for task in found]
    return [task for _, _, task in sorted(numbered, key=lambda each: each[:2])]


async def _group_id(session: Session, where: Grant | Group | Task) -> int | None:
    if isinstance(where, Grant):
        return where.group_id
    if isinstance(where, Group):
        return where.id
    if where.chat_id == where.person_id:
        return None
    group = await groups.find(session, where.chat_id)
    return group.id if group else None
