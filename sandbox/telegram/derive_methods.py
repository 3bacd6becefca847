"""Makes methods.json from the machine-readable Bot API: names, types and required flags of what is served.

Run as `python -m sandbox.telegram.derive_methods telegram-bot-api-10.1.json > sandbox/telegram/methods.json`.
Descriptions are not copied; nothing here runs while the sandbox serves.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

SERVED_TEXT = """
answerCallbackQuery answerInlineQuery close copyMessage deleteMessage deleteMessages deleteMyCommands
deleteWebhook editMessageCaption editMessageMedia editMessageReplyMarkup editMessageText forwardMessage
getChat getChatAdministrators getChatMember getChatMemberCount getChatMenuButton getFile getMe getMyCommands
getMyDescription getMyName getMyShortDescription getUpdates getWebhookInfo leaveChat logOut
pinChatMessage sendAnimation sendChatAction sendDocument sendMediaGroup sendMessage sendPhoto
sendVideo setChatMenuButton setMessageReaction setMyCommands setMyDescription setMyName
setMyShortDescription setWebhook unpinChatMessage
"""
SERVED = SERVED_TEXT.split()
NOTICE = (
    "Parameter names, types and required flags of Telegram's public Bot API ({version}, {date}, "
    "https://core.telegram.org/bots/api), derived with sandbox/telegram/derive_methods.py from the "
    "machine-readable form of https://github.com/PaulSonOfLars/telegram-bot-api-spec. Interface facts only; "
    "Telegram's descriptions are not copied."
)
PRIMITIVE = {"Integer", "String", "Boolean", "Float", "InputFile"}
# how the documentation spells a discriminating value: `must be photo`, `always "emoji"`
FIXED_VALUE = re.compile(r"(?:must be|always) [\"“]?([a-z0-9_]+)[\"”]?$")


def _element(name: str) -> str:
    return name.rsplit(" of ", maxsplit=1)[-1]


def _fields_of(entry: dict[str, Any]) -> dict[str, Any]:
    return {field["name"]: _field_of(field) for field in entry.get("fields", [])}


def _field_of(field: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"types": field["types"]}
    if field["required"]:
        found["required"] = True
    value = FIXED_VALUE.search(field["description"].split("\n")[0])
    if value and field["name"] in {"type", "status", "source"}:
        found["value"] = value.group(1)
    return found


def _reachable(types: dict[str, Any], methods: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    waiting = [_element(name) for method in methods.values() for p in method.values() for name in p["types"]]
    while waiting:
        name = waiting.pop()
        if name in found or name in PRIMITIVE:
            continue
        found[name] = _type_of(types[name])
        waiting += found[name].get("one_of", [])
        waiting += [_element(t) for f in found[name].get("fields", {}).values() for t in f["types"]]
    return dict(sorted(found.items()))


def _type_of(entry: dict[str, Any]) -> dict[str, Any]:
    if entry.get("subtypes"):
        return {"one_of": entry["subtypes"]}
    return {"fields": _fields_of(entry)}


def derive(api: dict[str, Any]) -> dict[str, Any]:
    """Make the table out of Telegram's description."""
    methods = {name: _fields_of(api["methods"][name]) for name in sorted(SERVED)}
    notice = NOTICE.format(version=api["version"], date=api["release_date"])
    return {"notice": notice, "methods": methods, "types": _reachable(api["types"], methods)}


def _as_text(table: dict[str, Any]) -> str:
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(_as_text(derive(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
