"""Who somebody is in a group right now: asked of Telegram each time, never remembered."""

import asyncio
import logging

import telegram
from telegram.constants import ChatAction, ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.line import Line
from tasks.membership import Membership, Standing

log = logging.getLogger(__name__)

#: Seconds of its ten that a turn gives to the question.
TURN_GIVES_S = 4.0
#: Telegram's words for somebody who is not there. "User not found" is not: it does not know whom we mean.
_NOT_THERE = ("member not found", "participant_id_invalid", "user_not_participant")

_STANDING: dict[str, Standing] = {
    ChatMemberStatus.OWNER: Standing.CREATOR,
    ChatMemberStatus.ADMINISTRATOR: Standing.ADMIN,
    ChatMemberStatus.MEMBER: Standing.MEMBER,
    ChatMemberStatus.LEFT: Standing.LEFT,
    ChatMemberStatus.BANNED: Standing.BANNED,
}


def was_deleted(closed: Forbidden) -> bool:
    """Tell whether Telegram says that a group is no more, and not that the bot is out of it."""
    return "chat was deleted" in closed.message.lower()


def membership_of(member: telegram.ChatMember) -> Membership | None:
    """Read Telegram's description of a member; a status nobody knows yet is no answer."""
    if isinstance(member, telegram.ChatMemberRestricted):
        if not member.is_member:
            return Membership(Standing.LEFT)
        return Membership(Standing.MEMBER if member.can_send_messages else Standing.MUTED)
    standing = (
        _STANDING.get(ChatMemberStatus(member.status)) if member.status in set(ChatMemberStatus) else None
    )
    if standing is None:
        return None
    return Membership(standing, anonymous=bool(getattr(member, "is_anonymous", False)))


class Members:
    """Asks for one bot."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def of(self, chat_id: int, person_id: int) -> Membership | None:
        """Say how somebody stands in a chat. None: Telegram gives no answer, or not in time; never raises.

        A bot that is no admin may be told nothing of members (Bot API: getChatMember).
        """
        try:
            async with asyncio.timeout(TURN_GIVES_S):
                return await self._asked(chat_id, person_id)
        except TimeoutError:
            log.warning("chat=%s person=%s: Telegram does not say in time who they are", chat_id, person_id)
        except TelegramError as silent:
            log.warning(
                "chat=%s person=%s: Telegram does not say who they are: %s", chat_id, person_id, silent
            )
        return None

    async def is_gone(self, chat_id: int) -> bool:
        """Say whether Telegram calls a group deleted; a deleted supergroup it calls one the bot is out of.

        Asked by an action nobody can see there: only who wants to write is told (telegram-bot-api sources).
        """
        try:
            async with asyncio.timeout(TURN_GIVES_S):
                await self._line.ask(lambda: self._line.bot.send_chat_action(chat_id, ChatAction.TYPING))
        except Forbidden as closed:
            return was_deleted(closed)
        except (TimeoutError, TelegramError) as silent:
            log.info("chat=%s Telegram does not say whether it is gone: %s", chat_id, silent)
        return False

    async def _asked(self, chat_id: int, person_id: int) -> Membership | None:
        bot = self._line.bot
        try:
            return membership_of(await self._line.ask(lambda: bot.get_chat_member(chat_id, person_id)))
        except ChatMigrated as moved:
            there = moved.new_chat_id
            return membership_of(await self._line.ask(lambda: bot.get_chat_member(there, person_id)))
        except BadRequest as refused:
            if any(words in refused.message.lower() for words in _NOT_THERE):
                return Membership(Standing.LEFT)
            raise
