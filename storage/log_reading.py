"""Reading the logs of groups: page by page, by task, by post; and what a task in them has cost."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from storage.db import Session
from storage.tables import Booking, Grant, Group, LogEntry

#: The acts with which something is on X, or gone from there: they name the post.
OF_A_POST = ("sent", "deleted")


async def count(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    """Count the entries of a view."""
    return await session.scalar(select(func.count()).select_from(LogEntry).where(*where)) or 0


async def page(
    session: Session, where: Sequence[ColumnElement[bool]], *, skip: int, most: int
) -> Sequence[LogEntry]:
    """List the entries of a view, the newest first."""
    newest = (LogEntry.at.desc(), LogEntry.group_id, LogEntry.seq.desc())
    found = await session.scalars(select(LogEntry).where(*where).order_by(*newest).offset(skip).limit(most))
    return found.all()


def of_group(group_id: int, connection_ids: Collection[int], *, whole: bool) -> Sequence[ColumnElement[bool]]:
    """Choose of a group's log what is about these connections; `whole`: and what is about none."""
    about: ColumnElement[bool] = LogEntry.connection_id.in_(connection_ids) if connection_ids else false()
    if whole:
        about = or_(about, LogEntry.connection_id.is_(None))
    return (and_(LogEntry.group_id == group_id, about),)


def of_connection(connection_id: int) -> Sequence[ColumnElement[bool]]:
    """Choose what is about a connection, in all groups."""
    return (LogEntry.connection_id == connection_id,)


async def of_task(session: Session, group_id: int, task_id: str) -> Sequence[LogEntry]:
    """List what happened with a task, in order."""
    found = await session.scalars(
        select(LogEntry)
        .where(LogEntry.group_id == group_id, LogEntry.task_id == task_id)
        .order_by(LogEntry.seq)
    )
    return found.all()


async def of_post(session: Session, group_id: int, post_id: str) -> LogEntry | None:
    """Find the entry with which a post, given by its digits, went out from a group. None: it did not."""
    found: LogEntry | None = await session.scalar(
        select(LogEntry)
        .where(
            LogEntry.group_id == group_id,
            LogEntry.act == "sent",
            # A thread's posts stand in one word, with spaces between and around them.
            or_(
                LogEntry.facts.contains(f'"post":"{post_id}"', autoescape=True),
                LogEntry.facts.contains(f" {post_id} ", autoescape=True),
            ),
        )
        .order_by(LogEntry.seq)
        .limit(1)
    )
    return found


async def grants_ever(session: Session, group_id: int) -> dict[int, Grant]:
    """Give by connection the newest grant of a group, ended ones too: by its policy its log is read."""
    found = await session.scalars(select(Grant).where(Grant.group_id == group_id).order_by(Grant.id))
    return {grant.connection_id: grant for grant in found}


async def groups_with_log(session: Session) -> Sequence[Group]:
    """List the groups of which something is written down."""
    written = select(LogEntry.group_id).distinct()
    found = await session.scalars(select(Group).where(Group.id.in_(written)).order_by(Group.id))
    return found.all()


async def cost_of(session: Session, task_id: str) -> int:
    """Sum up what a task has cost so far, in hundredths of a cent."""
    spent = select(func.sum(Booking.cents_100)).where(
        Booking.task_id == task_id, Booking.settled_at.is_not(None)
    )
    return await session.scalar(spent) or 0
