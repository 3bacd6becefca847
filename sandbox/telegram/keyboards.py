"""Reply markup: what Telegram refuses in a keyboard, and what a keyboard does to a phone.

That its JSON has the right shape is checked before, in `spec`.
"""

import re
from typing import Any

from sandbox.telegram.chats import Chat, Group
from sandbox.telegram.messages import Message
from sandbox.telegram.people import User
from sandbox.telegram.refusals import Refused, bad_request

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
STYLES = {"danger", "success", "primary"}
MOST_BUTTONS = 100
BUTTON_URL = re.compile(r"(?:https?|tg|ton)://[^\s/]+\S*$|[^\s/:]+\.[^\s/]{2,}\S*$", re.IGNORECASE)


# what a button of a reply keyboard may ask for, in private chats only; words of tdlib's ReplyMarkup.cpp
ASKING = {
    "request_contact": "phone number",
    "request_location": "location",
    "request_poll": "poll",
    "request_users": "users",
    "request_chat": "chats",
}


def checked_markup(markup: dict[str, Any] | None, chat: Chat | None) -> dict[str, Any] | None:
    """Return the markup if Telegram takes it there; an inline keyboard without buttons is none."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return _checked_inline(markup)
    placeholder = markup.get("input_field_placeholder", "x")
    if not 1 <= len(placeholder) <= 64:
        raise bad_request("reply markup placeholder must be of length 1-64")
    for row in markup.get("keyboard", []):
        for button in row:
            _check_style(button, "keyboard button")
            if not button["text"].strip():
                raise bad_request("keyboard button text must be non-empty")
            _check_asking(button, chat)
    return markup


def _check_asking(button: dict[str, Any], chat: Chat | None) -> None:
    asked = [name for name in ASKING if button.get(name)]
    if len(asked) > 1:
        raise bad_request("can't parse keyboard button: only one of the optional fields may be used")
    if asked and isinstance(chat, Group):
        raise bad_request(f"{ASKING[asked[0]]} can be requested in private chats only")


def _checked_inline(markup: dict[str, Any]) -> dict[str, Any] | None:
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_inline_button(button)
    return {"inline_keyboard": rows} if rows else None


def _broken(why: str) -> Refused:
    return bad_request(f"can't parse inline keyboard button: {why}")


def _check_inline_button(button: dict[str, Any]) -> None:
    actions = [name for name in ACTIONS if name in button]
    _check_style(button, "inline keyboard button")
    if not button["text"].strip():
        raise _broken("Text of the button must be non-empty")
    if not actions:
        raise _broken("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _broken("Exactly one of the optional fields must be used")
    _check_action(button, actions[0])


def _check_action(button: dict[str, Any], action: str) -> None:
    value = button[action]
    if action == "callback_data" and not 1 <= len(value.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url" and not BUTTON_URL.match(value):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "copy_text" and not 1 <= len(value["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if action in {"web_app", "login_url"} and not value["url"].startswith("https://"):
        words = f"inline keyboard button Web App URL '{value['url']}' is invalid"
        raise bad_request(f"{words}: Only HTTPS links are allowed")


def _check_style(button: dict[str, Any], what: str) -> None:
    if "style" in button and button["style"] not in STYLES:
        raise bad_request(f"can't parse {what}: Unsupported button style specified")


def show_on_phones(message: Message) -> None:
    """Put a reply keyboard below the chat, until another markup of its family replaces it."""
    markup = message.markup
    if not markup or "inline_keyboard" in markup:
        return
    for person in _addressed(message, selective=bool(markup.get("selective"))):
        if "remove_keyboard" in markup:
            message.chat.reply_keyboards.pop(person.id, None)
        else:
            message.chat.reply_keyboards[person.id] = markup | {"message_id": message.message_id}


def _addressed(message: Message, *, selective: bool) -> list[User]:
    """Find whom a markup is for: if `selective`, whom the message replies to or mentions (Bot API)."""
    people = message.chat.people()
    if not selective or not isinstance(message.chat, Group):
        return people
    named = {e["user"]["id"] for e in message.entities if e["type"] == "text_mention"}
    words = message.text.lower().split()
    replied = message.reply_to.sender.id if message.reply_to and not message.reply_to.service else None
    return [
        p for p in people if p.id == replied or p.id in named or f"@{(p.username or '-').lower()}" in words
    ]


def used(chat: Chat, person: User) -> None:
    """Put a one-time keyboard or a forced reply away, as the person sent something."""
    shown = chat.reply_keyboards.get(person.id, {})
    if shown.get("one_time_keyboard") or "force_reply" in shown:
        del chat.reply_keyboards[person.id]
