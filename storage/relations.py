"""What uses a connection: groups, schedules, drafts, what waits, and people. Shown before it goes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, func, select, union

from storage.db import Session
from storage.tables import (
    OPEN_GRANT,
    Grant,
    GrantPerson,
    Group,
    Person,
    Schedule,
    ScheduleState,
    Task,
    TaskState,
)

#: So many of a kind are given one by one.
MOST = 5
_DRAFTS = (TaskState.DRAFT, TaskState.WAITING)
_WAITS = (TaskState.SCHEDULED, TaskState.DUE, TaskState.RUNNING, TaskState.ASKING, TaskState.MISSED)


Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Some(Generic[Thing]):
    """The first of many."""

    first: Sequence[Thing]
    count: int
    """How many there are of them in all."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What would miss a connection, or several."""

    groups: Some[Group]
    schedules: Some[Schedule]
    drafts: Some[Task]
    """In private and in groups; what waits for votes too."""
    waits: Some[Task]
    """Planned once, or on its way."""
    others: Some[Person]
    """People beside the owner: who asked for something that is not over, or is named in a policy."""


async def of(session: Session, connection_ids: Collection[int], *, owner: int) -> Relations:
    """Look what uses these connections of one person."""
    sharing = select(Grant.group_id).where(
        Grant.connection_id.in_(connection_ids), Grant.state.in_(OPEN_GRANT)
    )
    plans = (Schedule.connection_id.in_(connection_ids), Schedule.state != ScheduleState.ENDED)
    theirs = Task.connection_id.in_(connection_ids)
    once = Task.schedule_id.is_(None)
    return Relations(
        groups=await _some(session, Group, Group.id.in_(sharing)),
        schedules=await _some(session, Schedule, *plans),
        drafts=await _some(session, Task, theirs, Task.state.in_(_DRAFTS)),
        waits=await _some(session, Task, theirs, Task.state.in_(_WAITS), once),
        others=await _some(session, Person, Person.id.in_(_everybody(connection_ids)), Person.id != owner),
    )


async def next_of(session: Session, schedule: Schedule) -> Task | None:
    """Find the task a schedule has in store. None: it has none, as when it is held."""
    found: Task | None = await session.scalar(
        select(Task)
        .where(Task.schedule_id == schedule.id, Task.state.in_(_WAITS))
        .order_by(Task.occurrence_at.desc())
        .limit(1)
    )
    return found


async def _some(session: Session, kind: Any, *which: ColumnElement[bool]) -> Some[Any]:
    first = await session.scalars(select(kind).where(*which).order_by(kind.id).limit(MOST))
    count = await session.scalar(select(func.count()).select_from(kind).where(*which))
    return Some(first.all(), count or 0)


def _everybody(connection_ids: Collection[int]) -> Any:
    asked = select(Task.person_id).where(
        Task.connection_id.in_(connection_ids), Task.state.in_((*_DRAFTS, *_WAITS))
    )
    named = (
        select(GrantPerson.person_id)
        .join(Grant, Grant.id == GrantPerson.grant_id)
        .where(Grant.connection_id.in_(connection_ids), Grant.state.in_(OPEN_GRANT))
    )
    return union(asked, named)
