"""What people do with their phones: write, edit, delete, forward, press, start.

What a bot may do is in `methods`; who joins and leaves is in `membership`.
"""

import asyncio
import random
import secrets
from typing import Any

from sandbox.telegram import keyboards, phoneview
from sandbox.telegram import media as making
from sandbox.telegram.botview import message_json
from sandbox.telegram.chats import Chat, Group, PrivateChat
from sandbox.telegram.delivery import deliver
from sandbox.telegram.entities import CannotParse, Formatted, formatted
from sandbox.telegram.messages import Forwarded, Media, Message
from sandbox.telegram.people import Bot, User
from sandbox.telegram.pictures import NotAPicture
from sandbox.telegram.posting import edited, new_message, post, remove
from sandbox.telegram.presses import Press
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.spec import Upload
from sandbox.telegram.world import World

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ALBUM_LIMIT = 10


def may_write(person: User, chat: Chat) -> None:
    if isinstance(chat, PrivateChat):
        if chat.blocked:
            raise Impossible(f"{person.first_name} blocked this bot", 409)
        chat.started = True
    elif not chat.member(person).present:
        raise Impossible(f"{person.first_name} is not in this group", 403)


def identity(person: User, chat: Chat) -> dict[str, Any]:
    """An anonymous admin writes as the group."""
    if isinstance(chat, Group) and chat.member(person).anonymous:
        return {"sender_chat": chat}
    return {}


def message_of(chat: Chat, number: Any) -> Message:
    if number not in chat.history:
        raise Impossible(f"there is no message {number} here", 404)
    return chat.history[number]


def own_message(person: User, chat: Chat, number: Any) -> Message:
    message = message_of(chat, number)
    if message.sender is not person or message.service:
        raise Impossible("that is not this person's message", 403)
    return message


def written(text: str, entities: list[dict[str, Any]] | None = None) -> Formatted:
    try:
        return formatted(text, None, entities)
    except CannotParse as problem:
        raise Impossible(str(problem)) from None


def reply_fields(chat: Chat, wish: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {"thread_id": wish.get("thread")}
    if wish.get("reply_to") is None:
        return fields
    fields["reply_to"] = message_of(chat, wish["reply_to"])
    quote = wish.get("quote")
    if quote:
        position = max(0, fields["reply_to"].text.find(quote))
        fields["quote"] = {"text": quote, "position": position, "is_manual": True}
    return fields


def split(text: str) -> list[str]:
    """A long text in parts of 4096 characters, as Telegram's apps send it."""
    return [text[start : start + TEXT_LIMIT] for start in range(0, len(text), TEXT_LIMIT)]


def send_text(
    world: World, person: User, chat: Chat, wish: dict[str, Any]
) -> tuple[list[Message], list[int]]:
    text = str(wish.get("text") or "")
    if not written(text, wish.get("entities")).text:
        raise Impossible("a message needs a text")
    may_write(person, chat)
    fields = reply_fields(chat, wish) | identity(person, chat)
    messages, updates = [], []
    parts = split(text)
    for part in parts:
        words = written(part, wish.get("entities") if len(parts) == 1 else None)
        if not words.text:
            continue
        message = new_message(world, chat, person, text=words.text, entities=words.entities, **fields)
        updates += post(world, message)
        messages.append(message)
    keyboards.used(chat, person)
    return messages, updates


def made(world: World, kind: str, upload: Upload, wish: dict[str, Any]) -> Media:
    if kind not in making.KINDS:
        raise Impossible(f"a file is sent as {', '.join(sorted(making.KINDS))}")
    size = (int(wish.get("width") or 0), int(wish.get("height") or 0))
    try:
        return making.make(world.files, kind, upload, int(wish.get("duration") or 0), size)
    except NotAPicture as problem:
        raise Impossible(f"{upload.name} cannot be sent as a photo: {problem}") from None


async def send_files(
    world: World, person: User, chat: Chat, uploads: list[Upload], wish: dict[str, Any]
) -> tuple[list[Message], list[int]]:
    """Several photos or videos are an album; its caption is on the first item."""
    kind = str(wish.get("as") or "document")
    # stickers have no caption
    caption = written(str(wish.get("caption") or "") if kind != "sticker" else "")
    if len(caption.text) > CAPTION_LIMIT:
        raise Impossible(f"a caption has at most {CAPTION_LIMIT} characters")
    if len(uploads) > ALBUM_LIMIT:
        raise Impossible(f"at most {ALBUM_LIMIT} files at once")
    media = [made(world, kind_of(kind, upload), upload, wish) for upload in uploads]
    may_write(person, chat)
    fields = reply_fields(chat, wish) | identity(person, chat)
    if len(media) > 1:
        fields["media_group_id"] = str(secrets.randbits(62))
    messages = [new_message(world, chat, person, media=item, **fields) for item in media]
    messages[0].text, messages[0].entities = caption.text, caption.entities
    for message in messages:
        post(world, message, quietly=True)
    return messages, await hand_over(world, messages, wish)


def kind_of(kind: str, upload: Upload) -> str:
    """In an album sent as photos, a film is a video."""
    return "video" if kind == "photo" and upload.mime.startswith("video/") else kind


async def hand_over(world: World, messages: list[Message], wish: dict[str, Any]) -> list[int]:
    """Tells the bots, if wanted in another order and with pauses between."""
    order = list(messages)
    if wish.get("shuffle") and len(order) > 1:
        while order == messages:
            random.shuffle(order)
    updates: list[int] = []
    for message in order:
        if updates and float(wish.get("spacing") or 0):
            await asyncio.sleep(float(wish["spacing"]))
        updates += deliver(world, message)
    return updates


def edit(world: World, person: User, chat: Chat, number: Any, text: str) -> list[int]:
    message = own_message(person, chat, number)
    words = written(text)
    if not words.text and not message.media:
        raise Impossible("a message needs a text")
    if words.text == message.text:
        return []
    message.text, message.entities = words.text, words.entities
    edited(world, message)
    return deliver(world, message, "edited_message")


def delete(world: World, person: User, chat: Chat, number: Any) -> None:
    """In a private chat everything, in a group one's own, or anything with the right; bots are not told."""
    message = message_of(chat, number)
    if isinstance(chat, Group) and message.sender is not person:
        if not chat.member(person).may("can_delete_messages"):
            raise Impossible("only an admin deletes other people's messages", 403)
    remove(world, message, person)


def forward(world: World, person: User, source: Message, chat: Chat) -> tuple[Message, list[int]]:
    if source.protected or source.service:
        raise Impossible("this message cannot be forwarded", 403)
    may_write(person, chat)
    forwarded = source.forwarded or Forwarded(source.date, source.sender, source.sender_chat)
    content = {"text": source.text, "entities": source.entities, "media": source.media}
    fields = content | {"forwarded": forwarded, "spoiler": source.spoiler} | identity(person, chat)
    message = new_message(world, chat, person, **fields)
    return message, post(world, message)


def start(world: World, bot: Bot, person: User, payload: str) -> tuple[list[Message], list[int]]:
    """A deep link opened and Start pressed; a blocked bot is unblocked by it."""
    from sandbox.telegram.membership import block

    chat = world.open_private(bot, person)
    block(world, chat, False)
    return send_text(world, person, chat, {"text": f"/start {payload}".strip()})


def button_at(message: Message, wish: dict[str, Any]) -> dict[str, Any]:
    """The button a press names, by data or by row and column; raises Impossible."""
    rows = (message.markup or {}).get("inline_keyboard", [])
    if "data" in wish:
        found = [b for row in rows for b in row if b.get("callback_data") == wish["data"]]
    else:
        row, column = int(wish.get("row", -1)), int(wish.get("column", -1))
        found = [rows[row][column]] if 0 <= row < len(rows) and 0 <= column < len(rows[row]) else []
    if not found:
        raise Impossible("there is no such button on this message", 404)
    button: dict[str, Any] = found[0]
    return button


def bot_of(world: World, chat: Chat, message: Message | None) -> Bot:
    if isinstance(chat, PrivateChat):
        return chat.bot
    if message and message.sender.id in world.bots:
        return world.bots[message.sender.id]
    raise Impossible("only a bot's message has buttons", 404)


async def press(world: World, person: User, chat: Chat, wish: dict[str, Any]) -> dict[str, Any]:
    """Waits for the bot's answer. `forge` presses what is not there, as a hostile client can."""
    forged = bool(wish.get("forge"))
    message = chat.history.get(wish["message_id"])
    if message is None and not forged:
        raise Impossible(f"there is no message {wish['message_id']} here", 404)
    if forged:
        button = {"callback_data": str(wish.get("data", ""))}
    else:
        button = button_at(message, wish) if message else {}
    if "callback_data" not in button:
        return {"answered": True, "text": "", "show_alert": False} | shown_only(button)
    bot = bot_of(world, chat, message)
    pressed = begin(world, bot, person, chat, message, wish["message_id"], button["callback_data"])
    try:
        await asyncio.wait_for(pressed.done.wait(), float(wish.get("wait", 5)))
    except TimeoutError:
        return {"answered": False, "text": "", "show_alert": False, "url": None}
    return {"answered": True} | pressed.answer


def shown_only(button: dict[str, Any]) -> dict[str, Any]:
    """A button that does its work in the app alone: what the app would open or copy."""
    shown = phoneview.button_json(button)
    return {"url": shown.get("url"), "copied": button.get("copy_text", {}).get("text")}


def begin(
    world: World, bot: Bot, person: User, chat: Chat, message: Message | None, number: int, data: str
) -> Press:
    gone = Message(number, chat, 0, bot.user)
    pressed = world.presses.begin(bot, person, message or gone)
    inaccessible = {"chat": chat.as_json(), "message_id": number, "date": 0}
    query = {
        "id": pressed.id,
        "from": person.as_json(),
        "message": message_json(bot.id, message) if message else inaccessible,
        "chat_instance": str(abs(hash((bot.id, chat.address))) % 10**18),
        "data": data,
    }
    life = 150
    bot.updates.push("callback_query", query, ("callback", person.id), life)
    return pressed
