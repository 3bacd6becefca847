"""What uses a connection: groups, schedules, drafts, what waits, and people. Shown before it goes."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, union

from storage.db import Session
from storage.tables import (
    OPEN_GRANT,
    Grant,
    GrantPerson,
    Group,
    Schedule,
    ScheduleState,
    Task,
    TaskState,
)

_DRAFTS = (TaskState.DRAFT, TaskState.WAITING)
_WAITS = (TaskState.SCHEDULED, TaskState.DUE, TaskState.RUNNING, TaskState.ASKING, TaskState.MISSED)


@dataclass(frozen=True, slots=True)
class Relations:
    """What would miss a connection, or several."""

    groups: tuple[str, ...]
    """Their titles."""
    schedules: int
    drafts: int
    """In private and in groups; what waits for votes too."""
    waits: int
    """Planned, or on its way."""
    others: int
    """People beside the owner: who asked for something that is not over, or is named in a policy."""


async def of(session: Session, connection_ids: Collection[int], *, owner: int) -> Relations:
    """Look what uses these connections of one person."""
    sharing = select(Grant.group_id).where(
        Grant.connection_id.in_(connection_ids), Grant.state.in_(OPEN_GRANT)
    )
    titles = await session.scalars(select(Group.title).where(Group.id.in_(sharing)).order_by(Group.id))
    schedules = select(func.count()).where(
        Schedule.connection_id.in_(connection_ids), Schedule.state != ScheduleState.ENDED
    )
    return Relations(
        groups=tuple(titles),
        schedules=await session.scalar(schedules) or 0,
        drafts=await _tasks(session, connection_ids, _DRAFTS),
        waits=await _tasks(session, connection_ids, _WAITS),
        others=await _others(session, connection_ids, owner),
    )


async def _tasks(session: Session, connection_ids: Collection[int], states: Collection[TaskState]) -> int:
    which = select(func.count()).where(Task.connection_id.in_(connection_ids), Task.state.in_(states))
    return await session.scalar(which) or 0


async def _others(session: Session, connection_ids: Collection[int], owner: int) -> int:
    asked = select(Task.person_id).where(
        Task.connection_id.in_(connection_ids), Task.state.in_((*_DRAFTS, *_WAITS))
    )
    named = (
        select(GrantPerson.person_id)
        .join(Grant, Grant.id == GrantPerson.grant_id)
        .where(Grant.connection_id.in_(connection_ids), Grant.state.in_(OPEN_GRANT))
    )
    everybody = union(asked, named).subquery()
    return (
        await session.scalar(
            select(func.count()).select_from(everybody).where(everybody.c.person_id != owner)
        )
        or 0
    )
