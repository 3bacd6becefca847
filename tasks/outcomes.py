"""What became of a group's task, for its log: sent, deleted, looked up, failed, missed, voted on anew."""

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
    """Write down where a group's task came to rest, last in the transaction that lets it.

    None: it goes on, or it is a private one. `by`: who said so, if a person did.
    """
    act = _act(task)
    if task.chat_id == task.person_id or act is None:
        return None
    facts: dict[str, int | str] = {"kind": task.kind}
    if act is Act.FAILED:
        facts["code"] = task.outcome or "internal"
    elif act is Act.VOTES_ANEW:
        facts["why"] = task.outcome or "other"
    elif act is not Act.MISSED:
        facts |= await _posts(session, task)
    if cost := await log_reading.cost_of(session, task.id):
        facts["cents_100"] = cost
    return await logged.note(session, vault, task, act, at=at, by=by, facts=facts)


_RESTS = {
    TaskState.FAILED: Act.FAILED,
    TaskState.MISSED: Act.MISSED,
    TaskState.WAITING: Act.VOTES_ANEW,
}


def _act(task: Task) -> Act | None:
    if task.state != TaskState.DONE:
        return _RESTS.get(TaskState(task.state))
    if task.reads:
        return Act.LOOKED_UP
    return Act.DELETED if task.kind == DELETION.name else Act.SENT


async def _posts(session: Session, task: Task) -> dict[str, int | str]:
    """Name the post it is about; of a thread all, in one word."""
    made = [write.x_post_id for write in await writes.of_task(session, task.id) if write.x_post_id]
    first = made[0] if made else task.target_post_id
    more: dict[str, int | str] = {"posts": f" {' '.join(made)} "} if len(made) > 1 else {}
    return ({"post": first} if first else {}) | more
