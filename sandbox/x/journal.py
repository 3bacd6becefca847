"""What was asked of the API and how it was answered, for tests and panel. Keeps no secrets, no bodies."""

from collections import deque
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from sandbox.x.clock import Clock

KEPT = 100_000


@dataclass(slots=True)
class Entry:
    """One request; status is None where the connection was dropped.

    `hidden_status` is what X had answered where a fault gave another answer, or none.
    """

    at: float
    method: str
    path: str
    app: str | None
    username: str | None
    status: int | None = None
    hidden_status: int | None = None
    fault: str | None = None
    price: float | None = None


class Journal:
    """The newest requests, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: deque[Entry] = deque(maxlen=KEPT)

    def open(self, method: str, path: str, app: str | None, username: str | None) -> Entry:
        """Note a request that has just arrived."""
        entry = Entry(self._clock.now(), method, path, app, username)
        self.entries.append(entry)
        return entry

    def as_json(self, newest: int) -> list[dict[str, Any]]:
        """Return that many of the newest entries for the control API, oldest first."""
        first = max(0, len(self.entries) - newest)
        return [asdict(entry) for entry in islice(self.entries, first, None)]
