"""Saying what no update asked for, in the language of whom it is for. What there is to say: the callers."""

import logging

from bot.speak import Speaker, Target
from bot.turn import Answer
from storage import people
from storage.db import Database
from storage.tables import Person

log = logging.getLogger(__name__)


def language_of(person: Person | None) -> str | None:
    """Say which language somebody reads: the one they chose, else their Telegram's. None: nobody knows."""
    return (person.language or person.telegram_language) if person else None


class Notices:
    """Finds somebody's language and says it in a chat."""

    def __init__(self, db: Database, speaker: Speaker) -> None:
        self._db = db
        self._speaker = speaker

    async def say(
        self, chat_id: int, answer: Answer, *, to: int | None = None, thread_id: int | None = None
    ) -> None:
        """Say it in a chat, or a topic of it, to a person; without `to` it is that person's private chat.

        Raises Unsaid.
        """
        async with self._db.begin() as session:
            person = await people.get(session, to or chat_id)
        target = Target(chat_id=chat_id, language=language_of(person), thread_id=thread_id)
        await self._speaker.say(target, answer)
