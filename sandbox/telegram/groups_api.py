"""The phone's calls about groups, under /phone/api/: roles, topics, channels, moving, picking a chat.

What they do is decided in the modules called here.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.telegram import acting, membership, migrating, phoneview, sharing, topics
from sandbox.telegram.chats import Group, PrivateChat
from sandbox.telegram.messages import Forwarded, Message
from sandbox.telegram.people import TELEGRAM_ITSELF, Bot, User
from sandbox.telegram.phone_api import chat_of, person_of, world_of
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.wishes import body, integer, integer_or
from sandbox.telegram.world import DEMO_BOT, World


def _group_of(world: World, wish: Any) -> Group:
    group = world.groups.get(integer(wish, "chat"))
    if group is None:
        raise Impossible("no such group", 404)
    return group


def _actor_of(world: World, group: Group, wish: dict[str, Any]) -> User:
    """Find who does it: `by`, or the owner."""
    actor = world.user(integer(wish, "by")) if wish.get("by") else group.owner()
    if actor is None:
        raise Impossible("nobody with that id does anything here", 404)
    return actor


def _bots_wanted(world: World, wish: dict[str, Any]) -> list[Bot]:
    """`bot`: true for the demo bot, or a bot's id."""
    wanted = wish.get("bot", False)
    if wanted is True:
        return [world.bot(DEMO_BOT)]
    return [world.bot(integer(wish, "bot"))] if wanted else []


async def _add_group(request: Request) -> Response:
    """Make a group; `basic`, `forum`, `username` and `hides_members` say what kind."""
    world, wish = world_of(request), await body(request)
    owner = world.person(integer(wish, "owner"))
    members = [world.person(integer({"members": m}, "members")) for m in wish.get("members", [])]
    basic = bool(wish.get("basic"))
    if basic and wish.get("forum"):
        raise Impossible("only a supergroup has topics")
    number = world.next_basic() if basic else 0
    group = world.add_group(str(wish.get("title") or "Group"), owner, members, [], number)
    group.basic, group.username = basic, wish.get("username")
    group.hides_members = bool(wish.get("hides_members"))
    if wish.get("forum"):
        topics.make_forum(group)
    for bot in _bots_wanted(world, wish):
        membership.change(world, group, bot.user, "member", by=owner)
    world.events.tell_all(group.people(), {"kind": "chats", "chat": group.id})
    return JSONResponse(phoneview.chat_json(owner, group))


async def _set_up(request: Request) -> Response:
    """Change a group's settings: `hides_members`, `forum` (only on), `title`."""
    world, wish = world_of(request), await body(request)
    group = _group_of(world, wish)
    if "hides_members" in wish:
        group.hides_members = bool(wish["hides_members"])
    if wish.get("forum"):
        topics.make_forum(group)
    if wish.get("title"):
        group.title = str(wish["title"])
        by = _actor_of(world, group, wish)
        speaker = membership.speaks_as(group, by)
        post(world, new_message(world, group, by, service={"new_chat_title": group.title}, **speaker))
    world.events.tell_all(group.people(), {"kind": "chats", "chat": group.id})
    return JSONResponse({"id": group.id})


async def _set_member(request: Request) -> Response:
    """`person` may be a bot's id; `by` (default: the owner) is who does it."""
    world, wish = world_of(request), await body(request)
    group, user = _group_of(world, wish), world.user(integer(wish, "person"))
    if user is None:
        raise Impossible("nobody with that id", 404)
    status = str(wish.get("status") or "member")
    actor = user if status == "left" or group.owner() is None else _actor_of(world, group, wish)
    rights = wish.get("rights") or {}
    if not isinstance(rights, dict):
        raise Impossible("rights are an object of true and false")
    details = {"anonymous": bool(wish.get("anonymous")), "inside": bool(wish.get("inside", True))}
    given = {name: bool(value) for name, value in rights.items()}
    membership.change(world, group, user, status, by=actor, rights=given, **details)
    return JSONResponse(phoneview.member_json(group.member(user)))


async def _migrate(request: Request) -> Response:
    world, wish = world_of(request), await body(request)
    group = _group_of(world, wish)
    new = migrating.migrate(world, group, _actor_of(world, group, wish))
    return JSONResponse({"id": new.id})


async def _delete(request: Request) -> Response:
    world, wish = world_of(request), await body(request)
    group = _group_of(world, wish)
    migrating.delete(world, group, _actor_of(world, group, wish))
    return JSONResponse({"deleted": True})


async def _topic(request: Request) -> Response:
    """`do`: create (with `name`), close, reopen, delete (with `topic`; General is 1)."""
    world, wish = world_of(request), await body(request)
    group = _group_of(world, wish)
    by, deed = _actor_of(world, group, wish), str(wish.get("do") or "create")
    if deed == "create":
        topic = topics.create(world, group, by, str(wish.get("name") or "").strip())
        return JSONResponse({"topic": topic.id})
    topic = topics.topic_of(group, integer(wish, "topic"))
    if deed == "delete":
        topics.delete(world, group, by, topic)
    elif deed in {"close", "reopen"}:
        topics.set_closed(world, group, by, topic, closed=deed == "close")
    else:
        raise Impossible("a topic is created, closed, reopened or deleted")
    return JSONResponse({"topic": topic.id})


async def _channels(request: Request) -> Response:
    """Show the channels a person may write as, or make one."""
    world = world_of(request)
    if request.method == "GET":
        person = person_of(request, request.query_params)
        mine = [channel for channel in world.channels.values() if channel.owner is person]
        return JSONResponse([channel.as_json() for channel in mine])
    wish = await body(request)
    title = str(wish.get("title") or "Channel")
    channel = world.add_channel(title, world.person(integer(wish, "owner")), wish.get("username"))
    return JSONResponse(channel.as_json())


async def _post_in_channel(request: Request) -> Response:
    """Post in a channel whose discussion group is `chat`: Telegram brings the post there by itself."""
    world, wish = world_of(request), await body(request)
    group, channel = _group_of(world, wish), world.channels.get(integer(wish, "channel"))
    if channel is None:
        raise Impossible("no such channel", 404)
    channel.last_post += 1
    origin = Forwarded(world.clock.seconds(), channel.owner, channel, channel.last_post)
    words = acting.written(str(wish.get("text") or "A post"))
    content = {"text": words.text, "entities": words.entities, "forwarded": origin, "automatic": True}
    message = new_message(world, group, TELEGRAM_ITSELF, sender_chat=channel, **content)
    return _sent([message], post(world, message))


def _sent(messages: list[Message], updates: list[int]) -> Response:
    return JSONResponse({"message_ids": [m.message_id for m in messages], "update_ids": updates})


async def _start_in_group(request: Request) -> Response:
    world, wish = world_of(request), await body(request)
    person, group = person_of(request, wish), _group_of(world, wish)
    bot = world.bot(integer_or(wish, "bot", DEMO_BOT))
    return _sent(*acting.start_in_group(world, bot, person, group, str(wish.get("payload") or "")))


def _private(request: Request, wish: Any) -> PrivateChat:
    chat = chat_of(request, wish)
    if not isinstance(chat, PrivateChat):
        raise Impossible("buttons ask for chats in private chats only")
    return chat


async def _offered(request: Request) -> Response:
    query = request.query_params
    chat, number = _private(request, query), integer(query, "request_id")
    return JSONResponse(sharing.offered(world_of(request), chat, number))


async def _share(request: Request) -> Response:
    wish = await body(request)
    message, updates = sharing.share(world_of(request), _private(request, wish), wish)
    return _sent([message], updates)


ROUTES = [
    Route("/groups", _add_group, methods=["POST"]),
    Route("/groups/settings", _set_up, methods=["POST"]),
    Route("/groups/migrate", _migrate, methods=["POST"]),
    Route("/groups/delete", _delete, methods=["POST"]),
    Route("/members", _set_member, methods=["POST"]),
    Route("/topics", _topic, methods=["POST"]),
    Route("/channels", _channels, methods=["GET", "POST"]),
    Route("/channels/post", _post_in_channel, methods=["POST"]),
    Route("/startgroup", _start_in_group, methods=["POST"]),
    Route("/offered", _offered),
    Route("/share", _share, methods=["POST"]),
]
