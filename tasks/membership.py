"""How somebody stands in a group right now, as Telegram says. Values only; bot/members.py asks Telegram."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What somebody is in a chat (Bot API: ChatMember)."""

    CREATOR = "creator"
    ADMIN = "admin"
    MEMBER = "member"
    MUTED = "muted"
    """Still in the chat, but may not write there."""
    LEFT = "left"
    """Or never was there."""
    BANNED = "banned"


@dataclass(frozen=True, slots=True)
class Membership:
    """Telegram's answer; no answer is None, which permits nothing."""

    standing: Standing
    anonymous: bool = False
    """An admin who writes as the group: not to be named in it."""

    @property
    def administers(self) -> bool:
        """Tell whether they are an admin there; who made the group is one."""
        return self.standing in {Standing.CREATOR, Standing.ADMIN}

    @property
    def present(self) -> bool:
        """Tell whether they are there and may speak."""
        return self.administers or self.standing is Standing.MEMBER
