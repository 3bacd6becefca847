"""Tasks whose run was lost: which should have one in the engine's hands, and letting them have another."""

from datetime import datetime

from sqlalchemy import select, update

from storage import order
from storage.db import Session
from storage.tables import Task, TaskState


async def in_the_engines_hands(session: Session, now: datetime, *, after: str, limit: int) -> list[Task]:
    """List tasks that should have a run under way, by id, those after `after`."""
    found = await session.scalars(
        select(Task)
        .where(
            Task.state.in_((TaskState.DUE, TaskState.RUNNING)),
            Task.wake_at.is_(None),
            Task.id > after,
            ~order.held(now),
        )
        .order_by(Task.id)
        .limit(limit)
    )
    return list(found)


async def rearm(session: Session, task: Task, *, now: datetime) -> bool:
    """Let a task whose run is lost have another. False: it moved on meanwhile."""
    woken = await session.scalar(
        update(Task)
        .where(
            Task.id == task.id,
            Task.run == task.run,
            Task.state == task.state,
            Task.wake_at.is_(None),
            Task.lease_by.is_not_distinct_from(task.lease_by),
        )
        .values(wake_at=now)
        .returning(Task.id)
    )
    return woken is not None


async def is_held(session: Session, task_id: str, *, now: datetime) -> bool:
    """Say whether something holds a task back."""
    return bool(await session.scalar(select(order.held(now)).where(Task.id == task_id)))
