"""What a schedule can run beside tweets: the words after the time begin with a command. Pure.

Likes and follows are refused: X forbids them by schedule.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands import look_words
from tasks import kinds
from tasks.kinds import Kind
from texts.reply import Refusal

#: Items a watch asks for: only what is new comes, and is billed, so more than a person's look.
_WATCHED = 10
_COMMAND = re.compile(r"/([a-z_]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Planner:
    """Who plans, and when."""

    zone: ZoneInfo
    now: datetime
    origin: str
    """One more place whose links are meant, a sandbox's."""
    again: bool
    """For a rule; else for one moment."""


#: Reads what follows a command: gives the columns of the task to be. Raises Refusal.
Reader = Callable[[Planner, Kind, str], dict[str, Any]]


def read(words: str, planner: Planner) -> dict[str, Any] | None:
    """Give the columns of what shall be done at that time. None: the words are a tweet's. Raises Refusal."""
    found = _COMMAND.fullmatch(words.strip())
    kind = kinds.OF_COMMAND.get(found[1].lower()) if found else None
    if found is None or kind is None:
        return None
    if not kind.schedulable:
        raise Refusal("plan.kind_forbidden", command=found[1].lower())
    reader = READERS.get(found[1].lower())
    if reader is None:
        raise Refusal("plan.kind_not_planned", command=found[1].lower())
    return reader(planner, kind, (found[2] or "").strip())


def _tweet(_planner: Planner, _kind: Kind, words: str) -> dict[str, Any]:
    return {"text": words or None}


def _listing(planner: Planner, kind: Kind, words: str) -> dict[str, Any]:
    usually = _WATCHED if planner.again else None
    wish = look_words.read(
        kind, words, zone=planner.zone, now=planner.now, origin=planner.origin, usually=usually
    )
    return {"kind": kind.name, "reads": True, "parameters": wish.written(), "text": None}


def _post(planner: Planner, kind: Kind, words: str) -> dict[str, Any]:
    post_id = look_words.post_of(words, origin=planner.origin)
    return {"kind": kind.name, "reads": True, "target_post_id": post_id, "text": None}


#: By command word.
READERS: dict[str, Reader] = {
    "tweet": _tweet,
    "get": _post,
    "timeline": _listing,
    "mentions": _listing,
    "search": _listing,
    "following": _listing,
    "followers": _listing,
    "messages": _listing,
}
