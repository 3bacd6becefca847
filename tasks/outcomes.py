"""What became of a group's task, for the group's log: sent, deleted, looked up, or failed."""

from datetime import datetime

from storage import log_reading, writes
from storage.db import Session
from storage.tables import LogEntry, Task, TaskState
from storage.vault import Vault
from tasks import logged
from tasks.acts import Act
from tasks.kinds import DELETION


async def note(
    session: Session, vault: Vault, task: Task, *, at: datetime, by: int | None = None
) -> LogEntry | None:
    """Write down how a group's task ended, last in the transaction that ends it.

    None: it has not ended, or it is a private one. `by`: who said so, if a person did.
    """
    if task.chat_id == task.person_id or task.state not in (TaskState.DONE, TaskState.FAILED):
        return None
    act = _act(task)
    facts: dict[str, int | str] = {"kind": task.kind}
    if act is Act.FAILED:
        facts["code"] = task.outcome or "internal"
    else:
        facts |= await _posts(session, task)
    if cost := await log_reading.cost_of(session, task.id):
        facts["cents_100"] = cost
    return await logged.note(session, vault, task, act, at=at, by=by, facts=facts)


def _act(task: Task) -> Act:
    if task.state == TaskState.FAILED:
        return Act.FAILED
    if task.reads:
        return Act.LOOKED_UP
    return Act.DELETED if task.kind == DELETION.name else Act.SENT


async def _posts(session: Session, task: Task) -> dict[str, int | str]:
    """Name the post it is about; of a thread all, in one word."""
    made = [write.x_post_id for write in await writes.of_task(session, task.id) if write.x_post_id]
    first = made[0] if made else task.target_post_id
    more: dict[str, int | str] = {"posts": f" {' '.join(made)} "} if len(made) > 1 else {}
    return ({"post": first} if first else {}) | more
