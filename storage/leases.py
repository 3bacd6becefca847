"""What only one process may do at a time (poll Telegram), and which one it is."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from storage.db import Session, upsert
from storage.tables import Lease


async def take(session: Session, name: str, holder: str, now: datetime, for_s: float) -> bool:
    """Take a lease, or keep one's own, for so many seconds. False: another holder has it."""
    until = now + timedelta(seconds=for_s)
    mine = await session.scalar(
        upsert(session, Lease)
        .values(name=name, holder=holder, until=until)
        .on_conflict_do_update(
            index_elements=[Lease.name],
            set_={"holder": holder, "until": until},
            where=(Lease.holder == holder) | (Lease.until <= now),
        )
        .returning(Lease.name)
    )
    return mine is not None


async def give_back(session: Session, name: str, holder: str) -> None:
    """End one's own lease, so that the next process need not wait for it to run out."""
    await session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
