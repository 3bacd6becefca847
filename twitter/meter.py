"""Counts what X bills in its answers: posts, people, messages; and descriptions it took. Knows no price.

Billed is each resource that comes, an expansion's too ("Pricing", docs.x.com; of expansions: reported).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from twitter.answers import Answer


@dataclass(slots=True)
class Meter:
    """What came since it was started."""

    posts: int = 0
    people: int = 0
    messages: int = 0
    descriptions: int = 0


_running: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Count what the calls made meanwhile bring, on whichever threads of this module they run."""
    meter = Meter()
    token = _running.set(meter)
    try:
        yield meter
    finally:
        _running.reset(token)


def count(method: str, path: str, answer: Answer) -> None:
    """Count what an answer brought, if anybody counts."""
    meter = _running.get()
    if meter is not None and path == "/2/media/metadata" and answer.status == 200:
        meter.descriptions += 1
    if meter is None or method != "GET" or answer.status != 200 or not isinstance(answer.body, dict):
        return
    came = len(answer.items) or bool(answer.item)
    if "/dm_" in path:
        meter.messages += came
    elif path.startswith("/2/tweets") or path.endswith(("/tweets", "/mentions", "/reverse_chronological")):
        meter.posts += came
    elif path.startswith("/2/users"):
        meter.people += came
    found = answer.body.get("includes")
    includes = found if isinstance(found, dict) else {}
    meter.people += len(includes.get("users") or ())
    meter.posts += len(includes.get("tweets") or ())
