"""A post's poll: its options and when it ends. Nobody votes in this sandbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Poll:
    """Two to four options, open for some minutes."""

    id: str
    options: tuple[str, ...]
    minutes: int
    opened_at: datetime

    @property
    def ends_at(self) -> datetime:
        """Return when it closes."""
        return self.opened_at + timedelta(minutes=self.minutes)
