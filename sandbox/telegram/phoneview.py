"""Messages, chats and people as the phone page shows them to one person.

The shapes are the page's own, not Telegram's.
"""

from typing import Any

from sandbox.telegram.chats import GENERAL_TOPIC, Chat, Group
from sandbox.telegram.messages import Message
from sandbox.telegram.people import Bot, User

Json = dict[str, Any]
# the Bot API's button fields, as the page names what they do
BUTTON_KINDS = {
    "callback_data": ("callback", "data"),
    "url": ("url", "url"),
    "copy_text": ("copy", "data"),
    "web_app": ("web_app", "url"),
    "login_url": ("login", "url"),
    "switch_inline_query": ("switch_inline", "data"),
    "switch_inline_query_current_chat": ("switch_inline_here", "data"),
}


def person_json(person: User) -> Json:
    """Show a person."""
    names = ("id", "first_name", "last_name", "username", "language_code")
    return {name: getattr(person, name) for name in names}


def bot_json(bot: Bot) -> Json:
    """Show a bot."""
    commands = bot.profile.commands.get(("default", ""), [])
    shown = {"id": bot.id, "username": bot.username, "first_name": bot.user.first_name, "inline": bot.inline}
    return shown | {"name": bot.user.first_name, "commands": commands}


def _sender_json(user: User) -> Json:
    return {"id": user.id, "first_name": user.first_name, "is_bot": user.is_bot, "username": user.username}


def message_json(person: User, message: Message) -> Json:
    """Show a message to one person."""
    shown: Json = {
        "message_id": message.message_id,
        "date": message.date,
        "edit_date": message.edit_date,
        "from": _sender_json(message.sender),
        "caption" if message.media else "text": message.text,
        "entities": message.entities,
        "media_group_id": message.media_group_id,
        "thread": message.thread_id,
        "topic": _topic_of(message),
        "reply_to": _reply_json(message),
        "inline_keyboard": _keyboard_json(message.markup),
        "spoiler": message.spoiler,
        "protected": message.protected,
        "reactions": message.reactions,
        "service": _service_words(message),
        "out": message.sender is person,
    }
    if message.sender_chat:
        shown["sender_chat"] = message.sender_chat.as_json()
    if message.forwarded:
        origin = message.forwarded.sender_chat
        shown["forward_from"] = origin.as_json() if origin else _sender_json(message.forwarded.sender)
    if message.via_bot:
        shown["via"] = message.via_bot.username
    shown["poll"] = _poll_json(message)
    return shown | _media_json(message)


def _topic_of(message: Message) -> int | None:
    """Say under which topic the page shows it; None outside of forums."""
    if not isinstance(message.chat, Group) or not message.chat.forum:
        return None
    return message.thread_id if message.in_topic else GENERAL_TOPIC


def _poll_json(message: Message) -> Json | None:
    survey = message.survey
    if survey is None:
        return None
    kind = "Quiz" if survey.correct else "Anonymous poll" if survey.anonymous else "Poll"
    options = [text for _, text in survey.options]
    return {"question": survey.question, "options": options, "kind": kind, "correct": list(survey.correct)}


def _media_json(message: Message) -> Json:
    shown: Json = dict.fromkeys(("photo", "video", "animation", "document", "sticker", "voice"))
    media = message.media
    if media is None:
        return shown
    url = f"/phone/files/{media.file.unique_id}"
    shown[media.kind] = {"name": media.file.name, "url": url} if media.kind == "document" else url
    if media.sizes:
        shown |= {"width": media.sizes[-1].width, "height": media.sizes[-1].height}
    shown["mime"] = media.file.mime
    return shown


def _reply_json(message: Message) -> Json | None:
    replied = message.reply_to
    if replied is None or replied.service:
        return None
    text = (message.quote or {}).get("text") or replied.text
    shown = {"message_id": replied.message_id, "text": text, "from": _sender_json(replied.sender)}
    return shown | {"deleted": replied.deleted}


def _keyboard_json(markup: Json | None) -> list[list[Json]] | None:
    if not markup or "inline_keyboard" not in markup:
        return None
    return [[button_json(button) for button in row] for row in markup["inline_keyboard"]]


def button_json(button: Json) -> Json:
    """Show a button with what it does."""
    shown: Json = {"text": button["text"]}
    if button.get("style"):
        shown["style"] = button["style"]
    for name, (kind, field) in BUTTON_KINDS.items():
        if name in button:
            value = button[name]
            inner = value.get("text") or value.get("url") if isinstance(value, dict) else value
            return shown | {"kind": kind, field: inner}
    return shown | {"kind": "unknown"}


def _service_words(message: Message) -> str | None:
    service = message.service
    if not service:
        return None
    who = message.sender_chat.title if message.sender_chat else message.sender.first_name
    told = _membership_words(message, who, service) or _topic_words(who, service)
    return told or _shared_words(who, service) or f"{who} created the group"


def _membership_words(message: Message, who: str, service: Json) -> str | None:
    if "new_chat_members" in service:
        return who + " added " + ", ".join(user["first_name"] for user in service["new_chat_members"])
    if "left_chat_member" in service:
        gone = service["left_chat_member"]
        return f"{who} left" if gone["id"] == message.sender.id else f"{who} removed {gone['first_name']}"
    if "chat_owner_changed" in service:
        return f"{service['chat_owner_changed']['new_owner']['first_name']} owns the group now"
    if "migrate_to_chat_id" in service or "migrate_from_chat_id" in service:
        return "The group became a supergroup"
    return None


def _topic_words(who: str, service: Json) -> str | None:
    if "forum_topic_created" in service:
        return f"{who} created the topic “{service['forum_topic_created']['name']}”"
    if "forum_topic_closed" in service:
        return f"{who} closed the topic"
    return f"{who} opened the topic again" if "forum_topic_reopened" in service else None


def _shared_words(who: str, service: Json) -> str | None:
    if "chat_shared" in service:
        shared = service["chat_shared"]
        return f"{who} shared the chat {shared.get('title') or shared['chat_id']}"
    if "users_shared" in service:
        return f"{who} shared {len(service['users_shared']['users'])} people with the bot"
    if "new_chat_title" in service:
        return f"{who} named the group {service['new_chat_title']}"
    return f"{who} pinned a message" if "pinned_message" in service else None


def chat_json(person: User, chat: Chat) -> Json:
    """Show a chat in one person's list."""
    shown: Json = {
        "id": chat.address,
        "photo": None,
        "unread": _unread(person, chat),
        "last": _last_json(person, chat),
    }
    if isinstance(chat, Group):
        member = chat.member(person)
        more = {
            "type": chat.kind,
            "title": chat.title,
            "status": member.status,
            "anonymous": member.anonymous,
            "migrated_from": chat.migrated_from,
            "may_manage_topics": member.may("can_manage_topics"),
            "topics": [vars(topic) for topic in chat.topics.values()] if chat.forum else [],
        }
        return (
            shown | more | {"members": [m for m in map(member_json, chat.members.values()) if m["present"]]}
        )
    shown |= {"type": "private", "title": chat.bot.user.first_name, "peer": chat.bot.id}
    return shown | {"username": chat.bot.username, "blocked": chat.blocked, "started": chat.started}


def member_json(member: Any) -> Json:
    """Show a member of a group."""
    shown = {"id": member.user.id, "first_name": member.user.first_name, "is_bot": member.user.is_bot}
    return (
        shown
        | {"status": member.status, "anonymous": member.anonymous, "present": member.present}
        | {"rights": member.rights}
    )


def _last_json(person: User, chat: Chat) -> Json | None:
    return message_json(person, next(reversed(chat.history.values()))) if chat.history else None


def _unread(person: User, chat: Chat) -> int:
    read = chat.read_up_to.get(person.id, 0)
    return sum(number > read and m.sender is not person for number, m in chat.history.items())
