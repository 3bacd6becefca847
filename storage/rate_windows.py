"""What X last said of its limits, connection by connection, with the moment it was heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from storage.db import Session, upsert
from storage.tables import RateWindow


@dataclass(frozen=True, slots=True)
class Said:
    """One limit: its name, how many there are in all, how many are left until when."""

    name: str
    most: int
    remaining: int
    resets_at: datetime


async def heard(session: Session, connection_id: int, limits: Sequence[Said], *, now: datetime) -> None:
    """Keep what X just said, in place of what it said before."""
    if not limits:
        return
    rows = [
        {
            "connection_id": connection_id,
            "name": one.name[:96],
            "most": one.most,
            "remaining": one.remaining,
            "resets_at": one.resets_at,
            "heard_at": now,
        }
        for one in sorted(limits, key=lambda one: one.name)
    ]
    put = upsert(session, RateWindow).values(rows)
    changed = {name: put.excluded[name] for name in ("most", "remaining", "resets_at", "heard_at")}
    await session.execute(put.on_conflict_do_update(index_elements=["connection_id", "name"], set_=changed))


async def running(session: Session, connection_id: int, *, now: datetime) -> Sequence[RateWindow]:
    """List the limits whose time is not over, the scarcest first; what ended says nothing any more."""
    await session.execute(
        delete(RateWindow).where(RateWindow.connection_id == connection_id, RateWindow.resets_at <= now)
    )
    found = await session.scalars(select(RateWindow).where(RateWindow.connection_id == connection_id))
    return sorted(found.all(), key=lambda one: (one.remaining / max(one.most, 1), one.name))
