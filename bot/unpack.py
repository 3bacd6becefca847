"""Takes a Telegram update apart into our own values; the only reader of Telegram's message fields."""

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import telegram

from bot.turn import Attachment, Chat, Inline, MediaKind, Message, Poll, Press

#: What a link or button starts the bot with when it only leads into the private chat and grants nothing:
#: Telegram wants at least one character (Bot API: InlineQueryResultsButton.start_parameter).
PLAIN_START = "inline"

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An update that some person caused. `command` is set only when this very person typed it to this bot."""

    update_id: int
    user: telegram.User
    chat: Chat
    message: Message
    command: str | None = None
    argument: str = field(default="", repr=False)
    press: Press | None = None
    press_id: str | None = None
    """Telegram's id of the press, which must be answered."""
    inline: Inline | None = None
    edited: bool = False
    membership: str | None = None
    """The bot's new status in this chat (Bot API: ChatMember.status), when that is what changed."""


def cleaned(raw: Any) -> Any:
    """Give a raw update without what no database takes: NUL and halves of surrogate pairs become U+FFFD.

    Each is one UTF-16 unit, as what it becomes, so that entities keep their places.
    """
    if isinstance(raw, str):
        return _UNSTORABLE.sub("\ufffd", raw)
    if isinstance(raw, dict):
        return {key: cleaned(value) for key, value in raw.items()}
    return [cleaned(value) for value in raw] if isinstance(raw, list) else raw


def unpack(update: telegram.Update, bot_username: str) -> Unpacked | None:
    """Read an update; None: nobody we may answer caused it (a channel, a bot, an anonymous admin).

    Nor is what came through an inline bot, ours too, anybody's own words: it is no command, draft or PIN.
    """
    if update.inline_query:
        return _typed(update.update_id, update.inline_query)
    if update.callback_query:
        return _pressed(update.update_id, update.callback_query)
    if update.my_chat_member:
        return _membership(update.update_id, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None or message.via_bot is not None or not _is_a_person(message):
        return None
    return _said(update.update_id, message, bot_username, edited=update.edited_message is not None)


def _is_a_person(message: telegram.Message) -> bool:
    user = message.from_user
    return user is not None and not user.is_bot and message.sender_chat is None


def _said(update_id: int, message: telegram.Message, bot_username: str, *, edited: bool) -> Unpacked:
    assert message.from_user is not None  # noqa: S101 - _is_a_person was asked
    command, argument, rest = _command(message, bot_username)
    return Unpacked(
        update_id=update_id,
        user=message.from_user,
        chat=_chat(message.chat, message),
        message=_message(message, rest),
        command=command,
        argument=argument,
        edited=edited,
    )


def _typed(update_id: int, query: telegram.InlineQuery) -> Unpacked:
    return Unpacked(
        update_id=update_id,
        user=query.from_user,
        chat=Chat(id=0, private=False),
        message=Message(id=0),
        inline=Inline(query.id, query.query),
    )


def _pressed(update_id: int, query: telegram.CallbackQuery) -> Unpacked | None:
    if query.message is None or query.data is None:
        return None
    reachable = isinstance(query.message, telegram.Message)
    return Unpacked(
        update_id=update_id,
        user=query.from_user,
        chat=_chat(query.message.chat, query.message if reachable else None),  # type: ignore[arg-type]
        message=Message(id=query.message.message_id),
        press=read_press(query.data),
        press_id=query.id,
    )


def read_press(data: str) -> Press:
    """Read callback data `verb:row:version[:extra]`; garbage becomes a verb nobody knows."""
    verb, _, rest = data.partition(":")
    row, _, rest = rest.partition(":")
    version, _, extra = rest.partition(":")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    return Press(verb=verb, row=row, version=number, extra=extra)


def _membership(update_id: int, change: telegram.ChatMemberUpdated) -> Unpacked:
    return Unpacked(
        update_id=update_id,
        user=change.from_user,
        chat=_chat(change.chat, None),
        message=Message(id=0),
        membership=change.new_chat_member.status,
    )


def _chat(chat: telegram.Chat, message: telegram.Message | None) -> Chat:
    in_topic = message is not None and message.is_topic_message
    return Chat(
        id=chat.id,
        private=chat.type == telegram.constants.ChatType.PRIVATE,
        thread_id=message.message_thread_id if message and in_topic else None,
    )


def _message(message: telegram.Message, text: str) -> Message:
    replied = message.reply_to_message
    return Message(
        id=message.message_id,
        text=text,
        attachments=_attachments(message),
        album_id=message.media_group_id,
        reply_to=_message(replied, _quoted(message) or _plain(replied)) if replied else None,
        protected=bool(message.has_protected_content),
        forwarded=message.forward_origin is not None,
        poll=_poll(message.poll) if message.poll else None,
        location=(message.location.latitude, message.location.longitude) if message.location else None,
    )


def _poll(poll: telegram.Poll) -> Poll:
    return Poll(
        question=poll.question,
        options=tuple(option.text for option in poll.options),
        # As Telegram sent it, see `_attachment`.
        open_period_s=poll.to_dict().get("open_period"),
        is_quiz=poll.type == telegram.constants.PollType.QUIZ,
        multiple=poll.allows_multiple_answers,
    )


def _quoted(message: telegram.Message) -> str:
    """Give the part of the replied-to message that the person picked by hand, or nothing."""
    quote = message.quote
    return quote.text if quote and quote.is_manual else ""


def _attachments(message: telegram.Message) -> tuple[Attachment, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (_attachment("photo", largest, mime="image/jpeg"),)
    if message.animation:
        return (_attachment("gif", message.animation),)
    if message.video:
        return (_attachment("video", message.video),)
    if message.document:
        return (_attachment(_document_kind(message.document.mime_type), message.document),)
    other = message.sticker or message.voice or message.video_note or message.audio
    return (_attachment("other", other),) if other else ()


def _document_kind(mime: str | None) -> MediaKind:
    """Say what a file is: a photo sent "as file" is still a photo. What it really is shows when fetched."""
    if mime == "image/gif":
        return "gif"
    if mime in {"image/jpeg", "image/png", "image/webp"}:
        return "photo"
    return "video" if mime in {"video/mp4", "video/quicktime"} else "other"


_File = (
    telegram.PhotoSize
    | telegram.Animation
    | telegram.Video
    | telegram.Document
    | telegram.Sticker
    | telegram.Voice
    | telegram.VideoNote
    | telegram.Audio
)


def _attachment(kind: MediaKind, file: _File, mime: str | None = None) -> Attachment:
    # As Telegram sent it: the attribute `duration` is about to change its type and warns of it.
    raw = file.to_dict()
    return Attachment(
        kind=kind,
        file_id=file.file_id,
        file_unique_id=file.file_unique_id,
        mime=mime or raw.get("mime_type"),
        size=file.file_size,
        duration_s=raw.get("duration"),
    )


def _command(message: telegram.Message, bot_username: str) -> tuple[str | None, str, str]:
    """Split off a leading command typed by this person: (command, argument, whole text or argument).

    A forwarded command and one for another bot are no commands.
    """
    whole = _plain(message)
    entities = message.entities or message.caption_entities or ()
    lead = next((e for e in entities if e.type == "bot_command" and e.offset == 0), None)
    if lead is None or message.forward_origin is not None:
        return None, "", whole
    name, _, addressee = whole[1 : lead.length].partition("@")
    if addressee and addressee.lower() != bot_username.lower():
        return None, "", whole
    argument = whole[lead.length :].strip()
    if (name.lower(), argument) == ("start", PLAIN_START):
        argument = ""
    return name.lower(), argument, argument


def _plain(message: telegram.Message) -> str:
    """Give text or caption, with the targets of hidden links put behind their words so that none is lost."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities or ()
    hidden = [e for e in entities if e.type == "text_link" and e.url and e.url not in text]
    units = text.encode("utf-16-le", "surrogatepass")
    by_end = sorted(hidden, key=lambda e: e.offset + e.length, reverse=True)
    for end, links in groupby(by_end, key=lambda e: (e.offset + e.length) * 2):
        targets = "".join(f" {link.url}" for link in links)
        units = units[:end] + targets.encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace")
