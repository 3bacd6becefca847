"""What connections cost, month by month, against which cap, and whom to tell that a cap comes near."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, literal, select, update

from storage.db import Session
from storage.money import OverCap, month_of, standing
from storage.tables import AppKind, Booking, Budget, Connection, UtcDateTime

#: Of the cap: whoever reaches one of these is told, once.
WARN_AT = (50, 80, 100)
#: What is reserved so lately may yet be settled to less: nobody is warned of it.
UNDER_WAY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sums:
    """How a connection stands; hundredths of a cent."""

    spent: int
    """Settled, this month."""
    reserved: int
    """Set aside this month, or of requests of which nobody knows what became."""
    today: int
    """Settled or set aside since midnight, UTC."""
    cap: int | None


@dataclass(frozen=True, slots=True)
class Warned:
    """A connection whose costs reached so many percent of its cap."""

    connection: Connection
    percent: int
    booked: int


async def sums(session: Session, connection_id: int, *, now: datetime) -> Sums:
    """Add up the ledger of a connection for the month and the day (UTC)."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Booking.booked_at >= literal(midnight, UtcDateTime())
    found = await session.execute(
        select(
            _sum_where(Booking.settled_at.is_not(None)),
            _sum_where(Booking.settled_at.is_(None)),
            _sum_where(today),
        ).where(Booking.connection_id == connection_id, Booking.month == month_of(now))
    )
    spent, reserved, so_far = found.one()
    cap, _ = await standing(session, connection_id, month_of(now))
    return Sums(int(spent), int(reserved), int(so_far), cap)


def _sum_where(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(Booking.cents_100).filter(which), 0)


async def of_registered_app(session: Session, *, now: datetime) -> int:
    """Add up what is booked this month for all connections through the registered app."""
    total = await session.scalar(
        select(func.coalesce(func.sum(Budget.booked_cents_100), 0))
        .join(Connection, Connection.id == Budget.connection_id)
        .where(Budget.month == month_of(now), Connection.app_kind == AppKind.REGISTERED)
    )
    return int(total or 0)


async def no_room(session: Session, connection_id: int, *, cents_100: int, now: datetime) -> OverCap | None:
    """Say before anything is set aside that it would be refused. None: there is room now."""
    cap, booked = await standing(session, connection_id, month_of(now))
    if cap is None or not cents_100 or booked + cents_100 <= cap:
        return None
    return OverCap(cap, booked)


async def set_cap(session: Session, connection_id: int, cap: int | None, *, now: datetime) -> None:
    """Let a connection cost at most so much a month; None: whatever it takes. A new cap warns anew."""
    await session.execute(update(Connection).where(Connection.id == connection_id).values(cap_cents_100=cap))
    _, booked = await standing(session, connection_id, month_of(now))
    reached = [percent for percent in WARN_AT if cap and booked * 100 >= cap * percent]
    await session.execute(
        update(Budget)
        .where(Budget.connection_id == connection_id, Budget.month == month_of(now))
        .values(warned_percent=max(reached, default=0))
    )


async def take_warnings(session: Session, *, now: datetime) -> Sequence[Warned]:
    """Find whose costs reached 50, 80 or 100 percent of the cap, each once a month and cap: tell them."""
    taken: list[Warned] = []
    capped = Budget.connection_id.in_(select(Connection.id).where(Connection.cap_cents_100 > 0))
    this_month = (capped, Budget.month == month_of(now))
    for percent in reversed(WARN_AT):
        moved = await session.execute(
            update(Budget)
            .where(*this_month, Budget.warned_percent < percent, _reached(percent, now))
            .values(warned_percent=percent)
            .returning(Budget.connection_id, Budget.booked_cents_100)
            .execution_options(synchronize_session=False)
        )
        for connection_id, booked in moved.all():
            connection = await session.get_one(Connection, connection_id)
            taken.append(Warned(connection, percent, booked))
    return taken


def _reached(percent: int, now: datetime) -> ColumnElement[bool]:
    under_way = (
        select(func.coalesce(func.sum(Booking.cents_100), 0))
        .where(
            Booking.connection_id == Budget.connection_id,
            Booking.month == Budget.month,
            Booking.settled_at.is_(None),
            Booking.booked_at > literal(now - UNDER_WAY, UtcDateTime()),
        )
        .correlate(Budget)
        .scalar_subquery()
    )
    return exists().where(
        Connection.id == Budget.connection_id,
        (Budget.booked_cents_100 - under_way) * 100 >= Connection.cap_cents_100 * percent,
    )
