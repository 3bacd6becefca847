"""Which tweets of an account somebody could repeat by mistake: posted lately, or about to be."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from storage.db import Session
from storage.tables import Connection, Task, TaskState, Write

#: So far back a text is a repetition.
WITHIN = timedelta(days=7)
#: So many of the newest are looked through.
_MOST = 1000
_AHEAD = (TaskState.DUE, TaskState.RUNNING, TaskState.SCHEDULED, TaskState.ASKING)


async def candidates(session: Session, task: Task, now: datetime) -> Sequence[Task]:
    """List an account's other tweets of the last days, and those that wait, newest first.

    Through whatever connection of this person's, in a group those asked for there; without those
    deleted since, and without those of the same schedule, which repeats on purpose.
    """
    own = Connection.id == task.connection_id
    account = select(Connection.x_user_id).where(own).scalar_subquery()
    owner = select(Connection.person_id).where(own).scalar_subquery()
    same_account = select(Connection.id).where(Connection.person_id == owner, Connection.x_user_id == account)
    in_private = task.chat_id == task.person_id
    # What a member has in private is no matter of the group.
    whose = Task.person_id == task.person_id if in_private else Task.chat_id == task.chat_id
    deletion = aliased(Task)
    deleted = (
        select(Write.task_id)
        .join(deletion, deletion.target_post_id == Write.x_post_id)
        .where(
            deletion.connection_id.in_(same_account),
            deletion.kind == "delete",
            deletion.state == TaskState.DONE,
            Write.x_user_id == account,
            Write.part == 0,
        )
    )
    lately = (Task.state == TaskState.DONE) & (Task.finished_at > now - WITHIN)
    other_schedule = or_(Task.schedule_id.is_(None), Task.schedule_id != task.schedule_id)
    found = await session.scalars(
        select(Task)
        .where(
            whose,
            Task.connection_id.in_(same_account),
            Task.kind == "tweet",
            Task.id != task.id,
            or_(Task.state.in_(_AHEAD), lately),
            *((other_schedule,) if task.schedule_id is not None else ()),
            Task.id.not_in(deleted),
        )
        .order_by(Task.id.desc())
        .limit(_MOST)
    )
    return found.all()
