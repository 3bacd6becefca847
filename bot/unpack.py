"""Takes a Telegram update apart into our own values: who said or pressed what, what happened to a group."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

import telegram
from telegram.constants import ChatType

from bot import masked
from bot.content import content_of, plain_text
from bot.happened import happened_in
from bot.turn import Chat, Happened, Inline, Message, Press

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
    """The bot's new status in a private chat (Bot API: ChatMember.status), when that is what changed."""
    continued: int | None = None
    """Our message whose *Continue* was pressed: the rest was written by an admin whom we did not see."""


@dataclass(frozen=True, slots=True)
class Masked:
    """What an anonymous admin wrote to this bot."""

    update_id: int
    chat: Chat
    message_id: int
    command: str | None
    about: Message | None = None
    """What it replies to, which Telegram does not send along with the press."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What happened to a group."""

    update_id: int
    chat: Chat
    what: Happened


def cleaned(raw: Any) -> Any:
    """Give a raw update without what no database takes: NUL and halves of surrogate pairs become U+FFFD.

    Each is one UTF-16 unit, as what it becomes, so that entities keep their places.
    """
    if isinstance(raw, str):
        return _UNSTORABLE.sub("\ufffd", raw)
    if isinstance(raw, dict):
        return {key: cleaned(value) for key, value in raw.items()}
    return [cleaned(value) for value in raw] if isinstance(raw, list) else raw


def unpack(update: telegram.Update, bot_username: str) -> Unpacked | Masked | Witnessed | None:
    """Read an update; None: nobody we may answer caused it (a channel, a bot).

    Nor is what came through an inline bot, ours too, anybody's own words: it is no command, draft or PIN.
    """
    if update.inline_query:
        return _typed(update.update_id, update.inline_query)
    if update.callback_query:
        return _pressed(update.update_id, update.callback_query, bot_username)
    if (what := happened_in(update)) and update.effective_chat:
        return Witnessed(update.update_id, _chat(update.effective_chat, update.message), what)
    if update.my_chat_member:
        return _membership(update.update_id, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None or message.via_bot is not None:
        return None
    return _written(update, message, bot_username)


def _written(
    update: telegram.Update, message: telegram.Message, bot_username: str
) -> Unpacked | Masked | None:
    edited = update.edited_message is not None
    if masked.is_masked(message):
        return None if edited else _masked(update.update_id, message, bot_username)
    user = message.from_user
    if user is None or user.is_bot or message.sender_chat is not None:
        return None
    return _said(update.update_id, message, user, bot_username, edited=edited)


def _masked(update_id: int, message: telegram.Message, bot_username: str) -> Masked | None:
    command, _, _ = _command(message, bot_username)
    if not masked.is_meant(message, command=command, bot_username=bot_username):
        return None
    about = content_of(message, "", bot_username=bot_username).reply_to
    return Masked(update_id, _chat(message.chat, message), message.message_id, command, about)


def _said(
    update_id: int,
    message: telegram.Message,
    user: telegram.User,
    bot_username: str,
    *,
    edited: bool = False,
    press_id: str | None = None,
    continued: int | None = None,
) -> Unpacked:
    command, argument, rest = _command(message, bot_username)
    return Unpacked(
        update_id=update_id,
        user=user,
        chat=_chat(message.chat, message),
        message=content_of(message, rest, bot_username=bot_username),
        command=command,
        argument=argument,
        press_id=press_id,
        edited=edited,
        continued=continued,
    )


def _typed(update_id: int, query: telegram.InlineQuery) -> Unpacked:
    return Unpacked(
        update_id=update_id,
        user=query.from_user,
        chat=Chat(id=0, private=False),
        message=Message(id=0),
        inline=Inline(query.id, query.query),
    )


def _pressed(update_id: int, query: telegram.CallbackQuery, bot_username: str) -> Unpacked | None:
    if query.message is None or query.data is None:
        return None
    press = read_press(query.data)
    if press.verb == masked.CONTINUE and (written := masked.behind(query, press.row, bot_username)):
        asked = query.message.message_id
        user, about = query.from_user, masked.about(query.message, press.extra)
        said = _said(update_id, written, user, bot_username, press_id=query.id, continued=asked)
        return replace(said, message=replace(said.message, reply_to=about))
    reachable = isinstance(query.message, telegram.Message)
    return Unpacked(
        update_id=update_id,
        user=query.from_user,
        chat=_chat(query.message.chat, query.message if reachable else None),  # type: ignore[arg-type]
        message=Message(id=query.message.message_id),
        press=press,
        press_id=query.id,
    )


def read_press(data: str) -> Press:
    """Read callback data `verb:row:version[:extra]`; garbage becomes a verb nobody knows."""
    verb, _, rest = data.partition(":")
    row, _, rest = rest.partition(":")
    version, _, extra = rest.partition(":")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    return Press(verb=verb, row=row, version=number, extra=extra)


def _membership(update_id: int, change: telegram.ChatMemberUpdated) -> Unpacked | None:
    if change.chat.type != ChatType.PRIVATE:
        return None
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
        private=chat.type == ChatType.PRIVATE,
        thread_id=message.message_thread_id if message and in_topic else None,
        title=chat.title,
    )


def _command(message: telegram.Message, bot_username: str) -> tuple[str | None, str, str]:
    """Split off a leading command typed by this person: (command, argument, whole text or argument).

    A forwarded command and one for another bot are no commands.
    """
    whole = plain_text(message)
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
