"""Updates in by HTTP: Telegram's POST is answered 200 only after the work. What an update means: edge.py.

TLS is the proxy's in front. Nothing here logs a path, a header or a body: the path is half a secret.
"""

import contextlib
import hmac
import json
import logging
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import telegram
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.intake import Outcome
from bot.lanes import Held

log = logging.getLogger(__name__)

#: Bot API, setWebhook: secret_token comes in this header.
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name
BODY_MAX = 1024 * 1024
#: Seconds until Telegram shall try again (it honours Retry-After), by outcome.
RETRY_AFTER_S = {"busy": 2, "again": 2, "lost": 5}
#: Bot API, setWebhook: max_connections 1-100.
CONNECTIONS = 40

Raw = dict[str, Any]


class NoSecret(Exception):  # noqa: N818 - said to the operator
    """Without a secret token anybody could send updates: the webhook does not start."""


class Webhook:
    """The HTTP side of one bot."""

    def __init__(
        self,
        url: str,
        secret: str,
        handle: Callable[[Raw], Awaitable[Outcome]],
        *,
        ready: Callable[[], Awaitable[bool]],
    ) -> None:
        """`url`: the public address, path included. `ready` says whether the database answers."""
        if not secret:
            raise NoSecret
        self.url = url
        self._secret = secret
        self._handle = handle
        self._ready = ready

    def application(self) -> Starlette:
        """Build the ASGI application: the webhook's path, /livez and /readyz."""
        return Starlette(
            routes=[
                Route(urlsplit(self.url).path, self._take, methods=["POST"]),
                Route("/livez", _live),
                Route("/readyz", self._tell_ready),
            ]
        )

    async def register(self, bot: telegram.Bot, allowed_updates: Sequence[str]) -> None:
        """Tell Telegram the address. What is pending stays pending."""
        await bot.set_webhook(
            self.url,
            allowed_updates=list(allowed_updates),
            secret_token=self._secret,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )

    async def _take(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), self._secret.encode()):
            log.warning("a request without the webhook's secret was refused")
            return PlainTextResponse("no", 401)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return PlainTextResponse("JSON, please", 415)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too much", 413)
        update = _update(body)
        if update is None:
            return PlainTextResponse("not an update", 400)
        outcome = await self._handle(update)
        if isinstance(outcome, Held):
            return _later(math.ceil(outcome.wait_s or RETRY_AFTER_S["again"]))
        return (
            PlainTextResponse("") if outcome.value == "done" else _later(RETRY_AFTER_S.get(outcome.value, 5))
        )

    async def _tell_ready(self, _request: Request) -> Response:
        if not await self._ready():
            return PlainTextResponse("not ready", 503)
        return PlainTextResponse("ready")


class Server(uvicorn.Server):
    """The HTTP server without signal handlers: uvicorn's kill the process before it is taken apart."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to process.py."""
        yield


def server(application: Starlette, host: str, port: int) -> Server:
    """Make the HTTP server: no access log, no headers that tell what runs here, our own logging."""
    return Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=20,
            lifespan="off",
        )
    )


async def _live(_request: Request) -> Response:
    return PlainTextResponse("alive")


async def _body(request: Request) -> bytes | None:
    """Read the body. None: it is longer than it may be, or the caller hung up."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > BODY_MAX:
        return None
    received = bytearray()
    try:
        async for chunk in request.stream():
            received += chunk
            if len(received) > BODY_MAX:
                return None
    except ClientDisconnect:
        return None
    return bytes(received)


def _update(body: bytes) -> Raw | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None


def _later(seconds: int) -> Response:
    return PlainTextResponse("later", 503, headers={"Retry-After": str(seconds)})
