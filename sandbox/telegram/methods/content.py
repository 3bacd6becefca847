"""What a sent or edited message holds: text or caption, reply, keyboard, flags, with Telegram's limits.

Media is built in `methods.media`.
"""

from typing import Any

from sandbox.telegram import keyboards
from sandbox.telegram.botview import message_json
from sandbox.telegram.chats import Chat
from sandbox.telegram.entities import CannotParse, Formatted, formatted
from sandbox.telegram.messages import Message
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.targets import message_in, thread_to_write
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.refusals import Refused, bad_request
from sandbox.telegram.world import World

# Bot API: characters after entities parsing
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
REPLIED_NOT_FOUND = "message to be replied not found"


def _parsed(world: World, text: str, mode: str | None, entities: list[dict[str, Any]] | None) -> Formatted:
    try:
        found = formatted(text, mode, entities)
    except CannotParse as problem:
        if str(problem) == "unsupported parse_mode":
            raise bad_request(str(problem)) from None
        raise bad_request(f"can't parse entities: {problem}") from None
    return Formatted(found.text, [e for e in (known_person(world, e) for e in found.entities) if e])


def known_person(world: World, entity: dict[str, Any]) -> dict[str, Any] | None:
    """Give a text_mention the whole user; None when nobody has that id (Telegram drops it too)."""
    if entity["type"] != "text_mention":
        return entity
    user = world.user(entity.get("user", {}).get("id", 0))
    return {**entity, "user": user.as_json()} if user else None


def text_of(call: Call, given: dict[str, Any] | None = None) -> Formatted:
    """Raise Refused for a text that is empty, too long or badly marked up; `given`: not the call's own."""
    params = call.params if given is None else given
    found = _parsed(call.world, params["text"], params.get("parse_mode"), params.get("entities"))
    if not found.text:
        raise bad_request("message text is empty")
    if len(found.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return found


def caption_of(world: World, params: dict[str, Any]) -> Formatted:
    """Raise Refused for a caption that is too long or badly marked up."""
    text = params.get("caption") or ""
    found = _parsed(world, text, params.get("parse_mode"), params.get("caption_entities"))
    if len(found.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return found


def common(call: Call, chat: Chat) -> dict[str, Any]:
    """Message fields every sending method shares."""
    params = call.params
    reply, quote = _replied(call, chat)
    return thread_to_write(call, chat, reply) | {
        "quote": quote,
        "markup": keyboards.checked_markup(params.get("reply_markup"), chat),
        "protected": params.get("protect_content", False),
        "spoiler": params.get("has_spoiler", False),
        "caption_above": params.get("show_caption_above_media", False),
    }


def _replied(call: Call, chat: Chat) -> tuple[Message | None, dict[str, Any] | None]:
    wish = call.params.get("reply_parameters")
    if not wish:
        return None, None
    try:
        if wish.get("chat_id") not in (None, chat.id):
            raise bad_request(REPLIED_NOT_FOUND)
        message = message_in(chat, wish["message_id"], REPLIED_NOT_FOUND)
    except Refused:
        if wish.get("allow_sending_without_reply"):
            return None, None
        raise
    return message, _quoted(call.world, message, wish)


def _quoted(world: World, message: Message, wish: dict[str, Any]) -> dict[str, Any] | None:
    if not wish.get("quote"):
        return None
    found = _parsed(world, wish["quote"], wish.get("quote_parse_mode"), wish.get("quote_entities"))
    if found.text not in message.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return {"text": found.text, "position": message.text.index(found.text)}


def send(call: Call, chat: Chat, **fields: Any) -> dict[str, Any]:
    """Post the message and show it to the bot."""
    message = new_message(call.world, chat, call.bot.user, **fields)
    keyboards.show_on_phones(message)
    post(call.world, message)
    return message_json(call.bot.id, message)
