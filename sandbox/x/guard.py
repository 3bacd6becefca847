"""Who may talk to this sandbox: loopback hosts, known origins, control calls with token. Serves no page."""

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost")
CONTROL = "/sandbox/api/"
TOKEN_HEADER = "x-sandbox-token"  # noqa: S105 - a header's name
PAGE_HEADERS = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex",
}


class Guard:
    """An ASGI app around the real one."""

    def __init__(self, app: ASGIApp, control_token: str, telegram_origin: str) -> None:
        self._app = app
        self._token = control_token
        self._foreign = set(both_names(telegram_origin))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin, control = headers.get("origin"), scope["path"].startswith(CONTROL)
        refusal = self._refusal(scope, headers, origin, control=control)
        answer = refusal or self._app
        await answer(scope, receive, self._dressed(send, origin if control else None))

    def _refusal(
        self, scope: Scope, headers: Headers, origin: str | None, *, control: bool
    ) -> Response | None:
        host = headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in LOOPBACK:
            return PlainTextResponse("This sandbox answers only to loopback names.", 421)
        allowed = set(both_names(f"http://{host}")) | (self._foreign if control else set())
        if origin is not None and origin not in allowed:
            return PlainTextResponse("This origin may not talk to the sandbox.", 403)
        if not control:
            return None
        if scope["method"] == "OPTIONS":
            return Response(status_code=204)
        if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token.encode()):
            return PlainTextResponse("Control calls need the header X-Sandbox-Token.", 403)
        return None

    def _dressed(self, send: Send, control_origin: str | None) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                for name, value in PAGE_HEADERS.items():
                    headers.setdefault(name, value)
                if control_origin in self._foreign:
                    headers["access-control-allow-origin"] = str(control_origin)
                    headers["access-control-allow-headers"] = "content-type, x-sandbox-token"
                    headers["access-control-allow-methods"] = "GET, POST, PUT, DELETE"
                    headers["vary"] = "origin"
                message = {**message, "headers": headers.raw}
            await send(message)

        return dressed


def both_names(origin: str) -> tuple[str, str]:
    """Return an origin on loopback under both of its names."""
    port = urlsplit(origin).port
    suffix = f":{port}" if port else ""
    return f"http://127.0.0.1{suffix}", f"http://localhost{suffix}"
