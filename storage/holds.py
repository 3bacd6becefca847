"""What holds tasks back though they are due: a revoked, parked or frozen connection, a parked app (rule 11).

What a group's grant holds stands in shared.py.

Held is computed, never stored: ending the cause is enough, and `release` lets the tasks go on in their order.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.sql import Select

from storage import shared
from storage.db import Session, upsert
from storage.tables import (
    Connection,
    ConnectionState,
    Grant,
    Group,
    GroupState,
    LostGround,
    Park,
    ParkReason,
    Task,
    TaskState,
    UtcDateTime,
)


def of_connection(connection: Connection) -> str:
    """Name a connection as what is parked."""
    return f"connection:{connection.id}"


def of_app(connection: Connection) -> str:
    """Name the app of a connection as what is parked."""
    return f"app:{connection.app_fingerprint}"


def holds(task_id: ColumnElement[str] | Any, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Say in SQL whether a row of `connections` holds this task back: what may end, and it goes on.

    One that is given up holds nothing back: what it was to do is over.
    """
    stopped = or_(
        Connection.frozen_at.is_not(None),
        exists(_parks(now).where(or_(Park.trial_task_id.is_(None), Park.trial_task_id != task_id))),
    )
    return or_(
        Connection.state == ConnectionState.REAUTHORIZE,
        and_(Connection.state == ConnectionState.ACTIVE, stopped),
    )


def _parks(now: datetime | BindParameter[datetime]) -> Select[str]:
    """Select the parks of a row of `connections`."""
    own = literal("connection:") + cast(Connection.id, String)
    return (
        select(Park.subject)
        .where(Park.subject.in_((own, literal("app:") + Connection.app_fingerprint)), _in_force(now))
        .correlate(Connection, Task)
    )


def _in_force(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(Park.until.is_(None), Park.until > now)


async def why(session: Session, connection: Connection, now: datetime) -> tuple[str, datetime | None] | None:
    """Say what holds a connection's tasks, and until when if that is known; None: nothing does.

    `revoked`, `frozen`, or a ParkReason; what a person has to end comes before what ends by itself.
    """
    if connection.state == ConnectionState.REAUTHORIZE:
        return "revoked", None
    if connection.frozen_at is not None:
        return "frozen", None
    parks = await session.scalars(
        select(Park)
        .where(Park.subject.in_((of_connection(connection), of_app(connection))), _in_force(now))
        .order_by(Park.reason, Park.until.desc())
    )
    park = parks.first()
    return None if park is None else (park.reason, park.until)


async def why_grant(session: Session, task: Task) -> str | None:
    """Say what holds a group's task though its connection works; None: its grant does not.

    `bot_removed`, or another reason for which the grant is suspended, or `grant_frozen`.
    """
    found = await session.execute(
        shared.grants_of(Task)
        .with_only_columns(Grant.suspended_why, Grant.frozen_at, Group.state)
        .where(Task.id == task.id, Task.chat_id != Task.person_id)
    )
    row = found.first()
    if row is None:
        return None
    suspended_why, frozen_at, state = row
    if suspended_why is not None or state != GroupState.ACTIVE:
        return suspended_why or LostGround.BOT_REMOVED
    return None if frozen_at is None else "grant_frozen"


async def park(
    session: Session, subject: str, reason: ParkReason, *, now: datetime, until: datetime | None = None
) -> None:
    """Park a connection or an app; parked already, it stays so until the later moment. A trial has failed.

    `until` None: somebody has to end it, or a trial.
    """
    insert = upsert(session, Park).values(
        subject=subject, reason=reason, since=now, until=until, tried_at=now
    )
    later = case(
        (or_(Park.until.is_(None), Park.until > insert.excluded.until), Park.until),
        else_=insert.excluded.until,
    )
    await session.execute(
        insert.on_conflict_do_update(
            index_elements=["subject", "reason"],
            set_={"until": later, "trial_task_id": None, "tried_at": now},
        )
    )


async def unpark(session: Session, subject: str, reason: ParkReason, *, now: datetime) -> bool:
    """End a park and let its tasks go on. False: there was none."""
    ended = (Park.subject == subject, Park.reason == reason)
    return await _end(session, *ended, now=now)


async def end_past(session: Session, now: datetime) -> None:
    """End the parks whose moment has come."""
    await _end(session, Park.until <= now, now=now)


async def answered(session: Session, task_id: str, *, now: datetime) -> None:
    """Note that X dealt with a request of this task: the park whose trial it was is over."""
    await _end(session, Park.trial_task_id == task_id, now=now)


async def _end(session: Session, *which: ColumnElement[bool], now: datetime) -> bool:
    ended = (await session.scalars(delete(Park).where(*which).returning(Park.subject))).all()
    for subject in ended:
        await release(session, subject, now=now)
    return bool(ended)


async def release(session: Session, subject: str, *, now: datetime) -> None:
    """Let what waits at a connection or an app be looked at now; what is still held stays where it is."""
    waits = (
        select(Task.id)
        .where(
            Task.state == TaskState.DUE,
            Task.connection_id.in_(select(Connection.id).where(_is_at(subject))),
            or_(Task.wake_at.is_(None), Task.wake_at > now),
        )
        # Locked in one order: two who wake the same tasks do not wait for each other in a circle.
        .order_by(Task.id)
        .with_for_update(key_share=True)
    )
    await session.execute(
        update(Task)
        .where(Task.id.in_(waits))
        .values(wake_at=now)
        .execution_options(synchronize_session=False)
    )


def _is_at(subject: str) -> ColumnElement[bool]:
    """Say in SQL whether a row of `connections` is the subject, or uses it."""
    kind, _, name = subject.partition(":")
    return Connection.id == int(name) if kind == "connection" else Connection.app_fingerprint == name


async def to_try(session: Session, now: datetime, *, every: timedelta) -> Sequence[str]:
    """List the apps out of credit that were not tried for as long as `every`."""
    found = await session.scalars(
        select(Park.subject).where(
            Park.reason == ParkReason.OUT_OF_CREDIT, Park.until.is_(None), Park.tried_at <= now - every
        )
    )
    return found.all()


async def take_trial(session: Session, subject: str, *, now: datetime, every: timedelta) -> str | None:
    """Let the first task that waits for an app's credit find out whether it came: its id.

    None: it was tried less than `every` ago, nothing waits, or the app is not out of credit.
    """
    trial = await session.scalar(
        update(Park)
        .where(
            Park.subject == subject,
            Park.reason == ParkReason.OUT_OF_CREDIT,
            Park.tried_at <= now - every,
            exists(_first_held(subject, now)),
        )
        .values(trial_task_id=_first_held(subject, now).scalar_subquery(), tried_at=now)
        .returning(Park.trial_task_id)
        .execution_options(synchronize_session=False)
    )
    if trial is not None:
        await session.execute(
            update(Task).where(Task.id == trial, Task.state == TaskState.DUE).values(wake_at=now)
        )
    return trial


async def pass_on(session: Session, task_id: str, *, now: datetime) -> None:
    """Let the next task try where this one, whose trial it was, is over without X having been asked."""
    found = await session.scalars(_tried_by(), {"this_task": task_id})
    for subject in found.all():
        await take_trial(session, subject, now=now, every=timedelta(0))


@cache
def _tried_by() -> Select[str]:
    """Make the statement once: making it costs more than carrying it out."""
    return select(Park.subject).where(Park.trial_task_id == bindparam("this_task"))


def _first_held(subject: str, now: datetime) -> Select[str]:
    """Select the task that was wanted first of those that nothing holds but the want of credit."""
    other = select(Park.subject).where(
        Park.subject == literal("connection:") + cast(Connection.id, String), _in_force(now)
    )
    return (
        select(Task.id)
        .join(Connection, Connection.id == Task.connection_id)
        .where(
            _is_at(subject),
            Connection.state == ConnectionState.ACTIVE,
            Connection.frozen_at.is_(None),
            ~exists(other.correlate(Connection)),
            Task.state == TaskState.DUE,
            Task.due_at <= literal(now, UtcDateTime()),
            ~shared.holds(Task),
        )
        .order_by(Task.due_at, Task.id)
        .limit(1)
    )


async def untold(session: Session) -> Sequence[Park]:
    """List the apps that ran out of credit of which nobody was told who can help."""
    found = await session.scalars(
        select(Park)
        .where(Park.reason == ParkReason.OUT_OF_CREDIT, Park.told_at.is_(None))
        .order_by(Park.since)
    )
    return found.all()


async def told(session: Session, subject: str, *, now: datetime) -> bool:
    """Note that whoever can help knows that an app is out of credit. False: somebody noted it before."""
    mine = await session.scalar(
        update(Park)
        .where(Park.subject == subject, Park.reason == ParkReason.OUT_OF_CREDIT, Park.told_at.is_(None))
        .values(told_at=now)
        .returning(Park.subject)
    )
    return mine is not None


async def connections_of(session: Session, subject: str) -> Sequence[Connection]:
    """List the connections that tasks wait at because of a park, by their ids."""
    waits = exists().where(Task.connection_id == Connection.id, Task.state == TaskState.DUE)
    found = await session.scalars(
        select(Connection)
        .where(_is_at(subject), Connection.state == ConnectionState.ACTIVE, waits)
        .order_by(Connection.id)
    )
    return found.all()
