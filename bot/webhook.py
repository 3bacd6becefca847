"""Updates in by HTTP: Telegram's POST is answered 200 only after the work. What an update means: edge.py.

TLS is the proxy's in front. Nothing here logs a path, a header or a body: the path is half a secret.
"""

import hmac
import json
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import telegram
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.health import probes
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
                *probes(self._ready),
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
