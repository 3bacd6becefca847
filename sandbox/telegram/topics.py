"""Forum topics: made, closed, opened again and deleted by people; and in which thread a message stands.

That a bot is refused in Telegram's words is `methods.targets`' matter.
"""

from typing import Any

from sandbox.telegram.chats import GENERAL_TOPIC, Chat, Group, Topic
from sandbox.telegram.membership import speaks_as
from sandbox.telegram.messages import Message
from sandbox.telegram.people import User
from sandbox.telegram.posting import new_message, post, remove
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.world import World

# one of the six colours of the Bot API, createForumTopic
COLOUR = 7322096


def make_forum(group: Group) -> None:
    """Give a supergroup topics, beginning with General; raises Impossible for a basic group."""
    if group.basic:
        raise Impossible("only a supergroup has topics")
    group.make_forum()


def create(world: World, group: Group, by: User, name: str) -> Topic:
    """Make a topic; its service message gives it its number."""
    if not group.forum or not name:
        raise Impossible("a topic needs a name, and a group with topics")
    _may_manage(group, by)
    service = {"forum_topic_created": {"name": name, "icon_color": COLOUR}}
    message = new_message(world, group, by, service=service, in_topic=True, **speaks_as(group, by))
    message.thread_id = message.message_id
    topic = group.topics[message.message_id] = Topic(message.message_id, name)
    post(world, message)
    return topic


def set_closed(world: World, group: Group, by: User, topic: Topic, *, closed: bool) -> None:
    """Close a topic, or open it again; nothing when nothing changes."""
    _may_manage(group, by)
    if topic.closed == closed:
        return
    topic.closed = closed
    service: dict[str, Any] = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    where = thread_of(group, topic.id)
    post(world, new_message(world, group, by, service=service, **where, **speaks_as(group, by)))


def delete(world: World, group: Group, by: User, topic: Topic) -> None:
    """Delete a topic with all its messages; bots are not told, as at Telegram."""
    _may_manage(group, by)
    if topic.id == GENERAL_TOPIC:
        raise Impossible("General cannot be deleted")
    del group.topics[topic.id]
    for message in [m for m in group.history.values() if m.in_topic and m.thread_id == topic.id]:
        remove(world, message, by)
    world.events.tell_all(group.people(), {"kind": "chats", "chat": group.id})


def _may_manage(group: Group, by: User) -> None:
    if not group.member(by).may("can_manage_topics"):
        raise Impossible(f"{by.first_name} may not manage topics here", 403)


def topic_of(group: Group, number: int) -> Topic:
    """Find a topic; raises Impossible."""
    if number not in group.topics:
        raise Impossible(f"there is no topic {number} here", 404)
    return group.topics[number]


def number_for(wanted: int | None, replied: Message | None) -> int:
    """Say which topic of a forum is meant: the one named, that of the message replied to, or General."""
    inherited = replied.thread_id if replied and replied.in_topic else None
    return wanted or inherited or GENERAL_TOPIC


def open_to(group: Group, user: User, topic: Topic) -> bool:
    """Say whether somebody may write in a topic; who manages topics may in a closed one too."""
    return not topic.closed or group.member(user).may("can_manage_topics")


def thread_of(chat: Chat, number: int | None, replied: Message | None = None) -> dict[str, Any]:
    """Return the fields that put a message into its thread.

    A message in a topic that replies to nothing is a reply to the topic's first message. Outside of topics
    only replies have a thread, named after the first message replied to: also in General, where no bot can
    write by that number (https://github.com/tdlib/telegram-bot-api/issues/447).
    """
    if not isinstance(chat, Group) or chat.basic:
        return {"thread_id": number, "reply_to": replied}
    topic = number_for(number, replied)
    if chat.forum and topic in chat.topics and topic != GENERAL_TOPIC:
        return {"thread_id": topic, "in_topic": True, "reply_to": replied or chat.history.get(topic)}
    return {"thread_id": (replied.thread_id or replied.message_id) if replied else None, "reply_to": replied}
