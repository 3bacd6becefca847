"""Cutting a connection without an answer, which HTTP has no words for.

Only uvicorn's way of doing so is known.
"""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

DROP = "sandbox.drop"


class Dropped(Response):
    """A response that is none: the peer sees its connection closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[DROP]()
        while (await receive())["type"] != "http.disconnect":
            pass


class Wire:
    """Outermost ASGI layer: keeps at hand how to close the connection of a request."""

    def __init__(self, app: object) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # uvicorn's `send` is a method of the object that owns the socket
            owner = getattr(send, "__self__", None)
            transport = getattr(owner, "transport", None)
            scope[DROP] = transport.abort if transport else lambda: None
        await self._app(scope, receive, send)  # type: ignore[operator]
