"""What is wrong with tasks, for `pinfeather doctor`: found in the rows, named by their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, and_, or_, select

from storage import holds, order
from storage.db import Session
from storage.tables import Connection, Task, TaskState, Write, WriteState

#: A task nothing holds, and that waits for no moment, should have been done within this.
STUCK_AFTER = timedelta(minutes=10)
#: Failures are named for this long.
FAILED_WITHIN = timedelta(days=7)
#: No more than this of each are named.
NAMED_MAX = 50

_AT_WORK = (TaskState.DUE, TaskState.RUNNING)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One task with which something is wrong; `about` says what, by a code or a state."""

    task_id: str
    connection_id: int | None
    about: str


class Complain(Protocol):
    """Names tasks with which something is wrong, by their ids: at most NAMED_MAX, those `after` an id."""

    async def __call__(self, session: Session, now: datetime, *, after: str = "") -> Sequence[Complaint]:
        """Name them."""


async def stuck(session: Session, now: datetime, *, after: str = "") -> Sequence[Complaint]:
    """Name tasks that should have been done by now, though nothing holds them."""
    late = now - STUCK_AFTER
    waits_for_nothing = or_(Task.wake_at.is_(None), Task.wake_at < late)
    asked = select(Task).where(
        Task.state.in_(_AT_WORK), Task.due_at < late, waits_for_nothing, ~order.held(now)
    )
    return [_of(task, task.state) for task in await _first(session, asked, after)]


async def failed(session: Session, now: datetime, *, after: str = "") -> Sequence[Complaint]:
    """Name tasks that failed lately, with why."""
    asked = select(Task).where(Task.state == TaskState.FAILED, Task.finished_at > now - FAILED_WITHIN)
    return [_of(task, task.outcome or "internal") for task in await _first(session, asked, after)]


async def unknown(session: Session, now: datetime, *, after: str = "") -> Sequence[Complaint]:
    """Name tasks of which nobody knows whether X did them: looked for still, or their person is asked."""
    open_write = and_(Write.task_id == Task.id, Write.state.in_((WriteState.SENDING, WriteState.UNKNOWN)))
    asked = (
        select(Task)
        .join(Write, open_write)
        .where(Task.state.in_((*_AT_WORK, TaskState.ASKING)), Write.sent_at < now - timedelta(minutes=1))
        .distinct()
    )
    return [_of(task, task.state) for task in await _first(session, asked, after)]


async def held(session: Session, now: datetime, *, after: str = "") -> Sequence[Complaint]:
    """Name tasks that wait because a connection or an app is revoked, parked or frozen, with why."""
    asked = select(Task).where(Task.state == TaskState.DUE, order.held(now))
    found = []
    for task in await _first(session, asked, after):
        connection = await session.get(Connection, task.connection_id)
        why = await holds.why(session, connection, now) if connection else None
        found.append(_of(task, why[0] if why else "held"))
    return found


async def _first(session: Session, asked: Select[Task], after: str) -> Sequence[Task]:
    return (await session.scalars(asked.where(Task.id > after).order_by(Task.id).limit(NAMED_MAX))).all()


def _of(task: Task, about: str) -> Complaint:
    return Complaint(task.id, task.connection_id, about)
