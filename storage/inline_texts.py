"""What people type behind the bot's name in other chats: each one's newest text, for ten minutes."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from storage.db import Session, upsert
from storage.tables import InlineText

KEPT_FOR = timedelta(minutes=10)


async def keep(session: Session, person_id: int, text: str, *, now: datetime) -> None:
    """Keep what somebody types now, in place of what they typed before."""
    row = upsert(session, InlineText).values(person_id=person_id, text=text, typed_at=now)
    await session.execute(
        row.on_conflict_do_update(index_elements=[InlineText.person_id], set_={"text": text, "typed_at": now})
    )


async def take(session: Session, person_id: int, *, now: datetime) -> str | None:
    """Take somebody's text out. None: it was taken already, or is too old."""
    taken: str | None = await session.scalar(
        delete(InlineText)
        .where(InlineText.person_id == person_id, InlineText.typed_at > now - KEPT_FOR)
        .returning(InlineText.text)
    )
    return taken


async def forget_old(session: Session, now: datetime) -> None:
    """Erase what nobody took; call it now and then."""
    await session.execute(delete(InlineText).where(InlineText.typed_at <= now - KEPT_FOR))
