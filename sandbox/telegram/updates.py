"""A bot's updates: kept until confirmed, handed out in order, given again on request.

How they travel (getUpdates or a webhook) is decided elsewhere; this module knows neither chats nor people.
"""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.clock import Clock

# telegram-bot-api: updates are kept 24 hours, callback queries 150 seconds
LIFE = 24 * 3600
CALLBACK_LIFE = 150
REMEMBERED = 5000
# Bot API, getUpdates.allowed_updates: kinds that are sent only when asked for by name
ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Update:
    """One update on its way to a bot."""

    id: int
    kind: str
    payload: Any
    # updates of one queue are delivered one after the other
    queue: Hashable
    expires: float
    raw: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the Bot API's Update."""
        return self.raw if self.raw is not None else {"update_id": self.id, self.kind: self.payload}


@dataclass(eq=False)
class UpdateQueue:
    """One bot's updates."""

    clock: Clock
    next_id: int
    pending: dict[int, Update] = field(default_factory=dict)
    # confirmed or expired ones, so that they can be delivered once more
    past: dict[int, Update] = field(default_factory=dict)
    again: list[Update] = field(default_factory=list)
    allowed: list[str] | None = None
    on_push: Callable[[], None] | None = None
    on_again: Callable[[Update], None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def wants(self, kind: str) -> bool:
        """Say whether the bot asked for such updates."""
        if self.allowed:
            return kind in self.allowed
        return kind not in ONLY_WHEN_ASKED

    def push(self, kind: str, payload: Any, queue: Hashable, life: int = LIFE) -> int | None:
        """Return the new update's id, or None when the bot did not ask for this kind."""
        if not self.wants(kind):
            return None
        return self._add(Update(self._take_id(), kind, payload, queue, self.clock.now() + life))

    def inject(self, raw: dict[str, Any]) -> int:
        """Put an update in as it is, whatever it holds; a missing update_id is filled in."""
        given = raw.get("update_id")
        number = given if isinstance(given, int) and not isinstance(given, bool) else self._take_id()
        self.next_id = max(self.next_id, number + 1)
        raw = raw if "update_id" in raw else {"update_id": number, **raw}
        return self._add(Update(number, "raw", None, ("raw", number), self.clock.now() + LIFE, raw))

    def _take_id(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    def _add(self, update: Update) -> int:
        self.pending[update.id] = update
        self._wake()
        if self.on_push:
            self.on_push()
        return update.id

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def expire(self) -> None:
        """Put away what Telegram would no longer keep."""
        now = self.clock.now()
        for update in [u for u in self.pending.values() if u.expires <= now]:
            self.settle(update.id)

    def settle(self, update_id: int) -> None:
        """Put an update away: the bot has it, or will never get it."""
        update = self.pending.pop(update_id, None)
        if update is None:
            return
        self.past[update_id] = update
        while len(self.past) > REMEMBERED:
            del self.past[next(iter(self.past))]

    def confirm_before(self, offset: int) -> None:
        """Put away everything before an offset."""
        for update_id in [number for number in self.pending if number < offset]:
            self.settle(update_id)

    def keep_last(self, count: int) -> None:
        """Put away all but the last so many."""
        for update_id in list(self.pending)[:-count]:
            self.settle(update_id)

    def drop_all(self) -> None:
        """Put away everything."""
        for update_id in list(self.pending):
            self.settle(update_id)

    def find(self, update_id: int) -> Update | None:
        """Find an update, confirmed or not."""
        return self.pending.get(update_id) or self.past.get(update_id)

    def deliver_again(self, update: Update) -> None:
        """Deliver an update once more, even if it was confirmed."""
        if self.on_again:
            self.on_again(update)
            return
        self.again.append(update)
        self._wake()

    def batch(self, limit: int) -> list[Update]:
        """Return what getUpdates hands out now; repeated ones first, and those only once."""
        self.expire()
        repeated, self.again = self.again[:limit], self.again[limit:]
        fresh = [update for update in self.pending.values() if update not in repeated]
        return repeated + fresh[: limit - len(repeated)]

    def next_change(self) -> asyncio.Event:
        """Give what is set at the next push. Ask before looking at the batch, or a push between is missed."""
        return self._changed
