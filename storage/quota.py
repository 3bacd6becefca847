"""How much somebody has asked for in a day, by the log of their group: what is cancelled again counts too."""

from datetime import datetime

from sqlalchemy import func, select

from storage.db import Session
from storage.tables import Grant, LogEntry


async def used(session: Session, grant: Grant, person_id: int, *, since: datetime, until: datetime) -> int:
    """Count what somebody has asked of a grant within two moments."""
    found = await session.scalar(
        select(func.count())
        .select_from(LogEntry)
        .where(
            LogEntry.group_id == grant.group_id,
            LogEntry.connection_id == grant.connection_id,
            LogEntry.actor_id == person_id,
            LogEntry.act == "asked",
            LogEntry.at >= since,
            LogEntry.at < until,
        )
    )
    return int(found or 0)
