"""Asking about chats and members, leaving, reacting, pinning.

Who is in a chat is changed by people, in `membership`, but for leaveChat.
"""

from typing import Any

from sandbox.telegram import membership
from sandbox.telegram.botview import message_json
from sandbox.telegram.chats import PERMISSIONS, Chat, Group, Member
from sandbox.telegram.methods.call import Call
from sandbox.telegram.methods.targets import chat_of, message_in, present_chat
from sandbox.telegram.people import User
from sandbox.telegram.posting import new_message, post, tell
from sandbox.telegram.refusals import bad_request

# Bot API, ReactionTypeEmoji.emoji
REACTIONS_TEXT = """
❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥
🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨
🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡
"""
REACTIONS = frozenset(REACTIONS_TEXT.split())
NO_LIST = "member list is inaccessible"
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


async def get_chat(call: Call) -> dict[str, Any]:
    """Answer getChat."""
    chat = chat_of(call)
    shown = chat.as_json() | {"accent_color_id": abs(chat.id) % 7, "max_reaction_count": 11}
    shown["accepted_gift_types"] = dict.fromkeys(GIFTS, False)
    if isinstance(chat, Group):
        shown["permissions"] = dict.fromkeys(PERMISSIONS, True)
    return shown


def _group_of(call: Call) -> Group:
    chat = present_chat(call)
    if not isinstance(chat, Group):
        raise bad_request("there are no administrators in the private chat")
    return chat


async def get_chat_member(call: Call) -> dict[str, Any]:
    """Answer getChatMember."""
    chat = present_chat(call)
    user = call.world.user(call.params["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if isinstance(chat, Group):
        return _member_told(call, chat, user).as_json()
    if user not in (chat.person, chat.bot.user):
        raise bad_request("member not found")
    return {"status": "member", "user": user.as_json()}


def _member_told(call: Call, group: Group, user: User) -> Member:
    """Bot API, getChatMember: only guaranteed to work for other users if the bot is an administrator."""
    member = group.member(user)
    known = member.is_admin or user is call.bot.user or group.member(call.bot.user).is_admin
    if group.hides_members and not known:
        raise bad_request(NO_LIST)
    return member


async def get_chat_administrators(call: Call) -> list[dict[str, Any]]:
    """Other bots are left out unless `return_bots` (Bot API 10.0)."""
    admins = [member for member in _group_of(call).members.values() if member.is_admin]
    wanted = call.params.get("return_bots", False)
    return [m.as_json() for m in admins if wanted or not m.user.is_bot or m.user is call.bot.user]


async def get_chat_member_count(call: Call) -> int:
    """Answer getChatMemberCount."""
    chat = present_chat(call)
    return sum(member.present for member in chat.members.values()) if isinstance(chat, Group) else 2


async def leave_chat(call: Call) -> bool:
    """Answer leaveChat."""
    chat = present_chat(call)
    if not isinstance(chat, Group):
        raise bad_request("chat member status can't be changed in private chats")
    membership.change(call.world, chat, call.bot.user, "left", by=call.bot.user)
    return True


async def set_message_reaction(call: Call) -> bool:
    """Answer setMessageReaction."""
    message = message_in(present_chat(call), call.params["message_id"], "message to react not found")
    reactions = call.params.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction["type"] != "emoji" or reaction["emoji"].removesuffix("\ufe0f") not in REACTIONS:
            raise bad_request("REACTION_INVALID")
    message.reactions = reactions
    tell(call.world, message, "edited")
    return True


def _may_pin(call: Call, chat: Chat) -> None:
    if isinstance(chat, Group) and not chat.member(call.bot.user).may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")


async def pin_chat_message(call: Call) -> bool:
    """Answer pinChatMessage."""
    chat = present_chat(call)
    message = message_in(chat, call.params["message_id"], "message to pin not found")
    _may_pin(call, chat)
    service = {"pinned_message": message_json(call.bot.id, message, with_reply=False)}
    where = {"thread_id": message.thread_id, "in_topic": True} if message.in_topic else {}
    post(call.world, new_message(call.world, chat, call.bot.user, service=service, **where))
    return True


async def unpin_chat_message(call: Call) -> bool:
    """Answer unpinChatMessage."""
    chat = present_chat(call)
    _may_pin(call, chat)
    if "message_id" in call.params:
        message_in(chat, call.params["message_id"], "message to unpin not found")
    return True
