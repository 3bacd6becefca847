"""Deleting messages with a secret in them: at once, and again and again until they are gone or it is told.

The row of storage/erasures.py is what remembers; this is who asks Telegram.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

import telegram
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.line import Line
from storage import erasures
from storage.db import Database

log = logging.getLogger(__name__)

#: Seconds of its ten that a turn gives to a deletion; what takes longer is left to the sweep.
TURN_GIVES_S = 2.0
_GONE = ("message to delete not found", "message_id_invalid", "message identifier is not specified")


class Eraser:
    """Deletes messages of one bot's chats."""

    def __init__(
        self,
        line: Line,
        db: Database,
        *,
        clock: Callable[[], datetime],
        tell: Callable[[int], Awaitable[None]],
    ) -> None:
        """`tell` asks the person of a chat to delete a message themselves: the bot could not."""
        self._line = line
        self._bot: telegram.Bot = line.bot
        self._db = db
        self._clock = clock
        self._tell = tell

    async def erase(self, chat_id: int, message_id: int) -> bool:
        """Delete a message now; kept as a row until it is gone. True: it is gone. Commits.

        False, after two seconds at most: it is still there as far as we know, and is deleted later.
        """
        async with self._db.begin() as session:
            await erasures.add(session, chat_id, message_id, self._clock())
        try:
            async with asyncio.timeout(TURN_GIVES_S):
                gone = await self._delete(chat_id, message_id)
        except TimeoutError:
            log.info("chat=%s message=%s not deleted yet: Telegram is slow", chat_id, message_id)
            return False
        except ChatMigrated as moved:
            await self._moved(chat_id, message_id, moved.new_chat_id)
            return False
        if gone:
            await self._done(chat_id, message_id)
        return gone

    async def sweep(self) -> None:
        """Try all that are due once, side by side; whose message cannot be deleted is asked to do it."""
        async with self._db.begin() as session:
            due = await erasures.take_due(session, self._clock())
        await asyncio.gather(*(self._settle(row.chat_id, row.message_id) for row in due))

    async def _settle(self, chat_id: int, message_id: int) -> None:
        """Delete one message, or put it off. Whatever happens to it, the others go on."""
        try:
            if await self._delete(chat_id, message_id):
                await self._done(chat_id, message_id)
            else:
                await self._put_off(chat_id, message_id)
        except ChatMigrated as moved:
            await self._moved(chat_id, message_id, moved.new_chat_id)
            await self._settle(moved.new_chat_id, message_id)
        except Exception:
            log.exception("chat=%s message=%s not deleted", chat_id, message_id)

    async def _delete(self, chat_id: int, message_id: int) -> bool:
        """Ask Telegram to delete a message. True: it is gone. Raises ChatMigrated."""
        try:
            await self._line.call(
                chat_id, lambda: self._bot.delete_message(chat_id, message_id), repeatable=True
            )
        except ChatMigrated:
            raise
        except TelegramError as refused:
            if isinstance(refused, BadRequest) and any(word in refused.message.lower() for word in _GONE):
                return True
            log.info("chat=%s message=%s not deleted: %s", chat_id, message_id, type(refused).__name__)
            return False
        return True

    async def _done(self, chat_id: int, message_id: int) -> None:
        async with self._db.begin() as session:
            await erasures.done(session, chat_id, message_id)

    async def _moved(self, chat_id: int, message_id: int, to: int) -> None:
        log.info("chat=%s is now chat=%s", chat_id, to)
        async with self._db.begin() as session:
            await erasures.moved(session, chat_id, message_id, to)

    async def _put_off(self, chat_id: int, message_id: int) -> None:
        async with self._db.begin() as session:
            gave_up = await erasures.failed(session, chat_id, message_id, self._clock())
        if gave_up:
            await self._tell(chat_id)
            await self._done(chat_id, message_id)
