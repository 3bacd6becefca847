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
from tasks import kinds, looks
from tasks.kinds import Kind
from tasks.parameters import Extras, Look
from texts.reply import Refusal
from twitter import addresses, text

#: Items a watch asks for: only what is new comes, and is billed, so more than a person's look.
_WATCHED = 10
#: Done again, these change nothing.
_ONCE = frozenset((kinds.DELETION.name, kinds.REPOST.name, kinds.UNREPOST.name))
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
    columns = reader(planner, kind, (found[2] or "").strip())
    if planner.again:
        refuse_again(kind.name, columns.get("parameters"))
    return columns


def refuse_again(kind: str, parameters: str | None) -> None:
    """Refuse for a rule what makes sense for one moment only."""
    if kind in _ONCE:
        raise Refusal("plan.once_only")
    if kind == kinds.SEARCH.name and Look.read(parameters).sort == "relevancy":
        raise Refusal("plan.popular_once")


def _tweet(_planner: Planner, _kind: Kind, words: str) -> dict[str, Any]:
    return {"text": words or None}


def _listing(planner: Planner, kind: Kind, words: str) -> dict[str, Any]:
    usually = _WATCHED if planner.again and kind.name in looks.BY_ID else None
    wish = look_words.read(
        kind, words, zone=planner.zone, now=planner.now, origin=planner.origin, usually=usually
    )
    return {"kind": kind.name, "reads": True, "parameters": wish.written(), "text": None}


def _post(planner: Planner, kind: Kind, words: str) -> dict[str, Any]:
    post_id = look_words.post_of(words, origin=planner.origin)
    return {"kind": kind.name, "reads": True, "target_post_id": post_id, "text": None}


def _deed(planner: Planner, kind: Kind, words: str) -> dict[str, Any]:
    """Which post it is about has to be said: the newest at that time is nobody's to foresee."""
    return {"kind": kind.name, "target_post_id": _target(planner, words), "text": None}


def _target(planner: Planner, words: str) -> str:
    found = addresses.post_id(words, origin=planner.origin)
    if found is None or found == "0":
        raise Refusal("plan.which_post")
    return found


def _reply(planner: Planner, kind: Kind, words: str) -> dict[str, Any]:
    first, said = _first_word(words)
    answers = Extras(reply_to=_target(planner, first)).written()
    return {"kind": kind.name, "parameters": answers, "text": text.normalise(said) or None}


def _quote(planner: Planner, kind: Kind, words: str) -> dict[str, Any]:
    first, said = _first_word(words)
    quotes = Extras(quote=_target(planner, first)).written()
    return {"kind": kind.name, "parameters": quotes, "text": text.normalise(said) or None}


def _message(planner: Planner, kind: Kind, words: str) -> dict[str, Any]:
    first, said = _first_word(words)
    username = addresses.username(first, origin=planner.origin)
    if username is None or not said.strip():
        raise Refusal("dm.to_whom")
    return {
        "kind": kind.name,
        "parameters": Extras(username=username).written(),
        "text": text.normalise(said),
    }


def _first_word(words: str) -> tuple[str, str]:
    """Part the first word from the rest, whose line breaks stay."""
    parts = words.split(None, 1)
    return parts[0] if parts else "", parts[1] if len(parts) > 1 else ""


#: By command word.
READERS: dict[str, Reader] = {
    "tweet": _tweet,
    "reply": _reply,
    "quote": _quote,
    "dm": _message,
    **dict.fromkeys(("retweet", "unretweet", "delete"), _deed),
    "get": _post,
    "timeline": _listing,
    "mentions": _listing,
    "search": _listing,
    "following": _listing,
    "followers": _listing,
    "messages": _listing,
}
