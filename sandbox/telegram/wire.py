"""Cutting a connection without an answer, which HTTP has no words for.

Only uvicorn's way of doing so is known.
"""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

DROP = "sandbox.drop"


class Dropped(Response):
    """A response that is none: the peer sees its connection closed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Close the connection and wait until it is closed."""
        scope[DROP]()
        while (await receive())["type"] != "http.disconnect":
            pass


class Wire:
    """Outermost ASGI layer: keeps at hand how to close the connection of a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note in the scope how to drop this connection."""
        if scope["type"] == "http":
            # uvicorn's `send` is a method of the object that owns the socket
            owner = getattr(send, "__self__", None)
            transport = getattr(owner, "transport", None)
            scope[DROP] = transport.abort if transport else lambda: None
        await self._app(scope, receive, send)
