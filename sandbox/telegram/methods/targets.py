"""Finding the chat and the message a call names, or refusing in Telegram's words.

What is then done with them is the methods' matter.
"""

from typing import Any

from sandbox.telegram.chats import GENERAL_TOPIC, Chat, Group
from sandbox.telegram.messages import Message
from sandbox.telegram.methods.call import Call
from sandbox.telegram.refusals import Refused, bad_request, forbidden
from sandbox.telegram.topics import number_for, open_to, thread_of

CHAT_NOT_FOUND = "chat not found"
NO_THREAD = "message thread not found"


def chat_of(call: Call, name: str = "chat_id") -> Chat:
    """Find the chat, whether or not the bot may write there."""
    number = call.params.get(name)
    if number in call.world.groups:
        group = call.world.groups[number]
        if call.bot.id in group.members:
            return group
        raise bad_request(CHAT_NOT_FOUND)
    if number in call.world.bots:
        raise forbidden("bot can't send messages to bots")
    if number not in call.world.people:
        raise bad_request(CHAT_NOT_FOUND)
    chat = call.world.private.get((call.bot.id, number))
    if chat is None or not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    return chat


def chat_to_write(call: Call) -> Chat:
    """Find the chat, or refuse because the bot may not write there."""
    chat = present_chat(call)
    if not isinstance(chat, Group):
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
    elif not chat.member(call.bot.user).can("can_send_messages"):
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def present_chat(call: Call, name: str = "chat_id") -> Chat:
    """Find a chat the bot is in now."""
    chat = chat_of(call, name)
    if isinstance(chat, Group):
        _check_alive(chat)
        member = chat.member(call.bot.user)
        if member.status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind} chat")
        if not member.present:
            raise forbidden(f"bot is not a member of the {chat.kind} chat")
    return chat


def _check_alive(group: Group) -> None:
    """Refuse for a group that is no more; a deleted supergroup looks like one that put the bot out."""
    if group.migrated_to is not None:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refused(400, words, {"migrate_to_chat_id": group.migrated_to})
    if group.gone:
        raise forbidden(
            "the group chat was deleted" if group.basic else "bot was kicked from the supergroup chat"
        )


def thread_to_write(call: Call, chat: Chat, replied: Message | None = None) -> dict[str, Any]:
    """Return the fields that put the bot's message into its thread, or refuse.

    General has no number to write to: it is where messages without one go
    (https://github.com/tdlib/telegram-bot-api/issues/798).
    """
    number = call.params.get("message_thread_id")
    if not isinstance(chat, Group):
        return thread_of(chat, number, replied)
    if chat.forum:
        topic = chat.topics.get(number_for(number, replied))
        if topic is None or number == GENERAL_TOPIC:
            raise bad_request(NO_THREAD)
        if not open_to(chat, call.bot.user, topic):
            raise bad_request("TOPIC_CLOSED")
        return thread_of(chat, number, replied)
    if number is not None and (chat.basic or number not in chat.history):
        raise bad_request(NO_THREAD)
    fields = thread_of(chat, None, replied)
    return fields | {"thread_id": fields["thread_id"] or number}


def message_in(chat: Chat, number: Any, words: str) -> Message:
    """Find a message, or refuse with these words."""
    message = chat.history.get(number)
    if message is None:
        raise bad_request(words)
    return message


def message_to_edit(call: Call) -> Message:
    """Find the bot's own message named by chat_id and message_id."""
    if "inline_message_id" in call.params:
        raise bad_request("MESSAGE_ID_INVALID")
    for name, words in (
        ("chat_id", "chat_id is empty"),
        ("message_id", "message identifier is not specified"),
    ):
        if name not in call.params:
            raise bad_request(words)
    message = message_in(present_chat(call), call.params["message_id"], "message to edit not found")
    if message.sender is not call.bot.user or message.service or message.forwarded:
        raise bad_request("message can't be edited")
    return message
