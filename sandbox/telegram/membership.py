"""People and bots joining, leaving, rising and falling in a group, blocking a bot; and who is told.

Service messages go to the chat, my_chat_member to the bot concerned, chat_member to bots that are admins.
"""

from typing import Any

from sandbox.telegram.chats import ADMIN_RIGHTS, PERMISSIONS, Group, Member, PrivateChat
from sandbox.telegram.people import ANONYMOUS_ADMIN, User
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.world import World, promote

STATUSES = {"creator", "administrator", "member", "restricted", "left", "kicked"}
RIGHTS = {*ADMIN_RIGHTS, *PERMISSIONS}


def change(
    world: World,
    group: Group,
    user: User,
    status: str,
    *,
    by: User,
    anonymous: bool = False,
    rights: dict[str, bool] | None = None,
    inside: bool = True,
) -> None:
    """Raise Impossible for what there is not; `rights` are added to what the status brings with it.

    A new owner makes the one before an administrator. `inside` is for somebody restricted.
    """
    _check(group, status, rights or {}, anonymous=anonymous)
    before = group.member(user)
    after = Member(user, status, anonymous, inside=inside)
    if status == "administrator":
        promote(after)
        after.rights |= before.rights if before.status == "administrator" else {}
    after.rights |= rights or {}
    former = group.owner() if status == "creator" else None
    _put(world, group, after, by)
    if former and former is not user:
        service = {"chat_owner_changed": {"new_owner": user.as_json()}}
        post(world, new_message(world, group, former, service=service))
        every = dict.fromkeys(ADMIN_RIGHTS, True)
        change(world, group, former, "administrator", by=former, rights=every)


def _check(group: Group, status: str, rights: dict[str, bool], *, anonymous: bool) -> None:
    if not group.alive:
        raise Impossible("this group is no more", 409)
    if status not in STATUSES:
        raise Impossible(f"a member is one of {', '.join(sorted(STATUSES))}")
    if set(rights) - RIGHTS:
        raise Impossible(f"there are no such rights: {', '.join(sorted(set(rights) - RIGHTS))}")
    if group.basic and (anonymous or status == "restricted"):
        raise Impossible("only a supergroup has anonymous admins and restricted members")


def _put(world: World, group: Group, after: Member, by: User) -> None:
    before, user = group.member(after.user), after.user
    group.members[user.id] = after
    if user.id in world.bots:
        group.bots[user.id] = world.bots[user.id]
    _announce(world, group, before, after, by)
    _tell_bots(world, group, before, after, by)
    world.events.tell_all([*group.people(), user], {"kind": "chats", "chat": group.id})


def speaks_as(group: Group, user: User) -> dict[str, Any]:
    """Let an anonymous admin write as the group: the message's fields for it."""
    return {"sender_chat": group} if group.member(user).anonymous else {}


def _announce(world: World, group: Group, before: Member, after: Member, by: User) -> None:
    if before.present == after.present:
        return
    shown = after.user.as_json()
    service = {"new_chat_members": [shown]} if after.present else {"left_chat_member": shown}
    post(world, new_message(world, group, by, service=service, **speaks_as(group, by)))


def _tell_bots(world: World, group: Group, before: Member, after: Member, by: User) -> None:
    seen = ANONYMOUS_ADMIN if group.member(by).anonymous else by
    payload = changed(world, group.as_json(), seen, before.as_json(), after.as_json())
    for bot in group.bots.values():
        if bot.user is after.user:
            bot.updates.push("my_chat_member", payload, group.queue)
        elif group.member(bot.user).is_admin:
            bot.updates.push("chat_member", payload, group.queue)


def changed(
    world: World, chat: dict[str, Any], by: User, old: dict[str, Any], new: dict[str, Any]
) -> dict[str, Any]:
    """Return the Bot API's ChatMemberUpdated."""
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
    payload = changed(world, chat.as_json(), chat.person, old, new)
    chat.bot.updates.push("my_chat_member", payload, chat.queue)
    world.events.tell(chat.person, {"kind": "chats", "chat": chat.address})
