"""What happens to a group: the bot comes and goes, owners lose their ground, the title and the id change."""

from bot.turn import Answer, BotChange, Happening, MemberChange, Moved, Titled
from storage import connections, grants, groups
from storage.db import Session
from storage.tables import GrantState
from tasks.membership import Membership, Standing
from texts.reply import Reply

#: Why a grant is suspended whose owner is not there, or no admin there, any more.
OWNER_LEFT, OWNER_NOT_ADMIN = "owner_left", "owner_not_admin"
_OUT = (Standing.LEFT, Standing.BANNED)


async def moved(happening: Happening) -> Answer:
    """Move all that belongs to a group to its new id; both messages about it may come, in either order."""
    what = happening.what
    if isinstance(what, Moved):
        async with happening.work() as session:
            await groups.moved(session, what.old, what.new)
    return []


async def titled(happening: Happening) -> Answer:
    """Keep up with the title of a group we know."""
    what, chat = happening.what, happening.chat
    if isinstance(what, Titled):
        async with happening.work() as session:
            if await groups.find(session, chat.id):
                await groups.seen(session, chat.id, what.title, now=happening.now)
    return []


async def bot_changed(happening: Happening) -> Answer:
    """Note that the bot is in a group, or out of it: then what is shared there is suspended."""
    what, chat, now = happening.what, happening.chat, happening.now
    if not isinstance(what, BotChange) or what.now is None:
        return []
    async with happening.work() as session:
        if what.now.standing in _OUT:
            await groups.left(session, chat.id, now=now)
        else:
            await groups.back(session, chat.id)
            is_admin = what.now.administers
            await groups.seen(session, chat.id, chat.title or "", now=now, bot_is_admin=is_admin)
    return []


async def member_changed(happening: Happening) -> Answer:
    """Suspend what somebody shares in a group where they are no admin any more, and tell the group."""
    what = happening.what
    if not isinstance(what, MemberChange) or what.now is None or what.now.administers:
        return []
    async with happening.work() as session:
        names = await _suspended(session, happening, what.person_id, what.now)
    return [Reply("group.suspended", {"account": f"@{name}"}) for name in names]


async def _suspended(
    session: Session, happening: Happening, person_id: int, membership: Membership
) -> list[str]:
    """Suspend the grants of an owner; gives the accounts to speak of, those of a redelivery again."""
    group = await groups.find(session, happening.chat.id)
    why = OWNER_NOT_ADMIN if membership.present else OWNER_LEFT
    told = []
    for grant in await grants.of_group(session, group.id) if group else ():
        connection = await connections.get(session, grant.connection_id)
        if connection is None or connection.person_id != person_id:
            continue
        was_suspended = grant.state == GrantState.SUSPENDED
        if await grants.suspend(session, grant.id, why, now=happening.now) or (
            happening.again and was_suspended and grant.suspended_why == why
        ):
            told.append(connection.username)
    return told
