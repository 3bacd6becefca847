"""Which connections a person may use in a chat: their own in private, in groups the granted ones."""

from sqlalchemy import select

from storage import connections, grants
from storage.db import Session
from storage.tables import Connection, ConnectionState, Grant, GrantState, Group, GroupState, Task


async def usable(session: Session, *, person_id: int, chat_id: int) -> list[Connection]:
    """List the connections a task may use now: in a private chat the person's own, the default one first.

    In a group those it has been granted, the same for everybody; whether this person may, says
    tasks/permissions.py.
    """
    if chat_id == person_id:
        return await connections.usable(session, person_id)
    found = await session.scalars(
        select(Connection)
        .join(Grant, Grant.connection_id == Connection.id)
        .join(Group, Group.id == Grant.group_id)
        .where(
            Group.chat_id == chat_id,
            Group.state == GroupState.ACTIVE,
            Grant.state == GrantState.ACTIVE,
            Connection.state == ConnectionState.ACTIVE,
        )
        .order_by(Connection.id)
    )
    return list(found)


async def of_task(session: Session, task: Task) -> Connection | None:
    """Find the connection a task goes out by, whatever its state. None: it is not the task's to use any more.

    A suspended grant still gives it: what stands at it waits.
    """
    connection_id = task.connection_id or 0
    if task.chat_id == task.person_id:
        return await connections.get(session, connection_id, person_id=task.person_id)
    if await grants.of_task(session, task) is None:
        return None
    return await connections.get(session, connection_id)


async def last_used(session: Session, *, person_id: int, chat_id: int) -> int | None:
    """Give the connection of the newest task somebody asked for in a chat. None: there is none."""
    found: int | None = await session.scalar(
        select(Task.connection_id)
        .where(Task.chat_id == chat_id, Task.person_id == person_id, Task.connection_id.is_not(None))
        .order_by(Task.id.desc())
        .limit(1)
    )
    return found


def name_of(connection: Connection, task: Task) -> str:
    """Name a connection as whoever reads a task's card may: what its owner calls it is no group's matter."""
    return connection.name if task.chat_id == task.person_id else connection.x_name


async def usable_ids(session: Session, *, person_id: int, chat_id: int) -> list[int]:
    """List the ids of what `usable` lists."""
    return [each.id for each in await usable(session, person_id=person_id, chat_id=chat_id)]
