"""What is missed, and what then: asked about, posted late, or skipped. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Missed:
    """What a schedule does with a task it missed: `ask`, `late:<hours>` or `skip`."""

    policy: str
    hours: int = 0
    """With `late`: it is still posted up to so many hours after it was due."""

    @staticmethod
    def read(words: str) -> "Missed":
        """Read what `str` gave. Raises ValueError for anything else."""
        kind, colon, hours = words.partition(":")
        if kind == "late" and colon and hours.isascii() and hours.isdigit() and 1 <= int(hours) <= HOURS_MAX:
            return Missed(kind, int(hours))
        if words in ("ask", "skip"):
            return Missed(words)
        raise ValueError(f"no policy for what is missed: {words}")

    def __str__(self) -> str:
        return f"late:{self.hours}" if self.policy == "late" else self.policy

    def still_goes(self, due_at: datetime, now: datetime) -> bool:
        """Say whether a missed task is posted all the same, late."""
        return self.policy == "late" and now - due_at <= timedelta(hours=self.hours)


#: The longest a late post may be asked for: a week.
HOURS_MAX = 168


def is_missed(due_at: datetime, now: datetime, grace: timedelta) -> bool:
    """Say whether a task promised for `due_at` is reached too late to go out as if nothing had happened."""
    return now - due_at > grace


def spread(count: int, start: datetime, every: timedelta) -> list[datetime]:
    """Space out: that many moments, the first at `start`, each `every` after the one before."""
    return [start + every * number for number in range(count)]
