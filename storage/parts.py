"""The parts of a thread that is being written: its own text is the first, with the files of part 0.

Every change is one of the draft: it makes a new version of it. Commits nothing.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, delete, insert, update

from storage import tasks
from storage.db import Session
from storage.tables import Task, TaskMedia, TaskPart


async def replace(session: Session, task: Task, texts: Sequence[str], **values: Any) -> Task | None:
    """Let a draft have these parts, the files of each in place. None: it is no draft of this version."""
    changed = await tasks.change_draft(session, task.id, version=task.version, text=texts[0], **values)
    if changed is None:
        return None
    await session.execute(delete(TaskPart).where(TaskPart.task_id == task.id))
    if further := texts[1:]:
        rows = [{"task_id": task.id, "part": part, "text": text} for part, text in enumerate(further, 1)]
        await session.execute(insert(TaskPart), rows)
    return changed


async def swap(session: Session, task: Task, one: int, other: int, **values: Any) -> Task | None:
    """Let two parts change places, with their files. None: as in `replace`."""
    texts = await tasks.parts(session, task)
    texts[one], texts[other] = texts[other], texts[one]
    there = case({one: other, other: one}, value=TaskMedia.part)
    await session.execute(
        update(TaskMedia)
        .where(TaskMedia.task_id == task.id, TaskMedia.part.in_((one, other)))
        .values(part=there)
    )
    return await replace(session, task, texts, **values)


async def remove(session: Session, task: Task, part: int, **values: Any) -> Task | None:
    """Take a part out, with its files; those behind move up. None: as in `replace`."""
    texts = await tasks.parts(session, task)
    del texts[part]
    of_task = TaskMedia.task_id == task.id
    await session.execute(delete(TaskMedia).where(of_task, TaskMedia.part == part))
    await session.execute(
        update(TaskMedia).where(of_task, TaskMedia.part > part).values(part=TaskMedia.part - 1)
    )
    return await replace(session, task, texts, **values)


async def move_files(session: Session, task_id: str, message_id: int, *, to: int) -> None:
    """Let the file of a message belong to a part."""
    await session.execute(
        update(TaskMedia)
        .where(TaskMedia.task_id == task_id, TaskMedia.message_id == message_id)
        .values(part=to)
    )


async def fix(session: Session, task: Task, part: int, text: str) -> Task:
    """Let a part of a thread that stopped have another text; those before it are out. `part` is not 0."""
    await session.execute(
        update(TaskPart).where(TaskPart.task_id == task.id, TaskPart.part == part).values(text=text)
    )
    return task
