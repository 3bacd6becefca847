"""The fences of requests that change something on X (design, rule 9): each move is one conditional UPDATE."""

from datetime import datetime

from sqlalchemy import exists, select, update

from storage.db import Session
from storage.tables import (
    Connection,
    ConnectionState,
    Person,
    PersonState,
    Task,
    TaskState,
    Write,
    WriteState,
)


async def get(session: Session, task_id: str, part: int) -> Write | None:
    """Find the fence of one part of a task."""
    return await session.get(Write, (task_id, part), populate_existing=True)


async def prepare(session: Session, task_id: str, part: int, *, x_user_id: str, price: int) -> Write:
    """Find or make the fence of one part; `price` in hundredths of a cent is what X may take at most."""
    known = await get(session, task_id, part)
    if known is not None:
        return known
    write = Write(
        task_id=task_id,
        part=part,
        state=WriteState.PREPARED,
        x_user_id=x_user_id,
        attempts=0,
        absent_looks=0,
        price_cents_100=price,
    )
    session.add(write)
    await session.flush()
    return write


async def send(session: Session, task_id: str, part: int, *, by: str, now: datetime) -> bool:
    """Move prepared -> sending; the commit is the moment of sending. False: something forbids it now.

    Forbidden when the task is no longer this runner's, was cancelled, its connection takes no
    writes, or its person was banned.
    """
    allowed = exists(
        select(Task.id)
        .join(Connection, Connection.id == Task.connection_id)
        .join(Person, Person.id == Task.person_id)
        .where(
            Task.id == task_id,
            Task.state == TaskState.RUNNING,
            Task.lease_by == by,
            Task.lease_until > now,
            Connection.state == ConnectionState.ACTIVE,
            Person.state != PersonState.BANNED,
        )
    )
    sent = await session.scalar(
        update(Write)
        .where(Write.task_id == task_id, Write.part == part, Write.state == WriteState.PREPARED, allowed)
        .values(state=WriteState.SENDING, sent_at=now, attempts=Write.attempts + 1, absent_looks=0)
        .returning(Write.part)
    )
    return sent is not None


async def accepted(
    session: Session, task_id: str, part: int, *, x_post_id: str | None, now: datetime
) -> None:
    """Record that X did it; `x_post_id` is the post it made, if any."""
    await _settle(
        session,
        task_id,
        part,
        {"state": WriteState.ACCEPTED, "x_post_id": x_post_id, "accepted_at": now, "error_code": None},
    )


async def refused(session: Session, task_id: str, part: int, *, code: str) -> None:
    """Record that X surely did not do it and would not."""
    await _settle(session, task_id, part, {"state": WriteState.REFUSED, "error_code": code})


async def unknown(session: Session, task_id: str, part: int) -> None:
    """Record that X may have done it: look before anything is sent again."""
    await _settle(session, task_id, part, {"state": WriteState.UNKNOWN})


async def nothing_sent(session: Session, task_id: str, part: int) -> None:
    """Give the fence back: X surely did not do it, and the same may be sent later."""
    await _settle(session, task_id, part, {"state": WriteState.PREPARED})


async def looked_in_vain(session: Session, task_id: str, part: int) -> int:
    """Count a look-up that did not find the post. Gives how many there were."""
    count = await session.scalar(
        update(Write)
        .where(Write.task_id == task_id, Write.part == part, Write.state == WriteState.UNKNOWN)
        .values(absent_looks=Write.absent_looks + 1)
        .returning(Write.absent_looks)
    )
    return count or 0


async def adopted(session: Session, x_user_id: str, post_ids: list[str], *, but_for: str) -> set[str]:
    """Say which of these posts were made by another task than `but_for`: they are never adopted twice."""
    found = await session.scalars(
        select(Write.x_post_id).where(
            Write.x_user_id == x_user_id, Write.x_post_id.in_(post_ids), Write.task_id != but_for
        )
    )
    return {post_id for post_id in found if post_id}


async def reopen(session: Session, task_id: str) -> None:
    """Let what X refused be sent again, because the person asked for it; what may be out is left alone."""
    await _reopen(session, task_id, WriteState.REFUSED)


async def reopen_unseen(session: Session, task_id: str) -> None:
    """Let a write of unknown outcome be sent again: the person looked on X and did not find it."""
    await _reopen(session, task_id, WriteState.UNKNOWN)


async def _reopen(session: Session, task_id: str, state: WriteState) -> None:
    await session.execute(
        update(Write)
        .where(Write.task_id == task_id, Write.state == state)
        .values(state=WriteState.PREPARED, error_code=None, attempts=0)
    )


async def _settle(session: Session, task_id: str, part: int, values: dict[str, object]) -> None:
    await session.execute(
        update(Write)
        .where(
            Write.task_id == task_id,
            Write.part == part,
            Write.state.in_((WriteState.SENDING, WriteState.UNKNOWN, WriteState.PREPARED)),
        )
        .values(**values)
    )
