"""Tasks on their way through the engine: made due, woken, claimed by one execution, left. The row decides.

A task's run is a workflow of the engine named by `name_of`; a run whose number is not the row's is stale.
Tasks that only read stand in no order: they wait for no other, and none waits for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Integer,
    bindparam,
    case,
    literal,
    or_,
    select,
    update,
)

from storage import holds, order
from storage.db import Session
from storage.order import MOMENT
from storage.tables import Task, TaskState, UtcDateTime

#: A task that waits for an earlier one of its connection is looked at again after this, if nothing woke it.
TURN_AFTER = timedelta(seconds=30)


_Where = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class NotNow:
    """Why a task does not run: `stale` (this run is over), `turn` (an earlier one goes first), `held`.

    Or `missed`: it was claimed too late (tasks/waking.py).
    """

    why: str


def name_of(task: Task) -> str:
    """Name a task's latest run, as the engine knows it."""
    return f"{task.id}~{task.run}"


def read_name(name: str) -> tuple[str, int]:
    """Give the task's id and the number of the run."""
    task_id, _, number = name.partition("~")
    return task_id, int(number)


#: A task that is posted anew remembers nothing of what became of it before.
_ANEW = {
    **dict.fromkeys(("asked", "outcome", "outcome_detail", "told_at")),
    "promised": False,
    "attempts": 0,
}


async def make_due(
    session: Session,
    task_id: str,
    *,
    version: int,
    states: Sequence[TaskState],
    now: datetime,
    **values: Any,
) -> Task | None:
    """Let a task be done now: the run it gets has to be given to the engine in this transaction.

    `values`: what else changes. None: it was not in one of `states`, or not of this version any more.
    """
    return await session.scalar(
        update(Task)
        .where(Task.id == task_id, Task.state.in_(states), Task.version == version)
        .values(
            state=TaskState.DUE,
            version=Task.version + 1,
            run=Task.run + 1,
            due_at=now,
            wake_at=None,
            **_ANEW,
            **values,
        )
        .returning(Task)
        .execution_options(populate_existing=True)
    )


async def make_undoable(session: Session, task_id: str, *, version: int, until: datetime) -> Task | None:
    """Let a draft become due at `until`, when it can be undone no longer. None: as in `make_due`."""
    return await session.scalar(
        update(Task)
        .where(Task.id == task_id, Task.state == TaskState.DRAFT, Task.version == version)
        .values(
            state=TaskState.SCHEDULED,
            version=Task.version + 1,
            due_at=until,
            wake_at=until,
            **_ANEW,
        )
        .returning(Task)
        .execution_options(populate_existing=True)
    )


async def take_ready(session: Session, now: datetime, *, limit: int) -> Sequence[Task]:
    """Lock the tasks whose moment has come, in the order they were wanted, until we commit."""
    found = await session.scalars(
        select(Task)
        .where(Task.wake_at <= now, Task.state.in_(order.WAITING))
        .order_by(Task.due_at, Task.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return found.all()


async def put_off(session: Session, task_id: str, *, until: datetime) -> None:
    """Let a task that waits for its moment wait until another."""
    await session.execute(
        update(Task).where(Task.id == task_id, Task.wake_at.is_not(None)).values(wake_at=until)
    )


async def next_run(session: Session, task: Task) -> Task | None:
    """Give a waiting task its next run, to be given to the engine in this transaction. None: it moved on.

    A scheduled one is of a new version from here on: what its buttons offered is over.
    """
    next_version = 1 if task.state == TaskState.SCHEDULED else 0
    which = {"this_task": task.id, "this_run": task.run, "this_state": task.state}
    found: Task | None = await session.scalar(_next_run(), {**which, "next_version": next_version})
    return found


@cache
def _next_run() -> Executable:
    return (
        update(Task)
        .where(
            Task.id == bindparam("this_task"),
            Task.run == bindparam("this_run"),
            Task.state == bindparam("this_state"),
        )
        .values(
            state=TaskState.DUE,
            version=Task.version + bindparam("next_version", type_=Integer),
            run=Task.run + 1,
            wake_at=None,
        )
        .returning(Task)
        .execution_options(populate_existing=True, synchronize_session=False)
    )


async def claim(session: Session, name: str, *, by: str, now: datetime) -> Task | NotNow:
    """Let one execution of a run (`name`) have its task; `by` is that execution's own word.

    What another execution of the same run has in hand is taken from it: its fence does not open any more.
    """
    task_id, number = read_name(name)
    which = {"this_task": task_id, "this_run": number, "this_execution": by, "this_moment": now}
    claimed: Task | None = await session.scalar(_claiming(), which)
    return claimed if claimed is not None else await _not_now(session, _this_run(task_id, number), now)


@cache
def _claiming() -> Executable:
    """Make the statement once: making it costs more than carrying it out (`_waking` and others too)."""
    return (
        update(Task)
        .where(
            *_this_run(bindparam("this_task"), bindparam("this_run")),
            ~order.held(MOMENT),
            or_(Task.reads, ~order.earlier(MOMENT)),
        )
        .values(
            state=TaskState.RUNNING,
            lease_by=bindparam("this_execution"),
            wake_at=None,
            attempts=Task.attempts + 1,
        )
        .returning(Task)
        .execution_options(populate_existing=True, synchronize_session=False)
    )


def _this_run(task_id: str | BindParameter[str], number: int | BindParameter[int]) -> _Where:
    return Task.id == task_id, Task.run == number, Task.state.in_((TaskState.DUE, TaskState.RUNNING))


async def _not_now(session: Session, mine: _Where, now: datetime) -> NotNow:
    """Let a task wait that may not run yet, and say for what."""
    is_held = await session.scalar(select(order.held(now)).where(*mine))
    if is_held is None:
        return NotNow("stale")
    await session.execute(
        update(Task)
        .where(*mine)
        .values(
            state=TaskState.DUE, lease_by=None, outcome=None, wake_at=None if is_held else now + TURN_AFTER
        )
        .execution_options(synchronize_session=False)
    )
    return NotNow("held" if is_held else "turn")


async def leave(
    session: Session,
    task_id: str,
    *,
    by: str,
    to: TaskState,
    now: datetime,
    wake_at: datetime | ColumnElement[datetime | None] | None = None,
    told_at: datetime | None = None,
    **values: Any,
) -> Task | None:
    """End this execution's work on a task. None: it is another's by now, and nothing was changed.

    Due without `wake_at` it waits until what holds it lets go; if nothing does any more, not at all. The next
    of its connection, which may have waited for it, is woken.
    """
    finished = {"finished_at": now} if to in (TaskState.DONE, TaskState.FAILED) else {}
    if to == TaskState.DUE and wake_at is None:
        wake_at = case((order.held(now), None), else_=literal(now, UtcDateTime()))
    left = await session.scalar(
        update(Task)
        .where(Task.id == task_id, Task.state == TaskState.RUNNING, Task.lease_by == by)
        .values(
            state=to,
            version=Task.version + 1,
            lease_by=None,
            wake_at=wake_at,
            told_at=told_at,
            **finished,
            **values,
        )
        .returning(Task)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
    if left is not None and to != TaskState.DUE:
        await holds.pass_on(session, task_id, now=now)
        await wake_waiting(session, left.connection_id, now=now)
    return left


async def wake_waiting(session: Session, connection_id: int | None, *, now: datetime) -> None:
    """Let the one that waits for its turn at a connection, and has it now, be looked at."""
    await session.execute(_waking(), {"this_connection": connection_id, "this_moment": now})


@cache
def _waking() -> Executable:
    return (
        update(Task)
        .where(
            Task.connection_id == bindparam("this_connection"),
            Task.state == TaskState.DUE,
            Task.wake_at > MOMENT,
            Task.outcome.is_(None),
            ~order.earlier(MOMENT),
        )
        .values(wake_at=MOMENT)
        .execution_options(synchronize_session=False)
    )
