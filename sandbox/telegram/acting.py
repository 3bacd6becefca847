"""What people do with their phones: write, edit, delete, forward, start a bot.

Pressing is in `pressing`, joining and leaving in `membership`; what a bot may do is in `methods`.
"""

import asyncio
import random
import secrets
from typing import Any

from sandbox.telegram import keyboards, surveys, topics
from sandbox.telegram import media as making
from sandbox.telegram.chats import Chat, Group, PrivateChat
from sandbox.telegram.delivery import deliver
from sandbox.telegram.entities import CannotParse, Formatted, formatted
from sandbox.telegram.membership import block, change, speaks_as
from sandbox.telegram.messages import Media, Message, origin_of
from sandbox.telegram.people import Bot, User
from sandbox.telegram.pictures import NotAPicture
from sandbox.telegram.posting import edited, new_message, post, remove
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.spec import Upload
from sandbox.telegram.wishes import integer_or, seconds_or
from sandbox.telegram.world import World

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ALBUM_LIMIT = 10


def may_write(person: User, chat: Chat) -> None:
    """Raise Impossible for who is not in the chat, or blocked its bot."""
    if isinstance(chat, PrivateChat):
        if chat.blocked:
            raise Impossible(f"{person.first_name} blocked this bot", 409)
        chat.started = True
        return
    if not chat.alive:
        raise Impossible("this group is no more", 409)
    if not chat.member(person).present:
        raise Impossible(f"{person.first_name} is not in this group", 403)
    if not chat.member(person).can("can_send_messages"):
        raise Impossible(f"{person.first_name} may not write in this group", 403)


def identity(world: World, person: User, chat: Chat, wish: dict[str, Any]) -> dict[str, Any]:
    """Let an anonymous admin write as the group, and anybody as a channel of theirs: `as_channel`."""
    if not isinstance(chat, Group):
        return {}
    number = integer_or(wish, "as_channel", 0)
    if not number:
        return speaks_as(chat, person)
    channel = world.channels.get(number)
    if channel is None or channel.owner is not person:
        raise Impossible(f"{person.first_name} has no channel {number}", 404)
    return {"sender_chat": channel}


def message_of(chat: Chat, number: Any) -> Message:
    """Raise Impossible when the message is not there."""
    if number not in chat.history:
        raise Impossible(f"there is no message {number} here", 404)
    return chat.history[number]


def _own_message(person: User, chat: Chat, number: Any) -> Message:
    message = message_of(chat, number)
    if message.sender is not person or message.service:
        raise Impossible("that is not this person's message", 403)
    return message


def written(text: str, entities: list[dict[str, Any]] | None = None) -> Formatted:
    """Read a text as apps send it; raises Impossible."""
    try:
        return formatted(text, None, entities)
    except CannotParse as problem:
        raise Impossible(str(problem)) from None


def _reply_fields(person: User, chat: Chat, wish: dict[str, Any]) -> dict[str, Any]:
    replied = message_of(chat, wish["reply_to"]) if wish.get("reply_to") is not None else None
    fields = topics.thread_of(chat, wish.get("thread"), replied)
    if isinstance(chat, Group) and chat.forum:
        topic = topics.topic_of(chat, topics.number_for(wish.get("thread"), replied))
        if not topics.open_to(chat, person, topic):
            raise Impossible(f"the topic {topic.name} is closed", 403)
    quote = wish.get("quote")
    if quote and replied:
        position = max(0, fields["reply_to"].text.find(quote))
        fields["quote"] = {"text": quote, "position": position, "is_manual": True}
    return fields


def split(text: str) -> list[str]:
    """Cut a long text into parts of 4096 characters, as Telegram's apps send it."""
    return [text[start : start + TEXT_LIMIT] for start in range(0, len(text), TEXT_LIMIT)]


def send_text(
    world: World, person: User, chat: Chat, wish: dict[str, Any]
) -> tuple[list[Message], list[int]]:
    """Write into a chat; return the messages and the ids of the updates they made."""
    text = str(wish.get("text") or "")
    if not written(text, wish.get("entities")).text:
        raise Impossible("a message needs a text")
    may_write(person, chat)
    fields = _reply_fields(person, chat, wish) | identity(world, person, chat, wish)
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


def _made(world: World, kind: str, upload: Upload, wish: dict[str, Any]) -> Media:
    if kind not in making.KINDS:
        raise Impossible(f"a file is sent as {', '.join(sorted(making.KINDS))}")
    size = (integer_or(wish, "width", 0), integer_or(wish, "height", 0))
    try:
        return making.make(world.files, kind, upload, integer_or(wish, "duration", 0), size)
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
    media = [_made(world, kind_of(kind, upload), upload, wish) for upload in uploads]
    may_write(person, chat)
    fields = _reply_fields(person, chat, wish) | identity(world, person, chat, wish)
    if len(media) > 1:
        fields["media_group_id"] = str(secrets.randbits(62))
    messages = [new_message(world, chat, person, media=item, **fields) for item in media]
    messages[0].text, messages[0].entities = caption.text, caption.entities
    for message in messages:
        post(world, message, quietly=True)
    return messages, await hand_over(messages, wish)


def kind_of(kind: str, upload: Upload) -> str:
    """In an album sent as photos, a film is a video."""
    return "video" if kind == "photo" and upload.mime.startswith("video/") else kind


async def hand_over(messages: list[Message], wish: dict[str, Any]) -> list[int]:
    """Tells the bots, if wanted in another order and with pauses between."""
    order = list(messages)
    if wish.get("shuffle") and len(order) > 1:
        while order == messages:
            random.shuffle(order)
    updates: list[int] = []
    for message in order:
        if updates:
            await asyncio.sleep(seconds_or(wish, "spacing", 0))
        updates += deliver(message)
    return updates


def edit(world: World, person: User, chat: Chat, number: Any, text: str) -> list[int]:
    """Change an own message; return the ids of the updates it made."""
    message = _own_message(person, chat, number)
    words = written(text)
    if not words.text and not message.media:
        raise Impossible("a message needs a text")
    if words.text == message.text:
        return []
    message.text, message.entities = words.text, words.entities
    edited(world, message)
    return deliver(message, "edited_message")


def _may_clean(person: User, group: Group) -> bool:
    return group.member(person).may("can_delete_messages")


def delete(world: World, person: User, chat: Chat, number: Any) -> None:
    """In a private chat everything, in a group one's own, or anything with the right; bots are not told."""
    message = message_of(chat, number)
    if isinstance(chat, Group) and message.sender is not person and not _may_clean(person, chat):
        raise Impossible("only an admin deletes other people's messages", 403)
    remove(world, message, person)


def forward(
    world: World, person: User, source: Message, chat: Chat, wish: dict[str, Any]
) -> tuple[Message, list[int]]:
    """Raise Impossible for what is protected."""
    if source.protected or source.service:
        raise Impossible("this message cannot be forwarded", 403)
    may_write(person, chat)
    forwarded = source.forwarded or origin_of(source)
    kept = ("text", "entities", "media", "survey", "via_bot", "spoiler")
    content = {name: getattr(source, name) for name in kept}
    content |= topics.thread_of(chat, wish.get("thread")) | identity(world, person, chat, wish)
    message = new_message(world, chat, person, forwarded=forwarded, **content)
    return message, post(world, message)


def send_poll(world: World, person: User, chat: Chat, wish: dict[str, Any]) -> tuple[Message, list[int]]:
    """Send a poll into a chat; return the message and the ids of the updates it made."""
    survey = surveys.make(wish, world.clock.seconds())
    may_write(person, chat)
    fields = _reply_fields(person, chat, wish) | identity(world, person, chat, wish)
    message = new_message(world, chat, person, survey=survey, **fields)
    keyboards.used(chat, person)
    return message, post(world, message)


def start_in_group(
    world: World, bot: Bot, person: User, group: Group, payload: str
) -> tuple[list[Message], list[int]]:
    """Open a ?startgroup= link: the bot is added if need be, and started there with the payload."""
    may_write(person, group)
    if not group.member(bot.user).present:
        if not group.member(person).can("can_invite_users"):
            raise Impossible(f"{person.first_name} may not add anybody here", 403)
        change(world, group, bot.user, "member", by=person)
    return send_text(world, person, group, {"text": f"/start@{bot.username} {payload}".strip()})


def start(world: World, bot: Bot, person: User, payload: str) -> tuple[list[Message], list[int]]:
    """Open a deep link and press Start; a blocked bot is unblocked by it."""
    chat = world.open_private(bot, person)
    block(world, chat, blocked=False)
    return send_text(world, person, chat, {"text": f"/start {payload}".strip()})
