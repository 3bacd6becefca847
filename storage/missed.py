"""Tasks that were reached too late and not sent: given up, told in one list, waiting for a decision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.sql import Select

from storage.db import Session
from storage.tables import Task, TaskState, Write, WriteState
from storage.writes import RESTORED

#: Outcome of a missed task that was given up as its schedule wants it; nobody is asked about it.
SKIPPED = "skipped"


async def forget_cards(session: Session, task_ids: Sequence[str]) -> None:
    """Let tasks have a message of their own again, and not the list they stood in."""
    await session.execute(update(Task).where(Task.id.in_(task_ids)).values(card_message_id=None))


async def may_be_out(session: Session, task_id: str) -> bool:
    """Tell whether X has, or may have, anything of a task; not of one only doubted after a restoring."""
    states = (WriteState.SENDING, WriteState.ACCEPTED, WriteState.UNKNOWN)
    sent = (Write.state.in_(states), Write.error_code.is_distinct_from(RESTORED))
    return bool(await session.scalar(select(exists().where(Write.task_id == task_id, *sent))))


async def miss(session: Session, task: Task, *, skipped: bool) -> Task | None:
    """Let a task rest as missed, to be told. None: it moved on meanwhile."""
    return await session.scalar(
        update(Task)
        .where(Task.id == task.id, Task.state == task.state, Task.run == task.run)
        .values(
            state=TaskState.MISSED,
            version=Task.version + 1,
            wake_at=None,
            lease_by=None,
            outcome=SKIPPED if skipped else None,
            told_at=None,
            telling_until=None,
        )
        .returning(Task)
        .execution_options(populate_existing=True)
    )


def _of(person_id: int) -> Select[Any]:
    return select(Task).where(*_in_private(person_id))


def _in_private(person_id: int) -> tuple[ColumnElement[bool], ...]:
    # What a group missed is told there, one by one.
    here = (Task.person_id == person_id, Task.chat_id == person_id)
    return (*here, Task.state == TaskState.MISSED)


async def of_person(session: Session, person_id: int, *, lock: bool = False) -> Sequence[Task]:
    """List what somebody has to decide about, in the order it was wanted. `lock`: until we commit."""
    asked = _of(person_id).where(or_(Task.outcome.is_(None), Task.outcome != SKIPPED))
    asked = asked.order_by(Task.due_at, Task.id)
    return (await session.scalars(asked.with_for_update(key_share=True) if lock else asked)).all()


async def skipped_untold(session: Session, person_id: int) -> Sequence[Task]:
    """List what was given up as its schedule wants it and the person does not know of yet."""
    given_up = _of(person_id).where(Task.outcome == SKIPPED, Task.told_at.is_(None))
    return (await session.scalars(given_up.order_by(Task.due_at, Task.id))).all()


async def take_telling(session: Session, person_id: int, *, now: datetime, until: datetime) -> list[str]:
    """Take in hand to tell somebody what was missed; gives the tasks not told. None: somebody tells them."""
    mine = await session.scalars(
        update(Task)
        .where(
            *_in_private(person_id),
            Task.told_at.is_(None),
            or_(Task.telling_until.is_(None), Task.telling_until <= now),
        )
        .values(telling_until=until)
        .returning(Task.id)
    )
    return list(mine)


async def card_of(session: Session, person_id: int) -> int | None:
    """Find the living message with the list of what was missed: the one those told of stand in."""
    found: int | None = await session.scalar(
        select(func.max(Task.card_message_id)).where(*_in_private(person_id), Task.told_at.is_not(None))
    )
    return found


async def remember_card(session: Session, person_id: int, message_id: int) -> None:
    """Remember the message in which the list of what was missed lives."""
    await session.execute(update(Task).where(*_in_private(person_id)).values(card_message_id=message_id))
