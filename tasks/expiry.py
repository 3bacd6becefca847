"""Ends what not enough people approved in time, and tells its author."""

import logging

from storage import grants, votes
from storage.db import Session
from storage.tables import Task
from tasks import approval, logged, permissions
from tasks.acts import Act
from tasks.doors import Doors

log = logging.getLogger(__name__)


async def expire(doors: Doors) -> None:
    """End the tasks that waited for votes until now. Commits."""
    now = doors.clock()
    async with doors.db.begin() as session:
        ended = await votes.expire(session, now)
        for task in await logged.in_order(session, ended):
            facts = await _votes(session, task)
            await logged.note(session, doors.vault, task, Act.EXPIRED, at=now, facts=facts)
    for task in ended:
        log.info("task=%s expired: it waited for votes", task.id)
        await doors.tell(task.id)


async def _votes(session: Session, task: Task) -> dict[str, int | str]:
    """Say how many had approved, of how many."""
    tally, grant = await votes.tally(session, task), await grants.of_task(session, task)
    if grant is None:
        return {}
    named = await grants.people(session, grant.id, "approves")
    policy = approval.policy_of(grant)
    counted = permissions.counting(policy, named, author=task.person_id, yes=tally.yes)
    return {"count": len(counted), "needed": tally.needed}
