"""What a ban ends besides the person's own state: open authorizations and tasks that would go out."""

from datetime import datetime

from sqlalchemy import exists, update

from storage import authorizations
from storage.db import Session
from storage.tables import (
    AuthorizationState,
    Schedule,
    ScheduleState,
    Task,
    TaskState,
    Write,
    WriteState,
)
from storage.writes import RESTORED


async def stop(session: Session, person_id: int, now: datetime) -> None:
    """End somebody's open authorization and cancel what is due or planned. Commits nothing.

    A task that X may have done already goes on being looked for: only its row says whether it is over.
    """
    if row := await authorizations.current(session, person_id):
        await authorizations.end(session, row, AuthorizationState.CANCELLED, now)
    may_be_out = exists().where(
        Write.task_id == Task.id,
        Write.state.in_((WriteState.SENDING, WriteState.UNKNOWN)),
        Write.error_code.is_distinct_from(RESTORED),
    )
    await session.execute(
        update(Task)
        .where(Task.person_id == person_id, Task.state.in_(_WOULD_GO_OUT), ~may_be_out)
        .values(state=TaskState.CANCELLED, version=Task.version + 1, wake_at=None)
    )
    await session.execute(
        update(Schedule).where(Schedule.person_id == person_id).values(state=ScheduleState.ENDED)
    )


_WOULD_GO_OUT = (TaskState.DUE, TaskState.SCHEDULED, TaskState.WAITING)
