"""What is stored about a person because of groups: given to them, or erased, with personal_data.py."""

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from storage.db import Session
from storage.tables import (
    Base,
    Booking,
    Connection,
    Grant,
    GrantBudget,
    GrantPerson,
    LogEntry,
    LogText,
    Vote,
)


def of_person(person_id: int) -> dict[str, tuple[type[Base], ColumnElement[bool]]]:
    """Say by name in which tables somebody stands, and in which rows."""
    connections = select(Connection.id).where(Connection.person_id == person_id)
    return {
        "grants": (Grant, or_(Grant.connection_id.in_(connections), Grant.shared_by == person_id)),
        "named_in_grants": (GrantPerson, GrantPerson.person_id == person_id),
        "votes": (Vote, Vote.person_id == person_id),
        "grant_budgets": (GrantBudget, GrantBudget.person_id == person_id),
        "log_entries": (LogEntry, LogEntry.actor_id == person_id),
        "log_texts": (LogText, _wrote(person_id)),
    }


async def erase(session: Session, person_id: int) -> None:
    """Erase what somebody said and where they are named; before their tasks and connections are.

    What the logs of groups say that they did stays, by their number alone: the log is the group's.
    """
    connections = select(Connection.id).where(Connection.person_id == person_id)
    for statement in (
        delete(LogText).where(_wrote(person_id)),
        delete(Vote).where(Vote.person_id == person_id),
        delete(GrantPerson).where(GrantPerson.person_id == person_id),
        delete(GrantBudget).where(GrantBudget.person_id == person_id),
        update(Booking).where(Booking.person_id == person_id).values(person_id=None, grant_id=None),
        update(Grant).where(Grant.frozen_by == person_id).values(frozen_by=None),
        delete(Grant).where(Grant.connection_id.in_(connections)),
        # Of one that was handed over since: who shared it is nobody's name any more.
        update(Grant).where(Grant.shared_by == person_id).values(shared_by=0),
    ):
        await session.execute(statement, execution_options={"synchronize_session": False})


def _wrote(person_id: int) -> ColumnElement[bool]:
    return exists().where(
        LogEntry.group_id == LogText.group_id, LogEntry.seq == LogText.seq, LogEntry.actor_id == person_id
    )
