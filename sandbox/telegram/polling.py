"""getUpdates: one long poll per bot at a time, and what each hands out.

The updates themselves are kept in `updates`.
"""

import asyncio
from typing import Any

from sandbox.telegram.faults import Faults
from sandbox.telegram.people import Bot
from sandbox.telegram.refusals import conflict
from sandbox.telegram.updates import Update
from sandbox.telegram.webhooks import Webhooks

LONGEST_POLL = 50
TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class Polls:
    """The long poll of every bot that has one open."""

    def __init__(self, faults: Faults, webhooks: Webhooks) -> None:
        self._faults = faults
        self._webhooks = webhooks
        self._running: dict[int, asyncio.Event] = {}

    async def poll(self, bot: Bot, params: dict[str, Any]) -> list[dict[str, Any]]:
        """Raise a 409 when a later poll ends this one, or a webhook is set."""
        if self._webhooks.is_set(bot):
            raise conflict(WEBHOOK_ACTIVE)
        self._accept(bot, params)
        ended = self._take_over(bot)
        limit = min(max(int(params.get("limit", 100)), 1), 100)
        timeout = min(max(int(params.get("timeout", 0)), 0), LONGEST_POLL)
        try:
            found = await self._wait(bot, limit, timeout, ended)
        finally:
            if self._running.get(bot.id) is ended:
                del self._running[bot.id]
        return [update.as_json() for update in self._faulty(bot, found)]

    def _accept(self, bot: Bot, params: dict[str, Any]) -> None:
        if "allowed_updates" in params:
            bot.updates.allowed = params["allowed_updates"] or None
        offset = int(params.get("offset", 0))
        if offset < 0:
            bot.updates.keep_last(-offset)
        else:
            bot.updates.confirm_before(offset)

    def _take_over(self, bot: Bot) -> asyncio.Event:
        if bot.id in self._running:
            self._running[bot.id].set()
        self._running[bot.id] = ended = asyncio.Event()
        return ended

    async def _wait(self, bot: Bot, limit: int, seconds: float, ended: asyncio.Event) -> list[Update]:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while not ended.is_set():
            changed = bot.updates.next_change()
            found = bot.updates.batch(limit)
            left = until - loop.time()
            if found or left <= 0:
                return found
            await _either(changed, ended, left)
        raise conflict(TERMINATED)

    def _faulty(self, bot: Bot, found: list[Update]) -> list[Update]:
        if found and self._faults.for_delivery("reorder", bot.id, None):
            found = reordered(found)
        for update in found:
            if self._faults.for_delivery("duplicate_updates", bot.id, None):
                bot.updates.again.append(update)
        return found


async def _either(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def reordered(updates: list[Update]) -> list[Update]:
    """Reverse the chats of a batch; within a chat the order stays, as Telegram keeps it."""
    chats: dict[Any, list[Update]] = {}
    for update in updates:
        chats.setdefault(update.queue, []).append(update)
    return [update for chat in reversed(chats.values()) for update in chat]
