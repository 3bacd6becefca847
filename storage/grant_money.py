"""What a grant costs in a month (UTC): the whole group, and each person in it, each against the policy's cap.

Only money.py asks here, with the booking and the connection's budget; the order of the locks stands there.
"""

from dataclasses import dataclass

from sqlalchemy import BindParameter, ScalarSelect, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from storage import shared
from storage.db import Session, upsert
from storage.tables import Grant, GrantBudget, Task

#: Stands for the whole group: no person has this id.
EVERYBODY = 0


@dataclass(frozen=True, slots=True)
class Purse:
    """Out of which grant a task pays, and whose share of it."""

    grant_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Over:
    """A cap of a grant that would be passed."""

    cap: int
    booked: int
    whose: str
    """`group` or `person`."""


def grant_of(task_id: BindParameter[str]) -> ScalarSelect[int]:
    """Select the open grant a group's task goes through; nothing for a private one."""
    granted = shared.grants_of(Task).correlate(None)
    return granted.where(Task.id == task_id, Task.chat_id != Task.person_id).scalar_subquery()


async def wait_for_cap(session: Session, grant_id: int, task_id: str) -> Purse | None:
    """Let whoever changes the policy commit first, or wait for us."""
    await session.execute(select(Grant.id).where(Grant.id == grant_id).with_for_update(read=True))
    person_id = await session.scalar(select(Task.person_id).where(Task.id == task_id))
    return None if person_id is None else Purse(grant_id, person_id)


async def take(session: Session, purse: Purse, month: str, cents_100: int) -> Over | None:
    """Add to the group's month and to the person's, if both caps allow. Else nothing is added."""
    if not await _take(session, purse.grant_id, EVERYBODY, month, cents_100):
        return await _over(session, purse.grant_id, EVERYBODY, month)
    if not await _take(session, purse.grant_id, purse.person_id, month, cents_100):
        await _move(session, purse.grant_id, EVERYBODY, month, -cents_100)
        return await _over(session, purse.grant_id, purse.person_id, month)
    return None


async def move(session: Session, purse: Purse | None, month: str, by: int) -> None:
    """Add what was spent already, or take off what was given back, whatever the caps say. None: no purse."""
    if purse is None:
        return
    for person_id in (EVERYBODY, purse.person_id):
        await _open_month(session, purse.grant_id, person_id, month)
        await _move(session, purse.grant_id, person_id, month, by)


async def booked(session: Session, grant_id: int, month: str, person_id: int = EVERYBODY) -> int:
    """Say what a grant has cost in a month, the whole group or one person; reserved or spent."""
    found = await session.get(GrantBudget, (grant_id, person_id, month), populate_existing=True)
    return found.booked_cents_100 if found else 0


async def _over(session: Session, grant_id: int, person_id: int, month: str) -> Over:
    cap = await session.scalar(select(_cap(person_id)).where(Grant.id == grant_id))
    whose = "group" if person_id == EVERYBODY else "person"
    return Over(cap or 0, await booked(session, grant_id, month, person_id), whose)


def _cap(person_id: int) -> InstrumentedAttribute[int | None]:
    return Grant.cap_cents_100 if person_id == EVERYBODY else Grant.person_cap_cents_100


async def _open_month(session: Session, grant_id: int, person_id: int, month: str) -> None:
    row = upsert(session, GrantBudget).values(
        grant_id=grant_id, person_id=person_id, month=month, booked_cents_100=0
    )
    await session.execute(row.on_conflict_do_nothing(index_elements=["grant_id", "person_id", "month"]))


async def _take(session: Session, grant_id: int, person_id: int, month: str, cents_100: int) -> bool:
    """Add to a month if the cap allows: one UPDATE, whoever else books at this moment."""
    await _open_month(session, grant_id, person_id, month)
    cap = select(_cap(person_id)).where(Grant.id == grant_id).scalar_subquery()
    taking = update(GrantBudget).where(
        GrantBudget.grant_id == grant_id, GrantBudget.person_id == person_id, GrantBudget.month == month
    )
    if cents_100:
        taking = taking.where(or_(cap.is_(None), GrantBudget.booked_cents_100 + cents_100 <= cap))
    taken = await session.scalar(
        taking.values(booked_cents_100=GrantBudget.booked_cents_100 + cents_100)
        .returning(GrantBudget.month)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


async def _move(session: Session, grant_id: int, person_id: int, month: str, by: int) -> None:
    await session.execute(
        update(GrantBudget)
        .where(
            GrantBudget.grant_id == grant_id, GrantBudget.person_id == person_id, GrantBudget.month == month
        )
        .values(booked_cents_100=GrantBudget.booked_cents_100 + by)
        .execution_options(synchronize_session=False)
    )
