"""One Bot API call on its way to the method that answers it.

Reading it from HTTP and checking its parameters is done before.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.people import Bot
from sandbox.telegram.spec import Upload
from sandbox.telegram.world import World


@dataclass(frozen=True)
class Call:
    """A call that was let in."""

    world: World
    bot: Bot
    method: str
    # checked and typed
    params: dict[str, Any]
    # files by the name of their form field
    uploads: dict[str, Upload]


Handler = Callable[[Call], Awaitable[Any]]
