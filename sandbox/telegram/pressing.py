"""A person presses a button and waits for what the bot says to it.

How long an unanswered press can be answered is known in `presses`.
"""

import asyncio
import zlib
from typing import Any

from sandbox.telegram import phoneview
from sandbox.telegram.botview import message_json
from sandbox.telegram.chats import Chat, PrivateChat
from sandbox.telegram.messages import Message
from sandbox.telegram.people import Bot, User
from sandbox.telegram.presses import Press
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.updates import CALLBACK_LIFE
from sandbox.telegram.wishes import seconds_or
from sandbox.telegram.world import World

PATIENCE = 5.0


async def press(world: World, person: User, chat: Chat, wish: dict[str, Any]) -> dict[str, Any]:
    """Wait for the bot's answer. `forge` presses what is not there, as a hostile client can."""
    message = chat.history.get(wish["message_id"])
    button = _forged(wish) if wish.get("forge") else _button_at(message, wish)
    if "callback_data" not in button:
        return {"answered": True, "text": "", "show_alert": False} | _done_by_the_app(button)
    bot = _bot_of(world, chat, message)
    gone = Message(wish["message_id"], chat, 0, bot.user, deleted=True)
    pressed = world.presses.begin(bot, person, message or gone)
    _tell_bot(pressed, button["callback_data"])
    try:
        await asyncio.wait_for(pressed.done.wait(), seconds_or(wish, "wait", PATIENCE))
    except TimeoutError:
        return {"answered": False, "text": "", "show_alert": False, "url": None}
    return {"answered": True} | pressed.answer


def _forged(wish: dict[str, Any]) -> dict[str, Any]:
    return {"callback_data": str(wish.get("data", ""))}


def _button_at(message: Message | None, wish: dict[str, Any]) -> dict[str, Any]:
    """Find the button a press names, by data or by row and column; raises Impossible."""
    if message is None:
        raise Impossible(f"there is no message {wish['message_id']} here", 404)
    rows = (message.markup or {}).get("inline_keyboard", [])
    buttons = {(r, c): button for r, row in enumerate(rows) for c, button in enumerate(row)}
    if "data" in wish:
        found = [button for button in buttons.values() if button.get("callback_data") == wish["data"]]
    else:
        place = (wish.get("row"), wish.get("column"))
        found = [button for where, button in buttons.items() if where == place]
    if not found:
        raise Impossible("there is no such button on this message", 404)
    return dict(found[0])


def _done_by_the_app(button: dict[str, Any]) -> dict[str, Any]:
    shown = phoneview.button_json(button)
    return {"url": shown.get("url"), "copied": button.get("copy_text", {}).get("text")}


def _bot_of(world: World, chat: Chat, message: Message | None) -> Bot:
    if message and message.via_bot:
        return message.via_bot
    if isinstance(chat, PrivateChat):
        return chat.bot
    if message and message.sender.id in world.bots:
        return world.bots[message.sender.id]
    raise Impossible("only a bot's message has buttons", 404)


def _tell_bot(pressed: Press, data: str) -> None:
    """Make a callback query."""
    bot, message, chat = pressed.bot, pressed.message, pressed.message.chat
    query = {
        "id": pressed.id,
        "from": pressed.person.as_json(),
        **_where(bot, message),
        "chat_instance": str(zlib.crc32(f"{bot.id} {chat.id}".encode())),
        "data": data,
    }
    bot.updates.push("callback_query", query, ("callback", pressed.person.id), CALLBACK_LIFE)


def _where(bot: Bot, message: Message) -> dict[str, Any]:
    """Say where a button stands: of a message that is gone only the number is told (InaccessibleMessage)."""
    if message.via_bot is bot:
        return {"inline_message_id": f"{message.chat.id}_{message.message_id}"}
    if not message.deleted:
        return {"message": message_json(bot.id, message)}
    gone = {"chat": message.chat.as_json(), "message_id": message.message_id, "date": 0}
    return {"message": gone}
