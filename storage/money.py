"""The ledger: what each connection reserved and spent at X, month by month (UTC), never over its cap.

All sums are hundredths of a cent. A booking is reserved, then settled to what it really cost, or released;
one of which nobody knows what became stays reserved. The month's budget moves in the same transaction; for
a group's task also the grant's, of the group and of the person (grant_money.py).
Locks are taken in the order write, connection, grant, booking, budget, the group's budget, the person's.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import ColumnElement, Executable, and_, bindparam, delete, exists, or_, select, update

from storage import grant_money
from storage.db import Session, upsert
from storage.grant_money import Purse
from storage.tables import Booking, Budget, Connection, Write

#: What books a write; the number of its part follows.
WRITE = "write:"


@dataclass(frozen=True, slots=True)
class Paid:
    """One request that costs: the same again is the same reservation."""

    task_id: str
    what: str
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Booked:
    """The money is set aside."""

    cents_100: int


@dataclass(frozen=True, slots=True)
class OverCap:
    """It would cost more than the month has left; nothing was booked."""

    cap: int
    booked: int
    whose: str = "connection"
    """Whose cap: the connection's, the `group`'s or the `person`'s."""


def month_of(moment: datetime) -> str:
    """Name the month a moment is in, by UTC, as X bills."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def of_write(task_id: str, part: int, attempt: int) -> Paid:
    """Name the sending of one part of a task; `attempt` as the fence counts it."""
    return Paid(task_id, f"{WRITE}{part}", attempt)


async def reserve(
    session: Session, connection_id: int, paid: Paid, *, cents_100: int, now: datetime
) -> Booked | OverCap:
    """Set aside what a request may cost at most, before it is made; the same again costs nothing more."""
    purse = await _wait_for_cap(session, connection_id, paid.task_id)
    month = month_of(now)
    await _open_month(session, connection_id, month)
    if not await _put_in(session, connection_id, paid, month, cents_100=cents_100, now=now, purse=purse):
        return Booked(await session.scalar(select(Booking.cents_100).where(_is(paid))) or 0)
    if not await _take(session, connection_id, month, cents_100):
        await session.execute(delete(Booking).where(_is(paid)))
        cap, booked = await standing(session, connection_id, month)
        return OverCap(cap=cap or 0, booked=booked)
    if purse is None:
        return Booked(cents_100)
    over = await grant_money.take(session, purse, month, cents_100)
    if over is None:
        return Booked(cents_100)
    await session.execute(delete(Booking).where(_is(paid)))
    await _move_budget(session, connection_id, month, -cents_100)
    return OverCap(cap=over.cap, booked=over.booked, whose=over.whose)


async def settle(session: Session, paid: Paid, *, cents_100: int, now: datetime) -> bool:
    """Book what a reserved request really cost, in the month of its reservation. False: none is open."""
    booking = await _lock_open(session, _is(paid))
    if booking is not None:
        await _settle(session, booking, cents_100=cents_100, now=now)
    return booking is not None


async def _settle(session: Session, booking: Booking, *, cents_100: int, now: datetime) -> None:
    by = cents_100 - booking.cents_100
    booking.cents_100, booking.settled_at = cents_100, now
    await session.flush()
    if by:
        await _move(session, booking, by)


async def spend(session: Session, connection_id: int, paid: Paid, *, cents_100: int, now: datetime) -> None:
    """Book what X was asked for already, and has to be, however near the cap is. Once for each request."""
    purse = await _wait_for_cap(session, connection_id, paid.task_id)
    month = month_of(now)
    await _open_month(session, connection_id, month)
    if await _put_in(
        session, connection_id, paid, month, cents_100=cents_100, now=now, settled_at=now, purse=purse
    ):
        await _move_budget(session, connection_id, month, cents_100)
        await grant_money.move(session, purse, month, cents_100)


async def accepted(
    session: Session, connection_id: int, paid: Paid, *, cents_100: int, now: datetime
) -> None:
    """Book that X did a write, at whichever sending (`paid` is the last): as reserved, once.

    Where nothing is reserved (a restored backup, a release without a ledger) it is booked beyond any cap.
    """
    of_it = (Booking.task_id == paid.task_id, Booking.what == paid.what)
    booking = await _lock_open(session, *of_it)
    if booking is not None:
        await _settle(session, booking, cents_100=cents_100, now=now)
    elif not await session.scalar(select(exists().where(*of_it))):
        await spend(session, connection_id, paid, cents_100=cents_100, now=now)


async def record(session: Session, connection_id: int, what: str, *, cents_100: int, now: datetime) -> None:
    """Book what was asked of X before there was a connection to ask for; no cap can stop it any more."""
    month = month_of(now)
    await _open_month(session, connection_id, month)
    session.add(
        Booking(
            connection_id=connection_id,
            month=month,
            what=what,
            cents_100=cents_100,
            settled_at=now,
            booked_at=now,
        )
    )
    await session.flush()
    await _move_budget(session, connection_id, month, cents_100)


async def release(session: Session, paid: Paid) -> bool:
    """Give back what a request did not cost: it never was. False: none is open."""
    booking = await _lock_open(session, _is(paid))
    return booking is not None and await give_back(session, booking)


async def release_earlier(session: Session, paid: Paid) -> bool:
    """Give back what earlier attempts of a request still have set aside: this one stands for them.

    False: nothing was.
    """
    found = await session.scalars(
        select(Booking)
        .where(Booking.task_id == paid.task_id, Booking.what == paid.what, Booking.attempt < paid.attempt)
        .where(Booking.settled_at.is_(None))
        .order_by(Booking.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return any([await give_back(session, booking) for booking in found.all()])


async def give_back(session: Session, booking: Booking) -> bool:
    """Take a locked booking off the ledger and its month."""
    await session.execute(delete(Booking).where(Booking.id == booking.id))
    await _move(session, booking, -booking.cents_100)
    return True


async def is_reserved(session: Session, task_id: str, part: int) -> bool:
    """Say whether the next sending of a part is paid for, and keep it so until we commit (rule 9)."""
    found = await session.scalar(
        select(Booking.id)
        .join(Write, Write.task_id == Booking.task_id)
        .where(
            Booking.task_id == task_id,
            Booking.what == f"{WRITE}{part}",
            Booking.settled_at.is_(None),
            Write.part == part,
            Booking.attempt == Write.attempts + 1,
        )
        .with_for_update(read=True, of=Booking)
    )
    return found is not None


async def standing(session: Session, connection_id: int, month: str) -> tuple[int | None, int]:
    """Give a connection's cap (None: no cap) and what is booked in a month."""
    found = await session.execute(
        select(Connection.cap_cents_100, Budget.booked_cents_100)
        .outerjoin(Budget, and_(Budget.connection_id == Connection.id, Budget.month == month))
        .where(Connection.id == connection_id)
    )
    cap, booked = found.one()
    return cap, booked or 0


def _is(paid: Paid) -> ColumnElement[bool]:
    return and_(Booking.task_id == paid.task_id, Booking.what == paid.what, Booking.attempt == paid.attempt)


async def _wait_for_cap(session: Session, connection_id: int, task_id: str) -> Purse | None:
    """Let whoever changes the cap commit first, or wait for us (SQLite has one writer).

    Gives out of which grant a group's task pays besides. None: it is a private one.
    """
    which = {"this_connection": connection_id, "this_task": task_id}
    row = (await session.execute(_waiting_for_cap(), which)).first()
    return None if row is None or row[1] is None else await grant_money.wait_for_cap(session, row[1], task_id)


@cache
def _waiting_for_cap() -> Executable:
    """Make the statement once: making it costs more than carrying it out."""
    return (
        select(Connection.id, grant_money.grant_of(bindparam("this_task")))
        .where(Connection.id == bindparam("this_connection"))
        .with_for_update(read=True, of=Connection)
    )


async def _open_month(session: Session, connection_id: int, month: str) -> None:
    opened = upsert(session, Budget).values(
        connection_id=connection_id, month=month, booked_cents_100=0, warned_percent=0
    )
    await session.execute(opened.on_conflict_do_nothing(index_elements=["connection_id", "month"]))


async def _put_in(
    session: Session,
    connection_id: int,
    paid: Paid,
    month: str,
    *,
    cents_100: int,
    now: datetime,
    settled_at: datetime | None = None,
    purse: Purse | None = None,
) -> bool:
    """Write a booking down. False: there is one of this very request."""
    row = upsert(session, Booking).values(
        connection_id=connection_id,
        month=month,
        task_id=paid.task_id,
        what=paid.what,
        attempt=paid.attempt,
        cents_100=cents_100,
        settled_at=settled_at,
        booked_at=now,
        grant_id=purse.grant_id if purse else None,
        person_id=purse.person_id if purse else None,
    )
    new = row.on_conflict_do_nothing(index_elements=["task_id", "what", "attempt"]).returning(Booking.id)
    return await session.scalar(new) is not None


async def _take(session: Session, connection_id: int, month: str, cents_100: int) -> bool:
    """Add to the month if the cap allows: one UPDATE, whoever else books at this moment."""
    cap = select(Connection.cap_cents_100).where(Connection.id == connection_id).scalar_subquery()
    taking = update(Budget).where(Budget.connection_id == connection_id, Budget.month == month)
    if cents_100:
        taking = taking.where(or_(cap.is_(None), Budget.booked_cents_100 + cents_100 <= cap))
    taken = await session.scalar(
        taking.values(booked_cents_100=Budget.booked_cents_100 + cents_100)
        .returning(Budget.month)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


async def _move(session: Session, booking: Booking, by: int) -> None:
    await _move_budget(session, booking.connection_id, booking.month, by)
    if booking.grant_id is not None and booking.person_id is not None:
        await grant_money.move(session, Purse(booking.grant_id, booking.person_id), booking.month, by)


async def _move_budget(session: Session, connection_id: int, month: str, by: int) -> None:
    await session.execute(
        update(Budget)
        .where(Budget.connection_id == connection_id, Budget.month == month)
        .values(booked_cents_100=Budget.booked_cents_100 + by)
        .execution_options(synchronize_session=False)
    )


async def _lock_open(session: Session, *which: ColumnElement[bool]) -> Booking | None:
    """Lock the open booking, of several the latest."""
    return await session.scalar(
        select(Booking)
        .where(*which, Booking.settled_at.is_(None))
        .order_by(Booking.attempt.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
