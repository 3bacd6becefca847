"""Groups: the chats with members that the bot is or was in; one function rewrites a chat's id everywhere."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storage import erasures, grants
from storage.db import Session, upsert
from storage.tables import (
    OPEN_GRANT,
    Erasure,
    Grant,
    GrantState,
    Group,
    GroupState,
    LinkChoice,
    LostGround,
    Schedule,
    ScheduleMedia,
    Task,
    TaskMedia,
    TaskState,
)

#: A supergroup counts its messages anew (Bot API, Message.message_id): the ids of before, which have 32 bits,
#: are moved below zero in their order, so that no new message is taken for an old one.
BEFORE_THE_MOVE = 1 << 40
#: No chat has this id: for the moment in which two rows change theirs.
_NO_CHAT = 0


async def seen(
    session: Session, chat_id: int, title: str, *, now: datetime, bot_is_admin: bool | None = None
) -> Group:
    """Find or make the row of a chat in which something was said, and keep up with its title.

    `bot_is_admin` None: not known now. The bot is in again, if it was out; its grants stay suspended.
    """
    group = await find(session, chat_id)
    if group is None:
        row = upsert(session, Group).values(
            chat_id=chat_id, title=title, state=GroupState.ACTIVE, bot_is_admin=False, created_at=now
        )
        await session.execute(row.on_conflict_do_nothing(index_elements=["chat_id"]))
        group = await find(session, chat_id)
    if group is None:
        raise AssertionError("a group that was put in is there")
    group.title = title
    group.bot_is_admin = group.bot_is_admin if bot_is_admin is None else bot_is_admin
    if group.state == GroupState.LEFT:
        group.state = GroupState.ACTIVE
    await session.flush()
    return group


async def get(session: Session, group_id: int) -> Group | None:
    """Find a group by our own id."""
    return await session.get(Group, group_id, populate_existing=True)


async def find(session: Session, chat_id: int) -> Group | None:
    """Find the group of a chat, ones the bot is out of too."""
    asked = select(Group).where(Group.chat_id == chat_id).execution_options(populate_existing=True)
    found: Group | None = await session.scalar(asked)
    return found


async def hold(session: Session, chat_id: int) -> Group | None:
    """Find a group that is to be moved: nobody changes it, or a task there, until we commit."""
    # The tasks first: whoever has one writes in the log next, and by the foreign key waits for the group.
    there = select(Task.id).where(Task.chat_id == chat_id).order_by(Task.id)
    await session.execute(there.with_for_update(key_share=True))
    asked = select(Group).where(Group.chat_id == chat_id).execution_options(populate_existing=True)
    found: Group | None = await session.scalar(asked.with_for_update(key_share=True))
    return found


async def left(session: Session, chat_id: int, *, now: datetime) -> list[Grant]:
    """Note that the bot is out; gives the grants that are suspended for that."""
    group = await _move(session, chat_id, (GroupState.ACTIVE,), GroupState.LEFT)
    if group is None:
        return []
    return await grants.suspend_all(session, group.id, LostGround.BOT_REMOVED, now=now)


async def back(session: Session, chat_id: int) -> Group | None:
    """Note that the bot is in again; its grants stay suspended until they are resumed. None: it was."""
    return await _move(session, chat_id, (GroupState.LEFT, GroupState.GONE), GroupState.ACTIVE)


async def gone(session: Session, chat_id: int, *, now: datetime) -> list[Grant]:
    """Note that the chat is no more; gives the grants that ended with it."""
    group = await _move(session, chat_id, (GroupState.ACTIVE, GroupState.LEFT), GroupState.GONE)
    return [] if group is None else await grants.end_all(session, group_id=group.id, now=now)


async def moved(session: Session, old: int, new: int) -> Group | None:
    """Rewrite a chat's id wherever it stands; again, or told by both chats at once, it comes to the same.

    Bot API: migrate_to_chat_id, migrate_from_chat_id. Gives the group. Its cards have to be sent anew.
    """
    group = await _move_group(session, old, new)
    await _move_tasks(session, old, new)
    await session.execute(
        update(Schedule)
        .where(Schedule.chat_id == old)
        .values(
            chat_id=new, card_message_id=None, source_message_id=_before_the_move(Schedule.source_message_id)
        )
        .execution_options(synchronize_session=False)
    )
    for message_id in await session.scalars(select(Erasure.message_id).where(Erasure.chat_id == old)):
        await erasures.moved(session, old, message_id, new)
    chosen_there = select(LinkChoice.person_id).where(LinkChoice.chat_id == new)
    await session.execute(
        delete(LinkChoice)
        .where(LinkChoice.chat_id == old, LinkChoice.person_id.in_(chosen_there))
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(LinkChoice)
        .where(LinkChoice.chat_id == old)
        .values(chat_id=new)
        .execution_options(synchronize_session=False)
    )
    return group


async def _move_group(session: Session, old: int, new: int) -> Group | None:
    """Let the older of the two rows be the group; what came to the other one meanwhile is given to it."""
    rows = await session.scalars(
        select(Group)
        .where(Group.chat_id.in_((old, new)))
        .order_by(Group.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = list(rows)
    if not found:
        return None
    group, *others = found
    for other in others:
        await _give(session, other, group)
        other.chat_id, other.state = _NO_CHAT, GroupState.GONE
        await session.flush()
    group.chat_id = new
    await session.flush()
    for other in others:
        other.chat_id = old
    await session.flush()
    return group


async def _give(session: Session, other: Group, group: Group) -> None:
    """Give a row's grants to the group; of two for one connection the group keeps its own."""
    kept = select(Grant.connection_id).where(Grant.group_id == group.id, Grant.state.in_(OPEN_GRANT))
    theirs = (Grant.group_id == other.id, Grant.state.in_(OPEN_GRANT))
    for which, values in (
        ((*theirs, Grant.connection_id.in_(kept)), {"state": GrantState.ENDED}),
        (theirs, {"group_id": group.id}),
    ):
        await session.execute(
            update(Grant)
            .where(*which)
            .values(**values, version=Grant.version + 1)
            .execution_options(synchronize_session=False)
        )


async def _move_tasks(session: Session, old: int, new: int) -> None:
    other = aliased(Task)
    drafts_there = exists().where(
        other.chat_id == new, other.person_id == Task.person_id, other.state == TaskState.DRAFT
    )
    statements = (
        # A person has one draft in a chat: the one in the new chat stays open.
        update(Task)
        .where(Task.chat_id == old, Task.state == TaskState.DRAFT, drafts_there)
        .values(state=TaskState.CANCELLED, version=Task.version + 1, asked=None),
        update(TaskMedia)
        .where(TaskMedia.task_id.in_(select(Task.id).where(Task.chat_id == old)))
        .values(message_id=_before_the_move(TaskMedia.message_id)),
        update(ScheduleMedia)
        .where(ScheduleMedia.schedule_id.in_(select(Schedule.id).where(Schedule.chat_id == old)))
        .values(message_id=_before_the_move(ScheduleMedia.message_id)),
        update(Task)
        .where(Task.chat_id == old)
        .values(
            chat_id=new, card_message_id=None, source_message_id=_before_the_move(Task.source_message_id)
        ),
    )
    for statement in statements:
        await session.execute(statement, execution_options={"synchronize_session": False})


def _before_the_move(message_id: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """Count a message of the old chat below zero; what is of no message stays as it is."""
    return case((message_id > 0, message_id - BEFORE_THE_MOVE), else_=message_id)


async def _move(
    session: Session, chat_id: int, states: tuple[GroupState, ...], to: GroupState
) -> Group | None:
    found: Group | None = await session.scalar(
        update(Group)
        .where(Group.chat_id == chat_id, Group.state.in_(states))
        .values(state=to)
        .returning(Group),
        execution_options={"populate_existing": True, "synchronize_session": False},
    )
    return found
