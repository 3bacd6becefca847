"""What time it is for the sandbox. Holds no other state and starts no timers."""

import time
from datetime import UTC, datetime
from email.utils import formatdate


class Clock:
    """The machine's clock plus an offset in seconds that a test may set."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Return seconds since the epoch, offset included."""
        return time.time() + self.offset

    def utc(self) -> datetime:
        """Return the same moment, aware, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def http_date(self, skew: float = 0.0) -> str:
        """Return the value of a Date header, `skew` seconds away from this clock."""
        return formatdate(self.now() + skew, usegmt=True)


def rfc3339(moment: datetime) -> str:
    """Write a moment the way API v2 does: milliseconds and Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
