"""The phone's calls for typing a bot's name into a chat and sending what it offers, under /phone/api/.

What happens is decided in `inquiring`.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.telegram import inquiring
from sandbox.telegram.phone_api import chat_of, person_of, world_of
from sandbox.telegram.wishes import body


async def _ask(request: Request) -> Response:
    wish = await body(request)
    person, chat = person_of(request, wish), chat_of(request, wish)
    return JSONResponse(await inquiring.ask(world_of(request), person, chat, wish))


async def _choose(request: Request) -> Response:
    wish = await body(request)
    message, updates = inquiring.choose(world_of(request), person_of(request, wish), wish)
    return JSONResponse({"message_ids": [message.message_id], "update_ids": updates})


ROUTES = [
    Route("/inline", _ask, methods=["POST"]),
    Route("/inline/choose", _choose, methods=["POST"]),
]
