"""Saying what no update asked for: a link ran out, a message could not be deleted. Tasks: telling.py."""

import logging

from bot.speak import Speaker, Target
from bot.turn import Answer
from storage import people
from storage.db import Database

log = logging.getLogger(__name__)


class Notices:
    """Finds the language of a chat and says it there."""

    def __init__(self, db: Database, speaker: Speaker) -> None:
        self._db = db
        self._speaker = speaker

    async def say(self, chat_id: int, answer: Answer) -> None:
        """Say it in the private chat of a person (their id), or in a group. Raises Unsaid."""
        async with self._db.begin() as session:
            person = await people.get(session, chat_id)
        language = (person.language or person.telegram_language) if person else None
        await self._speaker.say(Target(chat_id=chat_id, language=language), answer)
