"""Updates in by long polling: raw, remembered until finished, confirmed only then. What they mean: edge.py.

Telegram confirms everything below the offset of the next getUpdates (Bot API). So the offset is the lowest
update that is not finished; what Telegram then gives again is known to be in hand. A batch is never parsed
as a whole, so an update nobody can read blocks nothing. Only where a chat that Telegram makes us wait for
would keep the updates of all others from coming are its updates confirmed before they are finished; this
process alone remembers them then.
"""

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Protocol

import httpx

from bot.lanes import Held, Lanes, Raw, pause

log = logging.getLogger(__name__)

#: Seconds Telegram may keep a poll open.
POLL_S = 30
#: Seconds beyond that after which a poll counts as dead and its connections are thrown away.
SLACK_S = 10.0
#: Bot API, getUpdates: limit 1-100.
BATCH_MAX = 100
#: telegram-bot-api (Client::do_get_updates): the same offset again within 0.5 s gets only one update.
SAME_OFFSET_S = 0.6
#: Seconds between polls that fail; they double.
BACKOFF_FIRST_S, BACKOFF_MAX_S = 1.0, 30.0


class Outcome(Protocol):
    """What handling an update says about it: a value of edge.Outcome."""

    @property
    def value(self) -> str:
        """*done*: it may be confirmed."""


class TokenRefused(Exception):  # noqa: N818 - what happened
    """Telegram does not know this bot token (any more). BotFather shows the right one."""


class Trouble(Exception):  # noqa: N818 - passes
    """A poll that failed and may be tried again after `wait_s`; the text says why, without the address."""

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


class Poller:
    """Polls for one bot. `stop` ends it in order: finishes what is in hand, confirms it."""

    def __init__(
        self,
        method_url: str,
        handle: Callable[[Raw], Awaitable[Outcome]],
        allowed_updates: Sequence[str],
        *,
        may_poll: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """`method_url`: the address of getUpdates, token included. `may_poll` asks for the poller's lease."""
        self._url = method_url
        self._handle = handle
        self._allowed = list(allowed_updates)
        self._may_poll = may_poll
        self._lanes = Lanes(self._finish)
        self._in_hand: set[int] = set()
        self._finished: set[int] = set()
        self._let_go: set[int] = set()
        self._next = 0
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()
        self._asked_at: tuple[int, float] = (-1, 0.0)
        self._answered_at: float | None = None

    async def run(self) -> None:
        """Poll until `stop`. Raises TokenRefused."""
        wait_s = BACKOFF_FIRST_S
        while not self._stopping.is_set():
            try:
                async with _connections() as http:
                    while not self._stopping.is_set():
                        await self._once(http)
                        wait_s = BACKOFF_FIRST_S
            except Trouble as trouble:
                delay_s = trouble.wait_s or wait_s * random.uniform(0.5, 1)  # noqa: S311 - jitter
                log.warning("polling: %s; again in %.0f s", trouble, delay_s)
                await pause(self._stopping, delay_s)
                wait_s = min(wait_s * 2, BACKOFF_MAX_S)
        await self._lanes.close(within_s=20)
        if lost := self._let_go & self._in_hand:
            log.warning("updates confirmed and not answered: %s", sorted(lost))
        await self._confirm()

    def stop(self) -> None:
        """Ask for no more updates; `run` returns when those in hand are finished."""
        self._stopping.set()
        self._changed.set()

    def silence_s(self) -> float | None:
        """Give the seconds since Telegram last answered a poll of ours. None: it never did."""
        return None if self._answered_at is None else _now() - self._answered_at

    async def _once(self, http: httpx.AsyncClient) -> None:
        if self._may_poll and not await self._may_poll():
            await pause(self._stopping, 2.0)
            return
        await self._let_some_finish()
        if self._stopping.is_set():
            return
        self._take(await self._unless_stopped(self._ask(http)))

    def _take(self, batch: list[Any]) -> None:
        updates = {number: update for update in batch if (number := _number(update)) is not None}
        if len(updates) < len(batch):
            log.warning("updates without an id, or twice in a batch: ignored")
        if updates:
            # Not the highest ever: after a week of silence Telegram begins to count somewhere else (Bot API).
            self._next = max(updates) + 1
        fresh = updates.keys() - self._in_hand - self._finished
        self._in_hand |= fresh
        for number, update in updates.items():
            if number in fresh:
                self._lanes.put(update)

    def _offset(self) -> int:
        """Give what may be confirmed: all below it. Forgets the finished ones that are."""
        in_the_way = self._in_hand - self._let_go
        if len(self._finished) + len(in_the_way) >= BATCH_MAX:
            # Telegram shows a hundred and no more: a chat it makes us wait for must not hold up all others.
            self._let_go |= self._lanes.held() & self._in_hand
            in_the_way -= self._let_go
        offset = min(in_the_way, default=self._next)
        self._finished = {number for number in self._finished if number >= offset and in_the_way}
        return offset

    async def _let_some_finish(self) -> None:
        """Wait for the offset to move, but no longer than Telegram wants between two equal questions."""
        deadline = self._asked_at[1] + SAME_OFFSET_S
        while self._in_hand and self._offset() == self._asked_at[0] and not self._stopping.is_set():
            self._changed.clear()
            left = deadline - _now()
            if left <= 0:
                return
            await pause(self._changed, left)

    async def _finish(self, update: Raw) -> bool | Held:
        """Try to bring one update to its end; only then may it be confirmed."""
        outcome = await self._handle(update)
        if outcome.value != "done":
            return outcome if isinstance(outcome, Held) else False
        self._in_hand.discard(update["update_id"])
        self._let_go.discard(update["update_id"])
        self._finished.add(update["update_id"])
        self._changed.set()
        return True

    async def _ask(self, http: httpx.AsyncClient) -> list[Any]:
        offset = self._offset()
        self._asked_at = (offset, _now())
        # With updates in hand the answer comes at once and repeats them; without, Telegram may wait.
        question = {"timeout": POLL_S, "limit": BATCH_MAX, "allowed_updates": self._allowed}
        if offset:
            question["offset"] = offset
        answer = await _asked(http, self._url, question)
        self._answered_at = _now()
        return answer

    async def _unless_stopped(self, asking: Awaitable[list[Any]]) -> list[Any]:
        """Leave a poll when told to stop: what it would have brought is not confirmed and comes again."""
        poll = asyncio.ensure_future(asking)
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait((poll, stop), return_when=asyncio.FIRST_COMPLETED)
            return poll.result() if poll.done() else []
        finally:
            poll.cancel()
            stop.cancel()
            await asyncio.gather(poll, stop, return_exceptions=True)

    async def _confirm(self) -> None:
        """Confirm what is finished, so that the next process is not given it again."""
        offset = self._offset()
        if not offset or offset == self._asked_at[0]:
            return
        async with _connections() as http:
            with contextlib.suppress(Trouble, TokenRefused):
                await _asked(http, self._url, {"offset": offset, "limit": 1, "timeout": 0})


@contextlib.asynccontextmanager
async def _connections() -> AsyncIterator[httpx.AsyncClient]:
    """Open connections of polling's own: a wedged one takes nothing else down and is thrown away."""
    async with httpx.AsyncClient(timeout=httpx.Timeout(SLACK_S, read=POLL_S + SLACK_S)) as http:
        yield http


async def _asked(http: httpx.AsyncClient, url: str, question: dict[str, Any]) -> list[Any]:
    """Ask Telegram once. Raises Trouble, TokenRefused; neither shows the address, which holds the token."""
    try:
        async with asyncio.timeout(POLL_S + 2 * SLACK_S):
            response = await http.post(url, json=question)
    except TimeoutError:
        raise Trouble("Telegram is silent") from None
    except httpx.HTTPError as error:
        raise Trouble(f"Telegram cannot be reached ({type(error).__name__})") from None
    try:
        answer = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        answer = None
    if not isinstance(answer, dict):
        raise Trouble(f"Telegram answered {response.status_code} and no JSON")
    if answer.get("ok") is True and isinstance(answer.get("result"), list):
        return list(answer["result"])
    raise _refusal(response.status_code, answer)


def _refusal(status: int, answer: dict[str, Any]) -> Exception:
    description = str(answer.get("description", ""))
    if status in (401, 404):
        return TokenRefused("Telegram does not know this bot token; BotFather shows the right one (/mybots)")
    if status == 409 and "webhook" in description.lower():
        return Trouble(
            "a webhook is set for this bot; `run` removes it when it starts, so start it again", 10
        )
    if status == 409:
        return Trouble("another process polls with this bot token; there can be only one", 10)
    if status == 429:
        parameters = answer.get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        return Trouble("Telegram asks to wait", float(wait) if isinstance(wait, int) else None)
    return Trouble(f"Telegram answered {status}: {description[:200]}")


def _number(update: Any) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else None


def _now() -> float:
    return asyncio.get_running_loop().time()
