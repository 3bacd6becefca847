"""Questions about people and the changes of their rows. Export and erasure stand in personal.py."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.exc import IntegrityError

from storage.db import Session, upsert
from storage.tables import Connection, ConnectionState, Person, PersonState


async def get(session: Session, person_id: int) -> Person | None:
    """Find somebody, banned and left ones too."""
    return await session.get(Person, person_id, populate_existing=True)


async def everyone(session: Session) -> list[Person]:
    """List all people, banned and left ones too, the first comer first."""
    return list(await session.scalars(select(Person).order_by(Person.created_at, Person.id)))


async def operator_exists(session: Session) -> bool:
    """Tell whether the bot has its operator."""
    return bool(await session.scalar(select(exists().where(Person.is_operator))))


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
        .where(Person.id == person_id, Person.state == PersonState.LEFT)
        .values(state=PersonState.ACTIVE)
    )
    if operator:
        await _make_operator(session, person_id)
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
    """Note that somebody blocked the bot. False: unknown or banned."""
    return await _change(session, person_id, Person.state == PersonState.ACTIVE, state=PersonState.LEFT)


async def set_language(session: Session, person_id: int, language: str | None) -> None:
    """Choose the language of the bot's sentences; None: whichever Telegram shows."""
    await _change(session, person_id, language=language)


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


async def _make_operator(session: Session, person_id: int) -> None:
    """Only one row may be the operator's: of two who claim at once the database lets one pass."""
    try:
        async with session.begin_nested():
            await _change(session, person_id, ~exists().where(Person.is_operator), is_operator=True)
    except IntegrityError:
        return


async def _change(
    session: Session, person_id: int, *conditions: ColumnElement[bool], **values: object
) -> bool:
    changed = await session.scalar(
        update(Person).where(Person.id == person_id, *conditions).values(**values).returning(Person.id)
    )
    return changed is not None
