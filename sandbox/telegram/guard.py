"""Who may talk to the sandbox: this machine, from its own pages, with the token for control calls.

A web page elsewhere must not be able to drive it through somebody's browser.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = {"127.0.0.1", "localhost"}
TOKEN_HEADER = "X-Sandbox-Token"  # noqa: S105 - a name
SAFETY = {
    b"content-security-policy": (
        b"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}


@dataclass(frozen=True)
class Gate:
    """The control token and the pages that may use it."""

    token: str
    x_origin: str

    def allows(self, request: Request) -> bool:
        """EventSource cannot send headers, so the token may also be in the query."""
        given = request.headers.get(TOKEN_HEADER) or request.query_params.get("token", "")
        return secrets.compare_digest(given.encode(), self.token.encode())


def forbidden_control() -> JSONResponse:
    """Answer a control call that lacks the token."""
    return JSONResponse({"error": f"this needs the {TOKEN_HEADER} header"}, 403)


class Guard:
    """ASGI middleware: Host, Origin, and the headers every answer carries."""

    def __init__(self, app: ASGIApp, x_origin: str) -> None:
        self._app = app
        self._x_origin = x_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to other machines and foreign pages."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = self._problem(Headers(scope=scope))
        if problem:
            await PlainTextResponse(problem, 403)(scope, receive, send)
            return

        async def with_safety(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *SAFETY.items()]
            await send(message)

        await self._app(scope, receive, with_safety)

    def _problem(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in LOOPBACK:
            return "The sandbox answers only to 127.0.0.1 and localhost."
        origin = headers.get("origin")
        if origin and origin not in {f"http://{host}", self._x_origin}:
            return "The sandbox answers only to its own pages."
        return None
