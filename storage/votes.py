"""Votes: yes and no to a task's content, known by its hash; an edit changes the hash and so voids them.

Whoever votes or takes a vote back has the task's row locked: of two votes at once the second sees the first.
Who may vote, and when, is decided in tasks/permissions.py, which counts as the SQL here does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, literal, select, update

from storage import grants, shared, tasks
from storage.db import Session, upsert
from storage.tables import Grant, Group, Task, TaskState, UtcDateTime, Verdict, Vote


@dataclass(frozen=True, slots=True)
class Tally:
    """How a vote stands: who said what to the present content, in the order they did."""

    yes: list[int]
    no: list[int]
    needed: int


async def ask(
    session: Session,
    task_id: str,
    *,
    version: int,
    content_hash: str,
    expires_at: datetime,
    planned_for: datetime | None = None,
    state: TaskState = TaskState.DRAFT,
) -> Task | None:
    """Let a draft, or what is in another `state`, wait for votes, until `expires_at` at the latest.

    `planned_for`: the moment it goes out at when it is approved; None: at once. Gives None where it is not as
    `version` says.
    """
    values = {
        "content_hash": content_hash,
        "wake_at": expires_at,
        "due_at": planned_for,
        "promised": planned_for is not None,
        **dict.fromkeys(("asked", "outcome", "outcome_detail", "told_at", "rights_checked_at")),
    }
    return await tasks.move(
        session, task_id, version=version, states=(state,), to=TaskState.WAITING, **values
    )


async def cast(
    session: Session,
    task_id: str,
    *,
    person_id: int,
    content_hash: str,
    verdict: Verdict,
    now: datetime,
    reason: str | None = None,
) -> bool:
    """Write down what somebody says to a content, in place of what they said before.

    False: nobody is asked about this content any more. Whose yes counts is counted when it is let go.
    """
    task = await tasks.get(session, task_id, lock=True)
    if task is None or task.state != TaskState.WAITING or task.content_hash != content_hash:
        return False
    said = {"content_hash": content_hash, "verdict": verdict, "reason": reason, "voted_at": now}
    row = upsert(session, Vote).values(task_id=task_id, person_id=person_id, **said)
    await session.execute(row.on_conflict_do_update(index_elements=["task_id", "person_id"], set_=said))
    return True


async def waiting(session: Session, grant: Grant, *, lock: bool = False) -> Sequence[Task]:
    """List what waits for votes under a grant, in the order it was made. `lock`: until we commit."""
    chat = select(Group.chat_id).where(Group.id == grant.group_id).scalar_subquery()
    found = select(Task).where(
        Task.connection_id == grant.connection_id, Task.state == TaskState.WAITING, Task.chat_id == chat
    )
    found = found.order_by(Task.id).execution_options(populate_existing=True)
    return (await session.scalars(found.with_for_update(key_share=True) if lock else found)).all()


async def approve(session: Session, task_id: str, *, content_hash: str, now: datetime) -> Task | None:
    """Let a task go if enough said yes to this content: due, or scheduled where its moment is to come.

    A due one's run has to be given to the engine in this transaction. None: it has moved on, or needs more.
    """
    enough = exists(shared.grants_of(Task).where(shared.has_votes(Task)))
    return await _let_go(session, task_id, Task.content_hash == content_hash, enough, now=now)


async def excuse(session: Session, task_id: str, *, now: datetime) -> Task | None:
    """Let a task go that needs no votes any more, as in `approve`."""
    return await _let_go(session, task_id, now=now, content_hash=None)


async def _let_go(
    session: Session, task_id: str, *which: ColumnElement[bool], now: datetime, **values: Any
) -> Task | None:
    is_planned = Task.due_at > literal(now, UtcDateTime())
    return await session.scalar(
        update(Task)
        .where(
            Task.id == task_id,
            Task.state == TaskState.WAITING,
            Task.wake_at > literal(now, UtcDateTime()),
            *which,
        )
        .values(
            state=case((is_planned, TaskState.SCHEDULED.value), else_=TaskState.DUE.value),
            version=Task.version + 1,
            run=Task.run + case((is_planned, 0), else_=1),
            wake_at=case((is_planned, Task.due_at), else_=None),
            due_at=case((is_planned, Task.due_at), else_=literal(now, UtcDateTime())),
            attempts=0,
            outcome=None,
            **values,
        )
        .returning(Task)
        .execution_options(populate_existing=True, synchronize_session=False)
    )


async def reject(session: Session, task_id: str, *, content_hash: str, now: datetime) -> Task | None:
    """End a task that somebody said no to; the one who did is told by the caller. None: it has moved on."""
    return await _move(
        session,
        and_(Task.id == task_id, Task.content_hash == content_hash),
        state=TaskState.REJECTED,
        wake_at=None,
        finished_at=now,
        told_at=now,
    )


async def take_back(session: Session, task_id: str, *, version: int) -> Task | None:
    """Make a waiting task a draft again, to be edited; the author's open draft is set aside.

    None: it has moved on, and nothing was changed.
    """
    task = await tasks.get(session, task_id)
    if task is None:
        return None
    await tasks.lock_drafts(session, task.person_id)
    task = await tasks.get(session, task_id, lock=True)
    if task is None or task.state != TaskState.WAITING or task.version != version:
        return None
    await tasks.set_aside_draft(session, chat_id=task.chat_id, person_id=task.person_id)
    values: dict[str, Any] = dict.fromkeys(("content_hash", "wake_at", "due_at"))
    return await _move(session, Task.id == task_id, state=TaskState.DRAFT, promised=False, **values)


async def withdraw(session: Session, task_id: str, person_id: int) -> bool:
    """Take back what somebody said, for they are not there any more. False: they said nothing."""
    await tasks.get(session, task_id, lock=True)
    gone = delete(Vote).where(Vote.task_id == task_id, Vote.person_id == person_id)
    return await session.scalar(gone.returning(Vote.person_id)) is not None


async def void(session: Session, task_id: str) -> None:
    """Forget what was said to a task: it is asked for anew."""
    await session.execute(delete(Vote).where(Vote.task_id == task_id))


async def expire(session: Session, now: datetime, *, limit: int = 20) -> Sequence[Task]:
    """End the tasks for which not enough votes came in time; their authors have to be told."""
    late = (
        select(Task.id)
        .where(Task.state == TaskState.WAITING, Task.wake_at <= now)
        .order_by(Task.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = await session.scalars(
        update(Task)
        .where(Task.id.in_(late), Task.state == TaskState.WAITING)
        .values(
            state=TaskState.EXPIRED,
            version=Task.version + 1,
            wake_at=None,
            finished_at=now,
            outcome="expired",
        )
        .returning(Task)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
    return found.all()


async def has_enough(session: Session, task_id: str) -> bool:
    """Say whether a task needs no votes, or has enough for its present content."""
    found = select(Task.id).where(
        Task.id == task_id, exists(shared.grants_of(Task).where(shared.has_votes(Task)))
    )
    return await session.scalar(found) is not None


async def tally(session: Session, task: Task) -> Tally:
    """Count what was said to a task's present content."""
    grant = await grants.of_task(session, task)
    votes = await of_task(session, task)
    return Tally(
        yes=[vote.person_id for vote in votes if vote.verdict == Verdict.YES],
        no=[vote.person_id for vote in votes if vote.verdict == Verdict.NO],
        needed=0 if grant is None or grant.approves == "nobody" else grant.votes_needed,
    )


async def of_task(session: Session, task: Task) -> Sequence[Vote]:
    """List what was said to a task's present content, in the order it was."""
    found = await session.scalars(
        select(Vote)
        .where(Vote.task_id == task.id, Vote.content_hash == task.content_hash)
        .order_by(Vote.voted_at, Vote.person_id)
    )
    return found.all()


async def _move(session: Session, which: ColumnElement[bool], **values: Any) -> Task | None:
    return await session.scalar(
        update(Task)
        .where(which, Task.state == TaskState.WAITING)
        .values(**values, version=Task.version + 1)
        .returning(Task)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
