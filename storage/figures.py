"""How things stand, in numbers, for those who watch the bot; of nobody in particular. Changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from storage import holds
from storage.db import Session
from storage.tables import (
    Connection,
    Erasure,
    Park,
    ParkReason,
    Task,
    TaskState,
    Update,
    UpdateState,
    Write,
    WriteState,
)

#: What is over is counted for so long, so that the question costs the same after years.
RECENTLY = timedelta(hours=1)
_OPEN = (TaskState.DRAFT, TaskState.SCHEDULED, TaskState.DUE, TaskState.RUNNING, TaskState.ASKING)
_OVER = tuple(state for state in TaskState if state not in _OPEN)
_AT_WORK = (TaskState.DUE, TaskState.RUNNING)
_UNSETTLED = (WriteState.SENDING, WriteState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Figures:
    """One look at all tables."""

    updates: Mapping[str, int]
    """By state, of those taken in hand RECENTLY."""
    tasks: Mapping[str, int]
    """By state; what is over: of those wanted RECENTLY."""
    held: int
    """Due tasks whose connection or app is revoked, frozen or parked."""
    oldest_due_at: datetime | None
    """When the earliest task was wanted that could go out now and has not. None: there is none."""
    unsettled_writes: Mapping[str, int]
    """By state: *sending* now, or *unknown* and still to be looked for."""
    parks: Mapping[tuple[str, str], int]
    """By what is parked (connection, app) and why."""
    erasures: int
    """Messages with a secret in them that are still to be deleted."""


async def look(session: Session, now: datetime) -> Figures:
    """Count. The cost goes with what is open and what was done RECENTLY, not with what was ever done."""
    held, oldest_due_at = await _at_work(session, now)
    return Figures(
        updates=await _updates(session, now),
        tasks=await _tasks(session, now),
        held=held,
        oldest_due_at=oldest_due_at,
        unsettled_writes=await _writes(session),
        parks=await _parks(session, now),
        erasures=await session.scalar(select(func.count()).select_from(Erasure)) or 0,
    )


async def _updates(session: Session, now: datetime) -> dict[str, int]:
    counted = await session.execute(
        select(Update.state, func.count()).where(Update.received_at > now - RECENTLY).group_by(Update.state)
    )
    return _with_zeros(UpdateState, counted)


async def _tasks(session: Session, now: datetime) -> dict[str, int]:
    # Named one by one, so that the index on state and due_at is used.
    lately = Task.state.in_(_OVER) & (Task.due_at > now - RECENTLY)
    counted = await session.execute(
        select(Task.state, func.count()).where(or_(Task.state.in_(_OPEN), lately)).group_by(Task.state)
    )
    return _with_zeros(TaskState, counted)


async def _at_work(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """Count the due tasks that are held back, and find since when the earliest of the others is due."""
    is_held = holds.holds(Task.id, now)
    found = await session.execute(
        select(is_held.label("is_held"), func.count(), func.min(Task.due_at))
        .join(Connection, Connection.id == Task.connection_id)
        .where(
            Task.state.in_(_AT_WORK),
            Task.due_at <= now,
            or_(Task.wake_at.is_(None), Task.wake_at <= now, is_held),
        )
        .group_by("is_held")
    )
    by_held = {bool(is_held): (count, oldest) for is_held, count, oldest in found}
    return by_held.get(True, (0, None))[0], by_held.get(False, (0, None))[1]


async def _writes(session: Session) -> dict[str, int]:
    counted = await session.execute(
        select(Write.state, func.count())
        .join(Task, Task.id == Write.task_id)
        .where(Task.state.in_((*_AT_WORK, TaskState.ASKING)), Write.state.in_(_UNSETTLED))
        .group_by(Write.state)
    )
    return _with_zeros(_UNSETTLED, counted)


async def _parks(session: Session, now: datetime) -> dict[tuple[str, str], int]:
    counts = {(what, reason.value): 0 for what in ("connection", "app") for reason in ParkReason}
    # The subject is "connection:..." or "app:...".
    what = func.substr(Park.subject, 1, 3)
    found = await session.execute(
        select(what, Park.reason, func.count())
        .where(or_(Park.until.is_(None), Park.until > now))
        .group_by(what, Park.reason)
    )
    for begins, reason, count in found:
        counts["app" if begins == "app" else "connection", str(reason)] = count
    return counts


def _with_zeros(states: Iterable[str], counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Give every state its number: an alarm on a series that comes and goes does not work."""
    return {str(state): 0 for state in states} | {str(state): count for state, count in counted}
