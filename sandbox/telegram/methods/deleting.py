"""deleteMessage and deleteMessages: what a bot may take away.

The rules are those of the Bot API's text for deleteMessage.
"""

from sandbox.telegram.chats import Group
from sandbox.telegram.messages import Message
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.targets import message_in, present_chat
from sandbox.telegram.posting import remove
from sandbox.telegram.refusals import Refused, bad_request

DELETABLE = 48 * 3600


async def delete_message(call: Call) -> bool:
    """Answer deleteMessage."""
    _delete_one(call, call.params["message_id"])
    return True


async def delete_messages(call: Call) -> bool:
    """Messages that are not there, or may not be deleted, are skipped."""
    numbers = call.params["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise bad_request("there must be 1-100 message identifiers")
    present_chat(call)
    for number in numbers:
        try:
            _delete_one(call, number)
        except Refused:
            continue
    return True


def _delete_one(call: Call, number: int) -> None:
    message = message_in(present_chat(call), number, "message to delete not found")
    own = message.sender is call.bot.user
    if isinstance(message.chat, Group) and not own and not _may_clean(call, message.chat):
        raise bad_request("message can't be deleted")
    # in a supergroup an admin with the right may delete any message (Bot API, deleteMessage)
    if _too_old(call, message) and not (isinstance(message.chat, Group) and _may_clean(call, message.chat)):
        raise bad_request("message can't be deleted for everyone")
    remove(call.world, message, call.bot.user)


def _may_clean(call: Call, group: Group) -> bool:
    return group.member(call.bot.user).may("can_delete_messages")


def _too_old(call: Call, message: Message) -> bool:
    return call.world.clock.now() - message.date >= DELETABLE
