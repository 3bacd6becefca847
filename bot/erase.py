"""Deleting messages with a secret in them: at once, and again and again until they are gone or it is told.

The row of storage/erasures.py is what remembers; this is who asks Telegram.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

import telegram
from telegram.error import BadRequest, Forbidden, InvalidToken

from bot.line import Line, Unsaid
from storage import erasures
from storage.db import Database, Unavailable

log = logging.getLogger(__name__)

#: Messages still to be deleted are looked for this often (seconds).
PAUSE_S = 5.0
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
        """Delete a message now; kept as a row until it is gone. True: it is gone. Commits."""
        async with self._db.begin() as session:
            await erasures.add(session, chat_id, message_id, self._clock())
        return await self._try(chat_id, message_id)

    async def keep_erasing(self) -> None:
        """Delete what is still to be deleted, until cancelled."""
        while True:
            with contextlib.suppress(Unavailable):
                await self.sweep()
            await asyncio.sleep(PAUSE_S)

    async def sweep(self) -> None:
        """Try all that are due once; whoever's message cannot be deleted is asked to do it."""
        async with self._db.begin() as session:
            due = await erasures.due(session, self._clock())
        for row in due:
            if not await self._try(row.chat_id, row.message_id):
                await self._put_off(row.chat_id, row.message_id)

    async def _try(self, chat_id: int, message_id: int) -> bool:
        try:
            await self._line.call(
                chat_id, lambda: self._bot.delete_message(chat_id, message_id), repeatable=True
            )
        except BadRequest as refused:
            if not any(word in refused.message.lower() for word in _GONE):
                log.info("chat=%s message=%s not deleted: %s", chat_id, message_id, refused.message)
                return False
        except (Forbidden, InvalidToken, Unsaid) as failed:
            log.info("chat=%s message=%s not deleted: %s", chat_id, message_id, type(failed).__name__)
            return False
        async with self._db.begin() as session:
            await erasures.done(session, chat_id, message_id)
        return True

    async def _put_off(self, chat_id: int, message_id: int) -> None:
        async with self._db.begin() as session:
            gave_up = await erasures.failed(session, chat_id, message_id, self._clock())
        if not gave_up:
            return
        try:
            await self._tell(chat_id)
        except Unsaid:
            return
        async with self._db.begin() as session:
            await erasures.done(session, chat_id, message_id)
