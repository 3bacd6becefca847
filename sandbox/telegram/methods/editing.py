"""Editing a bot's own messages: text, caption, keyboard, media.

editMessageMedia builds its media in `methods.media`.
"""

from typing import Any

from sandbox.telegram import keyboards
from sandbox.telegram.botview import message_json
from sandbox.telegram.messages import Message
from sandbox.telegram.methods import content
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.media import media_from_input
from sandbox.telegram.methods.targets import message_to_edit
from sandbox.telegram.posting import edited
from sandbox.telegram.refusals import bad_request

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def apply(call: Call, message: Message, **fields: Any) -> dict[str, Any]:
    """Change the message; an edit without reply_markup takes the keyboard away, as at Telegram."""
    before = message.content()
    markup = keyboards.checked_markup(call.params.get("reply_markup"), message.chat)
    for name, value in (fields | {"markup": markup}).items():
        setattr(message, name, value)
    if message.content() == before:
        raise bad_request(NOT_MODIFIED)
    edited(call.world, message)
    return message_json(call.bot.id, message)


async def edit_text(call: Call) -> dict[str, Any]:
    """Answer editMessageText."""
    message = message_to_edit(call)
    if message.media:
        raise bad_request("there is no text in the message to edit")
    if "text" not in call.params:
        raise bad_request("message text is empty")
    text = content.text_of(call)
    preview = call.params.get("link_preview_options")
    return apply(call, message, text=text.text, entities=text.entities, link_preview=preview)


async def edit_caption(call: Call) -> dict[str, Any]:
    """Answer editMessageCaption."""
    message = message_to_edit(call)
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    caption = content.caption_of(call.world, call.params)
    above = call.params.get("show_caption_above_media", False)
    return apply(call, message, text=caption.text, entities=caption.entities, caption_above=above)


async def edit_markup(call: Call) -> dict[str, Any]:
    """Answer editMessageReplyMarkup."""
    return apply(call, message_to_edit(call))


async def edit_media(call: Call) -> dict[str, Any]:
    """Answer editMessageMedia."""
    message = message_to_edit(call)
    wish = call.params["media"]
    caption = content.caption_of(call.world, wish)
    media = await media_from_input(call, wish)
    if message.media_group_id and media.kind not in {"photo", "video"}:
        raise bad_request("message content type can't be edited in an album")
    message.spoiler = wish.get("has_spoiler", False)
    return apply(call, message, media=media, text=caption.text, entities=caption.entities)
