"""What ends a group's id: a basic group becomes a supergroup, or a group is deleted; and who is told.

How Telegram tells it: https://github.com/tdlib/telegram-bot-api/issues/266.
"""

from dataclasses import replace

from sandbox.telegram.chats import Group, Member
from sandbox.telegram.membership import changed
from sandbox.telegram.people import User
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.world import World


def migrate(world: World, old: Group, by: User) -> Group:
    """Make a basic group a supergroup with the same members; raises Impossible.

    A bot joins the new one and is told so, but never that it left the old one.
    """
    if not old.basic or not old.alive:
        raise Impossible("only a basic group becomes a supergroup, and only once", 409)
    if old.member(by).status != "creator":
        raise Impossible("only the owner makes it a supergroup", 403)
    members = [m.user for m in old.members.values()]
    new = world.add_group(old.title, by, members, [])
    new.members = {number: replace(member) for number, member in old.members.items()}
    new.bots, new.migrated_from = dict(old.bots), old.id
    for bot in new.present_bots():
        here = new.member(bot.user)
        payload = changed(world, new.as_json(), by, Member(bot.user, "left").as_json(), here.as_json())
        bot.updates.push("my_chat_member", payload, new.queue)
    post(world, new_message(world, old, by, service={"migrate_to_chat_id": new.id}))
    old.migrated_to = new.id
    post(world, new_message(world, new, by, service={"migrate_from_chat_id": old.id}, sender_chat=new))
    world.events.tell_all(new.people(), {"kind": "chats", "chat": old.id})
    return new


def delete(world: World, group: Group, by: User) -> None:
    """Delete a group for everybody; bots leave it, and only then the basic group it was."""
    if not group.alive or group.member(by).status != "creator":
        raise Impossible("only the owner deletes a group, and only once", 403)
    people = group.people()
    group.gone = True
    _put_out(world, group, by)
    if group.migrated_from is not None:
        _put_out(world, world.groups[group.migrated_from], by)
    world.events.tell_all(people, {"kind": "chats", "chat": group.id})


def _put_out(world: World, group: Group, by: User) -> None:
    for bot in group.present_bots():
        before = group.member(bot.user)
        after = group.members[bot.id] = Member(bot.user, "left")
        payload = changed(world, group.as_json(), by, before.as_json(), after.as_json())
        bot.updates.push("my_chat_member", payload, group.queue)
