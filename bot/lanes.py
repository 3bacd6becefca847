"""Which updates may be worked on side by side: in order within a chat, chats beside each other, few at once.

Knows neither Telegram's transport nor what an update means.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

log = logging.getLogger(__name__)

Raw = dict[str, Any]

#: Seconds between tries of an update that could not be finished; they double.
RETRY_FIRST_S, RETRY_MAX_S = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class Held:
    """What becomes of an update whose answer Telegram does not take now: its chat rests so long."""

    wait_s: float | None = None
    """None: as after any other failure."""
    value: Final = "held"


Work = Callable[[Raw], Awaitable[bool | Held]]


class Lanes:
    """One lane per chat. A lane takes a place only while it works, so a chatty chat cannot fill them all."""

    def __init__(self, work: Work, *, at_once: int = 16) -> None:
        """`work` says whether the update is finished; if not, or if it raises, it is tried again."""
        self._work = work
        self._places = asyncio.Semaphore(at_once)
        self._waiting: dict[object, deque[Raw]] = {}
        self._held: set[object] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    def put(self, update: Raw) -> None:
        """Take an update in; it is worked on when those of its chat before it are finished."""
        lane = lane_of(update)
        if lane in self._waiting:
            self._waiting[lane].append(update)
            return
        self._waiting[lane] = deque([update])
        task = asyncio.create_task(self._drive(lane), name=f"lane {lane}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def held(self) -> set[int]:
        """Give the ids of all updates that wait because Telegram takes nothing in their chat."""
        return {update["update_id"] for lane in self._held for update in self._waiting.get(lane, ())}

    async def close(self, within_s: float) -> None:
        """Begin no more updates; wait until those begun are finished, or cancel what is not by then."""
        self._closing.set()
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _drive(self, lane: object) -> None:
        waiting = self._waiting[lane]
        wait_s = RETRY_FIRST_S
        try:
            while waiting and not self._closing.is_set():
                async with self._places:
                    finished = await self._try(waiting[0])
                self._held.discard(lane)
                if finished is True:
                    waiting.popleft()
                    wait_s = RETRY_FIRST_S
                    continue
                if isinstance(finished, Held):
                    self._held.add(lane)
                known_s = finished.wait_s if isinstance(finished, Held) else None
                await pause(self._closing, wait_s if known_s is None else known_s)
                wait_s = min(wait_s * 2, RETRY_MAX_S)
        finally:
            self._held.discard(lane)
            del self._waiting[lane]

    async def _try(self, update: Raw) -> bool | Held:
        try:
            return await self._work(update)
        except Exception:
            log.exception("update=%s failed unexpectedly; tried again", update.get("update_id"))
            return False


async def pause(event: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until the event."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


def lane_of(update: Raw) -> object:
    """Find the chat an update belongs to, else the person, else nobody's lane of its own."""
    for kind, event in update.items():
        if kind == "update_id" or not isinstance(event, dict):
            continue
        message = event.get("message") if kind == "callback_query" else event
        for holder in (message, event):
            chat = holder.get("chat") if isinstance(holder, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return chat["id"]
        person = event.get("from")
        if isinstance(person, dict) and isinstance(person.get("id"), int):
            # Beside their chat: nobody waits for what is offered while typing until an answer owed is said.
            return ("inline", person["id"]) if kind == "inline_query" else person["id"]
    return ("update", update.get("update_id"))
