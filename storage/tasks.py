"""Questions about tasks and their media, and the changes of their rows; the decisions stand in tasks/."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, case, delete, func, or_, select, text, update

from storage.db import FOR_CHANGE, Session
from storage.ids import sortable_id
from storage.tables import Id, Person, Task, TaskMedia, TaskPart, TaskState, UtcDateTime, Write

#: In the words of the index of drafts, which SQLite else does not recognise: it would look at all tasks.
_IS_DRAFT = text("tasks.state = 'draft'")
#: States whose telling must not be missed, and for how long an outcome is still told.
_TOLD = (TaskState.DONE, TaskState.FAILED, TaskState.ASKING, TaskState.MISSED, TaskState.EXPIRED)
TOLD_WITHIN = timedelta(days=2)
#: States of a deletion that is under way, or was done or tried: not of one that is only planned.
_DELETES = (TaskState.DUE, TaskState.RUNNING, TaskState.ASKING, TaskState.DONE, TaskState.FAILED)


@dataclass(frozen=True, slots=True)
class NewMedia:
    """A file that arrived with a message."""

    kind: str
    file_id: str
    file_unique_id: str
    mime: str | None
    size: int | None
    duration_s: int | None


async def get(
    session: Session, task_id: str, *, person_id: int | None = None, lock: bool = False
) -> Task | None:
    """Find a task; with `person_id` only this person's own. `lock`: nobody moves it until we commit."""
    task = await session.get(
        Task, task_id, populate_existing=True, with_for_update=FOR_CHANGE if lock else None
    )
    return None if task is None or (person_id is not None and task.person_id != person_id) else task


async def version_of(session: Session, task_id: str) -> int | None:
    """Say of which version a task is by now. None: it is gone."""
    version: int | None = await session.scalar(_version(), {"this_task": task_id})
    return version


@cache
def _version() -> Executable:
    """Make the statement once: making it costs more than carrying it out (`_open_draft` and others too)."""
    return select(Task.version).where(Task.id == bindparam("this_task"))


async def open_draft(session: Session, *, chat_id: int, person_id: int) -> Task | None:
    """Find the one draft this person has open in this chat."""
    which = {"this_chat": chat_id, "this_person": person_id}
    found: Task | None = await session.scalar(_open_draft(), which)
    return found


@cache
def _open_draft() -> Executable:
    return select(Task).where(
        Task.chat_id == bindparam("this_chat", type_=Id),
        Task.person_id == bindparam("this_person", type_=Id),
        Task.state == TaskState.DRAFT,
    )


async def from_message(session: Session, *, chat_id: int, message_id: int) -> Task | None:
    """Find what was drafted or planned by this message, or has its file."""
    with_its_file = select(TaskMedia.task_id).where(TaskMedia.message_id == message_id)
    found: Task | None = await session.scalar(
        select(Task)
        .where(
            Task.chat_id == chat_id,
            # Not what a button on its card asked for: that bears the same message.
            or_(Task.kind.in_(("tweet", "message")), Task.promised),
            or_(Task.source_message_id == message_id, Task.id.in_(with_its_file)),
        )
        .order_by(Task.id.desc())
        .limit(1)
    )
    return found


async def undecided(session: Session, chat_id: int) -> Sequence[Task]:
    """List what waits for somebody's word in a chat: for votes, or for what became of it."""
    found = await session.scalars(
        select(Task)
        .where(Task.chat_id == chat_id, Task.state.in_((TaskState.WAITING, TaskState.ASKING)))
        .order_by(Task.id)
    )
    return found.all()


async def of_album(session: Session, *, chat_id: int, person_id: int, album_id: str) -> Task | None:
    """Find the tweet that gathers, or gathered, this album."""
    found: Task | None = await session.scalar(
        select(Task)
        .where(Task.chat_id == chat_id, Task.person_id == person_id, Task.album_id == album_id)
        .order_by(Task.id.desc())
        .limit(1)
    )
    return found


async def media(session: Session, task_id: str) -> Sequence[TaskMedia]:
    """List a task's files in the order they were sent."""
    found: Sequence[TaskMedia] = (await session.scalars(_media(), {"this_task": task_id})).all()
    return found


@cache
def _media() -> Executable:
    return select(TaskMedia).where(TaskMedia.task_id == bindparam("this_task")).order_by(TaskMedia.message_id)


async def parts(session: Session, task: Task) -> list[str]:
    """List the texts of what a task writes: its own, then those of a thread's further parts."""
    further = await session.scalars(_further_parts(), {"this_task": task.id})
    return [task.text or "", *further]


@cache
def _further_parts() -> Executable:
    return select(TaskPart.text).where(TaskPart.task_id == bindparam("this_task")).order_by(TaskPart.part)


async def lock_drafts(session: Session, person_id: int) -> None:
    """Let one transaction at a time change this person's drafts (SQLite has one writer anyway)."""
    await session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


async def begin(
    session: Session,
    *,
    person_id: int,
    chat_id: int,
    message_id: int,
    kind: str,
    text: str | None,
    connection_id: int | None,
    now: datetime,
    thread_id: int | None = None,
) -> tuple[Task, Task | None]:
    """Make a draft from a message; gives it, and the draft that was open until now and is set aside.

    The same message again gives the same task, whatever became of it.
    """
    await lock_drafts(session, person_id)
    known: Task | None = await session.scalar(
        select(Task).where(Task.chat_id == chat_id, Task.source_message_id == message_id, Task.kind == kind)
    )
    if known is not None:
        return known, None
    aside = await set_aside_draft(session, chat_id=chat_id, person_id=person_id)
    task = Task(
        id=sortable_id(now),
        person_id=person_id,
        chat_id=chat_id,
        source_message_id=message_id,
        kind=kind,
        state=TaskState.DRAFT,
        version=1,
        text=text,
        connection_id=connection_id,
        attempts=0,
        thread_id=thread_id,
        created_at=now,
    )
    session.add(task)
    await session.flush()
    return task, aside


async def deletion_of(session: Session, post_id: str, *, person_id: int) -> Task | None:
    """Find the newest task with which this person, or a group, takes a tweet from X; not one only planned."""
    found: Task | None = await session.scalar(
        select(Task)
        .where(
            Task.target_post_id == post_id,
            Task.kind == "delete",
            # In a group it may be an admin who takes away what another member posted.
            or_(Task.person_id == person_id, Task.chat_id != Task.person_id),
            Task.state.in_(_DELETES),
        )
        .order_by(Task.id.desc())
        .limit(1)
    )
    return found


async def that_made(
    session: Session, post_id: str, *, person_id: int | None = None, chat_id: int | None = None
) -> Task | None:
    """Find the tweet that is, or begins with, this post: of this person, or asked for in this chat.

    None: the bot made none such.
    """
    whose = [] if person_id is None else [Task.person_id == person_id]
    whose += [] if chat_id is None else [Task.chat_id == chat_id]
    found: Task | None = await session.scalar(
        select(Task)
        .join(Write, Write.task_id == Task.id)
        .where(
            Write.x_post_id == post_id,
            Write.part == 0,
            Task.kind == "tweet",
            Task.state == TaskState.DONE,
            *whose,
        )
    )
    return found


async def begin_deletion(
    session: Session, tweet: Task, *, post_ids: Sequence[str], by: int, now: datetime
) -> Task:
    """Make the task that takes a tweet, or a thread, from X, due now: its run goes to the engine.

    Each post is a part of it: the first is its target, the others stand as the texts of further parts.
    """
    deletion = Task(
        id=sortable_id(now),
        person_id=by,
        chat_id=tweet.chat_id,
        source_message_id=tweet.source_message_id,
        kind="delete",
        state=TaskState.DUE,
        version=1,
        connection_id=tweet.connection_id,
        target_post_id=post_ids[0],
        due_at=now,
        run=1,
        attempts=0,
        card_message_id=tweet.card_message_id,
        thread_id=tweet.thread_id,
        created_at=now,
    )
    session.add(deletion)
    await session.flush()
    for part, post_id in enumerate(post_ids[1:], 1):
        session.add(TaskPart(task_id=deletion.id, part=part, text=post_id))
    await session.flush()
    return deletion


async def set_aside_draft(session: Session, *, chat_id: int, person_id: int) -> Task | None:
    """Cancel the open draft, if any; its text and files stay and it can be taken up again."""
    return await session.scalar(
        update(Task)
        .where(Task.chat_id == chat_id, Task.person_id == person_id, Task.state == TaskState.DRAFT)
        .values(state=TaskState.CANCELLED, version=Task.version + 1, asked=None)
        .returning(Task)
        .execution_options(populate_existing=True)
    )


async def add_media(session: Session, task_id: str, message_id: int, new: NewMedia) -> None:
    """Keep a file of a task; the same file or message twice counts once."""
    twice = await session.scalar(
        select(TaskMedia.message_id).where(
            TaskMedia.task_id == task_id,
            or_(TaskMedia.message_id == message_id, TaskMedia.file_unique_id == new.file_unique_id),
        )
    )
    if twice is not None:
        return
    session.add(
        TaskMedia(
            task_id=task_id,
            message_id=message_id,
            kind=new.kind,
            file_id=new.file_id,
            file_unique_id=new.file_unique_id,
            mime=new.mime,
            size=new.size,
            duration_s=new.duration_s,
        )
    )
    await session.flush()


async def change_draft(
    session: Session, task_id: str, *, version: int | None = None, **values: Any
) -> Task | None:
    """Change a draft (`version` as the pressed button showed it). None: it is no draft any more."""
    statement = update(Task).where(Task.id == task_id, Task.state == TaskState.DRAFT)
    if version is not None:
        statement = statement.where(Task.version == version)
    return await session.scalar(
        statement.values(**values, version=Task.version + 1)
        .returning(Task)
        .execution_options(populate_existing=True)
    )


async def move(
    session: Session,
    task_id: str,
    *,
    version: int | None = None,
    states: Sequence[TaskState],
    to: TaskState,
    **values: Any,
) -> Task | None:
    """Move a task on if it is still in one of `states`, and of this version. None: it was not."""
    statement = update(Task).where(Task.id == task_id, Task.state.in_(states))
    if version is not None:
        statement = statement.where(Task.version == version)
    return await session.scalar(
        statement.values(state=to, version=Task.version + 1, **values)
        .returning(Task)
        .execution_options(populate_existing=True)
    )


async def remove_media(session: Session, task_id: str) -> None:
    """Take all files off a task."""
    await session.execute(delete(TaskMedia).where(TaskMedia.task_id == task_id))


async def keep_media(session: Session, task_id: str, count: int) -> None:
    """Keep only the first `count` files of a task."""
    extra = (await media(session, task_id))[count:]
    await session.execute(
        delete(TaskMedia).where(
            TaskMedia.task_id == task_id, TaskMedia.message_id.in_([m.message_id for m in extra])
        )
    )


async def set_alt_text(session: Session, task_id: str, message_id: int, alt_text: str) -> None:
    """Describe one file for people who cannot see it."""
    await session.execute(
        update(TaskMedia)
        .where(TaskMedia.task_id == task_id, TaskMedia.message_id == message_id)
        .values(alt_text=alt_text)
    )


async def take_gathered(session: Session, now: datetime, again_at: datetime) -> Sequence[Task]:
    """Take the drafts whose album is complete by now; one not `gathered` then comes at `again_at`."""
    found = await session.scalars(
        update(Task).where(_IS_DRAFT, Task.gather_until <= now).values(gather_until=again_at).returning(Task)
    )
    return found.all()


async def gathered(session: Session, task_id: str, again_at: datetime) -> None:
    """Remember that a complete album was shown; one to which a picture came meanwhile is shown again."""
    await session.execute(
        update(Task).where(Task.id == task_id, Task.gather_until == again_at).values(gather_until=None)
    )


async def untold(session: Session, now: datetime, *, limit: int = 20) -> Sequence[Task]:
    """List tasks whose outcome, or question, the person was not told yet and nobody is telling."""
    over = func.coalesce(Task.finished_at, Task.created_at)
    found = await session.scalars(
        select(Task)
        .where(
            Task.state.in_((*_TOLD, TaskState.WAITING)),
            Task.told_at.is_(None),
            # That votes are asked for again is news, too.
            or_(Task.state != TaskState.WAITING, Task.outcome.is_not(None)),
            or_(Task.telling_until.is_(None), Task.telling_until <= now),
            # A question stays one; an outcome interests nobody any more after some days.
            or_(Task.state.in_((TaskState.ASKING, TaskState.MISSED)), over > now - TOLD_WITHIN),
        )
        .order_by(Task.id)
        .limit(limit)
    )
    return found.all()


async def take_telling(session: Session, task_id: str, *, now: datetime, until: datetime) -> bool:
    """Take in hand to tell how a task stands. False: its outcome was told, or somebody else is telling it."""
    which = {"this_task": task_id, "this_moment": now, "until": until}
    return await session.scalar(_telling(), which) is not None


@cache
def _telling() -> Executable:
    now, until = (bindparam(name, type_=UtcDateTime()) for name in ("this_moment", "until"))
    nobody = or_(Task.telling_until.is_(None), Task.telling_until <= now)
    return (
        update(Task)
        .where(
            Task.id == bindparam("this_task"),
            or_(Task.state.not_in(_TOLD), Task.told_at.is_(None) & nobody),
        )
        .values(telling_until=until)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )


async def told(session: Session, task_id: str, *, version: int, now: datetime) -> None:
    """Remember that the person was told how this version of the task stands."""
    await session.execute(_told(), {"this_task": task_id, "this_version": version, "this_moment": now})


@cache
def _told() -> Executable:
    now = bindparam("this_moment", type_=UtcDateTime())
    told_at = case((Task.version == bindparam("this_version"), now), else_=Task.told_at)
    return (
        update(Task)
        .where(Task.id == bindparam("this_task"))
        .values(told_at=told_at, telling_until=None)
        .execution_options(synchronize_session=False)
    )


async def not_told(session: Session, task_id: str, *, again_at: datetime) -> None:
    """Let go of a telling that failed."""
    await session.execute(update(Task).where(Task.id == task_id).values(telling_until=again_at))


async def found_person(session: Session, task_id: str, user_id: str) -> None:
    """Remember X's id of whom a task is for."""
    await session.execute(update(Task).where(Task.id == task_id).values(target_user_id=user_id))


async def card_of(session: Session, task_id: str, *, chat_id: int) -> int | None:
    """Find the message in which a task lives. None: there is none in this chat."""
    found: int | None = await session.scalar(_card(), {"this_task": task_id, "this_chat": chat_id})
    return found


@cache
def _card() -> Executable:
    here = Task.chat_id == bindparam("this_chat", type_=Id)
    return select(Task.card_message_id).where(Task.id == bindparam("this_task"), here)


async def remember_card(session: Session, task_id: str, message_id: int) -> None:
    """Remember the message in which a task lives."""
    await session.execute(_remembering_card(), {"this_task": task_id, "this_card": message_id})


@cache
def _remembering_card() -> Executable:
    return (
        update(Task)
        .where(Task.id == bindparam("this_task"))
        .values(card_message_id=bindparam("this_card", type_=Id))
        .execution_options(synchronize_session=False)
    )
