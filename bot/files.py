"""Telegram file id -> bytes, within a limit. What becomes of them is decided by the task."""

import logging

import httpx
import telegram
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.line import trusted
from storage.db import refuse_in_transaction
from tasks.doors import NoFile
from twitter.errors import Unavailable

log = logging.getLogger(__name__)

#: Bot API, getFile: "bots can download files of up to 20MB in size".
FILE_MAX = 20 * 1024 * 1024
#: Seconds without a byte after which a download is given up for now.
SILENCE_S = 20.0


class Files:
    """Fetches files with one bot's token; opened and closed with the process."""

    def __init__(self, bot: telegram.Bot, *, limit: int = FILE_MAX) -> None:
        self._bot = bot
        self._limit = limit
        self._http = httpx.AsyncClient(
            verify=trusted(), timeout=httpx.Timeout(SILENCE_S, connect=5.0), follow_redirects=False
        )

    async def close(self) -> None:
        """Close the idle connections."""
        await self._http.aclose()

    async def fetch(self, file_id: str) -> bytes:
        """Download a file. Raises NoFile when Telegram will never give it, Unavailable when it may later."""
        refuse_in_transaction()
        try:
            file = await self._bot.get_file(file_id)
        except BadRequest as refused:
            too_big = "too big" in refused.message.lower()
            raise NoFile("file_too_big" if too_big else "file_gone") from None
        except (NetworkError, RetryAfter) as lost:
            log.info("getFile failed: %s", type(lost).__name__)
            raise Unavailable("telegram_unreachable") from None
        except TelegramError as refused:
            log.warning("getFile failed: %s", type(refused).__name__)
            raise NoFile("file_gone") from None
        if not file.file_path:
            raise NoFile("file_gone")
        if file.file_size and file.file_size > self._limit:
            raise NoFile("file_too_big")
        return await self._download(file.file_path)

    async def _download(self, url: str) -> bytes:
        """Read the file with a limit; the URL holds the token, so no error of httpx goes on."""
        received = bytearray()
        try:
            async with self._http.stream("GET", url) as response:
                if response.status_code in (400, 404):
                    raise NoFile("file_gone")
                if response.status_code != 200:
                    raise Unavailable("telegram_unreachable", status=response.status_code)
                async for chunk in response.aiter_bytes():
                    received += chunk
                    if len(received) > self._limit:
                        raise NoFile("file_too_big")
        except httpx.HTTPError as lost:
            log.info("download failed: %s", type(lost).__name__)
            raise Unavailable("telegram_unreachable") from None
        if not received:
            raise NoFile("file_gone")
        return bytes(received)
