"""The line to Telegram: calls paced, repeated where that is right, failures told apart. Knows no words."""

import asyncio
import logging
import os
import random
import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from typing import TypeVar

import httpx
import telegram
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.pace import Pace

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Calls of the Bot API at once: with httpx more make it slower, not faster.
CONNECTIONS = 8
#: Tries of one call, the first included.
TRIES = 3
#: A wait Telegram asks for (429) is waited out up to this long; a turn has ten seconds.
PATIENCE_S = 5.0
#: Grows by half to double between tries.
BACKOFF_S = 0.4


def make_bot(token: str, telegram_api: str) -> telegram.Bot:
    """Make a bot that is not yet initialized."""
    # Without it python-telegram-bot 22 warns each time Telegram says how long to wait (its RetryAfter).
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # noqa: TID251 - a switch of the library, no setting of ours
    secure = {"verify": trusted()}
    request = HTTPXRequest(
        CONNECTIONS, read_timeout=10, connect_timeout=5, pool_timeout=10, httpx_kwargs=secure
    )
    return telegram.Bot(
        token,
        base_url=f"{telegram_api}/bot",
        base_file_url=f"{telegram_api}/file/bot",
        request=request,
        get_updates_request=HTTPXRequest(1, httpx_kwargs=secure),
    )


@cache
def trusted() -> ssl.SSLContext:
    """Read which certificates we trust: once, httpx would read them for every client (25 ms)."""
    return httpx.create_ssl_context()


class Unsaid(TelegramError):  # noqa: N818 - says what happened
    """Telegram did not take it: nothing was said, unless `maybe`: then the answer was lost on the way.

    `wait_s`: seconds Telegram asked to wait. What was said maybe is said again by the edge, a few times:
    twice is better than never.
    """

    def __init__(self, reason: str, *, maybe: bool = False, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.maybe = maybe
        self.wait_s = wait_s


class Line:
    """Calls of one bot's methods."""

    def __init__(self, bot: telegram.Bot, pace: Pace | None = None) -> None:
        self.bot = bot
        self._pace = pace or Pace()

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Call a method that only asks: it takes no message's place in any chat. Raises as `call` does."""
        return await self.call(None, question, repeatable=True)

    async def call(self, chat_id: int | None, method: Callable[[], Awaitable[T]], *, repeatable: bool) -> T:
        """Call a method in a chat; `repeatable`: done twice is as good as once.

        Raises Unsaid when Telegram could not be reached or asks for more patience than a turn has, and
        BadRequest, Forbidden, ChatMigrated and InvalidToken as they came.
        """
        for attempt in range(1, TRIES + 1):
            await self._turn(chat_id)
            try:
                return await method()
            except (BadRequest, Forbidden, ChatMigrated, InvalidToken, Unsaid):
                raise
            except RetryAfter as slow:
                wait_s = self._park(chat_id, slow)
            except NetworkError as lost:
                wait_s = BACKOFF_S * 2**attempt * random.uniform(0.5, 1)  # noqa: S311 - jitter
                if not (repeatable or _may_repeat(lost)):
                    raise Unsaid(_reason(lost), maybe=True) from None
                if attempt == TRIES:
                    raise Unsaid(_reason(lost), maybe=not _may_repeat(lost)) from None
            except TelegramError as odd:
                raise Unsaid(f"unreadable answer: {odd}", maybe=True) from None
            if attempt < TRIES:
                await asyncio.sleep(wait_s)
        raise Unsaid("Telegram asks to wait")

    async def _turn(self, chat_id: int | None) -> None:
        wait_s = self._pace.reserve(chat_id, _now(), PATIENCE_S)
        if wait_s > PATIENCE_S:
            raise Unsaid(f"chat {chat_id} is parked for {wait_s:.0f} s", wait_s=wait_s)
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def _park(self, chat_id: int | None, slow: RetryAfter) -> float:
        wait_s = seconds(slow.retry_after)
        log.warning("chat=%s Telegram asks to wait %.0f s", chat_id, wait_s)
        if chat_id is not None:
            self._pace.park(chat_id, wait_s, _now())
        if wait_s > PATIENCE_S:
            raise Unsaid(f"Telegram asks to wait {wait_s:.0f} s", wait_s=wait_s) from None
        return 0.0 if chat_id is not None else wait_s


def seconds(value: float | timedelta) -> float:
    """Read a waiting time, which python-telegram-bot gives as either."""
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _never_sent(error: NetworkError) -> bool:
    return isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def _may_repeat(error: NetworkError) -> bool:
    """Tell an answer that says no (5xx) and a request never sent from an answer lost on the way."""
    return _never_sent(error) or not isinstance(error.__cause__, httpx.HTTPError)


def _reason(error: NetworkError) -> str:
    """Name the failure without its text, which may hold the address and so the token."""
    return type(error.__cause__ or error).__name__
