"""The whole server put together: Bot API, phone page, control calls, guard.

Starting it as a process is in `__main__`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.telegram import bot_api, control_api, groups_api, inline_api, phone_api, topics
from sandbox.telegram.answering import answer
from sandbox.telegram.flood import Flood
from sandbox.telegram.guard import Gate, Guard, forbidden_control
from sandbox.telegram.people import Bot
from sandbox.telegram.polling import Polls
from sandbox.telegram.presses import Presses
from sandbox.telegram.queries import Queries
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.webhooks import Webhooks
from sandbox.telegram.wire import Wire
from sandbox.telegram.world import FESTIVAL, World, make_world

PHONE = Path(__file__).parent / "phone"


@dataclass(frozen=True)
class Options:
    """What a running sandbox can be told."""

    token: str
    x_origin: str = "http://127.0.0.1:8101"
    flood: bool = True
    # seconds before a webhook is tried a third time; Telegram waits 2
    webhook_pause: float = 2.0


class Controlled:
    """Everything below needs the control token."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to whoever lacks the token."""
        allowed = self._gate.allows(Request(scope))
        await (self._app if allowed else forbidden_control())(scope, receive, send)


class NoStore(StaticFiles):
    """The page's files, always fresh: they are edited while the sandbox runs."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Let browsers ask for a file again each time."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def index(request: Request) -> Response:
    """Serve the phone; only the control token and X's address are filled in."""
    gate: Gate = request.app.state.gate
    page = (PHONE / "index.html").read_text("utf-8")
    page = page.replace("{{token}}", gate.token).replace("{{x_origin}}", gate.x_origin)
    return HTMLResponse(page, headers={"Cache-Control": "no-store"})


async def _ready(_request: Request) -> Response:
    return JSONResponse({"ready": True})


async def stored_file(request: Request) -> Response:
    """Serve a file to a phone; the unguessable id is all it takes, as images cannot send a header."""
    world: World = request.app.state.world
    stored = world.files.by_unique.get(request.path_params["unique_id"])
    if stored is None:
        return JSONResponse({"error": "there is no such file"}, 404)
    shown = stored.mime if stored.mime in SHOWN else "application/octet-stream"
    headers = {"Cache-Control": "private, max-age=3600"}
    if shown == "application/octet-stream":
        headers["Content-Disposition"] = "attachment"
    return Response(stored.data, media_type=shown, headers=headers)


async def _impossible(_request: Request, problem: Exception) -> Response:
    words, status = (
        (problem.words, problem.status) if isinstance(problem, Impossible) else (str(problem), 500)
    )
    return JSONResponse({"error": words}, status)


# kinds a browser may show in place; everything else is a download, so that no made-up page runs here
SHOWN = {
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "video/webm",
    "audio/ogg",
    "audio/mpeg",
}


def _build_world(options: Options) -> World:
    world = make_world(Flood(options.flood))
    world.presses = Presses(world.clock)
    world.queries = Queries(world.clock)
    world.webhooks = Webhooks(world.faults, world.clock, options.webhook_pause)
    world.polls = Polls(world.faults, world.webhooks)

    async def by_answer(bot: Bot, method: str, params: dict[str, Any]) -> None:
        await answer(world, bot.token, method, params)

    world.webhooks.on_answer = by_answer
    festival = world.groups[FESTIVAL]
    topics.create(world, festival, next(iter(festival.people())), "Press desk")
    return world


def build(options: Options) -> ASGIApp:
    """Build the ASGI application with a fresh world."""
    gate = Gate(options.token, options.x_origin)
    control = [Middleware(Controlled, gate=gate)]
    phone = [*phone_api.ROUTES, *groups_api.ROUTES, *inline_api.ROUTES, *control_api.ROUTES]
    routes = [
        Route("/", index),
        Route("/sandbox/ready", _ready),
        Mount("/phone/api", routes=phone, middleware=control),
        Route("/phone/files/{unique_id}", stored_file),
        Mount("/phone", NoStore(directory=PHONE)),
        *bot_api.ROUTES,
    ]
    guard = [Middleware(Guard, x_origin=options.x_origin)]
    app = Starlette(routes=routes, middleware=guard, exception_handlers={Impossible: _impossible})
    app.state.world = _build_world(options)
    app.state.gate = gate
    return Wire(app)
