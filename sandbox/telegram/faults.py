"""Faults somebody asked for: which there are, and which one hits a given call.

What a fault does to the answer is done where calls are answered.
"""

from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.refusals import Impossible
from sandbox.telegram.wishes import integer_or, seconds_or

NAMES = {
    "rate_limited",
    "server_error",
    "hang",
    "drop_before",
    "drop_after",
    "forbidden_blocked",
    "not_found_chat",
    "duplicate_updates",
    "reorder",
    "file_missing",
    "slow",
    "member_inaccessible",
    "user_not_found",
}
# those that hit the delivery of updates or files; the others hit Bot API calls
OF_DELIVERY = {"duplicate_updates", "reorder"}
OF_FILES = {"file_missing"}
OF_CHATS = {"forbidden_blocked", "not_found_chat"}
# those that hit getChatMember, which is not guaranteed to know of everybody
OF_MEMBERS = {"member_inaccessible", "user_not_found"}
MATCHED = {"method", "chat", "bot", "user"}


@dataclass
class Fault:
    """One wish for trouble."""

    id: int
    name: str
    match: dict[str, Any]
    times: int | None
    seconds: float
    status: int

    def as_json(self) -> dict[str, Any]:
        """Show it as the control API does."""
        shown = {"id": self.id, "fault": self.name, "match": self.match, "times": self.times}
        return shown | {"seconds": self.seconds, "status": self.status}

    def fits(self, bot: int, method: str, chat: int | None, user: int | None = None) -> bool:
        """Say whether it is meant for such a call."""
        wanted = str(self.match.get("method") or "").lower()
        return (
            (not wanted or wanted == method.lower())
            and self.match.get("bot") in (None, bot)
            and self.match.get("chat") in (None, chat)
            and self.match.get("user") in (None, user)
        )


@dataclass
class Faults:
    """All wishes for trouble, oldest first."""

    active: list[Fault] = field(default_factory=list)
    _made: int = 0

    def add(self, wish: dict[str, Any]) -> Fault:
        """Raise Impossible for a fault there is not."""
        name, match = wish.get("fault"), wish.get("match") or {}
        if name not in NAMES:
            raise Impossible(f"no such fault: {name}; there are {', '.join(sorted(NAMES))}")
        if not isinstance(match, dict) or set(match) - MATCHED:
            raise Impossible(f"a fault matches by {', '.join(sorted(MATCHED))}")
        self._made += 1
        fault = Fault(self._made, name, match, wish.get("times"), *self._numbers(wish))
        self.active.append(fault)
        return fault

    def _numbers(self, wish: dict[str, Any]) -> tuple[float, int]:
        usual = {"rate_limited": 3, "slow": 1, "hang": 60}.get(str(wish["fault"]), 0)
        return seconds_or(wish, "seconds", usual), integer_or(wish, "status", 502)

    def remove(self, number: int | None) -> None:
        """Remove one fault, or all for None."""
        self.active = [f for f in self.active if number is not None and f.id != number]

    def for_call(self, bot: int, method: str, chat: int | None, user: int | None = None) -> Fault | None:
        """Spend the first fault that hits this call. getUpdates is hit only by a fault that names it."""
        for fault in self.active:
            if fault.name in OF_DELIVERY or (fault.name in OF_FILES and method != "getFile"):
                continue
            if method == "getUpdates" and not fault.match.get("method"):
                continue
            if fault.name in OF_CHATS and chat is None:
                continue
            if fault.name in OF_MEMBERS and method != "getChatMember":
                continue
            if fault.fits(bot, method, chat, user):
                return self._spend(fault)
        return None

    def for_delivery(self, name: str, bot: int, chat: int | None) -> bool:
        """Spend a fault of this name that hits an update on its way."""
        return any(self._spend(f) for f in self.active if f.name == name and f.fits(bot, "", chat))

    def for_download(self, bot: int) -> bool:
        """Spend a fault that hits a file on its way."""
        return any(
            self._spend(f) for f in self.active if f.name in OF_FILES and f.fits(bot, "download", None)
        )

    def _spend(self, fault: Fault) -> Fault:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.active.remove(fault)
        return fault
