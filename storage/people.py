"""Questions about people and the changes of their rows, from being let in to leaving."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    exists,
    func,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage.db import Session, upsert
from storage.tables import (
    Connection,
    ConnectionState,
    Person,
    PersonState,
)

#: In the words of its index, which SQLite else does not recognise: it would look at everybody.
_IS_OPERATOR = text("people.is_operator")


async def get(session: Session, person_id: int) -> Person | None:
    """Find somebody, banned and left ones too."""
    return await session.get(Person, person_id, populate_existing=True)


async def page(session: Session, *, skip: int, most: int) -> Sequence[tuple[Person, int]]:
    """List some of the people, the operator and the first comers first, each with their connections' number.

    Banned and left ones too; not the nameless rest of somebody who was erased.
    """
    found = await session.execute(
        select(Person, _connections_held())
        .where(~erased())
        .order_by(Person.is_operator.desc(), Person.created_at, Person.id)
        .offset(skip)
        .limit(most)
    )
    return [(person, held) for person, held in found]


async def count(session: Session) -> int:
    """Count the people that `page` lists."""
    return await session.scalar(select(func.count()).select_from(Person).where(~erased())) or 0


async def connections_held(session: Session, person_id: int) -> int:
    """Count somebody's connections, the ones being disconnected left out."""
    return await session.scalar(select(_connections_held()).where(Person.id == person_id)) or 0


async def operators(session: Session) -> list[int]:
    """List the ids of who runs the bot: one, or nobody yet."""
    return list(await session.scalars(select(Person.id).where(_IS_OPERATOR)))


async def operator_exists(session: Session) -> bool:
    """Tell whether the bot has its operator."""
    return bool(await session.scalar(select(exists(select(Person.id).where(_IS_OPERATOR)))))


async def let_in(
    session: Session,
    person_id: int,
    first_name: str,
    username: str | None,
    *,
    now: datetime,
    operator: bool = False,
) -> Person:
    """Let somebody in, or in again; a ban stays. `operator` makes them the operator if there is none yet."""
    names = {"first_name": first_name, "username": username}
    row = upsert(session, Person).values(
        id=person_id, **names, state=PersonState.ACTIVE, is_operator=False, created_at=now
    )
    await session.execute(row.on_conflict_do_update(index_elements=[Person.id], set_=names))
    await session.execute(
        update(Person)
        .where(Person.id == person_id, Person.state.in_((PersonState.LEFT, PersonState.GUEST)))
        .values(state=PersonState.ACTIVE)
    )
    if operator:
        await _make_operator(session, person_id)
    return await session.get_one(Person, person_id, populate_existing=True)


async def as_guest(
    session: Session, person_id: int, first_name: str, username: str | None, *, now: datetime
) -> Person:
    """Know somebody from a group: a guest, if nothing is known of them yet. Others stay what they are."""
    names = {"first_name": first_name, "username": username}
    # The nameless rest of somebody who was erased counts as unknown.
    await session.execute(
        update(Person).where(Person.id == person_id, erased()).values(state=PersonState.GUEST, **names)
    )
    row = upsert(session, Person).values(
        id=person_id, **names, state=PersonState.GUEST, is_operator=False, created_at=now
    )
    await session.execute(row.on_conflict_do_update(index_elements=[Person.id], set_=names))
    return await session.get_one(Person, person_id, populate_existing=True)


async def refresh(
    session: Session, person: Person, *, first_name: str, username: str | None, telegram_language: str | None
) -> None:
    """Keep up with what Telegram says about somebody who wrote: also that they have not left."""
    person.first_name = first_name
    person.username = username
    person.telegram_language = telegram_language
    if person.state == PersonState.LEFT:
        person.state = PersonState.ACTIVE
    await session.flush()


async def ban(session: Session, person_id: int) -> bool:
    """Shut somebody out. False: unknown, or the operator, who cannot be banned."""
    return await _change(session, person_id, Person.is_operator.is_(False), state=PersonState.BANNED)


async def unban(session: Session, person_id: int) -> bool:
    """Lift a ban. False: there was none."""
    return await _change(session, person_id, Person.state == PersonState.BANNED, state=PersonState.ACTIVE)


async def leave(session: Session, person_id: int) -> bool:
    """Note that somebody blocked the bot. False: unknown, banned or a guest."""
    return await _change(session, person_id, Person.state == PersonState.ACTIVE, state=PersonState.LEFT)


async def set_language(session: Session, person_id: int, language: str | None) -> None:
    """Choose the language of the bot's sentences; None: whichever Telegram shows."""
    await _change(session, person_id, language=language)


async def set_undo(session: Session, person_id: int, seconds: int) -> None:
    """Choose how long Post can be undone, 0 to 60 seconds."""
    await _change(session, person_id, undo_s=seconds)


async def set_zone(session: Session, person_id: int, zone: str) -> None:
    """Keep somebody's time zone (IANA name); what they asked to be told is answered by it."""
    await _change(session, person_id, zone=zone)


async def set_slots(session: Session, person_id: int, slots: str) -> None:
    """Keep somebody's times of day for /next."""
    await _change(session, person_id, slots=slots)


async def set_asked(session: Session, person_id: int, asked: str | None) -> None:
    """Note what somebody's next words are, beside a draft; None: nothing."""
    await _change(session, person_id, asked=asked)


async def set_default_connection(session: Session, person_id: int, connection_id: int | None) -> bool:
    """Choose the connection that tweets unless told otherwise. False: not an active one of theirs."""
    if connection_id is None:
        return await _change(session, person_id, default_connection_id=None)
    theirs = exists().where(
        Connection.id == connection_id,
        Connection.person_id == person_id,
        Connection.state.in_([ConnectionState.ACTIVE, ConnectionState.REAUTHORIZE]),
    )
    return await _change(session, person_id, theirs, default_connection_id=connection_id)


def was_erased(person: Person) -> bool:
    """Tell whether this is only the rest of somebody who was erased, kept until X was told everything."""
    return person.state == PersonState.LEFT and not person.first_name


async def resign(session: Session, person_id: int) -> bool:
    """Let the operator be a person like others; a new claim link names the next one. False: was none."""
    return await _change(session, person_id, Person.is_operator.is_(True), is_operator=False)


def erased() -> ColumnElement[bool]:
    """Say in SQL what `was_erased` tells of a row."""
    return (Person.state == PersonState.LEFT) & (Person.first_name == "")


def _connections_held() -> ScalarSelect[int]:
    held = Connection.state.in_([ConnectionState.ACTIVE, ConnectionState.REAUTHORIZE])
    of_theirs = select(func.count(Connection.id)).where(Connection.person_id == Person.id, held)
    return of_theirs.correlate(Person).scalar_subquery()


async def _make_operator(session: Session, person_id: int) -> None:
    """Make the first to ask the operator: a unique index lets no second one pass."""
    try:
        async with session.begin_nested():
            await _change(session, person_id, is_operator=True)
    except IntegrityError:
        return


async def _change(
    session: Session, person_id: int, *conditions: ColumnElement[bool], **values: object
) -> bool:
    changed = await session.scalar(
        update(Person).where(Person.id == person_id, *conditions).values(**values).returning(Person.id)
    )
    return changed is not None
