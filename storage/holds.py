"""What holds tasks back though they are due: a revoked, parked or frozen connection, a parked app (rule 11).

Held is computed, never stored: ending the cause is enough, and `release` lets the tasks go on in their order.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, exists, literal, or_, select, update
from sqlalchemy.sql import Select

from storage.db import Session, upsert
from storage.tables import Connection, ConnectionState, Park, ParkReason, Task, TaskState


def of_connection(connection: Connection) -> str:
    """Name a connection as what is parked."""
    return f"connection:{connection.id}"


def of_app(connection: Connection) -> str:
    """Name the app of a connection as what is parked."""
    return f"app:{connection.app_fingerprint}"


def holds(task_id: ColumnElement[str] | Any, now: datetime) -> ColumnElement[bool]:
    """Say in SQL whether a row of `connections` holds this task back."""
    return or_(
        Connection.state != ConnectionState.ACTIVE,
        Connection.frozen_at.is_not(None),
        exists(_parks(now).where(or_(Park.trial_task_id.is_(None), Park.trial_task_id != task_id))),
    )


def _parks(now: datetime) -> Select[str]:
    """Select the parks of a row of `connections`."""
    own = literal("connection:") + cast(Connection.id, String)
    return (
        select(Park.subject)
        .where(
            Park.subject.in_((own, literal("app:") + Connection.app_fingerprint)),
            or_(Park.until.is_(None), Park.until > now),
        )
        .correlate(Connection)
    )


async def why(session: Session, connection: Connection, now: datetime) -> tuple[str, datetime | None] | None:
    """Say what holds a connection's tasks, and until when if that is known; None: nothing does.

    `revoked`, `frozen`, or a ParkReason; what a person has to end comes before what ends by itself.
    """
    if connection.state != ConnectionState.ACTIVE:
        return "revoked", None
    if connection.frozen_at is not None:
        return "frozen", None
    parks = await session.scalars(
        select(Park)
        .where(
            Park.subject.in_((of_connection(connection), of_app(connection))),
            or_(Park.until.is_(None), Park.until > now),
        )
        .order_by(Park.reason)
    )
    park = parks.first()
    return None if park is None else (park.reason, park.until)


async def park(
    session: Session, subject: str, reason: ParkReason, *, now: datetime, until: datetime | None = None
) -> None:
    """Park a connection or an app; parked already, it only stays so until the later moment."""
    insert = upsert(session, Park).values(subject=subject, reason=reason, since=now, until=until)
    await session.execute(
        insert.on_conflict_do_update(
            index_elements=["subject", "reason"], set_={"until": until, "trial_task_id": None}
        )
    )


async def unpark(session: Session, subject: str, reason: ParkReason, *, now: datetime) -> bool:
    """End a park and let its tasks go on. False: there was none."""
    ended = await session.scalar(
        delete(Park).where(Park.subject == subject, Park.reason == reason).returning(Park.subject)
    )
    if ended is None:
        return False
    await release(session, subject, now=now)
    return True


async def release(session: Session, subject: str, *, now: datetime) -> None:
    """Let what waits at a connection or an app be looked at now; what is still held stays where it is."""
    kind, _, name = subject.partition(":")
    column = cast(Connection.id, String) if kind == "connection" else Connection.app_fingerprint
    await session.execute(
        update(Task)
        .where(
            Task.state == TaskState.DUE,
            Task.connection_id.in_(select(Connection.id).where(column == name)),
            or_(Task.wake_at.is_(None), Task.wake_at > now),
        )
        .values(wake_at=now)
    )
