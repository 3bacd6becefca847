"""For tests and the page's panel: recorded calls, faults, redelivery, injected updates, the clock.

What people do is in `phone_api`.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.telegram.people import Bot
from sandbox.telegram.phone_api import world_of
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.wishes import body, integer, integer_or
from sandbox.telegram.world import DEMO_BOT


def _bots_asked(request: Request) -> list[Bot]:
    wanted = integer_or(request.query_params, "bot", 0)
    world = world_of(request)
    return [world.bot(wanted)] if wanted else list(world.bots.values())


async def _calls(request: Request) -> Response:
    world = world_of(request)
    if request.method == "DELETE":
        world.calls.clear()
        return JSONResponse({"cleared": True})
    found = world.calls.since(integer_or(request.query_params, "since", 0))
    numbers = {bot.id for bot in _bots_asked(request)}
    return JSONResponse({"calls": [entry for entry in found if entry["bot"] in numbers]})


async def _pending(request: Request) -> Response:
    found = _bots_asked(request)
    for bot in found:
        bot.updates.expire()
    return JSONResponse({"updates": [number for bot in found for number in bot.updates.pending]})


async def _redeliver(request: Request) -> Response:
    wish = await body(request)
    wanted = integer(wish, "update_id")
    for bot in world_of(request).bots.values():
        update = bot.updates.find(wanted)
        if update:
            bot.updates.deliver_again(update)
            return JSONResponse({"redelivered": wanted})
    raise Impossible(f"there was no update {wanted}", 404)


async def _inject(request: Request) -> Response:
    wish = await body(request)
    if not isinstance(wish.get("update"), dict):
        raise Impossible("update must be an object")
    bot = world_of(request).bot(integer_or(wish, "bot", DEMO_BOT))
    return JSONResponse({"update_id": bot.updates.inject(wish["update"])})


async def _faults(request: Request) -> Response:
    world = world_of(request)
    if request.method == "GET":
        return JSONResponse([fault.as_json() for fault in world.faults.active])
    if request.method == "DELETE":
        world.faults.remove(integer_or(request.query_params, "id", 0) or None)
        return JSONResponse({"cleared": True})
    return JSONResponse({"id": world.faults.add(await body(request)).id})


async def _clock(request: Request) -> Response:
    wish = await body(request)
    world_of(request).clock.offset = integer_or(wish, "offset", 0)
    return JSONResponse({"offset": world_of(request).clock.offset})


ROUTES = [
    Route("/calls", _calls, methods=["GET", "DELETE"]),
    Route("/pending", _pending),
    Route("/redeliver", _redeliver, methods=["POST"]),
    Route("/inject", _inject, methods=["POST"]),
    Route("/faults", _faults, methods=["GET", "POST", "DELETE"]),
    Route("/clock", _clock, methods=["PUT"]),
]
