"""Which command list a person sees in a chat: Telegram's order of scopes and languages.

See https://core.telegram.org/bots/api#determining-list-of-commands; the first list that is set wins.
"""

from sandbox.telegram.chats import Chat, Group
from sandbox.telegram.people import Bot, User


def commands_for(bot: Bot, person: User, chat: Chat) -> list[dict[str, str]]:
    """Return the commands this person's menu shows."""
    language = (person.language_code or "").split("-")[0]
    for scope in _scopes(person, chat):
        for code in dict.fromkeys((language, "")):
            found = bot.profile.commands.get((scope, code))
            if found:
                return found
    return []


def _scopes(person: User, chat: Chat) -> list[str]:
    if not isinstance(chat, Group):
        return [f"chat:{chat.id}", "all_private_chats", "default"]
    if chat.member(person).is_admin:
        admin = [f"chat_administrators:{chat.id}", f"chat:{chat.id}", "all_chat_administrators"]
    else:
        admin = [f"chat:{chat.id}"]
    return [f"chat_member:{chat.id}:{person.id}", *admin, "all_group_chats", "default"]
