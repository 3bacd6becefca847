"""Webhooks: updates pushed to the bot's own server, in order within a chat, again and again until taken.

As the public telegram-bot-api server does it: only the head of a chat's queue is in flight, a refusal is
repeated at once and then after growing pauses, Retry-After is kept to.
"""

import asyncio
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from sandbox.telegram.clock import Clock
from sandbox.telegram.faults import Faults
from sandbox.telegram.people import Bot
from sandbox.telegram.refusals import bad_request
from sandbox.telegram.updates import Update

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LONGEST_PAUSE = 60.0
LONGEST_RETRY_AFTER = 3600.0
ANSWER_WITHIN = 60.0
# a 2xx answer may carry a method to call; these are not carried out (telegram-bot-api)
NOT_BY_ANSWER = re.compile(r"get|setwebhook|deletewebhook", re.IGNORECASE)


@dataclass(eq=False)
class Hook:
    """A bot's webhook and what is on its way to it."""

    bot: Bot
    url: str
    secret: str
    max_connections: int
    busy: set[Hashable] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    error_at: int | None = None
    error: str | None = None


class Webhooks:
    """The webhook of every bot that has one."""

    def __init__(self, faults: Faults, clock: Clock, first_pause: float = 2.0) -> None:
        self._faults = faults
        self._clock = clock
        self._first_pause = first_pause
        self._hooks: dict[int, Hook] = {}
        # answers that carry a method are handed to this: (bot, method, params)
        self.on_answer: Callable[[Bot, str, dict[str, Any]], Any] | None = None

    def is_set(self, bot: Bot) -> bool:
        """Say whether the bot has a webhook."""
        return bot.id in self._hooks

    def set(self, bot: Bot, params: dict[str, Any]) -> None:
        """Raise Refused, or begin to deliver; an empty URL ends it."""
        if not params["url"]:
            self.delete(bot, drop_pending=params.get("drop_pending_updates", False))
            return
        check_url(params["url"])
        secret = params.get("secret_token", "")
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self.delete(bot, drop_pending=params.get("drop_pending_updates", False))
        if "allowed_updates" in params:
            bot.updates.allowed = params["allowed_updates"] or None
        hook = Hook(bot, params["url"], secret, min(max(params.get("max_connections", 40), 1), 100))
        self._hooks[bot.id] = hook
        bot.updates.on_push = lambda: self._pump(hook)
        bot.updates.on_again = lambda update: self._start(hook, self._once(hook, update))
        self._pump(hook)

    def delete(self, bot: Bot, *, drop_pending: bool) -> None:
        """Stop delivering; what is pending stays unless dropped."""
        hook = self._hooks.pop(bot.id, None)
        bot.updates.on_push = bot.updates.on_again = None
        for task in hook.tasks if hook else ():
            task.cancel()
        if drop_pending:
            bot.updates.drop_all()

    def info(self, bot: Bot) -> dict[str, Any]:
        """Return the Bot API's WebhookInfo."""
        hook = self._hooks.get(bot.id)
        shown: dict[str, Any] = {"url": hook.url if hook else "", "has_custom_certificate": False}
        shown["pending_update_count"] = len(bot.updates.pending)
        if hook:
            shown |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
        if hook and hook.error:
            shown |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
        if bot.updates.allowed:
            shown["allowed_updates"] = bot.updates.allowed
        return shown

    def _pump(self, hook: Hook) -> None:
        """Start the head of every queue that is not in flight, as far as connections go."""
        hook.bot.updates.expire()
        for update in list(hook.bot.updates.pending.values()):
            if len(hook.busy) >= hook.max_connections:
                return
            if update.queue not in hook.busy:
                hook.busy.add(update.queue)
                self._start(hook, self._until_taken(hook, update))

    def _start(self, hook: Hook, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        hook.tasks.add(task)
        task.add_done_callback(hook.tasks.discard)

    async def _until_taken(self, hook: Hook, update: Update) -> None:
        pause = 0.0
        while update.id in hook.bot.updates.pending:
            told = await self._post(hook, update)
            if told is None:
                hook.bot.updates.settle(update.id)
                if self._faults.for_delivery("duplicate_updates", hook.bot.id, None):
                    await self._post(hook, update)
                break
            await asyncio.sleep(max(pause, told))
            pause = min(max(2 * pause, self._first_pause), LONGEST_PAUSE)
            hook.bot.updates.expire()
        hook.busy.discard(update.queue)
        self._pump(hook)

    async def _once(self, hook: Hook, update: Update) -> None:
        await self._post(hook, update)

    async def _post(self, hook: Hook, update: Update) -> float | None:
        """None when it was taken, else the seconds the server asked to wait (0 when it did not say)."""
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=ANSWER_WITHIN) as client:
                answer = await client.post(hook.url, json=update.as_json(), headers=headers)
        except httpx.HTTPError as problem:
            return self._failed(hook, f"Connection failed: {type(problem).__name__}", None)
        if not answer.is_success:
            words = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
            return self._failed(hook, words, answer.headers.get("retry-after"))
        self._carry_out(hook, answer)
        return None

    def _failed(self, hook: Hook, words: str, retry_after: str | None) -> float:
        hook.error, hook.error_at = words, self._clock.seconds()
        asked = float(retry_after) if retry_after and retry_after.isdecimal() else 0.0
        return min(asked, LONGEST_RETRY_AFTER)

    def _carry_out(self, hook: Hook, answer: httpx.Response) -> None:
        try:
            params = answer.json()
        except ValueError:
            return
        method = params.pop("method", None) if isinstance(params, dict) else None
        if isinstance(method, str) and not NOT_BY_ANSWER.match(method) and self.on_answer:
            self._start(hook, self.on_answer(hook.bot, method, params))


def check_url(url: str) -> None:
    """Telegram wants https; the sandbox reaches only this machine, and there http will do."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise bad_request("bad webhook: the sandbox delivers only to http:// on 127.0.0.1 or localhost")
