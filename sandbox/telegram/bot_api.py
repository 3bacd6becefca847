"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>.

What a call does is decided in `answering`.
"""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from sandbox.telegram.answering import Answer, answer, refused
from sandbox.telegram.incoming import parameters
from sandbox.telegram.refusals import NOT_FOUND, UNAUTHORIZED, Refused
from sandbox.telegram.wire import Dropped
from sandbox.telegram.world import World


def _as_response(found: Answer) -> Response:
    if found.drop:
        return Dropped()
    if found.html is not None:
        return HTMLResponse(found.html, found.status)
    headers = {}
    retry = ((found.body or {}).get("parameters") or {}).get("retry_after")
    if retry:
        headers["Retry-After"] = str(retry)
    return JSONResponse(found.body, found.status, headers)


async def _call(request: Request) -> Response:
    world: World = request.app.state.world
    try:
        raw = await parameters(request)
    except Refused as problem:
        return _as_response(refused(problem))
    token, method = request.path_params["token"], request.path_params["method"]
    return _as_response(await answer(world, token, method, raw))


async def _download(request: Request) -> Response:
    world: World = request.app.state.world
    bot = world.bot_by_token(request.path_params["token"])
    if bot is None:
        return _as_response(refused(Refused(*UNAUTHORIZED)))
    stored = world.files.by_path.get(request.path_params["path"])
    if stored is None or world.faults.for_download(bot.id):
        return _as_response(refused(Refused(*NOT_FOUND)))
    return Response(stored.data, media_type="application/octet-stream")


async def _unknown(_request: Request) -> Response:
    return _as_response(refused(Refused(*NOT_FOUND)))


ROUTES = [
    Route("/bot{token}/{method}", _call, methods=["GET", "POST"]),
    Route("/file/bot{token}/{path:path}", _download, methods=["GET"]),
    Route("/bot{rest:path}", _unknown, methods=["GET", "POST"]),
]
