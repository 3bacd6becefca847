"""Which bots learn of a message, and telling them: Telegram's privacy mode in one place.

See https://core.telegram.org/bots/features#privacy-mode. How an update travels is not known here.
"""

from sandbox.telegram.botview import message_json
from sandbox.telegram.chats import Group, PrivateChat
from sandbox.telegram.messages import Message
from sandbox.telegram.people import Bot


def deliver(message: Message, kind: str = "message") -> list[int]:
    """Tell them; return update ids, one for each bot that sees the message and asked for this kind."""
    found = [_tell_bot(bot, message, kind) for bot in _readers(message)]
    return [number for number in found if number is not None]


def _tell_bot(bot: Bot, message: Message, kind: str) -> int | None:
    return bot.updates.push(kind, message_json(bot.id, message), message.chat.queue)


def _readers(message: Message) -> list[Bot]:
    chat = message.chat
    if isinstance(chat, PrivateChat):
        return [] if message.sender is chat.bot.user or chat.blocked else [chat.bot]
    others = [bot for bot in chat.present_bots() if bot.user is not message.sender]
    if message.sender.is_bot and not message.service:
        return [bot for bot in others if bot.hears_bots and meant_for(bot, chat, message)]
    return [bot for bot in others if _sees(bot, chat, message)]


def _sees(bot: Bot, group: Group, message: Message) -> bool:
    if message.service or group.member(bot.user).is_admin:
        return True
    if not meant_for(bot, group, message):
        return False
    group.addressed.add((bot.id, message.message_id))
    return True


def meant_for(bot: Bot, group: Group, message: Message) -> bool:
    """Look for a command, a mention, its own inline result, or a reply to what was meant for the bot."""
    if message.via_bot is bot:
        return True
    replied = message.reply_to
    heard = replied and not replied.service
    if replied and heard and (replied.sender is bot.user or (bot.id, replied.message_id) in group.addressed):
        return True
    return any(_entity_means(bot, group, message, entity) for entity in message.entities)


def _entity_means(bot: Bot, group: Group, message: Message, entity: dict[str, object]) -> bool:
    words = piece(message.text, entity).lower()
    if entity["type"] == "mention":
        return words == f"@{bot.username.lower()}"
    if entity["type"] != "bot_command":
        return False
    if "@" in words:
        return words.split("@")[1] == bot.username.lower()
    return group.last_bot == bot.id or len(group.present_bots()) == 1


def piece(text: str, entity: dict[str, object]) -> str:
    """Return the text an entity covers; its numbers count UTF-16 units."""
    raw = text.encode("utf-16-le")
    start, length = int(str(entity["offset"])), int(str(entity["length"]))
    return raw[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")
