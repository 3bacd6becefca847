"""Which of two open questions a person's words answer: the one that was asked last."""

from datetime import datetime

from bot.turn import Turn
from storage import tasks
from storage.db import Session


async def is_about_a_draft(session: Session, turn: Turn, *, since: datetime) -> bool:
    """Tell whether a tweet was begun in this chat after the moment at which something else was asked."""
    draft = await tasks.open_draft(session, chat_id=turn.chat.id, person_id=turn.person.id)
    return draft is not None and draft.created_at > since
