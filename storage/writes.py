"""The fences of requests that change something on X (design, rule 9): each move is one conditional UPDATE.

A sending is known by its number (`attempt`): what a runner learns late about an earlier sending cannot
move a later one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, case, exists, func, or_, select, update

from storage import money, order, shared
from storage.db import Session, upsert
from storage.tables import Connection, Grant, Task, Write, WriteState

#: The error code of an unknown write of which nothing is known but that a backup was restored (restoring.py):
#: it is looked for before it is sent, and may be changed until then like one that was never sent.
RESTORED = "restored"


async def get(session: Session, task_id: str, part: int) -> Write | None:
    """Find the fence of one part of a task."""
    return await session.get(Write, (task_id, part), populate_existing=True)


async def of_task(session: Session, task_id: str) -> Sequence[Write]:
    """List the fences of a task by their parts; parts not reached yet have none."""
    found = await session.scalars(select(Write).where(Write.task_id == task_id).order_by(Write.part))
    return found.all()


async def prepare(session: Session, task_id: str, part: int, *, x_user_id: str, price: int) -> Write:
    """Find or make the fence of one part; `price` in hundredths of a cent is what X may take at most."""
    # Of two executions of one task, one makes it and the other finds it.
    made = upsert(session, Write).values(
        task_id=task_id,
        part=part,
        state=WriteState.PREPARED,
        x_user_id=x_user_id,
        attempts=0,
        absent_looks=0,
        price_cents_100=price,
    )
    await session.execute(made.on_conflict_do_nothing(index_elements=["task_id", "part"]))
    write = await get(session, task_id, part)
    if write is None:
        raise AssertionError("a write that was prepared is there")
    return write


async def send(session: Session, task_id: str, part: int, *, by: str, now: datetime) -> int | None:
    """Move prepared -> sending and give the attempt's number; the commit is the moment of sending.

    None, and nothing changes: see order.may_send.
    """
    await _wait_for_stoppers(session, task_id)
    which = {"this_part": part, **order.at_the_fence(task_id, by=by, now=now)}
    attempt: int | None = await session.scalar(_sending(), which)
    return attempt


async def _wait_for_stoppers(session: Session, task_id: str) -> None:
    """Let whoever freezes, disconnects or takes a vote back wait for this commit, or we for theirs.

    SQLite has one writer.
    """
    found = await session.scalar(_stoppers(), {"this_task": task_id})
    if found:
        through = shared.grants_of(Task).where(Task.id == task_id)
        await session.execute(through.with_for_update(read=True, of=[Grant, Task]))


@cache
def _stoppers() -> Executable:
    return (
        select(Task.chat_id != Task.person_id)
        .join(Connection, Task.connection_id == Connection.id)
        .where(Task.id == bindparam("this_task"))
        .with_for_update(read=True, of=Connection)
    )


@cache
def _sending() -> Executable:
    """Make the statement once: making it costs more than carrying it out."""
    sent = {"state": WriteState.SENDING, "sent_at": order.MOMENT, "absent_looks": 0, "error_code": None}
    return (
        update(Write)
        .where(
            Write.task_id == bindparam("this_task"),
            Write.part == bindparam("this_part"),
            Write.state == WriteState.PREPARED,
            order.may_send(),
        )
        .values(
            **sent,
            first_sent_at=func.coalesce(Write.first_sent_at, order.MOMENT),
            attempts=Write.attempts + 1,
        )
        .returning(Write.attempts)
        .execution_options(synchronize_session=False)
    )


async def is_sending(
    session: Session, task_id: str, part: int, *, attempt: int, by: str, now: datetime
) -> bool:
    """Say whether this very sending may still go on."""
    which = {"this_part": part, "this_attempt": attempt, **order.at_the_fence(task_id, by=by, now=now)}
    return await session.scalar(_still_sending(), which) is not None


@cache
def _still_sending() -> Executable:
    """Make the statement once, as `_sending`."""
    return select(Write.part).where(
        Write.task_id == bindparam("this_task"),
        Write.part == bindparam("this_part"),
        Write.state == WriteState.SENDING,
        Write.attempts == bindparam("this_attempt"),
        order.may_send(),
    )


async def accepted(
    session: Session, task_id: str, part: int, *, x_post_id: str | None, now: datetime
) -> bool:
    """Record that X did it, at whichever attempt; `x_post_id` is the post it made. False: it is over."""
    values = {"state": WriteState.ACCEPTED, "x_post_id": x_post_id, "accepted_at": now, "error_code": None}
    return await _move(session, (task_id, part), _OPEN, values)


async def found_seen(session: Session, task_id: str, part: int, *, x_post_id: str) -> bool:
    """Record which post it is that the person saw on X. False: that is known."""
    seen = (Write.task_id == task_id, Write.part == part, Write.state == WriteState.ACCEPTED)
    found = update(Write).where(*seen, Write.x_post_id.is_(None)).values(x_post_id=x_post_id)
    return await session.scalar(found.returning(Write.part)) is not None


async def refused(session: Session, task_id: str, part: int, *, attempt: int, code: str) -> bool:
    """Record that X surely did not do it and would not. False: a later attempt is on, or it is over."""
    values = {"state": WriteState.REFUSED, "error_code": code}
    return await _move(session, (task_id, part), _OPEN, values, attempt)


async def unknown(session: Session, task_id: str, part: int, *, attempt: int) -> bool:
    """Record that X may have done it: look before anything is sent again. False: as in `refused`."""
    return await _move(
        session, (task_id, part), (WriteState.SENDING,), {"state": WriteState.UNKNOWN}, attempt
    )


async def take_back(session: Session, task_id: str, part: int, *, attempt: int) -> bool:
    """Give the fence back: X said that this attempt did nothing, so it never was. False: as in `refused`."""
    values = {"state": WriteState.PREPARED, "attempts": Write.attempts - 1}
    return await _move(session, (task_id, part), _OPEN, values, attempt)


async def nothing_sent(session: Session, task_id: str, part: int, *, attempt: int) -> bool:
    """Give the fence back: what this attempt sent is surely not there. False: as in `refused`."""
    return await _move(session, (task_id, part), _OPEN, {"state": WriteState.PREPARED}, attempt)


async def looked_in_vain(session: Session, task_id: str, part: int, *, attempt: int) -> int:
    """Count a look-up that did not find the post. Gives how many there were."""
    count = await session.scalar(
        update(Write)
        .where(
            Write.task_id == task_id,
            Write.part == part,
            Write.state == WriteState.UNKNOWN,
            Write.attempts == attempt,
        )
        .values(absent_looks=Write.absent_looks + 1)
        .returning(Write.absent_looks)
    )
    return count or 0


async def adopted(session: Session, x_user_id: str, post_ids: list[str], *, but_for: Write) -> set[str]:
    """Say which of these posts were made by another write than `but_for`: they are never adopted twice."""
    found = await session.scalars(
        select(Write.x_post_id).where(
            Write.x_user_id == x_user_id,
            Write.x_post_id.in_(post_ids),
            or_(Write.task_id != but_for.task_id, Write.part != but_for.part),
        )
    )
    return {post_id for post_id in found if post_id}


async def made(session: Session, x_user_id: str, post_id: str) -> bool:
    """Say whether a post of an account is one that we made."""
    found = select(Write.part).where(Write.x_user_id == x_user_id, Write.x_post_id == post_id)
    return await session.scalar(found) is not None


async def seen(session: Session, task_id: str, *, now: datetime) -> bool:
    """Record that the person saw on X what ended unknown; nobody knows its id. False: nothing was unknown."""
    found = await session.scalars(
        update(Write)
        .where(Write.task_id == task_id, Write.state == WriteState.UNKNOWN)
        .values(state=WriteState.ACCEPTED, accepted_at=now, error_code=None)
        .returning(Write.part)
    )
    return bool(found.all())


async def reopen(session: Session, task_id: str) -> None:
    """Let what X refused be sent again, because the person asked for it; what may be out is left alone."""
    await _reopen(session, task_id, WriteState.REFUSED)


async def reopen_unseen(session: Session, task_id: str) -> None:
    """Let a write of unknown outcome be sent again: the person looked on X and did not find it.

    What was set aside for its sendings is given back.
    """
    for part, attempts in await _reopen(session, task_id, WriteState.UNKNOWN):
        await money.release_earlier(session, money.of_write(task_id, part, attempts + 1))


async def look_anew(session: Session, task_id: str, *, asks_after: int) -> bool:
    """Begin looking anew for what may be out, whose person was asked: not found, they are asked again.

    `asks_after`: so many sendings, and nothing is sent once more. False: there is nothing to look for.
    """
    found = await session.scalars(
        update(Write)
        .where(Write.task_id == task_id, Write.state.in_((WriteState.SENDING, WriteState.UNKNOWN)))
        .values(
            state=WriteState.UNKNOWN,
            absent_looks=0,
            attempts=case((Write.attempts < asks_after, asks_after), else_=Write.attempts),
        )
        .returning(Write.part)
    )
    return bool(found.all())


async def may_be_out(session: Session, task_id: str) -> bool:
    """Say whether X may have something of a task of which nobody knows."""
    open_writes = (Write.task_id == task_id, Write.state.in_((WriteState.SENDING, WriteState.UNKNOWN)))
    return bool(await session.scalar(select(exists().where(*open_writes))))


async def _reopen(session: Session, task_id: str, state: WriteState) -> Sequence[tuple[int, int]]:
    """Give the parts that are open again, with the attempts of each."""
    # The attempts stay: that it was sent before makes a "duplicate" of X a hint of success.
    reopened = await session.execute(
        update(Write)
        .where(Write.task_id == task_id, Write.state == state)
        .values(state=WriteState.PREPARED, error_code=None)
        .returning(Write.part, Write.attempts)
    )
    return [(part, attempts) for part, attempts in reopened.all()]


_OPEN = (WriteState.PREPARED, WriteState.SENDING, WriteState.UNKNOWN)


async def _move(
    session: Session,
    key: tuple[str, int],
    states: Sequence[WriteState],
    values: Mapping[str, object],
    attempt: int | None = None,
) -> bool:
    task_id, part = key
    moving = update(Write).where(Write.task_id == task_id, Write.part == part, Write.state.in_(states))
    if attempt is not None:
        moving = moving.where(Write.attempts == attempt)
    return await session.scalar(moving.values(**values).returning(Write.part)) is not None
