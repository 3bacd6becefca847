"""Deletes messages that hold a secret; what could not be deleted is a row, tried again, then told."""

import logging
from collections.abc import Callable
from datetime import datetime

import telegram

from bot.speak import Speaker, Target
from storage import erasures, people
from storage.db import Database
from texts.reply import Reply

log = logging.getLogger(__name__)


class Eraser:
    """Deletes messages for one bot."""

    def __init__(
        self, bot: telegram.Bot, db: Database, speaker: Speaker, clock: Callable[[], datetime]
    ) -> None:
        self._bot = bot
        self._db = db
        self._speaker = speaker
        self._clock = clock

    async def erase(self, chat_id: int, message_id: int) -> bool:
        """Delete a message now. False: it is still there and will be tried again. Commits."""
        async with self._db.begin() as session:
            await erasures.add(session, chat_id, message_id, self._clock())
        return await self._try(chat_id, message_id)

    async def sweep(self) -> None:
        """Try again what is due."""
        async with self._db.begin() as session:
            due = await erasures.due(session, self._clock())
        for erasure in due:
            await self._try(erasure.chat_id, erasure.message_id)

    async def _try(self, chat_id: int, message_id: int) -> bool:
        try:
            await self._bot.delete_message(chat_id, message_id)
        except telegram.error.BadRequest as refused:
            gone = "not found" in refused.message
        except telegram.error.TelegramError as error:
            log.warning("message not deleted yet: %s", type(error).__name__)
            gone = False
        else:
            gone = True
        await self._note(chat_id, message_id, gone=gone)
        return gone

    async def _note(self, chat_id: int, message_id: int, *, gone: bool) -> None:
        gave_up = False
        async with self._db.begin() as session:
            if gone:
                await erasures.done(session, chat_id, message_id)
            else:
                gave_up = await erasures.failed(session, chat_id, message_id, self._clock())
            person = await people.get(session, chat_id)
        if gave_up and person is not None:
            target = Target(chat_id=chat_id, language=person.language or person.telegram_language)
            await self._speaker.say(target, [Reply("erase.do_it_yourself")])
