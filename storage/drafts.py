"""Drafts that were set aside: nothing of them is on X, and they can be taken up again."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, exists, func, select

from storage.db import Session
from storage.tables import Task, TaskMedia, TaskState, Write, WriteState


def _aside(person_id: int, chat_id: int) -> tuple[ColumnElement[bool], ...]:
    may_be_out = exists().where(Write.task_id == Task.id, Write.state != WriteState.REFUSED)
    has_files = exists().where(TaskMedia.task_id == Task.id)
    return (
        Task.person_id == person_id,
        Task.chat_id == chat_id,
        Task.state == TaskState.CANCELLED,
        Task.kind == "tweet",
        # What a schedule had planned is its own affair.
        Task.schedule_id.is_(None),
        (func.coalesce(Task.text, "") != "") | has_files,
        ~may_be_out,
    )


async def aside(session: Session, person_id: int, chat_id: int, *, skip: int, most: int) -> Sequence[Task]:
    """List the drafts somebody set aside in a chat, the newest first."""
    found = await session.scalars(
        select(Task).where(*_aside(person_id, chat_id)).order_by(Task.id.desc()).offset(skip).limit(most)
    )
    return found.all()


async def count(session: Session, person_id: int, chat_id: int) -> int:
    """Count what `aside` lists."""
    counted = select(func.count()).select_from(Task).where(*_aside(person_id, chat_id))
    return await session.scalar(counted) or 0


async def erase(session: Session, task_id: str, *, version: int, person_id: int, chat_id: int) -> bool:
    """Erase a draft that was set aside, for good. False: it is none, or not of this version any more."""
    erased = await session.scalar(
        delete(Task)
        .where(Task.id == task_id, Task.version == version, *_aside(person_id, chat_id))
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    return erased is not None
