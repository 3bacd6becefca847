"""The sandbox X put together: routes in their order, the guard, the wire. Holds no state."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.x import (
    errors,
    following,
    gate,
    messaging,
    posting,
    reactions,
    searching,
    timelines,
    uploading,
    users,
)
from sandbox.x.authorize import AuthorizePages
from sandbox.x.control import Control
from sandbox.x.gate import Operation, xerror_response
from sandbox.x.guard import Guard
from sandbox.x.pages import PublicPages
from sandbox.x.panel import Panel
from sandbox.x.switches import Switches
from sandbox.x.tokens import TokenEndpoints
from sandbox.x.wire import Wire
from sandbox.x.world import World


def build(world: World) -> ASGIApp:
    """Return the ASGI app over this world."""
    routes = [
        Route("/sandbox/ready", _ready),
        *Control(world).routes(),
        *Switches(world).routes(),
        *Panel(world).routes(),
        *TokenEndpoints(world).routes(),
        *AuthorizePages(world).routes(),
        *_api_routes(world),
        *[
            Route(f"/{prefix}/{{rest:path}}", _no_endpoint, methods=_METHODS)
            for prefix in ("2", "1.1", "oauth")
        ],
        *PublicPages(world).routes(),
    ]
    guarded = Guard(Starlette(routes=routes), world.control_token, world.telegram_origin)
    return Wire(guarded, world)


def _api_routes(world: World) -> list[Route]:
    return [Route(one.path, _endpoint(world, one), methods=[one.method]) for one in operations()]


def operations() -> list[Operation]:
    """Return every endpoint of API v2 that is served, in the order they are matched."""
    return [
        *users.operations(),
        *following.operations(),
        *posting.operations(),
        *reactions.operations(),
        *searching.operations(),
        *timelines.operations(),
        *messaging.operations(),
        *uploading.operations(),
    ]


def _endpoint(world: World, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await gate.run(world, operation, request)

    return endpoint


async def _ready(_request: Request) -> Response:
    return JSONResponse({"ready": True})


async def _no_endpoint(_request: Request) -> Response:
    return xerror_response(errors.about_blank(404, "Not Found", "Not Found"))


_METHODS = ["GET", "POST", "PUT", "DELETE"]
