"""What calls cost by X's price list, and what each app was billed. Refuses nothing, speaks no HTTP.

Prices are those of x-api/getting-started/pricing.mdx (2026-09-11), in US dollars. That an expansion bills
what it adds is reported; so is that what failed is free.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.x.accounts import Account, App
from sandbox.x.clock import Clock

KEPT = 100_000
FREE = Decimal(0)
OWNED = Decimal("0.001")
RESOURCES = {"post": Decimal("0.005"), "user": Decimal("0.010"), "event": Decimal("0.010")}
INCLUDED = {"users": "user", "tweets": "post", "posts": "post"}
# What the `data` of a reading endpoint is made of; the state of an upload is on no price list.
READS = {
    **dict.fromkeys(
        (
            "GET /2/users",
            "GET /2/users/by",
            "GET /2/users/by/username/{username}",
            "GET /2/users/me",
            "GET /2/users/{id}",
            "GET /2/users/{id}/followers",
            "GET /2/users/{id}/following",
        ),
        "user",
    ),
    **dict.fromkeys(
        (
            "GET /2/tweets",
            "GET /2/tweets/search/recent",
            "GET /2/tweets/{id}",
            "GET /2/users/{id}/mentions",
            "GET /2/users/{id}/timelines/reverse_chronological",
            "GET /2/users/{id}/tweets",
        ),
        "post",
    ),
    **dict.fromkeys(
        (
            "GET /2/dm_conversations/with/{participant_id}/dm_events",
            "GET /2/dm_conversations/{id}/dm_events",
            "GET /2/dm_events",
            "GET /2/dm_events/{event_id}",
        ),
        "event",
    ),
    "GET /2/media/upload": None,
}
# Owned reads: the account asks about itself and owns the app. Of the twelve on X's list, those served here.
OWNED_READS = frozenset(
    f"GET /2/users/{{id}}/{what}" for what in ("tweets", "mentions", "followers", "following")
)


@dataclass(frozen=True, slots=True)
class Charge:
    """One billed call; `repeated` of its resources were paid for earlier on the same UTC day."""

    at: float
    app: str
    username: str
    method: str
    path: str
    dollars: Decimal
    resources: int
    repeated: int

    def as_json(self) -> dict[str, Any]:
        """Return the charge as the control API shows it."""
        who = {"at": self.at, "app": self.app, "username": self.username}
        counts = {"resources": self.resources, "repeated": self.repeated}
        return {**who, "method": self.method, "path": self.path, "dollars": float(self.dollars), **counts}


class Ledger:
    """Everything that was billed, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._day = clock.utc().date()
        self._paid: set[tuple[str, str, str]] = set()
        self.charges: deque[Charge] = deque(maxlen=KEPT)
        self.once_a_day = True
        """Whether an app pays for the same resource only once on a UTC day, which X promises only softly."""

    def read(self, app: App, account: Account, operation: str, path: str, body: dict[str, Any]) -> Decimal:
        """Bill the resources in an answer and return their price."""
        owned = operation in OWNED_READS and app.owner_id == account.id and f"/{account.id}/" in path
        found = list(_resources(operation, body))
        dollars, repeated = FREE, 0
        for kind, resource_id, listed in found:
            if self._is_new(app, kind, resource_id):
                dollars += OWNED if owned and listed else RESOURCES[kind]
            else:
                repeated += 1
        if found:
            self._book(app, account, ("GET", path), dollars, (len(found), repeated))
        return dollars

    def write(self, app: App, account: Account, method: str, path: str, dollars: Decimal) -> None:
        """Bill a call that changed something."""
        self._book(app, account, (method, path), dollars, (0, 0))

    def spent(self, app: App) -> Decimal:
        """Return what an app was billed in all."""
        return sum((charge.dollars for charge in self.charges if charge.app == app.name), FREE)

    def clear(self) -> None:
        """Forget what was billed, and what was paid for today."""
        self.charges.clear()
        self._paid.clear()

    def _is_new(self, app: App, kind: str, resource_id: str) -> bool:
        today = self._clock.utc().date()
        if today != self._day:
            self._day = today
            self._paid.clear()
        key = (app.name, kind, resource_id)
        new = key not in self._paid
        self._paid.add(key)
        return new or not self.once_a_day

    def _book(
        self, app: App, account: Account, call: tuple[str, str], dollars: Decimal, counts: tuple[int, int]
    ) -> None:
        charge = Charge(self._clock.now(), app.name, account.username, *call, dollars, *counts)
        self.charges.append(charge)
        if app.balance is not None:
            app.balance -= dollars


def _resources(operation: str, body: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Give kind and id of what an answer holds; third: listed itself, not added by an expansion."""
    kind, data = READS.get(operation), body.get("data", [])
    if kind is not None:
        for one in data if isinstance(data, list) else [data]:
            yield kind, one["id"], True
    for name, included in INCLUDED.items():
        for one in body.get("includes", {}).get(name, []):
            yield included, one["id"], False
