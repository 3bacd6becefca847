"""Putting a message into a chat, changing it, taking it out: for bots and people alike.

Whether somebody may is asked before; here it is done and everybody concerned is told.
"""

from typing import Any

from sandbox.telegram import phoneview
from sandbox.telegram.chats import Chat, Group
from sandbox.telegram.delivery import deliver
from sandbox.telegram.messages import Message
from sandbox.telegram.people import User
from sandbox.telegram.world import World


def new_message(world: World, chat: Chat, sender: User, **fields: Any) -> Message:
    """Make a message with its number, not yet posted."""
    return Message(world.next_message_id(chat), chat, world.clock.seconds(), sender, **fields)


def post(world: World, message: Message, *, quietly: bool = False) -> list[int]:
    """Ids of the updates bots get; `quietly` leaves telling them to the caller."""
    chat = message.chat
    chat.history[message.message_id] = message
    if isinstance(chat, Group) and message.sender.is_bot:
        chat.last_bot = message.sender.id
    chat.read_up_to[message.sender.id] = message.message_id
    tell(world, message, "message")
    return [] if quietly else deliver(message)


def tell(world: World, message: Message, kind: str) -> None:
    """Tell every phone of the chat about the message."""
    for person in message.chat.people():
        shown = phoneview.message_json(person, message)
        event = {"kind": kind, "chat": message.chat.address, "message": shown}
        world.events.tell(person, event | {"message_id": message.message_id})


def edited(world: World, message: Message) -> None:
    """Stamp the edit and tell the phones; bots are told by the caller."""
    message.edit_date = world.clock.seconds()
    tell(world, message, "edited")


def remove(world: World, message: Message, by: User) -> None:
    """Take a message out of its chat and tell the phones."""
    message.deleted = True
    message.chat.history.pop(message.message_id, None)
    event = {"kind": "deleted", "chat": message.chat.address, "message_id": message.message_id}
    world.events.tell_all(message.chat.people(), event | {"by": "bot" if by.is_bot else "person"})
