"""Somebody leaves a group: what they asked for there ends, and their votes on what waits are taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from storage import schedules
from storage.db import Session
from storage.tables import Schedule, ScheduleState, Task, TaskState, Vote

#: A task that nothing of may be out yet.
_NOT_OUT = (TaskState.DRAFT, TaskState.WAITING, TaskState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Ended:
    """What ends when somebody leaves."""

    asked: Sequence[Task]
    """What they had waiting or planned."""
    approved: Sequence[Task]
    """What waits still, with one yes less."""


async def left(session: Session, *, chat_id: int, person_id: int) -> Ended:
    """End what a person asked for in a chat, and take back what they said to the rest.

    What is due or on its way is looked at before it is sent (tasks/rights.py), and so are the voters of what
    has its votes.
    """
    theirs = (Task.chat_id == chat_id, Task.person_id == person_id)
    planned = await session.scalars(
        select(Schedule.id).where(
            Schedule.chat_id == chat_id,
            Schedule.person_id == person_id,
            Schedule.state != ScheduleState.ENDED,
        )
    )
    # What there was is read before the schedules end their own.
    there = await session.scalars(
        select(Task.id).where(*theirs, Task.state.in_(_NOT_OUT), Task.state != TaskState.DRAFT)
    )
    shown = there.all()
    for schedule_id in planned.all():
        await schedules.end(session, schedule_id)
    await session.execute(
        update(Task)
        .where(*theirs, Task.state.in_(_NOT_OUT))
        .values(state=TaskState.CANCELLED, version=Task.version + 1, asked=None, wake_at=None)
        .execution_options(synchronize_session=False)
    )
    open_to_votes = select(Task.id).where(Task.chat_id == chat_id, Task.state == TaskState.WAITING)
    taken_back = await session.execute(
        delete(Vote)
        .where(Vote.person_id == person_id, Vote.task_id.in_(open_to_votes))
        .returning(Vote.task_id, Vote.content_hash)
        .execution_options(synchronize_session=False)
    )
    counted = {row.task_id: row.content_hash for row in taken_back}
    ended = await _now(session, shown, TaskState.CANCELLED)
    waiting = await _now(session, counted, TaskState.WAITING)
    return Ended(ended, [task for task in waiting if task.content_hash == counted[task.id]])


async def _now(session: Session, task_ids: Collection[str], state: TaskState) -> Sequence[Task]:
    found = await session.scalars(
        select(Task)
        .where(Task.id.in_(task_ids), Task.state == state)
        .order_by(Task.id)
        .execution_options(populate_existing=True)
    )
    return found.all()
