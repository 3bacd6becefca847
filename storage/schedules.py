"""Schedules and the tasks planned for a moment: asked for and changed here; the decisions stand in tasks/.

A schedule that was proposed, and not confirmed yet, is *ended*: it makes nothing. One in force always has
its next task in store. Lock order: the task first, then its schedule.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update

from storage.db import FOR_CHANGE, Session
from storage.ids import sortable_id
from storage.tables import (
    Schedule,
    ScheduleMedia,
    ScheduleState,
    ScheduleText,
    Task,
    TaskMedia,
    TaskState,
    Write,
    WriteState,
)

_MEDIA = (
    "message_id",
    "kind",
    "file_id",
    "file_unique_id",
    "mime",
    "size",
    "duration_s",
    "alt_text",
)


async def get(session: Session, schedule_id: int | None, *, lock: bool = False) -> Schedule | None:
    """Find a schedule. `lock`: nobody changes it until we commit."""
    if schedule_id is None:
        return None
    return await session.get(
        Schedule, schedule_id, populate_existing=True, with_for_update=FOR_CHANGE if lock else None
    )


async def propose(session: Session, draft: Task, *, rule: str, zone: str, now: datetime) -> Schedule:
    """Make the schedule a draft shall become; not in force before `start`."""
    schedule = Schedule(
        person_id=draft.person_id,
        chat_id=draft.chat_id,
        source_message_id=draft.source_message_id,
        connection_id=draft.connection_id,
        state=ScheduleState.ENDED,
        version=1,
        rule=rule,
        zone=zone,
        thread_id=draft.thread_id,
        missed="ask",
        turn=0,
        created_at=now,
    )
    session.add(schedule)
    await session.flush()
    return schedule


async def change(session: Session, schedule_id: int, **values: Any) -> Schedule | None:
    """Change a schedule. None: there is none."""
    return await session.scalar(
        update(Schedule)
        .where(Schedule.id == schedule_id)
        .values(**values, version=Schedule.version + 1)
        .returning(Schedule)
        .execution_options(populate_existing=True)
    )


async def start(session: Session, schedule: Schedule, draft: Task) -> None:
    """Put a schedule in force with all its draft has, which is its first task."""
    await _put_text(session, schedule.id, 0, draft.text or "")
    await session.execute(delete(ScheduleMedia).where(ScheduleMedia.schedule_id == schedule.id))
    for file in await session.scalars(select(TaskMedia).where(TaskMedia.task_id == draft.id)):
        copied = {name: getattr(file, name) for name in _MEDIA}
        await session.execute(insert(ScheduleMedia).values(schedule_id=schedule.id, **copied))
    alike = ("connection_id", "kind", "parameters", "target_post_id", "target_user_id")
    copied = {name: getattr(draft, name) for name in alike}
    await change(session, schedule.id, state=ScheduleState.ACTIVE, turn=1, **copied)


async def texts(session: Session, schedule_id: int) -> list[str]:
    """List the texts a schedule posts in turn; before it is in force without the draft's own, the first."""
    found = await session.scalars(
        select(ScheduleText.text)
        .where(ScheduleText.schedule_id == schedule_id)
        .order_by(ScheduleText.position)
    )
    return list(found)


async def add_text(session: Session, schedule_id: int, text: str) -> None:
    """Add a text behind the others; position 0 is kept for the draft's own."""
    last = await session.scalar(
        select(func.max(ScheduleText.position)).where(ScheduleText.schedule_id == schedule_id)
    )
    session.add(ScheduleText(schedule_id=schedule_id, position=(last or 0) + 1, text=text))
    await session.flush()


async def replace_text(session: Session, schedule: Schedule, old: str | None, new: str) -> None:
    """Let a schedule post another text wherever it posts this one."""
    await session.execute(
        update(ScheduleText)
        .where(ScheduleText.schedule_id == schedule.id, ScheduleText.text == old)
        .values(text=new)
    )


async def _put_text(session: Session, schedule_id: int, position: int, text: str) -> None:
    here = (ScheduleText.schedule_id == schedule_id, ScheduleText.position == position)
    await session.execute(delete(ScheduleText).where(*here))
    session.add(ScheduleText(schedule_id=schedule_id, position=position, text=text))
    await session.flush()


async def last_occurrence(session: Session, schedule_id: int) -> datetime | None:
    """Say up to which occurrence a schedule has made its tasks."""
    found: datetime | None = await session.scalar(
        select(func.max(Task.occurrence_at)).where(Task.schedule_id == schedule_id)
    )
    return found


async def is_overtaken(session: Session, task: Task) -> bool:
    """Say whether the moment of a later task of the same schedule has come already."""
    found = await session.scalar(
        select(Task.id)
        .where(
            Task.schedule_id == task.schedule_id,
            Task.occurrence_at > task.occurrence_at,
            Task.state.in_((TaskState.DUE, TaskState.RUNNING, TaskState.DONE)),
        )
        .limit(1)
    )
    return found is not None


async def one_before(session: Session, task: Task) -> Task | None:
    """Find the task that a schedule made before this one."""
    found: Task | None = await session.scalar(
        select(Task)
        .where(Task.schedule_id == task.schedule_id, Task.occurrence_at < task.occurrence_at)
        .order_by(Task.occurrence_at.desc())
        .limit(1)
    )
    return found


async def add_occurrence(
    session: Session, schedule: Schedule, at: datetime, *, now: datetime, reads: bool = False
) -> Task | None:
    """Make the task of one occurrence, with the text whose turn it is. None: it was made already.

    The schedule must be locked. Nothing is given to the engine: the row waits for its moment.
    """
    made = await session.scalar(
        select(Task.id).where(Task.schedule_id == schedule.id, Task.occurrence_at == at)
    )
    if made is not None:
        return None
    turns = await texts(session, schedule.id)
    task = Task(
        id=sortable_id(now),
        person_id=schedule.person_id,
        chat_id=schedule.chat_id,
        # Of no message, hence below zero. That it is made once is seen to by schedule and occurrence.
        source_message_id=-1 - secrets.randbits(62),
        thread_id=schedule.thread_id,
        kind=schedule.kind,
        parameters=schedule.parameters,
        reads=reads,
        target_post_id=schedule.target_post_id,
        target_user_id=schedule.target_user_id,
        state=TaskState.SCHEDULED,
        version=1,
        text=turns[schedule.turn % len(turns)] if turns else None,
        connection_id=schedule.connection_id,
        due_at=at,
        # A paused schedule's waits for Resume.
        wake_at=at if schedule.state == ScheduleState.ACTIVE else None,
        promised=True,
        schedule_id=schedule.id,
        occurrence_at=at,
        attempts=0,
        run=0,
        created_at=now,
    )
    session.add(task)
    await session.flush()
    for file in await session.scalars(select(ScheduleMedia).where(ScheduleMedia.schedule_id == schedule.id)):
        session.add(TaskMedia(task_id=task.id, **{name: getattr(file, name) for name in _MEDIA}))
    schedule.turn += 1
    await session.flush()
    return task


async def end(session: Session, schedule_id: int) -> None:
    """End a schedule: what is planned, or only waits, is cancelled; what may be out goes on."""
    await change(session, schedule_id, state=ScheduleState.ENDED)
    may_be_out = exists().where(
        Write.task_id == Task.id,
        Write.state.in_((WriteState.SENDING, WriteState.ACCEPTED, WriteState.UNKNOWN)),
    )
    only_waits = or_(Task.state == TaskState.SCHEDULED, and_(Task.state == TaskState.DUE, ~may_be_out))
    await session.execute(
        update(Task)
        .where(Task.schedule_id == schedule_id, only_waits)
        .values(state=TaskState.CANCELLED, version=Task.version + 1, wake_at=None)
        .execution_options(synchronize_session=False)
    )


async def hold(session: Session, schedule_id: int) -> None:
    """Let what a schedule has planned wait for no moment."""
    await session.execute(
        update(Task)
        .where(Task.schedule_id == schedule_id, Task.state == TaskState.SCHEDULED)
        .values(wake_at=None, version=Task.version + 1)
    )


async def go_on(
    session: Session, schedule_id: int, *, newest: datetime | None, after: datetime | None, now: datetime
) -> None:
    """Let what a schedule held wait for its moment again; where it is over, the newest waits for `after`."""
    held = (Task.schedule_id == schedule_id, Task.state == TaskState.SCHEDULED)
    if after is not None:
        await session.execute(
            update(Task)
            .where(*held, Task.occurrence_at == newest, Task.due_at <= now)
            .values(due_at=after, occurrence_at=after)
        )
    await session.execute(update(Task).where(*held).values(wake_at=Task.due_at, version=Task.version + 1))


def _coming(chat_id: int) -> tuple[ColumnElement[bool], ...]:
    # In a group it may wait for votes until its moment.
    states = (TaskState.SCHEDULED, TaskState.WAITING)
    return (Task.chat_id == chat_id, Task.state.in_(states), Task.promised.is_(True))


async def coming(session: Session, chat_id: int, *, skip: int, most: int) -> Sequence[Task]:
    """List what is planned in a chat, whoever in a group asked for it; the next first."""
    found = await session.scalars(
        select(Task).where(*_coming(chat_id)).order_by(Task.due_at, Task.id).offset(skip).limit(most)
    )
    return found.all()


async def count(session: Session, chat_id: int) -> int:
    """Count what `coming` lists."""
    return await session.scalar(select(func.count()).select_from(Task).where(*_coming(chat_id))) or 0


async def planned_at(session: Session, person_id: int) -> list[datetime]:
    """List the moments somebody has something planned for; what is on its way keeps its slot."""
    found = await session.scalars(
        select(Task.due_at).where(
            Task.person_id == person_id,
            Task.state.in_((TaskState.SCHEDULED, TaskState.WAITING, TaskState.DUE, TaskState.RUNNING)),
            Task.due_at.is_not(None),
        )
    )
    return [moment for moment in found if moment is not None]
