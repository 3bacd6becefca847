"""What running a task touches, and where a task comes to rest. Values only; what happens stands in run.py."""

import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.db import Database
from storage.tables import TaskState
from storage.vault import Vault
from tasks import retry
from tasks.membership import Membership
from tasks.price import LIST, Prices
from twitter.client import App, X


class NoFile(Exception):  # noqa: N818 - says what happened
    """Telegram does not give the file (again); `code` names the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def nobody_knows(chat_id: int, person_id: int) -> Membership | None:  # noqa: ARG001 - a door's shape
    """Answer as Telegram does where it cannot be asked: not at all."""
    return None


async def nobody_hears(grant_id: int, thread_id: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What running a task touches."""

    db: Database
    vault: Vault
    x: X
    registered_app: App | None
    fetch: Callable[[str], Awaitable[bytes]]
    """Telegram file id -> bytes; raises NoFile, or Unavailable when it may be had later."""
    tell: Callable[[str], Awaitable[None]]
    """Show the person how this task (id) stands now."""
    clock: Callable[[], datetime]
    """On Postgres the database's time: leases and sends of all replicas are compared with each other."""
    name: str
    """This process's, unique."""
    settle_after: timedelta = retry.SETTLE_AFTER
    prices: Prices = LIST
    """What X charges, as the settings have it."""
    members: Callable[[int, int], Awaitable[Membership | None]] = nobody_knows
    """How somebody (chat id, person id) stands in a group right now; None: no answer, which means no."""
    suspended: Callable[[int, int | None], Awaitable[None]] = nobody_hears
    """Tell a group that this grant (id) has just lost its ground, in a topic (id) if it has any."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the process ends: uploads that only wait for X give up."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Where a task comes to rest after a run."""

    to: TaskState
    outcome: str | None = None
    detail: str | None = None
    wake_at: datetime | None = None
    """When to go on. None, and due: when whatever holds it lets go."""
    again: bool = False
    """The wait is X's wish and no failure: it does not count as a try."""
    quiet: bool = False
    """There is nothing to tell the person."""
