"""That Telegram was asked about those a group's task stands on: owner, author, voters; kept with the task."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update

from storage.db import Session
from storage.tables import Grant, GrantState, Group, Task, TaskState


async def checked(
    session: Session, task_id: str, *, by: str, grant_id: int, grant_version: int, at: datetime
) -> bool:
    """Note that at this moment all was as the grant wants it. False: the grant, or the task, has moved on."""
    as_seen = (Grant.id == grant_id, Grant.version == grant_version, Grant.state == GrantState.ACTIVE)
    # Whoever changes the policy waits for us, or we see what they changed.
    found = await session.scalar(select(Grant.id).where(*as_seen).with_for_update(read=True))
    return found is not None and await _note(session, task_id, by, rights_checked_at=at)


async def need_votes(session: Session, task_id: str, *, by: str, content_hash: str) -> bool:
    """Let an execution's task need votes for this content from now on. False: it is another's by now."""
    values = {"content_hash": content_hash, "promised": False, "rights_checked_at": None}
    return await _note(session, task_id, by, **values)


async def forget(session: Session, grant: Grant) -> None:
    """Let what is on its way, or waits to be tried again, be looked at anew: the policy is another one."""
    here = exists().where(Group.id == grant.group_id, Group.chat_id == Task.chat_id)
    await session.execute(
        update(Task)
        .where(Task.connection_id == grant.connection_id, Task.rights_checked_at.is_not(None), here)
        .values(rights_checked_at=None)
        .execution_options(synchronize_session=False)
    )


async def _note(session: Session, task_id: str, by: str, **values: Any) -> bool:
    mine = (Task.id == task_id, Task.state == TaskState.RUNNING, Task.lease_by == by)
    noted = await session.scalar(
        update(Task)
        .where(*mine)
        .values(**values)
        .returning(Task.id)
        .execution_options(synchronize_session=False)
    )
    return noted is not None
