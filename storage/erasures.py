"""Messages with a secret in them that must go from a chat, until they are gone or the person was told."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_, update

from storage.db import Session, upsert
from storage.tables import Erasure

#: The turn itself deletes at once; who sweeps up after a crash must not get in its way.
FIRST_RETRY = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=30)
#: Who takes a message in hand has this long; then, if it died, another tries.
TAKEN_FOR = timedelta(minutes=2)
#: Bot API, deleteMessage: "A message can only be deleted if it was sent less than 48 hours ago".
DELETABLE_FOR = timedelta(hours=48)
#: With growing waits this takes an hour and three quarters: long enough for Telegram, short enough to warn.
ATTEMPTS_MAX = 10


async def add(session: Session, chat_id: int, message_id: int, now: datetime) -> None:
    """Note a message to be deleted; twice is as good as once."""
    row = upsert(session, Erasure).values(
        chat_id=chat_id, message_id=message_id, attempts=0, next_at=now + FIRST_RETRY, created_at=now
    )
    await session.execute(row.on_conflict_do_nothing())


async def take_due(session: Session, now: datetime, limit: int = 20) -> list[Erasure]:
    """Take in hand the messages whose deletion should be tried now, those due longest first.

    Nobody else is given them until `done`, `failed`, or TAKEN_FOR is over.
    """
    oldest = (
        select(Erasure.chat_id, Erasure.message_id)
        .where(Erasure.next_at <= now)
        .order_by(Erasure.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = await session.scalars(
        update(Erasure)
        .where(tuple_(Erasure.chat_id, Erasure.message_id).in_(oldest))
        .values(next_at=now + TAKEN_FOR)
        .returning(Erasure)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return list(taken)


async def moved(session: Session, chat_id: int, message_id: int, to: int) -> None:
    """Note that a chat has another id now (Bot API: migrate_to_chat_id)."""
    row = await session.get(Erasure, (chat_id, message_id))
    if row is None:
        return
    same = {"message_id": message_id, "attempts": row.attempts, "created_at": row.created_at}
    there = upsert(session, Erasure).values(chat_id=to, next_at=row.next_at, **same)
    await session.execute(there.on_conflict_do_nothing())
    await session.delete(row)


async def done(session: Session, chat_id: int, message_id: int) -> None:
    """Forget a message: it is gone, or the person was told to delete it."""
    await session.execute(delete(Erasure).where(Erasure.chat_id == chat_id, Erasure.message_id == message_id))


async def failed(session: Session, chat_id: int, message_id: int, now: datetime) -> bool:
    """Put off the next try, longer each time. True: give up, tell the person, then call `done`."""
    row = await session.get(Erasure, (chat_id, message_id), populate_existing=True, with_for_update=True)
    if row is None:
        return False
    row.attempts += 1
    row.next_at = now + min(FIRST_RETRY * 2**row.attempts, LONGEST_WAIT)
    await session.flush()
    return row.attempts >= ATTEMPTS_MAX or now - row.created_at >= DELETABLE_FOR
