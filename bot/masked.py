"""Anonymous admins: they write as the group, and a press on *Continue* shows who they are.

The button carries the number of their message: what they wrote is read from that message, which Telegram
sends along with the press. What that one replied to it does not send: its number is in the button too, and
its words stand as a quote in our own question.
"""

import telegram
from telegram.constants import MessageEntityType

from bot.turn import Message

#: The button's verb: `continue:<message id>:0[:<number of what it replies to>[.ours]]`.
CONTINUE = "continue"
_OURS = "ours"
#: A question with more than that would be cut in two (Bot API: sendMessage, 4096).
QUOTED_MOST = 3500


def is_masked(message: telegram.Message) -> bool:
    """Tell whether an anonymous admin of that very group wrote it (Bot API: Message.sender_chat)."""
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


def is_meant(message: telegram.Message, *, command: str | None, bot_username: str) -> bool:
    """Tell whether it waits for an answer of ours: a command, or words in reply to what we said."""
    replied = message.reply_to_message
    ours = replied is not None and _is_ours(replied, bot_username)
    return (command is not None or ours) and message.forward_origin is None


def behind(query: telegram.CallbackQuery, row: str, bot_username: str) -> telegram.Message | None:
    """Find the message a pressed *Continue* stands for. None: there is none, or not as it was written."""
    asked = query.message
    if not isinstance(asked, telegram.Message) or not _is_ours(asked, bot_username):
        return None
    written = asked.reply_to_message
    if written is None or str(written.message_id) != row or not is_masked(written):
        return None
    untouched = written.edit_date is None and written.via_bot is None and written.forward_origin is None
    return written if untouched else None


def data(message_id: int, replied: Message | None) -> str:
    """Write what the button carries; `about` reads it."""
    if replied is None:
        return f"{CONTINUE}:{message_id}:0"
    return f"{CONTINUE}:{message_id}:0:{replied.id}" + (f".{_OURS}" if replied.ours else "")


def about(asked: telegram.MaybeInaccessibleMessage, extra: str) -> Message | None:
    """Read what was replied to, as far as it was kept. None: nothing. Whoever makes it up is an admin too."""
    number, _, whose = extra.partition(".")
    if not isinstance(asked, telegram.Message) or not (number.isascii() and number.isdigit()):
        return None
    kept = (MessageEntityType.BLOCKQUOTE, MessageEntityType.EXPANDABLE_BLOCKQUOTE)
    quotes = list(asked.parse_entities(list(kept)).values())
    return Message(id=int(number[:18]), text=quotes[0] if quotes else "", ours=whose == _OURS)


def _is_ours(message: telegram.Message, bot_username: str) -> bool:
    sender = message.from_user
    return sender is not None and (sender.username or "").lower() == bot_username.lower()
