"""Where the rows keep the ids of their living messages: which noun's row a card belongs to."""

from storage import authorizations, tasks
from storage import missed as missed_tasks
from storage.db import Database
from texts.reply import Card


class RowCards:
    """The living messages of authorizations, tasks, and lists of what somebody missed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def message_of(self, card: Card, chat_id: int) -> int | None:
        """Find the living message's id; None: there is none yet, or the row is gone."""
        async with self._db.begin() as session:
            if card.noun == "task":
                return await tasks.card_of(session, str(card.id), chat_id=chat_id)
            if card.noun == "missed":
                return await missed_tasks.card_of(session, int(card.id))
            # An authorization lives in a private chat, whose id is the person's.
            row = await authorizations.get(session, int(card.id), person_id=chat_id)
            return row.card_message_id if row else None

    async def remember(self, card: Card, message_id: int) -> None:
        """Keep the id of the row's new living message. Commits."""
        async with self._db.begin() as session:
            if card.noun == "task":
                await tasks.remember_card(session, str(card.id), message_id)
            elif card.noun == "missed":
                await missed_tasks.remember_card(session, int(card.id), message_id)
            else:
                await authorizations.set_card(session, int(card.id), message_id)
