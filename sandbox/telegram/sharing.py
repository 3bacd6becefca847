"""Buttons of a reply keyboard that ask for a chat or for people: what may be picked, and sharing it.

The filter is the app's, as at Telegram: `forge` shares whatever a hostile client wants.
"""

from typing import Any

from sandbox.telegram import keyboards
from sandbox.telegram.acting import may_write
from sandbox.telegram.chats import ADMIN_RIGHTS, Channel, Group, Member, PrivateChat, Speaker
from sandbox.telegram.membership import change
from sandbox.telegram.messages import Message
from sandbox.telegram.people import User
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.wishes import integer, integer_or
from sandbox.telegram.world import World

Json = dict[str, Any]
KINDS = ("request_chat", "request_users")


def asked(chat: PrivateChat, number: int) -> tuple[str, Json]:
    """Find the button on the person's keyboard: its kind and what it asks; raises Impossible."""
    markup = chat.reply_keyboards.get(chat.person.id, {})
    buttons = [button for row in markup.get("keyboard", []) for button in row if isinstance(button, dict)]
    for button in buttons:
        for kind in KINDS:
            if button.get(kind, {}).get("request_id") == number:
                return kind, button[kind]
    raise Impossible("no button here asks for that", 404)


def offered(world: World, chat: PrivateChat, number: int) -> Json:
    """List what the app offers for a button: groups, channels or people."""
    kind, wish = asked(chat, number)
    if kind == "request_users":
        everybody = [*world.people.values(), *(bot.user for bot in world.bots.values())]
        users = [user for user in everybody if _user_fits(wish, user)]
        return {"users": [{"id": u.id, "title": u.first_name} for u in users], "most": _most(wish)}
    groups = [group for group in world.groups.values() if _group_fits(wish, group, chat)]
    channels = [channel for channel in world.channels.values() if _channel_fits(wish, channel, chat.person)]
    found: list[Speaker] = [*groups, *channels]
    return {"chats": [{"id": one.id, "title": one.title} for one in found]}


def _user_fits(wish: Json, user: User) -> bool:
    return wish.get("user_is_bot") in (None, user.is_bot)


def _most(wish: Json) -> int:
    return int(wish.get("max_quantity", 1))


def _channel_fits(wish: Json, channel: Channel, person: User) -> bool:
    named = wish.get("chat_has_username") in (None, bool(channel.username))
    return bool(wish["chat_is_channel"]) and channel.owner is person and named


def _group_fits(wish: Json, group: Group, chat: PrivateChat) -> bool:
    here, bot = group.member(chat.person), group.member(chat.bot.user)
    return (
        not wish["chat_is_channel"]
        and group.alive
        and here.present
        and wish.get("chat_is_forum") in (None, group.forum)
        and wish.get("chat_has_username") in (None, bool(group.username))
        and (not wish.get("chat_is_created") or here.status == "creator")
        and _holds(here, wish.get("user_administrator_rights"))
        and (not wish.get("bot_is_member") or bot.present or may_add(group, chat.person))
        and (_holds(bot, wish.get("bot_administrator_rights")) or here.may("can_promote_members"))
    )


def may_add(group: Group, person: User) -> bool:
    """Say whether a person may bring a bot into a group."""
    return group.member(person).can("can_invite_users")


def _holds(member: Member, rights: Json | None) -> bool:
    if rights is None:
        return True
    wanted = [name for name in ADMIN_RIGHTS if rights.get(name)]
    return member.is_admin and all(member.may(name) for name in wanted)


def share(world: World, chat: PrivateChat, wish: Json) -> tuple[Message, list[int]]:
    """Share a chat or people; return the service message and the ids of the updates it made."""
    number = integer(wish, "request_id")
    may_write(chat.person, chat)
    service = _forged(world, number, wish) if wish.get("forge") else _picked(world, chat, number, wish)
    message = new_message(world, chat, chat.person, service=service)
    keyboards.used(chat, chat.person)
    return message, post(world, message)


def _forged(world: World, number: int, wish: Json) -> Json:
    if wish.get("user_ids"):
        users = [{"user_id": int(user)} for user in wish["user_ids"]]
        return {"users_shared": {"request_id": number, "users": users}}
    shared: Json = {"request_id": number, "chat_id": integer(wish, "chat_id")}
    known = world.groups.get(shared["chat_id"])
    title = wish.get("title") or (known.title if known else None)
    return {"chat_shared": shared | ({"title": str(title)} if title else {})}


def _picked(world: World, chat: PrivateChat, number: int, wish: Json) -> Json:
    kind, button = asked(chat, number)
    if kind == "request_users":
        return {"users_shared": {"request_id": number, "users": _users(world, button, wish)}}
    where = integer_or(wish, "chat_id", 0)
    if where not in {found["id"] for found in offered(world, chat, number)["chats"]}:
        raise Impossible("this chat is not what the button asks for", 409)
    found: Speaker = world.groups.get(where) or world.channels[where]
    if isinstance(found, Group):
        _bring_bot(world, found, chat, button)
    shared: Json = {"request_id": number, "chat_id": where}
    if button.get("request_title"):
        shared["title"] = found.title
    if button.get("request_username") and found.username:
        shared["username"] = found.username
    return {"chat_shared": shared}


def _bring_bot(world: World, group: Group, chat: PrivateChat, button: Json) -> None:
    """Add or promote the bot on the way, as apps do (tdlib, shareChatWithBot)."""
    bot, rights = group.member(chat.bot.user), button.get("bot_administrator_rights")
    if rights is not None and not _holds(bot, rights):
        given = {name: bool(rights.get(name)) or bot.rights.get(name, False) for name in ADMIN_RIGHTS}
        change(world, group, bot.user, "administrator", by=chat.person, rights=given)
    elif button.get("bot_is_member") and not bot.present:
        change(world, group, bot.user, "member", by=chat.person)


def _users(world: World, button: Json, wish: Json) -> list[Json]:
    users = [world.user(int(number)) for number in wish.get("user_ids") or []]
    fitting = [user for user in users if user is not None and _user_fits(button, user)]
    if len(fitting) != len(users) or not 1 <= len(users) <= _most(button):
        raise Impossible("these are not the people the button asks for", 409)
    return [_user_json(button, user) for user in fitting]


def _user_json(button: Json, user: User) -> Json:
    shown: Json = {"user_id": user.id}
    if button.get("request_name"):
        shown |= {name: getattr(user, name) for name in ("first_name", "last_name") if getattr(user, name)}
    if button.get("request_username") and user.username:
        shown["username"] = user.username
    return shown
