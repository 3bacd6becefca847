"""What somebody lets become of links in a chat: keep, hand_off or drop; nothing stored: ask each time."""

from sqlalchemy import delete

from storage.db import Session, upsert
from storage.tables import LinkChoice


async def get(session: Session, *, chat_id: int, person_id: int) -> str | None:
    """Give what was chosen for a chat. None: nothing was."""
    found = await session.get(LinkChoice, (chat_id, person_id), populate_existing=True)
    return found.choice if found else None


async def put(session: Session, choice: str | None, *, chat_id: int, person_id: int) -> None:
    """Remember a choice for a chat in place of the one before; None forgets it."""
    if choice is None:
        here = (LinkChoice.chat_id == chat_id, LinkChoice.person_id == person_id)
        await session.execute(delete(LinkChoice).where(*here))
        return
    row = upsert(session, LinkChoice).values(chat_id=chat_id, person_id=person_id, choice=choice)
    keys = [LinkChoice.chat_id, LinkChoice.person_id]
    await session.execute(row.on_conflict_do_update(index_elements=keys, set_={"choice": choice}))
