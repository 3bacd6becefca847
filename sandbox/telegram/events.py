"""What happened, told live to whoever looks at a person's phone.

Everything is lost when nobody looks; the phone reads the chat again when it connects.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.telegram.people import User

BACKLOG = 1000


class Events:
    """A queue for every phone that looks."""

    def __init__(self) -> None:
        self._watchers: dict[int, set[asyncio.Queue[dict[str, Any]]]] = {}

    def tell(self, person: User, event: dict[str, Any]) -> None:
        """Tell one person's phones."""
        for queue in self._watchers.get(person.id, ()):
            # a reader that fell a thousand events behind reads its chat again anyway
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(event)

    def tell_all(self, people: Iterable[User], event: dict[str, Any]) -> None:
        """Tell the phones of several people."""
        for person in people:
            self.tell(person, event)

    @contextlib.contextmanager
    def watch(self, person_id: int) -> Iterator[asyncio.Queue[dict[str, Any]]]:
        """Give a queue that fills until the block ends."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(BACKLOG)
        watchers = self._watchers.setdefault(person_id, set())
        watchers.add(queue)
        try:
            yield queue
        finally:
            watchers.discard(queue)
