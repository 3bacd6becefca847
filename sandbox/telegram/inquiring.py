"""A person types a bot's name and words into a chat, sees what the bot offers, and sends one of it.

What a bot may offer is checked in `methods.inline`.
"""

import asyncio
import re
from typing import Any

from sandbox.telegram import keyboards
from sandbox.telegram.acting import identity, may_write
from sandbox.telegram.chats import Chat, PrivateChat
from sandbox.telegram.messages import Message
from sandbox.telegram.people import Bot, User
from sandbox.telegram.posting import new_message, post
from sandbox.telegram.queries import QUERY_LIFE, Query
from sandbox.telegram.refusals import Impossible
from sandbox.telegram.topics import thread_of
from sandbox.telegram.wishes import seconds_or
from sandbox.telegram.world import World

PATIENCE = 5.0
# Bot API, InlineQuery.query
LONGEST_QUERY = 256
TYPED = re.compile(r"@(\w+)\s(.*)", re.DOTALL)


async def ask(world: World, person: User, chat: Chat, wish: dict[str, Any]) -> dict[str, Any]:
    """Wait for the bot's answer, unless Telegram has kept one from before."""
    bot, words = _asked(world, str(wish.get("text") or ""))
    query = world.queries.begin(bot, person, chat, words)
    kept = world.queries.kept(bot, person, words)
    if kept:
        world.queries.answer(query, kept, 0, personal=True)
        return _shown(query) | {"kept": True}
    update = _tell_bot(query)
    try:
        await asyncio.wait_for(query.done.wait(), seconds_or(wish, "wait", PATIENCE))
    except TimeoutError:
        return {"answered": False, "query_id": query.id, "update_id": update, "results": [], "button": None}
    return _shown(query) | {"kept": False, "update_id": update}


def _asked(world: World, text: str) -> tuple[Bot, str]:
    """Find the bot a text begins with, and the words for it; raises Impossible."""
    typed = TYPED.fullmatch(text)
    name = typed[1].lower() if typed else ""
    bot = next((bot for bot in world.bots.values() if bot.username.lower() == name), None)
    if typed is None or bot is None:
        raise Impossible("an inline query begins with a bot's @name and a space", 404)
    if not bot.inline:
        raise Impossible(f"@{bot.username} has no inline mode", 409)
    return bot, typed[2][:LONGEST_QUERY]


def _tell_bot(query: Query) -> int | None:
    shown = {
        "id": query.id,
        "from": query.person.as_json(),
        "query": query.text,
        "offset": "",
        "chat_type": _type_of(query),
    }
    return query.bot.updates.push("inline_query", shown, ("inline", query.person.id), QUERY_LIFE)


def _type_of(query: Query) -> str:
    if isinstance(query.chat, PrivateChat):
        return "sender" if query.chat.bot is query.bot else "private"
    return query.chat.kind


def _shown(query: Query) -> dict[str, Any]:
    """Show an answer to the phone: what a person sees before they choose, not what will be sent."""
    results = [
        {"id": number, "title": result["title"], "description": result["description"]}
        for number, result in query.found.results.items()
    ]
    shown = {"answered": True, "query_id": query.id, "bot": query.bot.id, "results": results}
    return shown | {"button": query.found.button}


def choose(world: World, person: User, wish: dict[str, Any]) -> tuple[Message, list[int]]:
    """Send a result into the chat it was asked for in; return the message and the ids of updates."""
    query = world.queries.asked_by(person, str(wish.get("query_id")))
    result = query.found.results.get(str(wish.get("result_id"))) if query else None
    if query is None or result is None:
        raise Impossible("the bot did not offer that", 404)
    may_write(person, query.chat)
    fields = {name: result[name] for name in ("text", "entities", "markup", "link_preview")}
    who = identity(world, person, query.chat, wish) | thread_of(query.chat, wish.get("thread"))
    message = new_message(world, query.chat, person, via_bot=query.bot, **fields, **who)
    updates = post(world, message)
    keyboards.used(query.chat, person)
    return message, updates
