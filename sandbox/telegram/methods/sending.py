"""sendMessage, sendChatAction, forwarding and copying.

Photos, files and albums are in `methods.media`.
"""

from dataclasses import replace
from typing import Any

from sandbox.telegram.botview import message_json
from sandbox.telegram.messages import Message, origin_of
from sandbox.telegram.methods import content
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.targets import chat_to_write, message_in, present_chat, thread_to_write
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.refusals import bad_request

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


async def send_message(call: Call) -> dict[str, Any]:
    """Answer sendMessage."""
    chat = chat_to_write(call)
    text = content.text_of(call)
    fields = content.common(call, chat) | {"text": text.text, "entities": text.entities}
    return content.send(call, chat, link_preview=call.params.get("link_preview_options"), **fields)


async def send_chat_action(call: Call) -> bool:
    """Answer sendChatAction."""
    chat = chat_to_write(call)
    thread_to_write(call, chat)
    action = call.params["action"]
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    event = {"kind": "action", "chat": chat.address, "action": action, "bot": call.bot.id}
    call.world.events.tell_all(chat.people(), event)
    return True


def _source(call: Call, words: str) -> Message:
    message = message_in(present_chat(call, "from_chat_id"), call.params["message_id"], words)
    if message.service or message.protected:
        raise bad_request(words.replace("not found", "can't be forwarded"))
    return message


def duplicate(call: Call, original: Message) -> Message:
    """Make the same content a new message of the bot, in the chat the call names."""
    chat = chat_to_write(call)
    fresh = new_message(call.world, chat, call.bot.user, **thread_to_write(call, chat))
    fields: dict[str, Any] = {"text": original.text, "entities": original.entities, "media": original.media}
    fields |= {"survey": original.survey, "spoiler": original.spoiler}
    return replace(fresh, **fields, protected=call.params.get("protect_content", False))


async def forward_message(call: Call) -> dict[str, Any]:
    """Answer forwardMessage."""
    original = _source(call, "message to forward not found")
    message = duplicate(call, original)
    message.forwarded = original.forwarded or origin_of(original)
    post(call.world, message)
    return message_json(call.bot.id, message)


async def copy_message(call: Call) -> dict[str, Any]:
    """Answer copyMessage."""
    message = duplicate(call, _source(call, "message to copy not found"))
    for name, value in content.common(call, message.chat).items():
        if name != "spoiler":
            setattr(message, name, value)
    if message.media and "caption" in call.params:
        caption = content.caption_of(call.world, call.params)
        message.text, message.entities = caption.text, caption.entities
    post(call.world, message)
    return {"message_id": message.message_id}
