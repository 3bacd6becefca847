"""The bot's name card and its menus of commands at Telegram: set when they differ from what stands there.

A menu is display only: whether a command may be given is decided at the edge.
"""

import logging
from collections.abc import Sequence

import telegram
from telegram.error import TelegramError

from bot import routes
from texts.catalogue import FALLBACK, Catalogue

log = logging.getLogger(__name__)


async def set_up(bot: telegram.Bot, catalogue: Catalogue, operator_ids: Sequence[int]) -> bool:
    """Bring menus and descriptions up to date, in every language. False: Telegram did not take them all."""
    try:
        for language in catalogue.languages:
            await _describe(bot, catalogue, language)
            for scope, commands in _menus(operator_ids):
                await _set_menu(bot, catalogue, language, scope, commands)
    except TelegramError as error:
        log.warning("menus not set: %s", type(error).__name__)
        return False
    return True


def _menus(operator_ids: Sequence[int]) -> list[tuple[telegram.BotCommandScope, Sequence[str]]]:
    return [
        (telegram.BotCommandScopeAllPrivateChats(), routes.MENU_PRIVATE),
        (telegram.BotCommandScopeAllGroupChats(), routes.MENU_GROUP),
        *((telegram.BotCommandScopeChat(chat_id), routes.MENU_OPERATOR) for chat_id in operator_ids),
    ]


def _code(language: str) -> str:
    """Give Telegram's code: two letters (Bot API: language_code), "" for whoever has no language of ours."""
    return "" if language == FALLBACK else language.partition("-")[0]


async def _set_menu(
    bot: telegram.Bot,
    catalogue: Catalogue,
    language: str,
    scope: telegram.BotCommandScope,
    names: Sequence[str],
) -> None:
    wanted = [telegram.BotCommand(name, catalogue.label(language, f"menu.{name}")) for name in names]
    if list(await bot.get_my_commands(scope, _code(language))) != wanted:
        await bot.set_my_commands(wanted, scope, _code(language))


async def _describe(bot: telegram.Bot, catalogue: Catalogue, language: str) -> None:
    code = _code(language)
    description = catalogue.label(language, "bot.description")
    if (await bot.get_my_description(code)).description != description:
        await bot.set_my_description(description, code)
    about = catalogue.label(language, "bot.about")
    if (await bot.get_my_short_description(code)).short_description != about:
        await bot.set_my_short_description(about, code)
