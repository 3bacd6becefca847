"""Grants: which group may use which connection, and under which policy; each change is one UPDATE.

What the policy's columns permit is decided in tasks/permissions.py; what a grant holds back, in shared.py.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, insert, or_, select, text, update

from storage import rights
from storage.db import FOR_CHANGE, Session, upsert
from storage.tables import (
    OPEN_GRANT,
    Connection,
    ConnectionState,
    Grant,
    GrantPerson,
    GrantState,
    Group,
    GroupState,
    LostGround,
    Task,
    TaskState,
)

#: States in which a connection can be shared.
_HELD = (ConnectionState.ACTIVE, ConnectionState.REAUTHORIZE)
#: The group's open grant for a connection: in the words of its unique index.
_OPEN = text("state IN ('active', 'suspended')")
#: The columns that are the policy.
POLICY = (
    *("asks", "kinds", "approves", "votes_needed", "in_order", "unapproved", "quota_day", "cap_cents_100"),
    *("person_cap_cents_100", "quiet", "zone", "links", "names_author"),
)


async def share(
    session: Session, *, group_id: int, connection_id: int, by: int, now: datetime, **policy: Any
) -> Grant | None:
    """Let a group use a connection; without `policy` as little as the defaults allow.

    None: it may already, the connection is not theirs any more, or the bot is out of the group.
    """
    theirs = select(Connection.id).where(
        Connection.id == connection_id, Connection.person_id == by, Connection.state.in_(_HELD)
    )
    here = select(Group.id).where(Group.id == group_id, Group.state == GroupState.ACTIVE)
    # Whoever disconnects, or throws the bot out, waits for us or finds no grant to end.
    for needed in (theirs, here):
        if await session.scalar(needed.with_for_update(read=True)) is None:
            return None
    row = upsert(session, Grant).values(
        group_id=group_id,
        connection_id=connection_id,
        state=GrantState.ACTIVE,
        shared_by=by,
        shared_at=now,
        **_known(policy),
    )
    new = row.on_conflict_do_nothing(index_elements=["group_id", "connection_id"], index_where=_OPEN)
    grant_id = await session.scalar(new.returning(Grant.id))
    return None if grant_id is None else await get(session, grant_id)


async def get(session: Session, grant_id: int, *, lock: bool = False) -> Grant | None:
    """Find a grant, ended ones too. `lock`: nobody changes it until we commit."""
    return await session.get(
        Grant, grant_id, populate_existing=True, with_for_update=FOR_CHANGE if lock else None
    )


async def of_group(session: Session, group_id: int) -> Sequence[Grant]:
    """List the open grants of a group (active or suspended), the oldest first."""
    return await _open(session, Grant.group_id == group_id)


async def of_connection(session: Session, connection_id: int) -> Sequence[Grant]:
    """List the open grants of a connection, the oldest first."""
    return await _open(session, Grant.connection_id == connection_id)


async def of_chat(session: Session, chat_id: int, connection_id: int) -> Grant | None:
    """Find the open grant of a chat's group for a connection, active or suspended."""
    here = select(Group.id).where(Group.chat_id == chat_id)
    found = await _open(session, Grant.group_id.in_(here), Grant.connection_id == connection_id)
    return found[0] if found else None


async def of_task(session: Session, task: Task) -> Grant | None:
    """Find the open grant a task goes through. None: it is in a private chat, or the grant has ended."""
    if task.chat_id == task.person_id or task.connection_id is None:
        return None
    return await of_chat(session, task.chat_id, task.connection_id)


async def in_force(session: Session, chat_id: int) -> Sequence[Grant]:
    """List the grants that a chat's group may use now; frozen ones too: what is asked for waits."""
    here = select(Group.id).where(Group.chat_id == chat_id, Group.state == GroupState.ACTIVE)
    return await _open(session, Grant.group_id.in_(here), Grant.state == GrantState.ACTIVE)


async def change_policy(session: Session, grant: Grant, **policy: Any) -> Grant | None:
    """Change columns of the policy. None: the grant is not as `grant` says any more."""
    changed = await _change(session, *_as_it_is(grant), Grant.state.in_(OPEN_GRANT), **_known(policy))
    if changed is not None:
        await rights.forget(session, changed)
    return changed


async def people(session: Session, grant_id: int, role: str) -> list[int]:
    """List whom a policy names to ask (`asks`) or to approve (`approves`), in their order."""
    found = await session.scalars(
        select(GrantPerson.person_id)
        .where(GrantPerson.grant_id == grant_id, GrantPerson.role == role)
        .order_by(GrantPerson.position)
    )
    return list(found)


async def put_people(session: Session, grant: Grant, role: str, person_ids: Sequence[int]) -> Grant | None:
    """Name others in a policy, in this order. None: as in `change_policy`."""
    changed = await _change(session, *_as_it_is(grant), Grant.state.in_(OPEN_GRANT))
    if changed is None:
        return None
    await rights.forget(session, changed)
    await session.execute(
        delete(GrantPerson).where(GrantPerson.grant_id == grant.id, GrantPerson.role == role)
    )
    for position, person_id in enumerate(dict.fromkeys(person_ids)):
        await session.execute(
            insert(GrantPerson).values(grant_id=grant.id, role=role, person_id=person_id, position=position)
        )
    return changed


async def suspend(session: Session, grant_id: int, why: LostGround, *, now: datetime) -> Grant | None:
    """Hold all that goes through a grant, for it lost its ground. None: it is suspended or over already."""
    active = (Grant.id == grant_id, Grant.state == GrantState.ACTIVE)
    return await _change(session, *active, state=GrantState.SUSPENDED, suspended_why=why, suspended_at=now)


async def suspend_all(session: Session, group_id: int, why: LostGround, *, now: datetime) -> list[Grant]:
    """Suspend all grants of a group; gives those that were in force until now."""
    suspended = [await suspend(session, each.id, why, now=now) for each in await of_group(session, group_id)]
    return [grant for grant in suspended if grant is not None]


async def suspend_of(session: Session, person_id: int, why: LostGround, *, now: datetime) -> list[Grant]:
    """Suspend all grants of a person's connections; gives those that were in force until now."""
    theirs = select(Connection.id).where(Connection.person_id == person_id)
    found = await _open(session, Grant.connection_id.in_(theirs))
    suspended = [await suspend(session, each.id, why, now=now) for each in found]
    return [grant for grant in suspended if grant is not None]


async def resume(session: Session, grant: Grant, *, now: datetime) -> Grant | None:
    """Let a suspended grant hold again what it held; its tasks go on. None: as in `change_policy`."""
    expected = (*_as_it_is(grant), Grant.state == GrantState.SUSPENDED)
    values = {"state": GrantState.ACTIVE, "suspended_why": None, "suspended_at": None}
    return await _let_go(session, await _change(session, *expected, **values), now)


async def end(session: Session, grant_id: int, *, now: datetime) -> Grant | None:
    """Take a connection back from a group: what waits is looked at, and ends. None: it has ended."""
    ended = await _change(session, Grant.id == grant_id, Grant.state.in_(OPEN_GRANT), state=GrantState.ENDED)
    return await _let_go(session, ended, now)


async def end_all(
    session: Session, *, now: datetime, connection_id: int | None = None, group_id: int | None = None
) -> list[Grant]:
    """End all grants of a connection or of a group; gives those that were open until now."""
    found = [] if connection_id is None else [*await of_connection(session, connection_id)]
    found += [] if group_id is None else await of_group(session, group_id)
    ended = [await end(session, each.id, now=now) for each in found]
    return [grant for grant in ended if grant is not None]


async def freeze(session: Session, grant: Grant, *, by: int, now: datetime) -> Grant | None:
    """Stop everything that would go out through a grant. None: it is frozen or has ended.

    Of no version: who presses in a hurry is not told that the card is old.
    """
    expected = (Grant.id == grant.id, Grant.state.in_(OPEN_GRANT), Grant.frozen_at.is_(None))
    return await _change(session, *expected, frozen_at=now, frozen_by=by)


async def thaw(session: Session, grant: Grant, *, by: int, now: datetime) -> Grant | None:
    """Let a frozen grant go on. None: not as `grant` says, or `by` neither owns it nor froze it."""
    owns = exists().where(Connection.id == Grant.connection_id, Connection.person_id == by)
    expected = (*_as_it_is(grant), Grant.frozen_at.is_not(None), or_(Grant.frozen_by == by, owns))
    return await _let_go(session, await _change(session, *expected, frozen_at=None, frozen_by=None), now)


def _known(policy: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(policy) - set(POLICY):
        raise ValueError(f"not of the policy: {sorted(unknown)}")
    return policy


def _as_it_is(grant: Grant) -> tuple[ColumnElement[bool], ...]:
    return Grant.id == grant.id, Grant.version == grant.version


async def _open(session: Session, *which: ColumnElement[bool]) -> Sequence[Grant]:
    found = await session.scalars(
        select(Grant)
        .where(*which, Grant.state.in_(OPEN_GRANT))
        .order_by(Grant.id)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def _change(session: Session, *expected: ColumnElement[bool], **values: Any) -> Grant | None:
    found: Grant | None = await session.scalar(
        update(Grant).where(*expected).values(**values, version=Grant.version + 1).returning(Grant),
        execution_options={"populate_existing": True, "synchronize_session": False},
    )
    return found


async def _let_go(session: Session, grant: Grant | None, now: datetime) -> Grant | None:
    """Let what waits at a grant be looked at now; what is still held stays where it is."""
    if grant is None:
        return None
    chat = select(Group.chat_id).where(Group.id == grant.group_id).scalar_subquery()
    waits = (
        select(Task.id)
        .where(
            Task.state == TaskState.DUE,
            Task.connection_id == grant.connection_id,
            Task.chat_id == chat,
            or_(Task.wake_at.is_(None), Task.wake_at > now),
        )
        # Locked in one order: two who wake the same tasks do not wait for each other in a circle.
        .order_by(Task.id)
        .with_for_update(key_share=True)
    )
    await session.execute(
        update(Task)
        .where(Task.id.in_(waits))
        .values(wake_at=now)
        .execution_options(synchronize_session=False)
    )
    return grant
