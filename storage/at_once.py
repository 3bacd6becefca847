"""Tasks that need no draft: due from the moment they are asked for; and the cards of single shown posts."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage import pages
from storage.db import Session
from storage.ids import sortable_id
from storage.tables import Task, TaskState


async def begin(
    session: Session,
    *,
    person_id: int,
    chat_id: int,
    message_id: int,
    kind: str,
    connection_id: int | None,
    now: datetime,
    **values: Any,
) -> tuple[Task, bool]:
    """Make a task that is due now; its run has to be given to the engine in this transaction.

    False: the same message has asked for it before, and this is that task, however it stands by now.
    """
    before = await known(session, chat_id=chat_id, message_id=message_id, kind=kind)
    if before is not None:
        return before, False
    task = Task(
        id=sortable_id(now),
        person_id=person_id,
        chat_id=chat_id,
        source_message_id=message_id,
        kind=kind,
        connection_id=connection_id,
        version=1,
        attempts=0,
        created_at=now,
        **{"state": TaskState.DUE, "due_at": now, "run": 1} | values,
    )
    session.add(task)
    await session.flush()
    return task, True


async def known(session: Session, *, chat_id: int, message_id: int, kind: str) -> Task | None:
    """Find the task of a kind that a message has asked for. None: it has not."""
    found: Task | None = await session.scalar(
        select(Task).where(Task.chat_id == chat_id, Task.source_message_id == message_id, Task.kind == kind)
    )
    return found


async def show_post(session: Session, of: Task, item: dict[str, Any], *, now: datetime) -> Task:
    """Make the card of one post that a reading task found: a look that is done, and not told yet."""
    card = Task(
        id=sortable_id(now),
        person_id=of.person_id,
        chat_id=of.chat_id,
        # Of no message, hence below zero.
        source_message_id=-1 - secrets.randbits(62),
        kind="get",
        connection_id=of.connection_id,
        thread_id=of.thread_id,
        state=TaskState.DONE,
        version=1,
        reads=True,
        target_post_id=str(item["id"]),
        outcome="read",
        due_at=now,
        run=0,
        attempts=0,
        created_at=now,
        finished_at=now,
    )
    session.add(card)
    await session.flush()
    await pages.put(session, card.id, 0, [item], next_token=None, now=now)
    return card


async def card_of_post(session: Session, post_id: str, *, person_id: int) -> Task | None:
    """Find the newest card that shows this person a post. None: nothing has shown it yet."""
    found: Task | None = await session.scalar(
        select(Task)
        .where(
            Task.person_id == person_id,
            Task.kind == "get",
            Task.target_post_id == post_id,
            Task.state == TaskState.DONE,
        )
        .order_by(Task.id.desc())
        .limit(1)
    )
    return found


async def of_card(
    session: Session, *, chat_id: int, message_id: int, person_id: int | None = None
) -> Task | None:
    """Find the task that lives in a message of a chat; with `person_id` only this person's own."""
    whose = [] if person_id is None else [Task.person_id == person_id]
    found: Task | None = await session.scalar(
        select(Task)
        .where(Task.chat_id == chat_id, Task.card_message_id == message_id, *whose)
        .order_by(Task.id.desc())
        .limit(1)
    )
    return found


async def note(session: Session, task_id: str, **values: Any) -> None:
    """Keep what a run found out about its task on the way; its version stays."""
    await session.execute(update(Task).where(Task.id == task_id).values(**values))
