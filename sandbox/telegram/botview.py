"""A message as the Bot API shows it to one bot.

Nothing is decided here: who may see a message is `delivery`'s matter.
"""

from typing import Any

from sandbox.telegram.chats import Channel, PrivateChat
from sandbox.telegram.files import StoredFile, file_id
from sandbox.telegram.messages import Forwarded, Media, Message, Picture
from sandbox.telegram.people import ANONYMOUS_ADMIN, SPEAKING_CHANNEL, TELEGRAM_ITSELF, User

Json = dict[str, Any]


def message_json(bot_id: int, message: Message, *, with_reply: bool = True) -> Json:
    """Return the Bot API's Message; a reply's own reply is left out, as at Telegram."""
    shown = _head(message)
    if message.service:
        return shown | _thread(message) | message.service
    if message.forwarded:
        shown["forward_origin"] = _origin(message.forwarded)
    if message.via_bot:
        shown["via_bot"] = message.via_bot.user.as_json()
    if message.reply_to and with_reply:
        shown |= _reply_part(bot_id, message)
    shown |= _flags(message) | _content(bot_id, message)
    markup = message.markup
    if markup and "inline_keyboard" in markup:
        shown["reply_markup"] = markup
    return shown


def _head(message: Message) -> Json:
    shown: Json = {"message_id": message.message_id, "from": _face(message).as_json()}
    if message.sender_chat:
        shown["sender_chat"] = message.sender_chat.as_json()
    return shown | {"chat": message.chat.as_json(), "date": message.date}


def _face(message: Message) -> User:
    """Find who a bot sees as the sender (Bot API, Message.sender_chat: a fake one for a chat)."""
    if message.automatic:
        return TELEGRAM_ITSELF
    if isinstance(message.sender_chat, Channel):
        return SPEAKING_CHANNEL
    return ANONYMOUS_ADMIN if message.sender_chat else message.sender


def _thread(message: Message) -> Json:
    shown: Json = {"message_thread_id": message.thread_id} if message.thread_id else {}
    return shown | ({"is_topic_message": True} if message.in_topic else {})


def _reply_part(bot_id: int, message: Message) -> Json:
    if message.reply_to is None or message.reply_to.deleted:
        return {}
    shown: Json = {"reply_to_message": message_json(bot_id, message.reply_to, with_reply=False)}
    if message.quote:
        shown["quote"] = message.quote
    return shown


def _origin(forwarded: Forwarded) -> Json:
    if forwarded.sender_chat and forwarded.post:
        shown = {"type": "channel", "date": forwarded.date, "chat": forwarded.sender_chat.as_json()}
        return shown | {"message_id": forwarded.post}
    if forwarded.sender_chat:
        return {"type": "chat", "date": forwarded.date, "sender_chat": forwarded.sender_chat.as_json()}
    return {"type": "user", "date": forwarded.date, "sender_user": forwarded.sender.as_json()}


def _flags(message: Message) -> Json:
    possible = {
        "edit_date": message.edit_date,
        "media_group_id": message.media_group_id,
        "is_automatic_forward": message.automatic,
        "has_protected_content": message.protected,
        "has_media_spoiler": message.spoiler,
        "show_caption_above_media": message.caption_above,
        "link_preview_options": message.link_preview,
    }
    return _thread(message) | {name: value for name, value in possible.items() if value}


def _content(bot_id: int, message: Message) -> Json:
    text, entities = ("caption", "caption_entities") if message.media else ("text", "entities")
    shown = _media_json(bot_id, message.media) if message.media else {}
    if message.survey:
        shown["poll"] = message.survey.as_json(with_solution=_may_know_solution(message))
    if message.text:
        shown[text] = message.text
    if message.entities:
        shown[entities] = message.entities
    return shown


def _may_know_solution(message: Message) -> bool:
    """Bot API, Poll.correct_option_ids: sent, not forwarded, to the private chat with the bot."""
    return isinstance(message.chat, PrivateChat) and not message.forwarded


def file_json(bot_id: int, stored: StoredFile) -> Json:
    """Return the ids and size every file object has."""
    shown = {"file_id": file_id(bot_id, stored), "file_unique_id": stored.unique_id}
    return shown | {"file_size": len(stored.data)}


def _picture_json(bot_id: int, picture: Picture) -> Json:
    return file_json(bot_id, picture.file) | {"width": picture.width, "height": picture.height}


def _media_json(bot_id: int, media: Media) -> Json:
    if media.kind == "photo":
        return {"photo": [_picture_json(bot_id, size) for size in media.sizes]}
    shown = file_json(bot_id, media.file)
    if media.thumbnail:
        shown["thumbnail"] = _picture_json(bot_id, media.thumbnail)
    named = shown | {"file_name": media.file.name, "mime_type": media.file.mime}
    if media.kind == "document":
        return {"document": named}
    if media.kind == "animation":
        # Bot API, Message.animation: "for backward compatibility, ... the document field will also be set"
        return {"animation": named | _measures(media) | {"duration": media.duration}, "document": named}
    if media.kind == "video":
        return {"video": named | _measures(media) | {"duration": media.duration}}
    if media.kind == "voice":
        return {"voice": shown | {"duration": media.duration, "mime_type": media.file.mime}}
    return {
        "sticker": shown | _measures(media) | {"type": "regular", "is_animated": False, "is_video": False}
    }


def _measures(media: Media) -> Json:
    return {"width": media.width, "height": media.height}
