"""Which tweet took the place of which on X: an edit is a tweet whose target is the post it replaced."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from storage.db import Session
from storage.tables import Task, TaskMedia, TaskState, Write

#: X lets a post be edited five times ("Edit posts"); a chain that is longer is broken.
_MOST = 6
_MEDIA = ("message_id", "kind", "file_id", "file_unique_id", "mime", "size", "duration_s", "alt_text")


async def newest(session: Session, post_id: str, *, person_id: int) -> Task | None:
    """Find the newest edit of a post that this person made here. None: there is none."""
    found: Task | None = None
    at: str | None = post_id
    for _ in range(_MOST):
        edit = await _of(session, at or "", person_id=person_id)
        if edit is None:
            return found
        found, at = edit, await _made(session, edit)
    return found


async def replaced(session: Session, edit: Task) -> Sequence[Task]:
    """List the tweets whose place an edit has taken, one edit after the other, the nearest first."""
    found: list[Task] = []
    at = edit.target_post_id
    while at is not None and len(found) < _MOST:
        before = await _maker(session, at, person_id=edit.person_id)
        if before is None:
            break
        found.append(before)
        at = before.target_post_id
    return found


async def copy_media(session: Session, of: Task, to: Task) -> None:
    """Let an edit have the files of what it replaces; X keeps none by itself."""
    for file in await session.scalars(
        select(TaskMedia).where(TaskMedia.task_id == of.id, TaskMedia.part == 0)
    ):
        copied = {name: getattr(file, name) for name in _MEDIA}
        await session.execute(insert(TaskMedia).values(task_id=to.id, **copied))


async def _of(session: Session, post_id: str, *, person_id: int) -> Task | None:
    found: Task | None = await session.scalar(
        select(Task)
        .where(
            Task.target_post_id == post_id,
            Task.kind == "tweet",
            Task.state == TaskState.DONE,
            Task.person_id == person_id,
        )
        .order_by(Task.id.desc())
        .limit(1)
    )
    return found


async def _made(session: Session, edit: Task) -> str | None:
    found: str | None = await session.scalar(
        select(Write.x_post_id).where(Write.task_id == edit.id, Write.part == 0)
    )
    return found


async def _maker(session: Session, post_id: str, *, person_id: int) -> Task | None:
    found: Task | None = await session.scalar(
        select(Task)
        .join(Write, Write.task_id == Task.id)
        .where(
            Write.x_post_id == post_id,
            Write.part == 0,
            Task.kind == "tweet",
            Task.person_id == person_id,
        )
        .limit(1)
    )
    return found
