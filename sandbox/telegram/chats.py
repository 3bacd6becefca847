"""Chats and who is in them with what rights: private chats and groups, their messages by id.

What a message looks like to anybody is not decided here.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.telegram.people import Bot, User

if TYPE_CHECKING:
    from sandbox.telegram.messages import Message

# Bot API, ChatMemberAdministrator: the rights that must be present, and those of groups
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
)
PRESENT = {"creator", "administrator", "member", "restricted"}


@dataclass
class Member:
    """Somebody's place in a group, also after leaving it."""

    user: User
    status: str = "member"
    anonymous: bool = False
    rights: dict[str, bool] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        """Say whether they are in the group now."""
        return self.status in PRESENT

    @property
    def is_admin(self) -> bool:
        """Say whether they are owner or administrator."""
        return self.status in {"creator", "administrator"}

    def may(self, right: str) -> bool:
        """Say whether they hold an administrator's right."""
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, True))

    def as_json(self) -> dict[str, Any]:
        """Return the Bot API's ChatMember."""
        shown: dict[str, Any] = {"status": self.status, "user": self.user.as_json()}
        if self.is_admin:
            shown["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            shown |= {"can_be_edited": False} | {right: self.may(right) for right in ADMIN_RIGHTS}
        if self.status == "kicked":
            shown["until_date"] = 0
        return shown


@dataclass(eq=False)
class PrivateChat:
    """One person and one bot. The Bot API knows it by the person's id, the phone by the bot's."""

    bot: Bot
    person: User
    # the person wrote first, or pressed Start
    started: bool = False
    blocked: bool = False
    history: "dict[int, Message]" = field(default_factory=dict)
    reply_keyboards: dict[int, dict[str, Any]] = field(default_factory=dict)
    read_up_to: dict[int, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Return the Bot API's chat id."""
        return self.person.id

    @property
    def address(self) -> int:
        """Return the phone's name for the chat."""
        return self.bot.id

    @property
    def queue(self) -> Hashable:
        """Return the update queue that keeps this chat in order."""
        return ("chat", self.id)

    def people(self) -> list[User]:
        """Return those whose phones show the chat."""
        return [self.person]

    def as_json(self) -> dict[str, Any]:
        """Return the Bot API's Chat."""
        who = self.person.as_json()
        names = {name: who[name] for name in ("first_name", "last_name", "username") if name in who}
        return {"id": self.id, "type": "private"} | names


@dataclass(eq=False)
class Group:
    """A supergroup; bots are members like people."""

    id: int
    title: str
    members: dict[int, Member] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    last_bot: int | None = None
    # ids of messages meant for a bot, by bot: a reply to one of them is meant for it too
    addressed: set[tuple[int, int]] = field(default_factory=set)
    history: "dict[int, Message]" = field(default_factory=dict)
    reply_keyboards: dict[int, dict[str, Any]] = field(default_factory=dict)
    read_up_to: dict[int, int] = field(default_factory=dict)
    last_message_id: int = 0

    @property
    def address(self) -> int:
        """Return the phone's name for the chat."""
        return self.id

    @property
    def queue(self) -> Hashable:
        """Return the update queue that keeps this chat in order."""
        return ("chat", self.id)

    def people(self) -> list[User]:
        """Return those whose phones show the chat."""
        return [m.user for m in self.members.values() if m.present and not m.user.is_bot]

    def present_bots(self) -> list[Bot]:
        """Return the bots that are members now."""
        return [bot for bot in self.bots.values() if self.member(bot.user).present]

    def member(self, user: User) -> Member:
        """Return the membership; a stranger is a member who left, as the Bot API says it."""
        return self.members.get(user.id) or Member(user, "left")

    def as_json(self) -> dict[str, Any]:
        """Return the Bot API's Chat."""
        return {"id": self.id, "type": "supergroup", "title": self.title}


Chat = PrivateChat | Group
