"""One wish of a run of chaos.py: what X has to have in the end."""

from dataclasses import dataclass
from datetime import datetime

#: Seconds between looks whether there is room for more, or whether a lost database is back.
PAUSE_S = 0.2


@dataclass
class Wanted:
    """One task; a thread if it has several texts, each of which is wanted once on X."""

    username: str
    texts: tuple[str, ...]
    ahead_s: float | None
    """Planned for a moment so far ahead; None: for now."""
    task_id: str = ""
    """Empty until it was put in."""
    due_at: datetime | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """Its place among the tasks of its account, as the design has it."""
        if self.due_at is None:
            raise AssertionError("it was not put in yet")
        return self.due_at, self.task_id
