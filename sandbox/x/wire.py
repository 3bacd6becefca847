"""The outermost layer: journal, Date header, faults that happen on the wire. Decides nothing else."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.x.faults import ON_THE_WIRE, Fault, Subject
from sandbox.x.journal import Entry
from sandbox.x.oauth import oauth_parameter
from sandbox.x.world import World

API_PREFIXES = ("/2/", "/1.1/", "/oauth/request_token", "/oauth/access_token")
_BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_GARBAGE = b'\x00<<not json>>{"data":'


class Wire:
    """An ASGI app around the real one."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        dated = self._dated(scope, send)
        if not scope["path"].startswith(API_PREFIXES):
            await self._app(scope, receive, dated)
            return
        await self._api(scope, receive, dated, send)

    async def _api(self, scope: Scope, receive: Receive, dated: Send, raw: Send) -> None:
        app, username = self._claimed(scope)
        scope["state"] = {**scope.get("state", {}), "app": app, "username": username}
        entry = self._world.journal.open(scope["method"], scope["path"], app, username)
        whole = await _whole(receive)
        if whole is None:
            return
        fate = self._world.chaos.fate(scope["method"], scope["path"])
        await asyncio.sleep(fate.before)
        noted = _late(fate.after, _noting(entry, dated))
        asked = Subject(scope["method"], scope["path"], username, app)
        fault = self._world.faults.take(asked, ON_THE_WIRE) or fate.fault
        if fault is None:
            await self._app(scope, whole, noted)
        elif fault.name in ON_THE_WIRE:
            entry.fault = fault.name
            await self._faulty(fault, scope, whole, (noted, raw, _swallowing(entry)))
        else:
            scope["state"]["chaos"] = fault
            await self._app(scope, whole, noted)
        if fault is not None and fault is fate.fault and entry.hidden_status in (200, 201):
            self._world.chaos.counts["untold"] += 1
        entry.fault = scope["state"].get("fault", entry.fault)
        entry.price = scope["state"].get("price")

    async def _faulty(
        self, fault: Fault, scope: Scope, receive: Receive, sends: tuple[Send, Send, Send]
    ) -> None:
        """Do what the fault says; `sends` are the noted, the raw and the one nobody hears."""
        noted, raw, hidden = sends
        if fault.name == "timeout_before":
            await asyncio.sleep(fault.seconds or 0)
            await _drop(raw)
        elif fault.name == "timeout_after":
            await self._app(scope, receive, hidden)
            await asyncio.sleep(fault.seconds or 0)
            await _drop(raw)
        elif fault.name == "slow":
            await asyncio.sleep(fault.seconds if fault.seconds is not None else 3.0)
            await self._app(scope, receive, noted)
        elif fault.name == "garbage_body":
            await self._app(scope, receive, _garbling(noted))
        else:
            if fault.details.get("accepted"):
                await self._app(scope, receive, hidden)
            await self._gateway(fault, scope, receive, noted)

    async def _gateway(self, fault: Fault, scope: Scope, receive: Receive, noted: Send) -> None:
        if fault.name == "html_502":
            await HTMLResponse(_BAD_GATEWAY, 502)(scope, receive, noted)
            return
        status = int(fault.details.get("status", 503))
        text = "Service Unavailable" if status == 503 else "Internal Server Error"
        await PlainTextResponse(text, status)(scope, receive, noted)

    def _claimed(self, scope: Scope) -> tuple[str | None, str | None]:
        """Return the app and the account a request says it is from."""
        request = Request(scope)
        app = self._world.register.app_by_key(oauth_parameter(request, "oauth_consumer_key") or "")
        token = oauth_parameter(request, "oauth_token") or ""
        grant, pending = self._world.grants.access.get(token), self._world.grants.requests.get(token)
        account = grant.account if grant else pending.account if pending else None
        return app.name if app else None, account.username if account else None

    def _dated(self, scope: Scope, send: Send) -> Send:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                skew = scope.get("state", {}).get("date_skew", 0.0)
                date = self._world.clock.http_date(skew).encode()
                message = {**message, "headers": [*message.get("headers", []), (b"date", date)]}
            await send(message)

        return dated


def _noting(entry: Entry, send: Send) -> Send:
    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.status = message["status"]
        await send(message)

    return noted


def _garbling(send: Send) -> Send:
    async def garbled(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
            message = {**message, "headers": [*kept, (b"content-length", str(len(_GARBAGE)).encode())]}
        elif message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": _GARBAGE}
        await send(message)

    return garbled


def _swallowing(entry: Entry) -> Send:
    """Take an answer nobody is to see."""

    async def swallow(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.hidden_status = message["status"]

    return swallow


def _late(seconds: float, send: Send) -> Send:
    """Hold an answer back before it begins."""

    async def late(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(seconds)
        await send(message)

    return late if seconds else send


async def _whole(receive: Receive) -> Receive | None:
    """Take the whole body before anything is done; None: the client went before all of it was there.

    X does what it was asked even if the client is gone by then, and so does this sandbox.
    """
    pieces: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    whole: list[Message] = [{"type": "http.request", "body": b"".join(pieces), "more_body": False}]

    async def again() -> Message:
        return whole.pop() if whole else await receive()

    return again


async def _drop(send: Send) -> None:
    """Close the connection with no answer: uvicorn's `send` is a method of what holds the transport."""
    cycle: Any = getattr(send, "__self__", None)
    cycle.transport.abort()
    while not cycle.disconnected:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0)
