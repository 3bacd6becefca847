"""What of a connection failed last, or its person is asked about: for `/doctor` in the chat."""

from datetime import datetime

from sqlalchemy import func, select

from storage.db import Session
from storage.tables import Connection, Task, TaskState


async def last(session: Session, connection: Connection, *, since: datetime) -> Task | None:
    """Find the newest task of a connection, after `since`, that failed or waits for its person's answer."""
    moment = func.coalesce(Task.finished_at, Task.due_at, Task.created_at)
    found: Task | None = await session.scalar(
        select(Task)
        .where(
            Task.connection_id == connection.id,
            Task.person_id == connection.person_id,
            Task.state.in_((TaskState.FAILED, TaskState.ASKING)),
            moment > since,
        )
        .order_by(moment.desc(), Task.id.desc())
        .limit(1)
    )
    return found
