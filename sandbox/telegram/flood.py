"""How fast a bot may send: token buckets for each chat, each group and the bot as a whole.

The numbers are Telegram's published ones (https://core.telegram.org/bots/faq), with a generous burst.
"""

import math
import time
from dataclasses import dataclass, field


@dataclass
class Bucket:
    """Tokens that refill with time."""

    burst: float
    per_second: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 takes it."""
        self.level = min(self.burst, self.level + (now - self.at) * self.per_second)
        self.at = now
        if self.level < 1:
            return (1 - self.level) / self.per_second
        self.level -= 1
        return 0.0


@dataclass
class Flood:
    """The buckets of all bots."""

    enabled: bool = True
    _buckets: dict[tuple[int, int], Bucket] = field(default_factory=dict)

    def seconds_to_wait(self, bot: int, chat: int) -> int:
        """0, or the retry_after the bot is told."""
        if not self.enabled:
            return 0
        now = time.monotonic()
        limits = [(chat, 20.0, 20 / 60) if chat < 0 else (chat, 60.0, 1.0), (0, 90.0, 30.0)]
        waits = [self._bucket(bot, key, burst, rate, now).wait(now) for key, burst, rate in limits]
        return math.ceil(max(waits))

    def _bucket(self, bot: int, key: int, burst: float, rate: float, now: float) -> Bucket:
        return self._buckets.setdefault((bot, key), Bucket(burst, rate, burst, now))
