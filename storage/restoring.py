"""What a restored database has to be told before a bot runs on it: time went on since its backup was made.

Whatever could be sent then may have been sent meanwhile, by a process that wrote it down in a database that
is lost. So every such write becomes *unknown*: it is looked for on X before anything is sent (rule 9).

What was due is looked for at once and, if it is not found, asked about: never sent by itself. What a person
has to press a button for, and what is planned for later, is looked for when its time comes, then sent if it
is not there. Buttons from before lead nowhere: each row has a version that no card shows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, literal, or_, select, update

from storage import missed, writes
from storage.db import Session, upsert
from storage.tables import (
    Authorization,
    Connection,
    Lease,
    Schedule,
    ScheduleState,
    Task,
    TaskPart,
    TaskState,
    UtcDateTime,
    Write,
    WriteState,
)

State = TaskState

#: Versions and runs of what happened since the backup are below these by far.
BEYOND = 1000
#: A person has to press something before it is sent.
_BY_HAND = (State.DRAFT, State.WAITING, State.CANCELLED, State.FAILED, State.MISSED)


@dataclass(frozen=True, slots=True)
class Since:
    """The time nothing is known of: from just before the backup to the restoring."""

    made_at: datetime
    now: datetime


async def newest_of_schedules(session: Session) -> Sequence[Task]:
    """List the task each active schedule made last."""
    newest = (
        select(Task.schedule_id, func.max(Task.occurrence_at).label("at"))
        .join(Schedule, Schedule.id == Task.schedule_id)
        .where(Schedule.state == ScheduleState.ACTIVE)
        .group_by(Task.schedule_id)
        .subquery()
    )
    found = await session.scalars(
        select(Task).join(
            newest, and_(Task.schedule_id == newest.c.schedule_id, Task.occurrence_at == newest.c.at)
        )
    )
    return found.all()


async def think(
    session: Session, since: Since, *, looked_up: Collection[str], asks_after: int
) -> dict[str, int]:
    """Make a restored database ready for a bot; counts what is looked for, by when: `now`, `later`.

    The schedules must have made all their tasks up to now. `looked_up`: the kinds of tasks that are found on
    X; others are done again without harm. `asks_after`: so many sendings, and the person is asked instead of
    sending once more.
    """
    due, later = _due(since.now), _later(since.now)
    known = Task.kind.in_(looked_up)
    await _doubt(session, since, and_(known, due), attempts=asks_after, mark=None)
    await _doubt(session, since, and_(known, later), attempts=1, mark=writes.RESTORED)
    await session.execute(
        update(Task).where(_skipped(since)).values(outcome=None).execution_options(synchronize_session=False)
    )
    counts = {
        "now": await _count(session, and_(known, due)),
        "later": await _count(session, and_(known, later, Task.state != State.CANCELLED)),
    }
    await _outdate(session)
    await session.execute(
        update(Task)
        .where(due)
        .values(
            state=State.DUE,
            wake_at=since.now,
            promised=False,
            lease_by=None,
            attempts=0,
            outcome=case((known, "looking"), else_=None),
            outcome_detail=None,
            told_at=None,
        )
    )
    return counts


def _due(now: datetime) -> ColumnElement[bool]:
    """Say in SQL which tasks were to be done by now without anybody's doing."""
    return or_(
        Task.state.in_((State.DUE, State.RUNNING, State.ASKING)),
        and_(Task.state == State.SCHEDULED, Task.due_at <= now),
    )


def _later(now: datetime) -> ColumnElement[bool]:
    """Say in SQL which tasks may be sent yet, and may have been: by a press, or before they were due.

    Not the next one of a schedule: the one before it, of the same words, would be taken for it.
    """
    return or_(
        Task.state.in_(_BY_HAND),
        and_(Task.state == State.SCHEDULED, Task.due_at > now, Task.schedule_id.is_(None)),
    )


def _skipped(since: Since) -> ColumnElement[bool]:
    """Say in SQL what counts as given up and may have been posted: it is asked about instead."""
    return and_(Task.state == State.MISSED, Task.outcome == missed.SKIPPED, Task.due_at > since.made_at)


async def _doubt(
    session: Session, since: Since, which: ColumnElement[bool], *, attempts: int, mark: str | None
) -> None:
    """Make every write of these tasks unknown, sent at any time since; accepted ones are known."""
    for part_of_each in (_first_parts(attempts), _further_parts(attempts)):
        insert = upsert(session, Write).from_select(_COLUMNS, part_of_each.where(which))
        await session.execute(insert.on_conflict_do_nothing())
    await session.execute(
        update(Write)
        .where(Write.task_id.in_(select(Task.id).where(which)), Write.state != WriteState.ACCEPTED)
        .values(
            state=WriteState.UNKNOWN,
            attempts=case((Write.attempts < attempts, attempts), else_=Write.attempts),
            absent_looks=0,
            error_code=mark,
            first_sent_at=func.coalesce(Write.first_sent_at, literal(since.made_at, UtcDateTime())),
            # As late as can be: X may show it only some time after.
            sent_at=since.now,
        )
        .execution_options(synchronize_session=False)
    )


_COLUMNS = ("task_id", "part", "x_user_id", "state", "absent_looks", "attempts", "price_cents_100")


def _first_parts(attempts: int) -> Select[Any]:
    return _sent_by(select(Task.id, literal(0), *_sent(attempts)))


def _further_parts(attempts: int) -> Select[Any]:
    further = select(Task.id, TaskPart.part, *_sent(attempts))
    return _sent_by(further.join(TaskPart, TaskPart.task_id == Task.id))


def _sent(attempts: int) -> tuple[ColumnElement[Any] | Any, ...]:
    nothing = literal(0)
    return Connection.x_user_id, literal(WriteState.UNKNOWN.value), nothing, literal(attempts), nothing


def _sent_by(parts: Select[Any]) -> Select[Any]:
    return parts.join(Connection, Connection.id == Task.connection_id)


async def _outdate(session: Session) -> None:
    """Leave buttons and runs of the lost time behind, and who held what."""
    await session.execute(
        update(Task)
        .where(Task.state != State.DONE)
        .values(version=Task.version + BEYOND, run=Task.run + BEYOND, telling_until=None)
        .execution_options(synchronize_session=False)
    )
    for table in (Authorization, Connection, Schedule):
        await session.execute(
            update(table).values(version=table.version + BEYOND).execution_options(synchronize_session=False)
        )
    await session.execute(delete(Lease))


async def _count(session: Session, which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(Task).where(which)) or 0
