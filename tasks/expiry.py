"""Ends what not enough people approved in time, and tells its author."""

import logging

from storage import votes
from tasks import logged
from tasks.acts import Act
from tasks.doors import Doors

log = logging.getLogger(__name__)


async def expire(doors: Doors) -> None:
    """End the tasks that waited for votes until now. Commits."""
    now = doors.clock()
    async with doors.db.begin() as session:
        ended = await votes.expire(session, now)
        # The logs of several groups are locked in one order, whoever else ends some.
        for task in sorted(ended, key=lambda each: each.chat_id):
            await logged.note(session, doors.vault, task, Act.EXPIRED, at=now)
    for task in ended:
        log.info("task=%s expired: it waited for votes", task.id)
        await doors.tell(task.id)
