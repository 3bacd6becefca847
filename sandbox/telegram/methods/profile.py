"""What a bot says of itself: getMe, commands by scope and language, names, descriptions, menu button."""

import json
import re
from typing import Any

from sandbox.telegram.methods.call import Call, Handler
from sandbox.telegram.refusals import bad_request

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
MOST_COMMANDS = 100
# Bot API, setMyName, setMyDescription, setMyShortDescription
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}


async def get_me(call: Call) -> dict[str, Any]:
    """Answer getMe."""
    return call.bot.as_json()


def _language(call: Call) -> str:
    code: str = call.params.get("language_code", "")
    if code and not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def scope_key(scope: dict[str, Any] | None) -> str:
    """Write a scope as one string: "default", "all_private_chats", "chat:5" or "chat_member:5:7"."""
    if not scope:
        return "default"
    return ":".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)


async def set_my_commands(call: Call) -> bool:
    """Answer setMyCommands."""
    commands = call.params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        command["command"] = command["command"].removeprefix("/")
        _check_command(command)
    call.bot.profile.commands[scope_key(call.params.get("scope")), _language(call)] = commands
    return True


def _check_command(command: dict[str, Any]) -> None:
    if not COMMAND.fullmatch(command["command"]):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"]) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


async def get_my_commands(call: Call) -> list[dict[str, str]]:
    """Answer getMyCommands."""
    return call.bot.profile.commands.get((scope_key(call.params.get("scope")), _language(call)), [])


async def delete_my_commands(call: Call) -> bool:
    """Answer deleteMyCommands."""
    call.bot.profile.commands.pop((scope_key(call.params.get("scope")), _language(call)), None)
    return True


def setter(what: str) -> Handler:
    """Make the method that sets one of a bot's texts by language."""

    async def set_text(call: Call) -> bool:
        text = call.params.get(what, "")
        if len(text) > TEXT_LIMITS[what]:
            raise bad_request(f"bot {what.replace('_', ' ')} is too long")
        if text:
            call.bot.profile.texts[what, _language(call)] = text
        else:
            call.bot.profile.texts.pop((what, _language(call)), None)
        return True

    return set_text


def getter(what: str) -> Handler:
    """Make the method that reads one of a bot's texts by language."""

    async def get_text(call: Call) -> dict[str, str]:
        """Give the text of the language, else of no language, else (for the name) the bot's own."""
        texts = call.bot.profile.texts
        fallback = call.bot.user.first_name if what == "name" else ""
        return {what: texts.get((what, _language(call))) or texts.get((what, "")) or fallback}

    return get_text


async def set_chat_menu_button(call: Call) -> bool:
    """Answer setChatMenuButton."""
    button = call.params.get("menu_button", {"type": "default"})
    if button["type"] == "web_app" and not button["web_app"]["url"].startswith("https://"):
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    call.bot.profile.menu_buttons[call.params.get("chat_id")] = json.loads(json.dumps(button))
    return True


async def get_chat_menu_button(call: Call) -> dict[str, Any]:
    """Answer getChatMenuButton."""
    buttons = call.bot.profile.menu_buttons
    return buttons.get(call.params.get("chat_id")) or buttons.get(None) or {"type": "commands"}
