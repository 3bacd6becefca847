"""How fast the bot may send: a reservation gives the seconds to wait. Waits for nothing itself.

Telegram's ceilings (core.telegram.org/bots/faq, "My bot is hitting limits"): about one message a second in
a chat with short bursts, 20 a minute in a group, 30 a second overall. We stay a little below.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass

#: Chats remembered; a forgotten one starts with a full burst, which it has earned by its silence.
CHATS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, then one every `every_s` seconds."""

    burst: int
    every_s: float


PRIVATE = Rate(burst=20, every_s=1.0)
GROUP = Rate(burst=12, every_s=3.0)
OVERALL = Rate(burst=30, every_s=0.04)
#: Key of the bucket that everything passes.
_ALL = 0


class Pace:
    """Remembers what was sent where. Times are seconds of any clock that never goes back."""

    def __init__(self, private: Rate = PRIVATE, group: Rate = GROUP, overall: Rate = OVERALL) -> None:
        self._private, self._group, self._overall = private, group, overall
        self._next_free: OrderedDict[int, float] = OrderedDict()

    def reserve(self, chat_id: int | None, now: float, patience_s: float = math.inf) -> float:
        """Take the next place in that chat, if it comes within patience; gives the seconds until it comes.

        None: a question, which stands in no chat.
        """
        buckets = [(_ALL, self._overall)]
        if chat_id is not None:
            buckets.append((chat_id, self._group if chat_id < 0 else self._private))
        full_at = {key: max(self._next_free.get(key, 0.0), now) + rate.every_s for key, rate in buckets}
        wait = max(0.0, *(full_at[key] - now - rate.burst * rate.every_s for key, rate in buckets))
        if wait <= patience_s:
            # One number per bucket: when it would be full again (GCRA).
            for key, when in full_at.items():
                self._next_free[key] = when
                self._next_free.move_to_end(key)
        while len(self._next_free) > CHATS_MAX:
            self._next_free.popitem(last=False)
        return wait

    def park(self, chat_id: int, seconds: float, now: float) -> None:
        """Let nothing into that chat for so long: Telegram said so (429, retry_after)."""
        rate = self._group if chat_id < 0 else self._private
        free = now + seconds + (rate.burst - 1) * rate.every_s
        self._next_free[chat_id] = max(free, self._next_free.get(chat_id, 0.0))
