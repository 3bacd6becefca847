"""What a grant means for a group's task, in SQL: whether it holds it, lets it go, and has votes enough.

A task in a private chat (chat and person have one id) asks for no grant: that stands first everywhere, so
that it costs such a task nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql import Select

from storage.tables import (
    OPEN_GRANT,
    Connection,
    Grant,
    GrantPerson,
    GrantState,
    Group,
    GroupState,
    Task,
    TaskState,
    UtcDateTime,
    Verdict,
    Vote,
)

#: So long what Telegram said about owner and voters is believed at the fence.
RIGHTS_FOR = timedelta(seconds=60)
#: The moment since when it has to have said so.
RIGHTS_SINCE = bindparam("rights_since", type_=UtcDateTime())

#: Outcomes of a task that waits for the end of its group's quiet hours, or for an answer of Telegram's.
OWN_WAITS = ("quiet", "rights_unknown")

_Task = type[Task] | Any
_named, _before, _yes_before = aliased(GrantPerson), aliased(GrantPerson), aliased(Vote)


def grants_of(task: _Task) -> Select[int]:
    """Select the one open grant of a task's group for its connection: active or suspended."""
    return (
        select(Grant.id)
        .join(Group, Group.id == Grant.group_id)
        .where(
            Group.chat_id == task.chat_id,
            Grant.connection_id == task.connection_id,
            Grant.state.in_(OPEN_GRANT),
        )
        .correlate(task)
    )


def holds(task: _Task) -> ColumnElement[bool]:
    """Say in SQL whether a grant holds a task back: it is suspended or frozen, or the bot is out.

    One that has ended holds nothing back: what it was to do is over.
    """
    return and_(task.chat_id != task.person_id, exists(grants_of(task).where(~_open_now())))


def waits(task: _Task, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Say in SQL whether a group's task waits for what concerns its group alone (tasks/rights.py)."""
    outcome = func.coalesce(task.outcome, "")
    later = and_(task.wake_at.is_not(None), task.wake_at > now)
    return and_(task.state == TaskState.DUE, outcome.in_(OWN_WAITS), later)


def lets_go() -> ColumnElement[bool]:
    """Say in SQL of a task and its connection that it is the person's own, or granted, seen and voted for."""
    own = and_(Task.chat_id == Task.person_id, Connection.person_id == Task.person_id)
    granted = exists(grants_of(Task).where(_open_now(), has_votes(Task)))
    return or_(own, and_(Task.chat_id != Task.person_id, Task.rights_checked_at > RIGHTS_SINCE, granted))


def has_votes(task: _Task) -> ColumnElement[bool]:
    """Say in SQL of a task and its grant that it needs no votes, or has enough for its present content."""
    votes = (
        select(func.count())
        .select_from(Vote)
        .where(
            Vote.task_id == task.id,
            Vote.content_hash == task.content_hash,
            Vote.verdict == Verdict.YES,
            Vote.person_id != task.person_id,
            or_(Grant.approves == "admins", and_(Grant.approves == "named", _is_named(task))),
        )
        .correlate(task, Grant)
        .scalar_subquery()
    )
    return or_(task.content_hash.is_(None), Grant.approves == "nobody", votes >= Grant.votes_needed)


def _open_now() -> ColumnElement[bool]:
    return and_(Grant.state == GrantState.ACTIVE, Grant.frozen_at.is_(None), Group.state == GroupState.ACTIVE)


def _is_named(task: _Task) -> ColumnElement[bool]:
    """Say in SQL of a vote that its grant names the voter, and that it was their turn where there is one."""
    voted = exists().where(
        _yes_before.task_id == task.id,
        _yes_before.person_id == _before.person_id,
        _yes_before.content_hash == task.content_hash,
        _yes_before.verdict == Verdict.YES,
    )
    passed_over = exists().where(
        _before.grant_id == Grant.id,
        _before.role == "approves",
        _before.position < _named.position,
        # Nobody votes on what is their own.
        _before.person_id != task.person_id,
        ~voted.correlate(task, _before),
    )
    return (
        exists()
        .where(
            _named.grant_id == Grant.id,
            _named.role == "approves",
            _named.person_id == Vote.person_id,
            or_(Grant.in_order.is_(False), ~passed_over.correlate(task, Grant, _named)),
        )
        .correlate(task, Grant, Vote)
    )
