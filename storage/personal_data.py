"""What is stored about a person, given to them or erased."""

from datetime import datetime

from sqlalchemy import ColumnElement, LargeBinary, delete, exists, inspect, or_, select, update

from storage import group_traces, people
from storage.db import Session
from storage.tables import (
    Authorization,
    AuthorizationState,
    Base,
    Booking,
    Budget,
    Connection,
    ConnectionState,
    InlineText,
    LinkChoice,
    Newest,
    Page,
    Person,
    PersonState,
    RateWindow,
    Schedule,
    ScheduleMedia,
    ScheduleText,
    StartLink,
    StartLinkUse,
    Task,
    TaskMedia,
    TaskPart,
    Template,
    Write,
)

#: Not shown to the person: made from secrets, or about our own processes.
INTERNAL = {
    "app_fingerprint",
    "token_fingerprint",
    "token_hash",
    "lease_by",
    "lease_until",
    "source_update_id",
    "text_hash",
    "key_id",
}


async def export(session: Session, person_id: int) -> dict[str, object]:
    """Give everything stored about somebody, ready for JSON, without secrets. Empty: unknown."""
    person = await people.get(session, person_id)
    if person is None:
        return {}
    tasks = select(Task.id).where(Task.person_id == person_id)
    schedules = select(Schedule.id).where(Schedule.person_id == person_id)
    connections = select(Connection.id).where(Connection.person_id == person_id)
    in_groups = {
        name: await _all(session, table, which)
        for name, (table, which) in group_traces.of_person(person_id).items()
    }
    return {
        "person": _shown(person),
        "connections": await _all(session, Connection, Connection.person_id == person_id),
        "authorizations": await _all(session, Authorization, Authorization.person_id == person_id),
        "tasks": await _all(session, Task, Task.person_id == person_id),
        "media": await _all(session, TaskMedia, TaskMedia.task_id.in_(tasks)),
        "parts": await _all(session, TaskPart, TaskPart.task_id.in_(tasks)),
        "writes": await _all(session, Write, Write.task_id.in_(tasks)),
        "schedules": await _all(session, Schedule, Schedule.person_id == person_id),
        "schedule_texts": await _all(session, ScheduleText, ScheduleText.schedule_id.in_(schedules)),
        "schedule_media": await _all(session, ScheduleMedia, ScheduleMedia.schedule_id.in_(schedules)),
        "pages": await _all(session, Page, Page.task_id.in_(tasks)),
        "newest": await _all(session, Newest, Newest.connection_id.in_(connections)),
        "budgets": await _all(session, Budget, Budget.connection_id.in_(connections)),
        "bookings": await _all(session, Booking, Booking.connection_id.in_(connections)),
        "rate_windows": await _all(session, RateWindow, RateWindow.connection_id.in_(connections)),
        "templates": await _all(session, Template, Template.person_id == person_id),
        "link_choices": await _all(session, LinkChoice, LinkChoice.person_id == person_id),
        "inline_texts": await _all(session, InlineText, InlineText.person_id == person_id),
        "start_links": await _all(session, StartLink, _links_of(person_id)),
        "start_links_used": await _all(session, StartLinkUse, StartLinkUse.person_id == person_id),
        **in_groups,
    }


async def erase(session: Session, person_id: int) -> None:
    """Erase somebody and all that is theirs.

    What X has yet to be told (connections and authorizations that are *revoking*) stays until it was,
    without names, and so does a nameless row of the person; likewise of somebody banned, and of the operator.
    """
    await group_traces.erase(session, person_id)
    connections = select(Connection.id).where(Connection.person_id == person_id)
    for statement in (
        delete(Task).where(Task.person_id == person_id),
        *(
            delete(table).where(table.connection_id.in_(connections))
            for table in (Newest, Booking, Budget, RateWindow)
        ),
        delete(Schedule).where(Schedule.person_id == person_id),
        delete(Template).where(Template.person_id == person_id),
        delete(LinkChoice).where(LinkChoice.person_id == person_id),
        delete(InlineText).where(InlineText.person_id == person_id),
        delete(StartLinkUse).where(StartLinkUse.person_id == person_id),
        delete(StartLink).where(_links_of(person_id)),
        delete(Authorization).where(
            Authorization.person_id == person_id, Authorization.state != AuthorizationState.REVOKING
        ),
        delete(Connection).where(
            Connection.person_id == person_id, Connection.state != ConnectionState.REVOKING
        ),
    ):
        await session.execute(statement)
    await _forget_names(session, person_id)
    await _forget_accounts(session, person_id)
    await session.execute(delete(Person).where(Person.id == person_id, *_needed_no_more()))


async def finish_erasing(session: Session) -> None:
    """Drop what stayed of erased people as soon as X was told; call it now and then."""
    # Locked: who comes back at this moment is let in before (and then not listed) or after.
    nameless = await session.scalars(
        select(Person.id).where(people.erased()).with_for_update(skip_locked=True)
    )
    for person_id in nameless.all():
        await erase(session, person_id)


async def _forget_names(session: Session, person_id: int) -> None:
    nothing = dict.fromkeys(
        ("username", "language", "telegram_language", "default_connection_id", "zone", "slots", "asked")
    )
    await session.execute(
        update(Person).where(Person.id == person_id).values(first_name="", undo_s=0, **nothing)
    )
    await people.leave(session, person_id)


async def _forget_accounts(session: Session, person_id: int) -> None:
    """Leave of an X account what it takes to have its token revoked; telling that says no name then."""
    unnamed = {"username": "", "x_name": "", "picture_url": None}
    await session.execute(
        update(Connection).where(Connection.person_id == person_id).values(name="", x_user_id="", **unnamed)
    )
    await session.execute(
        update(Authorization)
        .where(Authorization.person_id == person_id)
        .values(x_user_id=None, **unnamed | {"username": None, "x_name": None})
    )


def _needed_no_more() -> list[ColumnElement[bool]]:
    return [
        Person.state != PersonState.BANNED,
        Person.is_operator.is_(False),
        ~exists().where(Authorization.person_id == Person.id),
        ~exists().where(Connection.person_id == Person.id),
    ]


def _links_of(person_id: int) -> ColumnElement[bool]:
    return or_(StartLink.person_id == person_id, StartLink.made_by == person_id)


async def _all(
    session: Session, table: type[Base], condition: ColumnElement[bool]
) -> list[dict[str, object]]:
    return [_shown(row) for row in await session.scalars(select(table).where(condition))]


def _shown(row: Base) -> dict[str, object]:
    columns = [
        column.key
        for column in inspect(type(row)).columns
        if column.key not in INTERNAL and not isinstance(column.type, LargeBinary)
    ]
    return {key: _as_json(getattr(row, key)) for key in columns}


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
