"""What the phone page asks and does, as JSON under /phone/api/.

Groups are in `groups_api`, faults, recorded calls and redelivery in `control_api`; what happens is decided in
the modules it calls.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.telegram import acting, membership, phoneview, pressing
from sandbox.telegram.chats import Chat, PrivateChat
from sandbox.telegram.incoming import LARGEST_BODY
from sandbox.telegram.people import Bot, User
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.scopes import commands_for
from sandbox.telegram.spec import Upload
from sandbox.telegram.wishes import body, integer, integer_or
from sandbox.telegram.world import DEMO_BOT, World

HEARTBEAT = 15


def world_of(request: Request) -> World:
    """Return the world of this server."""
    world: World = request.app.state.world
    return world


def person_of(request: Request, wish: Any) -> User:
    """Find the person a wish names as its own; raises Impossible."""
    return world_of(request).person(integer(wish, "person"))


def chat_of(request: Request, wish: Any, name: str = "chat") -> Chat:
    """Find the chat a wish names, as that person's phone addresses it; raises Impossible."""
    return world_of(request).chat_of(person_of(request, wish), integer(wish, name))


async def _me(request: Request) -> Response:
    world = world_of(request)
    shown = {
        "people": [phoneview.person_json(person) for person in world.people.values()],
        "bots": [phoneview.bot_json(bot) for bot in world.bots.values()],
        "x_origin": request.app.state.gate.x_origin,
    }
    return JSONResponse(shown)


async def _add_person(request: Request) -> Response:
    wish = await body(request)
    if not wish.get("first_name"):
        raise Impossible("a person needs a first_name")
    person = world_of(request).add_person(wish["first_name"], wish.get("username"), wish.get("language_code"))
    return JSONResponse(phoneview.person_json(person))


async def _add_bot(request: Request) -> Response:
    wish = await body(request)
    if not wish.get("username"):
        raise Impossible("a bot needs a username")
    bot = world_of(request).add_bot(wish["username"], wish.get("name") or wish["username"])
    bot.inline, bot.hears_bots = bool(wish.get("inline")), bool(wish.get("hears_bots"))
    return JSONResponse({"id": bot.id, "token": bot.token, "username": bot.username})


async def chats(request: Request) -> Response:
    """List a person's chats; the demo bot is always there, so that a new person has somebody to write to."""
    world, person = world_of(request), person_of(request, request.query_params)
    world.open_private(world.bots[DEMO_BOT], person)
    private: list[Chat] = [
        c for c in world.private.values() if c.person is person and (c.started or c.bot.id == DEMO_BOT)
    ]
    groups = [group for group in world.groups.values() if group.alive and group.member(person).present]
    return JSONResponse([phoneview.chat_json(person, chat) for chat in (*private, *groups)])


async def messages(request: Request) -> Response:
    """Show a chat's messages, which marks them read."""
    query = request.query_params
    person, chat = person_of(request, query), chat_of(request, query)
    after = integer_or(query, "after", 0)
    shown = [phoneview.message_json(person, m) for n, m in chat.history.items() if n > after]
    chat.read_up_to[person.id] = max([chat.read_up_to.get(person.id, 0), *chat.history])
    return JSONResponse({"messages": shown, "reply_keyboard": chat.reply_keyboards.get(person.id)})


async def commands(request: Request) -> Response:
    """Show the command menu this person sees in this chat."""
    query = request.query_params
    person, chat = person_of(request, query), chat_of(request, query)
    bots = [chat.bot] if isinstance(chat, PrivateChat) else chat.present_bots()
    shown = [{"bot": bot.username, "commands": commands_for(bot, person, chat)} for bot in bots]
    return JSONResponse(shown)


async def _send(request: Request) -> Response:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _send_files(request)
    wish = await body(request)
    person, chat = person_of(request, wish), chat_of(request, wish)
    sent, updates = acting.send_text(world_of(request), person, chat, wish)
    return JSONResponse({"message_ids": [m.message_id for m in sent], "update_ids": updates})


async def _send_files(request: Request) -> Response:
    async with request.form(max_part_size=LARGEST_BODY) as form:
        wish: dict[str, Any] = {name: value for name, value in form.items() if isinstance(value, str)}
        files = [value for value in form.getlist("files") if isinstance(value, UploadFile)]
        uploads = [await _upload(file) for file in files]
    if not uploads:
        raise Impossible("no files came with the form")
    for name in ("reply_to", "thread", "as_channel"):
        wish[name] = integer(wish, name) if wish.get(name) else None
    person, chat = person_of(request, wish), chat_of(request, wish)
    sent, updates = await acting.send_files(world_of(request), person, chat, uploads, wish)
    return JSONResponse({"message_ids": [m.message_id for m in sent], "update_ids": updates})


async def _upload(file: UploadFile) -> Upload:
    return Upload(file.filename or "file", file.content_type or "application/octet-stream", await file.read())


async def _edit(request: Request) -> Response:
    wish = await body(request)
    person, chat = person_of(request, wish), chat_of(request, wish)
    updates = acting.edit(
        world_of(request), person, chat, wish.get("message_id"), str(wish.get("text") or "")
    )
    return JSONResponse({"update_ids": updates})


async def _delete(request: Request) -> Response:
    wish = await body(request)
    acting.delete(world_of(request), person_of(request, wish), chat_of(request, wish), wish.get("message_id"))
    return JSONResponse({"deleted": True})


async def _forward(request: Request) -> Response:
    wish = await body(request)
    person, target = person_of(request, wish), chat_of(request, wish)
    source = acting.message_of(chat_of(request, wish, "from_chat"), wish.get("message_id"))
    message, updates = acting.forward(world_of(request), person, source, target, wish)
    return JSONResponse({"message_ids": [message.message_id], "update_ids": updates})


async def _poll(request: Request) -> Response:
    wish = await body(request)
    person, chat = person_of(request, wish), chat_of(request, wish)
    message, updates = acting.send_poll(world_of(request), person, chat, wish)
    return JSONResponse({"message_ids": [message.message_id], "update_ids": updates})


async def _press(request: Request) -> Response:
    wish = await body(request)
    wish["message_id"] = integer(wish, "message_id")
    person, chat = person_of(request, wish), chat_of(request, wish)
    return JSONResponse(await pressing.press(world_of(request), person, chat, wish))


def _bot_named(request: Request, wish: dict[str, Any]) -> Bot:
    return world_of(request).bot(integer_or(wish, "bot", DEMO_BOT))


async def _start(request: Request) -> Response:
    wish = await body(request)
    person, bot = person_of(request, wish), _bot_named(request, wish)
    sent, updates = acting.start(world_of(request), bot, person, str(wish.get("payload") or ""))
    return JSONResponse({"message_ids": [m.message_id for m in sent], "update_ids": updates})


async def _block(request: Request) -> Response:
    return await _set_blocked(request, blocked=True)


async def _unblock(request: Request) -> Response:
    return await _set_blocked(request, blocked=False)


async def _set_blocked(request: Request, *, blocked: bool) -> Response:
    wish = await body(request)
    chat = world_of(request).open_private(_bot_named(request, wish), person_of(request, wish))
    membership.block(world_of(request), chat, blocked=blocked)
    return JSONResponse({"blocked": blocked})


async def _events(request: Request) -> Response:
    person = person_of(request, request.query_params)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(request, person), media_type="text/event-stream", headers=headers)


async def _stream(request: Request, person: User) -> AsyncIterator[str]:
    with world_of(request).events.watch(person.id) as queue:
        yield ": connected\n\n"
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            yield f"data: {json.dumps(event)}\n\n"


ROUTES = [
    Route("/me", _me),
    Route("/people", _add_person, methods=["POST"]),
    Route("/bots", _add_bot, methods=["POST"]),
    Route("/chats", chats),
    Route("/messages", messages),
    Route("/commands", commands),
    Route("/send", _send, methods=["POST"]),
    Route("/edit", _edit, methods=["POST"]),
    Route("/delete", _delete, methods=["POST"]),
    Route("/forward", _forward, methods=["POST"]),
    Route("/poll", _poll, methods=["POST"]),
    Route("/press", _press, methods=["POST"]),
    Route("/start", _start, methods=["POST"]),
    Route("/block", _block, methods=["POST"]),
    Route("/unblock", _unblock, methods=["POST"]),
    Route("/events", _events),
]
