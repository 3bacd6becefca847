"""Reading the logs of groups: page by page, by task, by post; and what a task in them has cost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, union

from storage import log
from storage.db import Session
from storage.tables import Booking, Connection, Grant, Group, LogEntry, LogHead


@dataclass(frozen=True, slots=True)
class Part:
    """The part of the logs somebody reads."""

    group_id: int | None
    """None: of all groups."""
    connection_ids: frozenset[int] = frozenset()
    everything: bool = False
    """All of the group's, whatever it is about."""
    since: Mapping[int, datetime] = field(default_factory=dict)
    """Of some connections only what happened from a moment on."""

    def chosen(self) -> list[ColumnElement[bool]]:
        """Give it as conditions."""
        here = [] if self.group_id is None else [LogEntry.group_id == self.group_id]
        if self.everything:
            return here
        late = [and_(LogEntry.connection_id == key, LogEntry.at >= at) for key, at in self.since.items()]
        return [*here, or_(LogEntry.connection_id.in_(self.connection_ids - self.since.keys()), *late)]

    def holds(self, entry: LogEntry) -> bool:
        """Say whether an entry is in it."""
        if self.group_id not in (None, entry.group_id):
            return False
        since = self.since.get(entry.connection_id or 0)
        is_about = entry.connection_id in self.connection_ids and (since is None or entry.at >= since)
        return self.everything or is_about


async def count(session: Session, part: Part) -> int:
    """Count its entries."""
    return await session.scalar(select(func.count()).select_from(LogEntry).where(*part.chosen())) or 0


async def page(session: Session, part: Part, *, skip: int, most: int) -> Sequence[LogEntry]:
    """List its entries, the newest first."""
    newest = (LogEntry.at.desc(), LogEntry.group_id, LogEntry.seq.desc())
    asked = select(LogEntry).where(*part.chosen()).order_by(*newest).offset(skip).limit(most)
    return (await session.scalars(asked)).all()


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


async def last(session: Session, grant: Grant, act: str) -> LogEntry | None:
    """Find the last entry of an act about a grant's connection in its group. None: there is none."""
    found: LogEntry | None = await session.scalar(
        select(LogEntry)
        .where(
            LogEntry.group_id == grant.group_id,
            LogEntry.connection_id == grant.connection_id,
            LogEntry.act == act,
        )
        .order_by(LogEntry.seq.desc())
        .limit(1)
    )
    return found


async def is_there(
    session: Session,
    group_id: int,
    act: str,
    actor_id: int,
    facts: Mapping[str, int | str],
    *,
    since: datetime,
) -> bool:
    """Say whether somebody's act, with these very facts, was written down since some moment."""
    found = await session.scalar(
        select(LogEntry.seq)
        .where(
            LogEntry.group_id == group_id,
            LogEntry.actor_id == actor_id,
            LogEntry.act == act,
            LogEntry.at > since,
            LogEntry.facts == log.written(facts),
        )
        .limit(1)
    )
    return found is not None


async def grants_ever(session: Session, group_id: int) -> dict[int, Grant]:
    """Give by connection the newest grant of a group, ended ones too: by its policy its log is read."""
    found = await session.scalars(select(Grant).where(Grant.group_id == group_id).order_by(Grant.id))
    return {grant.connection_id: grant for grant in found}


async def owned_since(session: Session, connection_ids: Collection[int]) -> dict[int, datetime]:
    """Say since when connections that were handed over are whose they are; of others nothing."""
    found = await session.execute(
        select(LogEntry.connection_id, func.max(LogEntry.at))
        .where(LogEntry.connection_id.in_(connection_ids), LogEntry.act == "handed_over")
        .group_by(LogEntry.connection_id)
    )
    return {key: at for key, at in found if key is not None}


async def groups_about(session: Session, part: Part) -> Sequence[Group]:
    """List the groups in whose logs some of a part stands."""
    which = select(LogEntry.group_id).where(*part.chosen())
    found = await session.scalars(select(Group).where(Group.id.in_(which)).order_by(Group.id))
    return found.all()


async def groups_with_log(session: Session) -> Sequence[Group]:
    """List the groups of which something is written down."""
    # One whose entries are all gone still has its head.
    written = union(select(LogEntry.group_id), select(LogHead.group_id))
    found = await session.scalars(select(Group).where(Group.id.in_(written)).order_by(Group.id))
    return found.all()


async def groups_of(session: Session, person_id: int) -> Sequence[Group]:
    """List the groups in whose logs somebody, or a connection of theirs, stands: the one last made first."""
    theirs = select(Connection.id).where(Connection.person_id == person_id)
    which = union(
        select(LogEntry.group_id).where(LogEntry.actor_id == person_id),
        select(Grant.group_id).where(Grant.connection_id.in_(theirs)),
    )
    found = await session.scalars(select(Group).where(Group.id.in_(which)).order_by(Group.id.desc()))
    return found.all()


async def cost_of(session: Session, task_id: str) -> int:
    """Sum up what a task has cost so far, in hundredths of a cent."""
    spent = select(func.sum(Booking.cents_100)).where(
        Booking.task_id == task_id, Booking.settled_at.is_not(None)
    )
    return await session.scalar(spent) or 0
