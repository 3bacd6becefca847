"""Chats and who is in them with what rights: private chats, groups and channels, their messages by id.

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
# Bot API, ChatMemberRestricted: what a restricted member may still do; none unless told
PERMISSIONS_TEXT = """
can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos
can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages
can_add_web_page_previews can_react_to_messages can_edit_tag can_change_info can_invite_users
can_pin_messages can_manage_topics
"""
PERMISSIONS = PERMISSIONS_TEXT.split()
PRESENT = {"creator", "administrator", "member"}
GENERAL_TOPIC = 1


@dataclass
class Member:
    """Somebody's place in a group, also after leaving it."""

    user: User
    status: str = "member"
    anonymous: bool = False
    # an administrator's rights, or what is left to a restricted member
    rights: dict[str, bool] = field(default_factory=dict)
    # somebody restricted may be in the group or not
    inside: bool = True

    @property
    def present(self) -> bool:
        """Say whether they are in the group now."""
        return self.status in PRESENT or (self.status == "restricted" and self.inside)

    @property
    def is_admin(self) -> bool:
        """Say whether they are owner or administrator."""
        return self.status in {"creator", "administrator"}

    def may(self, right: str) -> bool:
        """Say whether they hold an administrator's right."""
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, True))

    def can(self, permission: str) -> bool:
        """Say whether they may do what members usually may."""
        return self.present and (self.status != "restricted" or self.rights.get(permission, False))

    def as_json(self) -> dict[str, Any]:
        """Return the Bot API's ChatMember."""
        shown: dict[str, Any] = {"status": self.status, "user": self.user.as_json()}
        if self.is_admin:
            shown["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            shown |= {"can_be_edited": False} | {right: self.may(right) for right in ADMIN_RIGHTS}
        if self.status == "restricted":
            shown |= {"is_member": self.inside} | {name: self.rights.get(name, False) for name in PERMISSIONS}
        if self.status in {"kicked", "restricted"}:
            shown["until_date"] = 0
        return shown


@dataclass(eq=False)
class Channel:
    """A channel, known only as somebody who writes into groups."""

    id: int
    title: str
    owner: User
    username: str | None = None
    last_post: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the Bot API's Chat."""
        shown = {"id": self.id, "type": "channel", "title": self.title}
        return shown | ({"username": self.username} if self.username else {})


@dataclass
class Topic:
    """A topic of a forum; its number is that of the service message that made it."""

    id: int
    name: str
    closed: bool = False


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
    """A supergroup, or a basic group; bots are members like people."""

    id: int
    title: str
    members: dict[int, Member] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    basic: bool = False
    forum: bool = False
    username: str | None = None
    # who is not an admin learns only of admins (the setting "hide members")
    hides_members: bool = False
    # the supergroup it became, the basic group it was
    migrated_to: int | None = None
    migrated_from: int | None = None
    gone: bool = False
    # those that were deleted are not among them
    topics: dict[int, Topic] = field(default_factory=dict)
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
        shown: dict[str, Any] = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username:
            shown["username"] = self.username
        return shown | ({"is_forum": True} if self.forum else {})

    def make_forum(self) -> None:
        """Give it topics, of which General is always there."""
        self.forum = True
        self.topics.setdefault(GENERAL_TOPIC, Topic(GENERAL_TOPIC, "General"))

    @property
    def kind(self) -> str:
        """Return the Bot API's Chat.type."""
        return "group" if self.basic else "supergroup"

    @property
    def alive(self) -> bool:
        """Say whether it is neither deleted nor another group by now."""
        return not self.gone and self.migrated_to is None

    def owner(self) -> User | None:
        """Return the owner; None when they left."""
        return next((m.user for m in self.members.values() if m.status == "creator"), None)


Chat = PrivateChat | Group
# on whose behalf a message may be written
Speaker = Group | Channel
