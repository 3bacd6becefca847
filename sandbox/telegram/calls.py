"""The record of every Bot API call, for the page and for tests.

File contents and tokens are never in it.
"""

from collections import deque
from typing import Any

KEPT = 20_000


class Calls:
    """The calls of all bots, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._made = 0

    def record(self, at: float, bot: int, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Return the entry; whoever answers the call writes `ok`, `description` and `fault` into it."""
        self._made += 1
        entry = {"n": self._made, "at": at, "bot": bot, "method": method, "params": params}
        entry |= {"ok": None, "description": None, "fault": None}
        self._calls.append(entry)
        return entry

    def since(self, number: int) -> list[dict[str, Any]]:
        """Return the calls after that number."""
        return [entry for entry in self._calls if entry["n"] > number]

    def clear(self) -> None:
        """Forget the calls; their numbers go on."""
        self._calls.clear()
