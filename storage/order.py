"""May a task go on now, in SQL: nothing holds it, and none that was wanted before it is open."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from storage import holds, shared
from storage.tables import Connection, ConnectionState, Person, PersonState, Task, TaskState, UtcDateTime

#: States in which a task is still to be done.
WAITING = (TaskState.SCHEDULED, TaskState.DUE, TaskState.RUNNING)

#: The moment of a statement that is made once and carried out often.
MOMENT = bindparam("this_moment", type_=UtcDateTime())
Moment = datetime | BindParameter[datetime]


def held(now: Moment) -> ColumnElement[bool]:
    """Say in SQL whether something holds a task back."""
    by_connection = exists(
        select(Connection.id).where(Connection.id == Task.connection_id, holds.holds(Task.id, now))
    ).correlate(Task)
    return or_(by_connection, shared.holds(Task))


#: Made once: making it costs more than the question it is for.
_OTHER = aliased(Task)


def earlier(now: Moment) -> ColumnElement[bool]:
    """Say in SQL whether a task of the same connection that was wanted before this one is not done yet.

    One whose moment has come is, though nobody has woken it yet.
    """
    before = or_(_OTHER.due_at < Task.due_at, and_(_OTHER.due_at == Task.due_at, _OTHER.id < Task.id))
    return (
        exists()
        .where(
            _OTHER.connection_id == Task.connection_id,
            _OTHER.reads.is_(False),
            _OTHER.state.in_(WAITING),
            _OTHER.due_at <= now,
            before,
            or_(_OTHER.state != TaskState.SCHEDULED, _OTHER.wake_at <= now),
            # One group's stopped grant stops nobody else who uses the connection.
            ~shared.holds(_OTHER),
            ~shared.waits(_OTHER, now),
        )
        .correlate(Task)
    )


def may_send() -> ColumnElement[bool]:
    """Say in SQL whether `this_execution` may send a write of `this_task` at `this_moment` (rule 9).

    It has the task, nothing holds it, its person is not banned, and no earlier task waits. In a group there
    is a grant in force besides, with votes enough, and its rights were looked at since `rights_since`.
    """
    return exists(
        select(Task.id)
        .join(Connection, Connection.id == Task.connection_id)
        .join(Person, Person.id == Task.person_id)
        .where(
            Task.id == bindparam("this_task"),
            Task.state == TaskState.RUNNING,
            Task.lease_by == bindparam("this_execution"),
            Connection.state == ConnectionState.ACTIVE,
            ~holds.holds(Task.id, MOMENT),
            shared.lets_go(),
            Person.state != PersonState.BANNED,
            ~earlier(MOMENT),
        )
    )


def at_the_fence(task_id: str, *, by: str, now: datetime) -> dict[str, Any]:
    """Give what `may_send` is asked with: the task, the execution, and the moment."""
    return {
        "this_task": task_id,
        "this_execution": by,
        "this_moment": now,
        "rights_since": now - shared.RIGHTS_FOR,
    }
