"""What X last said about its limits, by token: how much is left of each, and until when. Kept in memory only.

X names them in the headers of every answer ("Rate limits", read 2026-08); those of a day come with posting.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from twitter.answers import Answer
from twitter.errors import Scope

#: What is forgotten first is what was heard of longest ago.
TOKENS_MAX = 2000
_WINDOWS_MAX = 100
_SPANS: dict[Scope, tuple[Literal["15min", "24h"], Literal["user", "app"]]] = {
    "15min": ("15min", "user"),
    "24h_user": ("24h", "user"),
    "24h_app": ("24h", "app"),
}
_NAME_IN_PATH = re.compile(r"(?<=/by/username/)[^/]+")
_ID_IN_PATH = re.compile(r"(?<=[a-z]/)[0-9]+(?:-[0-9]+)?(?=/|$)")


@dataclass(frozen=True, slots=True)
class Window:
    """One of X's limits as it stood at the last answer."""

    name: str
    """The endpoint, such as "POST /2/tweets"."""
    limit: int | None
    """How many there are in all; None where X did not say."""
    remaining: int
    resets_at: datetime
    """Aware, UTC, by this machine's clock."""
    span: Literal["15min", "24h"]
    whose: Literal["user", "app"]
    """Whose calls count: this account's, or those of all accounts of the app."""


@dataclass(slots=True)
class _Heard:
    level: str | None = None
    windows: OrderedDict[tuple[str, Scope], Window] = field(default_factory=OrderedDict)


class Limits:
    """The last word of X on the limits of each token; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: OrderedDict[bytes, _Heard] = OrderedDict()

    def note(self, token: str, method: str, path: str, answer: Answer, offset: timedelta) -> None:
        """Keep what an answer says; `offset` is X's clock minus ours."""
        found, level = answer.windows, answer.access_level
        if not found and level is None:
            return
        name = f"{method} {endpoint(path)}"
        with self._lock:
            heard = self._of(_fingerprint(token))
            heard.level = level or heard.level
            for scope, told in found.items():
                span, whose = _SPANS[scope]
                heard.windows[name, scope] = Window(
                    name, told.limit, told.remaining, told.resets_at - offset, span, whose
                )
                heard.windows.move_to_end((name, scope))
            while len(heard.windows) > _WINDOWS_MAX:
                heard.windows.popitem(last=False)

    def windows(self, token: str, now: datetime) -> Sequence[Window]:
        """Return the limits still running, by name; a window that has ended says nothing any more."""
        with self._lock:
            heard = self._heard.get(_fingerprint(token))
            found = list(heard.windows.values()) if heard else []
        return sorted(
            (one for one in found if one.resets_at > now), key=lambda one: (one.name, one.span, one.whose)
        )

    def access_level(self, token: str) -> str | None:
        """Return what X last said the token may do (x-access-level); None where it was not heard."""
        with self._lock:
            heard = self._heard.get(_fingerprint(token))
            return heard.level if heard else None

    def _of(self, key: bytes) -> _Heard:
        heard = self._heard.setdefault(key, _Heard())
        self._heard.move_to_end(key)
        while len(self._heard) > TOKENS_MAX:
            self._heard.popitem(last=False)
        return heard


def endpoint(path: str) -> str:
    """Put {id} and {username} for what differs from call to call: X counts by endpoint."""
    return _ID_IN_PATH.sub("{id}", _NAME_IN_PATH.sub("{username}", path))


def _fingerprint(token: str) -> bytes:
    """Give a token the key it is remembered by; the token itself is kept nowhere."""
    return sha256(token.encode()).digest()[:16]
