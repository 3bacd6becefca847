"""Rows with readable defaults, as tests need them; every one is put in by its own transaction."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from storage import people
from storage.db import Database, Session
from storage.ids import sortable_id
from storage.tables import (
    AppKind,
    Authorization,
    AuthorizationState,
    Base,
    Connection,
    ConnectionState,
    Grant,
    GrantState,
    Group,
    GroupState,
    Person,
    Task,
    TaskState,
)
from storage.vault import Place, Secret, Vault

Row = TypeVar("Row", bound=Base)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def add_person(db: Database, person_id: int = 101, name: str = "Ada", **changes: Any) -> Person:
    """Let somebody in; `operator=True` makes them the operator."""
    operator = changes.pop("operator", False)
    async with db.begin() as session:
        person = await people.let_in(
            session, person_id, name, name.lower(), now=changes.pop("now", NOW), operator=operator
        )
        for key, value in changes.items():
            setattr(person, key, value)
    return person


async def everyone(session: Session) -> list[Person]:
    """List all people there are, banned and left ones too, by their ids."""
    return list(await session.scalars(select(Person).order_by(Person.id)))


async def add_connection(
    db: Database,
    vault: Vault,
    *,
    person_id: int = 101,
    username: str = "alice_writes",
    x_user_id: str = "7001",
    token: str = "7001-token",
    secret: str = "the-access-secret",
    **changes: Any,
) -> Connection:
    """Add a working connection by the registered app, with sealed tokens."""
    connection = Connection(
        person_id=person_id,
        name=username,
        app_kind=AppKind.REGISTERED,
        data_key=vault.new_data_key("connections", person_id),
        token_fingerprint=vault.fingerprint(token),
        x_user_id=x_user_id,
        username=username,
        x_name=username.title(),
        **{"state": ConnectionState.ACTIVE, "access_level": "read-write", "created_at": NOW}
        | {"app_fingerprint": vault.fingerprint("registered")}
        | changes,
    )
    async with db.begin() as session:
        session.add(connection)
        await session.flush()
        for column, value in (("access_token", token), ("access_secret", secret)):
            place = Place("connections", column, connection.id, person_id)
            setattr(connection, column, vault.seal(connection.data_key, place, Secret(value)))
    return connection


async def add_authorization(
    db: Database, vault: Vault, *, person_id: int = 101, **changes: Any
) -> Authorization:
    """Add a way to a connection, waiting for the person to choose the app."""
    defaults = {
        "source_update_id": 1,
        "state": AuthorizationState.CHOOSING,
        "created_at": NOW,
        "expires_at": NOW + timedelta(minutes=10),
    }
    data_key = vault.new_data_key("authorizations", person_id)
    return await _add(db, Authorization(person_id=person_id, data_key=data_key, **defaults | changes))


async def add_task(db: Database, *, person_id: int = 101, **changes: Any) -> Task:
    """Add a tweet being drafted in the private chat."""
    defaults = {
        "id": sortable_id(NOW),
        "chat_id": person_id,
        "source_message_id": 1,
        "kind": "tweet",
        "state": TaskState.DRAFT,
        "text": "Hello",
        "created_at": NOW,
    }
    return await _add(db, Task(person_id=person_id, **defaults | changes))


async def add_group(db: Database, chat_id: int = -500, **changes: Any) -> Group:
    """Add a group that the bot is in."""
    defaults = {"title": "The group", "state": GroupState.ACTIVE, "bot_is_admin": True, "created_at": NOW}
    return await _add(db, Group(chat_id=chat_id, **defaults | changes))


async def add_grant(db: Database, group: Group, connection: Connection, **changes: Any) -> Grant:
    """Let a group use a connection, with nobody's approval."""
    defaults = {
        "state": GrantState.ACTIVE,
        "shared_by": connection.person_id,
        "shared_at": NOW,
        "approves": "nobody",
    }
    return await _add(db, Grant(group_id=group.id, connection_id=connection.id, **defaults | changes))


async def _add(db: Database, row: Row) -> Row:
    async with db.begin() as session:
        session.add(row)
    return row
