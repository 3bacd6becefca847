"""What is set aside for writes: given back where they surely did not go out, spent where they were seen."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Executable,
    String,
    and_,
    bindparam,
    cast,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from storage.db import Session
from storage.money import WRITE, give_back
from storage.tables import Booking, Task, TaskState, Write, WriteState

_OVER = (
    *(TaskState.DRAFT, TaskState.DONE, TaskState.FAILED, TaskState.MISSED),
    *(TaskState.CANCELLED, TaskState.HANDED_OFF, TaskState.EXPIRED, TaskState.REJECTED),
)


async def release_unsent(session: Session, task_id: str) -> int:
    """Give back what is set aside for writes of a task that surely did not go out; counts them.

    Only while nobody can be at the fence: by whoever has the task, or when it is over.
    """
    bookings = await session.scalars(_unsent(), {"this_task": task_id})
    return sum([await give_back(session, booking) for booking in bookings.all()])


@cache
def _unsent() -> Executable:
    """Make the statement once: making it costs more than carrying it out."""
    return (
        select(Booking)
        .where(Booking.task_id == bindparam("this_task"), Booking.settled_at.is_(None), _surely_unsent())
        .order_by(Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


async def left_behind(session: Session, *, limit: int) -> Sequence[str]:
    """List tasks that are over and have money set aside for writes that surely did not go out."""
    found = await session.scalars(
        select(Task.id)
        .join(Booking, Booking.task_id == Task.id)
        .where(Task.state.in_(_OVER), Booking.settled_at.is_(None), _surely_unsent())
        .distinct()
        .order_by(Task.id)
        .limit(limit)
    )
    return found.all()


async def settle_seen(session: Session, *, now: datetime) -> None:
    """Count as spent what is reserved for writes that somebody saw on X."""
    seen = exists().where(
        Write.task_id == Booking.task_id,
        _what_of(Write.part) == Booking.what,
        Write.attempts == Booking.attempt,
        Write.state == WriteState.ACCEPTED,
    )
    await session.execute(
        update(Booking)
        .where(Booking.settled_at.is_(None), seen)
        .values(settled_at=now)
        .execution_options(synchronize_session=False)
    )


def _what_of(part: InstrumentedAttribute[int]) -> ColumnElement[str]:
    return literal(WRITE) + cast(part, String)


def _surely_unsent() -> ColumnElement[bool]:
    """Say in SQL of a booking that it is of a write that X does not have.

    Its sending has not begun, or X refused it. One fenced and not refused may be out.
    """
    may_be_out = or_(
        Write.state.in_((WriteState.SENDING, WriteState.UNKNOWN)),
        and_(Write.state.in_((WriteState.PREPARED, WriteState.ACCEPTED)), Write.attempts >= Booking.attempt),
        and_(Write.state == WriteState.REFUSED, Write.attempts > Booking.attempt),
    )
    of_it = exists().where(Write.task_id == Booking.task_id, Booking.what == _what_of(Write.part), may_be_out)
    return and_(Booking.what.startswith(WRITE), ~of_it.correlate(Booking))
