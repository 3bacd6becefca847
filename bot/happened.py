"""What happens to a group whoever does it: members come and go, its title and its id change."""

import telegram
from telegram.constants import ChatType

from bot.members import membership_of
from bot.turn import BotChange, Happened, MemberChange, Moved, Titled
from tasks.membership import Membership, Standing

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


def happened_in(update: telegram.Update) -> Happened | None:
    """Read what happened to a group. None: nothing; somebody said something, or it is no group."""
    chat = update.effective_chat
    if chat is None or chat.type not in GROUPS:
        return None
    if change := update.my_chat_member:
        was, now = _both(change)
        return BotChange(was, now, by=_whose(change))
    if change := update.chat_member:
        user = change.new_chat_member.user
        return None if user.is_bot else MemberChange(user.id, *_both(change))
    return _told(update.message) if update.message else None


def _told(message: telegram.Message) -> Happened | None:
    """Read one of Telegram's own messages."""
    if message.migrate_to_chat_id:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return Moved(message.migrate_from_chat_id, message.chat.id)
    if message.new_chat_title:
        return Titled(message.new_chat_title)
    if (gone := message.left_chat_member) and not gone.is_bot:
        # All bots are told so, if the group is small: one that is no admin hears it in no other way.
        return MemberChange(gone.id, None, Membership(Standing.LEFT))
    return None


def _both(change: telegram.ChatMemberUpdated) -> tuple[Membership | None, Membership | None]:
    return membership_of(change.old_chat_member), membership_of(change.new_chat_member)


def _whose(change: telegram.ChatMemberUpdated) -> int | None:
    return None if change.from_user.is_bot else change.from_user.id
