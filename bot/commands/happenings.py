"""What happens to a group: the bot comes and goes, people leave or lose their rights, title and id change."""

from dataclasses import replace
from datetime import datetime

from bot.commands import card, granted
from bot.commands.logged import note
from bot.turn import Answer, BotChange, Doors, Happening, MemberChange, Moved, Titled, Turn
from storage import connections, grants, groups, leaving, people, tasks
from storage.db import Session
from storage.tables import Grant, GrantState, GroupState, LostGround
from tasks import departure, moving
from tasks.acts import Act
from tasks.membership import Standing
from texts.reply import Reply

_OUT = (Standing.LEFT, Standing.BANNED)


async def moved(happening: Happening) -> Answer:
    """Move all that belongs to a group to its new id; both messages about it may come, in either order."""
    what = happening.what
    if not isinstance(what, Moved):
        return []
    async with happening.work() as session:
        return await move(session, happening.doors, what.old, what.new, now=happening.now)


async def move(session: Session, doors: Doors, old: int, new: int, *, now: datetime) -> Answer:
    """Move a group to its new id; gives the cards of what waits there for somebody's word.

    The old ones stayed in the old chat: without a new one nobody can decide.
    """
    await moving.move(session, doors.vault, old, new, at=now)
    waiting = [task for task in await tasks.undecided(session, new) if not task.card_message_id]
    shown = [await card.of(session, doors, task, fresh=True) for task in waiting]
    return [replace(each, to=new) for each in shown]


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
    what = happening.what
    if not isinstance(what, BotChange) or what.now is None:
        return []
    if what.now.standing in _OUT:
        return await _out(happening)
    return await _in(happening, what, is_admin=what.now.administers)


async def _out(happening: Happening) -> Answer:
    """Suspend what is shared there, or end it with the group."""
    chat = happening.chat
    is_gone = await happening.doors.is_gone(chat.id)
    async with happening.work() as session:
        if happening.again:
            return await _owners_told(session, chat.id, await departure.noted(session, chat.id))
        return await put_out(session, happening.doors, chat.id, is_gone=is_gone, now=happening.now)


async def put_out(session: Session, doors: Doors, chat_id: int, *, is_gone: bool, now: datetime) -> Answer:
    """Note that the bot is out of a group, or that the group is no more; gives what its owners are told."""
    lost = await departure.note(session, doors.vault, chat_id, is_gone=is_gone, at=now)
    return await _owners_told(session, chat_id, lost)


async def _owners_told(session: Session, chat_id: int, connection_ids: list[int]) -> Answer:
    """Tell whose connections were shared with a group that cannot be told any more."""
    group = await groups.find(session, chat_id)
    found = [await connections.get(session, each) for each in connection_ids]
    if group is None:
        return []
    key = "group.deleted" if group.state == GroupState.GONE else "group.bot_removed"
    return [
        Reply(key, {"username": each.username, "title": group.title}, to=each.person_id, fresh=True)
        for each in found
        if each is not None
    ]


async def _in(happening: Happening, what: BotChange, *, is_admin: bool) -> Answer:
    """Note that the bot is there. Put there again by an admin, it takes up what is shared by admins."""
    chat, now = happening.chat, happening.now
    waiting = await _waiting(happening) if await _by_an_admin(happening, what) else []
    async with happening.work() as session:
        await groups.back(session, chat.id)
        await groups.seen(session, chat.id, chat.title or "", now=now, bot_is_admin=is_admin)
        resumed = [grant for row in waiting if (grant := await grants.resume(session, row, now=now))]
        for grant in resumed:
            await note(session, happening, grant, Act.RESUMED)
        if happening.again and what.was is not None and what.was.standing in _OUT:
            # Whatever is in force was suspended while the bot was out.
            resumed = [*await grants.in_force(session, chat.id)]
        found = [each for row in resumed if (each := await granted.load(session, row))]
    return [Reply("group.bot_is_back", {"username": each.account}, fresh=True) for each in found]


async def _by_an_admin(happening: Happening, what: BotChange) -> bool:
    """Tell whether an admin did it: an anonymous one is one, of another Telegram is asked."""
    if what.by is None:
        return True
    membership = await happening.doors.members(happening.chat.id, what.by)
    return membership is not None and membership.administers


async def _waiting(happening: Happening) -> list[Grant]:
    """List what was suspended because the bot was out, and whose owner is an admin there now."""
    async with happening.begin() as session:
        group = await groups.find(session, happening.chat.id)
        rows = await grants.of_group(session, group.id) if group else ()
        removed = [row for row in rows if row.suspended_why == LostGround.BOT_REMOVED]
        found = [each for row in removed if (each := await granted.load(session, row))]
    waiting = []
    for each in found:
        owner = await happening.doors.members(happening.chat.id, each.connection.person_id)
        if owner is not None and owner.administers:
            waiting.append(each.grant)
    return waiting


async def member_changed(happening: Happening) -> Answer:
    """Suspend what somebody shares where they are no admin any more; end what they asked for if they left."""
    what = happening.what
    why = departure.lost_ground(what.now) if isinstance(what, MemberChange) and what.now is not None else None
    if not isinstance(what, MemberChange) or what.now is None or why is None:
        return []
    async with happening.work() as session:
        cards = await _ended(session, happening, what.person_id) if what.now.standing in _OUT else []
        said = await _suspended(session, happening, what.person_id, why)
    return [*said, *cards]


async def _ended(session: Session, happening: Happening, person_id: int) -> list[Reply]:
    """End what somebody who left had waiting or planned there, and show it so."""
    ended = await leaving.left(session, chat_id=happening.chat.id, person_id=person_id)
    changed = (*ended.asked, *ended.approved)
    shown = [await card.of(session, happening.doors, task) for task in changed if task.card_message_id]
    for task in ended.asked:
        await note(session, happening, task, Act.CANCELLED)
    for task in ended.approved:
        await note(session, happening, task, Act.VOTE_VOID, facts={"voter": person_id})
    return shown


async def _suspended(session: Session, happening: Happening, person_id: int, why: LostGround) -> list[Reply]:
    """Suspend the grants of an owner; tells of those of a redelivery again."""
    group = await groups.find(session, happening.chat.id)
    told = []
    for row in await grants.of_group(session, group.id) if group else ():
        each = await granted.load(session, row)
        if each is None or each.connection.person_id != person_id:
            continue
        before = happening.again and row.state == GrantState.SUSPENDED and row.suspended_why == why
        suspended = await grants.suspend(session, row.id, why, now=happening.now)
        if suspended is not None:
            await note(session, happening, suspended, Act.SUSPENDED, facts={"why": why})
        if suspended is not None or before:
            told.append(Reply("group.suspended", {"username": each.account, "why": why}, fresh=True))
    return told


async def membership(turn: Turn) -> Answer:
    """Note that a person blocked the bot; what they share is suspended, and its groups are told."""
    if not (turn.chat.private and turn.membership == "kicked"):
        return []
    async with turn.work() as session:
        await people.leave(session, turn.person.id)
        rows = await grants.suspend_of(session, turn.person.id, LostGround.OWNER_BLOCKED, now=turn.now)
        found = [each for row in rows if (each := await granted.load(session, row))]
        for each in sorted(found, key=lambda one: one.group.id):
            await note(session, turn, each.grant, Act.SUSPENDED, facts={"why": LostGround.OWNER_BLOCKED})
        if turn.again:
            shared = await granted.shared_by(session, turn.person.id)
            found = [each for each in shared if each.grant.suspended_why == LostGround.OWNER_BLOCKED]
    return [
        Reply(
            "group.suspended",
            {"username": each.account, "why": LostGround.OWNER_BLOCKED},
            to=each.group.chat_id,
            fresh=True,
        )
        for each in found
    ]
