"""Finding the chat and the message a call names, or refusing in Telegram's words.

What is then done with them is the methods' matter.
"""

from typing import Any

from sandbox.telegram.chats import Chat, Group
from sandbox.telegram.messages import Message
from sandbox.telegram.methods.call import Call
from sandbox.telegram.refusals import bad_request, forbidden

CHAT_NOT_FOUND = "chat not found"


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
    if not isinstance(chat, Group) and chat.blocked:
        raise forbidden("bot was blocked by the user")
    return chat


def present_chat(call: Call, name: str = "chat_id") -> Chat:
    """Find a chat the bot is in now."""
    chat = chat_of(call, name)
    if isinstance(chat, Group):
        member = chat.member(call.bot.user)
        if member.status == "kicked":
            raise forbidden("bot was kicked from the supergroup chat")
        if not member.present:
            raise forbidden("bot is not a member of the supergroup chat")
    return chat


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
