"""Somebody leaves a group: what they asked for there ends, and their votes on what waits are taken back."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from storage import schedules
from storage.db import Session
from storage.tables import Schedule, ScheduleState, Task, TaskState, Vote

#: A task that nothing of may be out yet.
_NOT_OUT = (TaskState.DRAFT, TaskState.WAITING, TaskState.SCHEDULED)


async def left(session: Session, *, chat_id: int, person_id: int) -> Sequence[Task]:
    """End what a person asked for in a chat; gives what was waiting or planned, for its cards.

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
    await session.execute(
        delete(Vote)
        .where(Vote.person_id == person_id, Vote.task_id.in_(open_to_votes))
        .execution_options(synchronize_session=False)
    )
    ended = await session.scalars(
        select(Task)
        .where(Task.id.in_(shown), Task.state == TaskState.CANCELLED)
        .execution_options(populate_existing=True)
    )
    return ended.all()
