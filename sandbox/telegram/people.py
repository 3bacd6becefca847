"""Accounts: made-up people and bots, and what a bot's owner can set about it.

Which chats they are in is not known here.
"""

from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.updates import UpdateQueue

# ids Telegram itself uses for senders that stand for somebody else (Bot API, Message.from)
GROUP_ANONYMOUS_BOT = 1087968824
CHANNEL_BOT = 136817688
TELEGRAM = 777000
# the secret part of every token made here begins so; no real token does
SANDBOX_SECRET = "SANDBOX"  # noqa: S105 - a mark


@dataclass(eq=False)
class User:
    """A person, or a bot's face."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the Bot API's User."""
        shown: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name):
                shown[name] = getattr(self, name)
        return shown


ANONYMOUS_ADMIN = User(GROUP_ANONYMOUS_BOT, "Group", username="GroupAnonymousBot", is_bot=True)
SPEAKING_CHANNEL = User(CHANNEL_BOT, "Channel", username="Channel_Bot", is_bot=True)
# brings a channel's posts into its discussion group
TELEGRAM_ITSELF = User(TELEGRAM, "Telegram")


@dataclass
class Profile:
    """What setMyCommands, setMyName and their like have set; keys are (scope, language) or a language."""

    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int | None, dict[str, Any]] = field(default_factory=dict)


@dataclass(eq=False)
class Bot:
    """A bot, as its owner and the Bot API know it."""

    user: User
    token: str
    updates: UpdateQueue
    profile: Profile = field(default_factory=Profile)
    # BotFather's setting; off unless its owner switched it on
    inline: bool = False
    # another setting of BotFather's: it also sees what other bots write to it
    hears_bots: bool = False

    @property
    def id(self) -> int:
        """Return the bot's user id."""
        return self.user.id

    @property
    def username(self) -> str:
        """Return the bot's username."""
        return self.user.username or ""

    def as_json(self) -> dict[str, Any]:
        """Return the answer to getMe."""
        return self.user.as_json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": self.inline,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
            "supports_guest_queries": False,
            "supports_join_request_queries": False,
        }
