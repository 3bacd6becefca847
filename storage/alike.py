"""What other accounts have posted, or are going to: for X's rule against the same text from several."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from storage.db import Session
from storage.tables import Connection, Schedule, ScheduleState, ScheduleText, Task, TaskState

_COMING = (TaskState.SCHEDULED, TaskState.DUE, TaskState.RUNNING, TaskState.ASKING)


async def elsewhere(
    session: Session, task: Task, *, x_user_id: str, since: datetime
) -> Sequence[tuple[str, str]]:
    """List texts with the accounts (names) they are of: of this person, or this chat, but of another account.

    What went out `since` then, what is on its way, what is planned, and what schedules post in turn.
    """
    coming = or_(Task.state.in_(_COMING), and_(Task.state == TaskState.DONE, Task.finished_at > since))
    tweets = (
        select(Task.text, Connection.username)
        .join(Connection, Connection.id == Task.connection_id)
        .where(
            Task.kind == "tweet",
            Task.text.is_not(None),
            or_(Task.person_id == task.person_id, Task.chat_id == task.chat_id),
            Task.id != task.id,
            Connection.x_user_id != x_user_id,
            coming,
        )
    )
    in_turn = (
        select(ScheduleText.text, Connection.username)
        .join(Schedule, Schedule.id == ScheduleText.schedule_id)
        .join(Connection, Connection.id == Schedule.connection_id)
        .where(
            Schedule.state == ScheduleState.ACTIVE,
            Schedule.kind == "tweet",
            or_(Schedule.person_id == task.person_id, Schedule.chat_id == task.chat_id),
            Connection.x_user_id != x_user_id,
        )
    )
    found = [*(await session.execute(tweets)).all(), *(await session.execute(in_turn)).all()]
    return [(text or "", username) for text, username in found]
