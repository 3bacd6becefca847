"""People and bots joining, leaving, rising and falling in a group, blocking a bot; and who is told.

Service messages go to the chat, my_chat_member to the bot concerned, chat_member to bots that are admins.
"""

from typing import Any

from sandbox.telegram.chats import Group, Member, PrivateChat
from sandbox.telegram.people import User
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.world import World, promote

STATUSES = {"creator", "administrator", "member", "left", "kicked"}


def change(world: World, group: Group, user: User, status: str, *, by: User, anonymous: bool = False) -> None:
    """Raise Impossible for a status there is not."""
    if status not in STATUSES:
        raise Impossible(f"a member is one of {', '.join(sorted(STATUSES))}")
    before = group.member(user)
    after = Member(user, status, anonymous)
    if status == "administrator":
        promote(after)
    group.members[user.id] = after
    if user.id in world.bots:
        group.bots[user.id] = world.bots[user.id]
    _announce(world, group, before, after, by)
    _tell_bots(world, group, before, after, by)
    world.events.tell_all([*group.people(), user], {"kind": "chats", "chat": group.id})


def _announce(world: World, group: Group, before: Member, after: Member, by: User) -> None:
    if before.present == after.present:
        return
    shown = after.user.as_json()
    service = {"new_chat_members": [shown]} if after.present else {"left_chat_member": shown}
    post(world, new_message(world, group, by, service=service))


def _tell_bots(world: World, group: Group, before: Member, after: Member, by: User) -> None:
    payload = _changed(world, group.as_json(), by, before.as_json(), after.as_json())
    for bot in group.bots.values():
        if bot.user is after.user:
            bot.updates.push("my_chat_member", payload, group.queue)
        elif group.member(bot.user).is_admin:
            bot.updates.push("chat_member", payload, group.queue)


def _changed(
    world: World, chat: dict[str, Any], by: User, old: dict[str, Any], new: dict[str, Any]
) -> dict[str, Any]:
    shown = {"chat": chat, "from": by.as_json(), "date": world.clock.seconds()}
    return shown | {"old_chat_member": old, "new_chat_member": new}


def block(world: World, chat: PrivateChat, *, blocked: bool) -> None:
    """Tell the bot by my_chat_member, as "kicked" or "member" again; nothing when nothing changes."""
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    bot = chat.bot.user
    free, barred = Member(bot, "member").as_json(), Member(bot, "kicked").as_json()
    old, new = (free, barred) if blocked else (barred, free)
    payload = _changed(world, chat.as_json(), chat.person, old, new)
    chat.bot.updates.push("my_chat_member", payload, chat.queue)
    world.events.tell(chat.person, {"kind": "chats", "chat": chat.address})
