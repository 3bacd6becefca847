"""The sandbox's wall clock, which the control page may move to make messages old.

It does not move the time that long polls and back-offs wait.
"""

import time


class Clock:
    """Wall time, moved by `offset` seconds."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Epoch seconds."""
        return time.time() + self.offset

    def seconds(self) -> int:
        """Return whole epoch seconds, as the Bot API writes them."""
        return int(self.now())
