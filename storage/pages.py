"""What reading tasks found, page by page, kept for a day; and the newest post each look has shown."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from storage.db import Session, upsert
from storage.tables import Newest, Page, Task, TaskState

#: X's policy: content that was stored is refreshed or deleted within 24 hours ("Developer policy").
KEPT_FOR = timedelta(hours=24)

#: The outcome of a look that found nothing which was not shown before.
NOTHING_NEW = "nothing_new"

Items = Sequence[dict[str, Any]]


async def put(
    session: Session, task_id: str, number: int, items: Items, *, next_token: str | None, now: datetime
) -> None:
    """Keep a page of a task; the same page again takes its place."""
    values = {
        "items": json.dumps(list(items), ensure_ascii=False),
        "next_token": next_token,
        "fetched_at": now,
    }
    kept = upsert(session, Page).values(task_id=task_id, number=number, **values)
    await session.execute(kept.on_conflict_do_update(index_elements=["task_id", "number"], set_=values))


async def get(session: Session, task_id: str, number: int) -> Page | None:
    """Find a page, from 0. None: it was not fetched, or is erased."""
    return await session.get(Page, (task_id, number), populate_existing=True)


async def all_of(session: Session, task_id: str) -> Sequence[Page]:
    """List the pages a task has, in their order."""
    found = await session.scalars(select(Page).where(Page.task_id == task_id).order_by(Page.number))
    return found.all()


def items_of(page: Page) -> list[dict[str, Any]]:
    """Give what stands on a page."""
    found: list[dict[str, Any]] = json.loads(page.items)
    return found


async def erase_old(session: Session, now: datetime) -> None:
    """Erase the pages that are too old to be kept, and a schedule's looks that found nothing new."""
    await session.execute(delete(Page).where(Page.fetched_at <= now - KEPT_FOR))
    idle = (Task.reads, Task.schedule_id.is_not(None), Task.promised, Task.card_message_id.is_(None))
    await session.execute(
        delete(Task).where(
            *idle,
            Task.state == TaskState.DONE,
            Task.outcome == NOTHING_NEW,
            Task.finished_at <= now - KEPT_FOR,
        )
    )


async def newest(session: Session, task: Task, look: str) -> str | None:
    """Say which post was the newest when this look was last shown: by the task's schedule, or by asking."""
    found: str | None = await session.scalar(
        select(Newest.post_id).where(
            Newest.connection_id == task.connection_id,
            Newest.schedule_id == (task.schedule_id or 0),
            Newest.look == _name(task, look),
        )
    )
    return found


async def last_news(session: Session, task: Task, look: str) -> datetime | None:
    """Say when this look last found something new. None: it never did."""
    found: datetime | None = await session.scalar(
        select(Newest.seen_at).where(
            Newest.connection_id == task.connection_id,
            Newest.schedule_id == (task.schedule_id or 0),
            Newest.look == _name(task, look),
        )
    )
    return found


async def erase(session: Session, task_id: str) -> None:
    """Erase what a task found: it shall be asked for anew."""
    await session.execute(delete(Page).where(Page.task_id == task_id))


async def shown_up_to(session: Session, task: Task, look: str, post_id: str, *, now: datetime) -> None:
    """Remember the newest post a look has shown; an older one changes nothing."""
    values = {"post_id": post_id, "seen_at": now}
    kept = upsert(session, Newest).values(
        connection_id=task.connection_id,
        schedule_id=task.schedule_id or 0,
        look=_name(task, look),
        **values,
    )
    # Ids are numbers without leading zeros: the longer is the greater.
    old, new = func.length(Newest.post_id), func.length(kept.excluded.post_id)
    is_newer = (new > old) | ((new == old) & (kept.excluded.post_id > Newest.post_id))
    await session.execute(
        kept.on_conflict_do_update(
            index_elements=["connection_id", "schedule_id", "look"], set_=values, where=is_newer
        )
    )


def _name(task: Task, look: str) -> str:
    return hashlib.sha256(f"{task.kind} {look}".encode()).hexdigest()
