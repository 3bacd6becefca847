"""Messages with a secret in them that must go from a chat, until they are gone or the person was told."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from storage.db import Session, upsert
from storage.tables import Erasure

#: The turn itself deletes at once; who sweeps up after a crash must not get in its way.
FIRST_RETRY = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=30)
#: Bot API, deleteMessage: "A message can only be deleted if it was sent less than 48 hours ago".
DELETABLE_FOR = timedelta(hours=48)
#: With growing waits this is a little over two hours: long enough for Telegram, short enough to warn.
ATTEMPTS_MAX = 10


async def add(session: Session, chat_id: int, message_id: int, now: datetime) -> None:
    """Note a message to be deleted; twice is as good as once."""
    row = upsert(session, Erasure).values(
        chat_id=chat_id, message_id=message_id, attempts=0, next_at=now + FIRST_RETRY, created_at=now
    )
    await session.execute(row.on_conflict_do_nothing())


async def due(session: Session, now: datetime) -> list[Erasure]:
    """List the messages whose deletion should be tried now, the oldest first."""
    return list(
        await session.scalars(select(Erasure).where(Erasure.next_at <= now).order_by(Erasure.created_at))
    )


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
