"""What the phone page asks and does, as JSON under /phone/api/.

Faults, recorded calls and redelivery are in `control_api`; what happens is decided in `acting` and `membership`.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.telegram import acting, membership, phoneview
from sandbox.telegram.chats import Chat, Group, PrivateChat
from sandbox.telegram.incoming import LARGEST_BODY
from sandbox.telegram.people import Bot, User
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.scopes import commands_for
from sandbox.telegram.spec import Upload
from sandbox.telegram.world import DEMO_BOT, World

HEARTBEAT = 15


def world_of(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def wishes(request: Request) -> dict[str, Any]:
    """The JSON body; raises Impossible when it is no object."""
    try:
        found = json.loads(await request.body() or b"{}")
    except ValueError:
        raise Impossible("the body is not JSON") from None
    if not isinstance(found, dict):
        raise Impossible("the body is not a JSON object")
    return found


def number(wish: dict[str, Any], name: str) -> int:
    try:
        return int(wish[name])
    except (KeyError, TypeError, ValueError):
        raise Impossible(f"{name} must be an integer") from None


def number_or(wish: dict[str, Any], name: str, otherwise: int) -> int:
    return number(wish, name) if wish.get(name) else otherwise


def person_of(request: Request, wish: Any) -> User:
    return world_of(request).person(number(dict(wish), "person"))


def chat_of(request: Request, wish: Any, name: str = "chat") -> Chat:
    return world_of(request).chat_of(person_of(request, wish), number(dict(wish), name))


async def me(request: Request) -> Response:
    world = world_of(request)
    shown = {
        "people": [phoneview.person_json(person) for person in world.people.values()],
        "bots": [phoneview.bot_json(bot) for bot in world.bots.values()],
        "x_origin": request.app.state.gate.x_origin,
    }
    return JSONResponse(shown)


async def add_person(request: Request) -> Response:
    wish = await wishes(request)
    if not wish.get("first_name"):
        raise Impossible("a person needs a first_name")
    person = world_of(request).add_person(wish["first_name"], wish.get("username"), wish.get("language_code"))
    return JSONResponse(phoneview.person_json(person))


async def add_bot(request: Request) -> Response:
    wish = await wishes(request)
    if not wish.get("username"):
        raise Impossible("a bot needs a username")
    bot = world_of(request).add_bot(wish["username"], wish.get("name") or wish["username"])
    return JSONResponse({"id": bot.id, "token": bot.token, "username": bot.username})


async def chats(request: Request) -> Response:
    """The demo bot is always in the list, so that a new person has somebody to write to."""
    world, person = world_of(request), person_of(request, request.query_params)
    world.open_private(world.bots[DEMO_BOT], person)
    private = [
        c for c in world.private.values() if c.person is person and (c.started or c.bot.id == DEMO_BOT)
    ]
    groups = [group for group in world.groups.values() if group.member(person).present]
    return JSONResponse([phoneview.chat_json(person, chat) for chat in (*private, *groups)])


async def messages(request: Request) -> Response:
    """Reading them marks them read."""
    query = request.query_params
    person, chat = person_of(request, query), chat_of(request, query)
    after = number_or(dict(query), "after", 0)
    shown = [phoneview.message_json(person, m) for n, m in chat.history.items() if n > after]
    chat.read_up_to[person.id] = max([chat.read_up_to.get(person.id, 0), *chat.history])
    return JSONResponse({"messages": shown, "reply_keyboard": chat.reply_keyboards.get(person.id)})


async def commands(request: Request) -> Response:
    """The command menu this person sees in this chat."""
    query = request.query_params
    person, chat = person_of(request, query), chat_of(request, query)
    bots = [chat.bot] if isinstance(chat, PrivateChat) else chat.present_bots()
    shown = [{"bot": bot.username, "commands": commands_for(bot, person, chat)} for bot in bots]
    return JSONResponse(shown)


async def send(request: Request) -> Response:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await send_files(request)
    wish = await wishes(request)
    person, chat = person_of(request, wish), chat_of(request, wish)
    sent, updates = acting.send_text(world_of(request), person, chat, wish)
    return JSONResponse({"message_ids": [m.message_id for m in sent], "update_ids": updates})


async def send_files(request: Request) -> Response:
    async with request.form(max_part_size=LARGEST_BODY) as form:
        wish: dict[str, Any] = {name: value for name, value in form.items() if isinstance(value, str)}
        files = [value for value in form.getlist("files") if isinstance(value, UploadFile)]
        uploads = [await upload(file) for file in files]
    if not uploads:
        raise Impossible("no files came with the form")
    for name in ("reply_to", "thread"):
        wish[name] = number(wish, name) if wish.get(name) else None
    person, chat = person_of(request, wish), chat_of(request, wish)
    sent, updates = await acting.send_files(world_of(request), person, chat, uploads, wish)
    return JSONResponse({"message_ids": [m.message_id for m in sent], "update_ids": updates})


async def upload(file: UploadFile) -> Upload:
    return Upload(file.filename or "file", file.content_type or "application/octet-stream", await file.read())


async def edit(request: Request) -> Response:
    wish = await wishes(request)
    person, chat = person_of(request, wish), chat_of(request, wish)
    updates = acting.edit(
        world_of(request), person, chat, wish.get("message_id"), str(wish.get("text") or "")
    )
    return JSONResponse({"update_ids": updates})


async def delete(request: Request) -> Response:
    wish = await wishes(request)
    acting.delete(world_of(request), person_of(request, wish), chat_of(request, wish), wish.get("message_id"))
    return JSONResponse({"deleted": True})


async def forward(request: Request) -> Response:
    wish = await wishes(request)
    person, target = person_of(request, wish), chat_of(request, wish)
    source = acting.message_of(chat_of(request, wish, "from_chat"), wish.get("message_id"))
    message, updates = acting.forward(world_of(request), person, source, target)
    return JSONResponse({"message_ids": [message.message_id], "update_ids": updates})


async def press(request: Request) -> Response:
    wish = await wishes(request)
    number(wish, "message_id")
    person, chat = person_of(request, wish), chat_of(request, wish)
    return JSONResponse(await acting.press(world_of(request), person, chat, wish))


def bot_named(request: Request, wish: dict[str, Any]) -> Bot:
    return world_of(request).bot(number_or(wish, "bot", DEMO_BOT))


async def start(request: Request) -> Response:
    wish = await wishes(request)
    person, bot = person_of(request, wish), bot_named(request, wish)
    sent, updates = acting.start(world_of(request), bot, person, str(wish.get("payload") or ""))
    return JSONResponse({"message_ids": [m.message_id for m in sent], "update_ids": updates})


async def block(request: Request) -> Response:
    return await set_blocked(request, True)


async def unblock(request: Request) -> Response:
    return await set_blocked(request, False)


async def set_blocked(request: Request, blocked: bool) -> Response:
    wish = await wishes(request)
    chat = world_of(request).open_private(bot_named(request, wish), person_of(request, wish))
    membership.block(world_of(request), chat, blocked)
    return JSONResponse({"blocked": blocked})


def bots_wanted(world: World, wish: dict[str, Any]) -> list[Bot]:
    """`bot`: true for the demo bot, or a bot's id."""
    wanted = wish.get("bot", False)
    if wanted is True:
        return [world.bot(DEMO_BOT)]
    return [world.bot(number(wish, "bot"))] if wanted else []


async def add_group(request: Request) -> Response:
    world, wish = world_of(request), await wishes(request)
    owner = world.person(number(wish, "owner"))
    members = [world.person(number({"members": m}, "members")) for m in wish.get("members", [])]
    group = world.add_group(str(wish.get("title") or "Group"), owner, members, [])
    for bot in bots_wanted(world, wish):
        membership.change(world, group, bot.user, "member", by=owner)
    world.events.tell_all(group.people(), {"kind": "chats", "chat": group.id})
    return JSONResponse(phoneview.chat_json(owner, group))


async def members(request: Request) -> Response:
    """`person` may be a bot's id; `by` (default: the owner) is who does it."""
    world, wish = world_of(request), await wishes(request)
    group = world.groups.get(number(wish, "chat"))
    user = world.user(number(wish, "person"))
    if group is None or user is None:
        raise Impossible("no such group, or nobody with that id", 404)
    actor = world.user(number(wish, "by")) if wish.get("by") else owner_of(group)
    status = str(wish.get("status") or "member")
    if status == "left":
        actor = user
    anonymous = bool(wish.get("anonymous"))
    membership.change(world, group, user, status, by=actor or user, anonymous=anonymous)
    return JSONResponse(phoneview.member_json(group.member(user)))


def owner_of(group: Group) -> User | None:
    return next((m.user for m in group.members.values() if m.status == "creator"), None)


async def events(request: Request) -> Response:
    person = person_of(request, request.query_params)
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(request, person), media_type="text/event-stream", headers=headers)


async def stream(request: Request, person: User) -> AsyncIterator[str]:
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
    Route("/me", me),
    Route("/people", add_person, methods=["POST"]),
    Route("/bots", add_bot, methods=["POST"]),
    Route("/chats", chats),
    Route("/messages", messages),
    Route("/commands", commands),
    Route("/send", send, methods=["POST"]),
    Route("/edit", edit, methods=["POST"]),
    Route("/delete", delete, methods=["POST"]),
    Route("/forward", forward, methods=["POST"]),
    Route("/press", press, methods=["POST"]),
    Route("/start", start, methods=["POST"]),
    Route("/block", block, methods=["POST"]),
    Route("/unblock", unblock, methods=["POST"]),
    Route("/groups", add_group, methods=["POST"]),
    Route("/members", members, methods=["POST"]),
    Route("/events", events),
]
