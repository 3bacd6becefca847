"""When money is set aside for a request to X, when it is settled or given back (rule 12)."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from storage import money, unsent, writes
from storage.db import Session
from storage.money import OverCap, Paid
from storage.tables import Connection, Task, TaskState, Write
from tasks import price
from tasks.doors import Doors, Rest
from tasks.kinds import KINDS
from tasks.parameters import Extras
from tasks.price import Price
from tasks.sending import Part
from twitter import errors
from twitter.meter import Meter, metered

log = logging.getLogger(__name__)

T = TypeVar("T")

#: The outcome of what would have cost more than the month has left.
OVER_CAP = "over_cap"
#: With these a request went out and its answer is lost: X may bill it.
_LOST = frozenset(("timed_out", "connection_lost", "answer_too_big"))
#: So many runs of a task are told apart by the claims of each.
_CLAIMS_MAX = 1000
#: Tasks that are over are looked through this many at a time.
_TIDY_AT_ONCE = 100


class TooDear(Exception):  # noqa: N818 - says what it is
    """It would cost more than the month has left; nothing was asked, nothing is booked."""

    def __init__(self, over: OverCap) -> None:
        super().__init__()
        self.rest = Rest(TaskState.FAILED, OVER_CAP, f"{_dollars(over.booked)} / {_dollars(over.cap)}")


def _dollars(cents_100: int) -> str:
    return f"${cents_100 / 10_000:.2f}"


async def for_write(doors: Doors, task: Task, connection: Connection, part: Part, write: Write) -> None:
    """Set aside what one part may cost, with what has to be done before it can be sent. Raises TooDear."""
    wanted = {
        money.of_write(task.id, part.number, write.attempts + 1): of_part(task, part),
        _described(task, part): Price(price.current().alt_text * _alt_texts(part)).cents_100,
        _named(task): Price(price.current().user_read).cents_100 if _has_to_be_found(task) else 0,
    }
    async with doors.db.begin() as session:
        for paid, cents_100 in wanted.items():
            if cents_100 or paid.what.startswith(money.WRITE):
                await _reserve(session, connection, paid, cents_100, doors)


async def _reserve(
    session: Session, connection: Connection, paid: Paid, cents_100: int, doors: Doors
) -> None:
    """Set it aside; raised out of the transaction, TooDear gives back what it set aside before."""
    got = await money.reserve(session, connection.id, paid, cents_100=cents_100, now=doors.clock())
    if isinstance(got, OverCap):
        raise TooDear(got)


def of_part(task: Task, part: Part) -> int:
    """Price the request itself, in hundredths of a cent: without the descriptions sent before it."""
    return KINDS[task.kind].price(part.text, 0).cents_100


async def is_ready(doors: Doors, task: Task, part: Part) -> None:
    """Settle what came before the request: descriptions, and finding whom it is for. Commits."""
    count, now = _alt_texts(part), doors.clock()
    if not count and Extras.read(task.parameters).username is None:
        return
    async with doors.db.begin() as session:
        if count:
            cost = Price(price.current().alt_text * count).cents_100
            await money.settle(session, _described(task, part), cents_100=cost, now=now)
        cost = Price(price.current().user_read).cents_100
        await money.settle(session, _named(task), cents_100=cost, now=now)


async def is_not_ready(doors: Doors, task: Task, part: Part, error: Exception, meter: Meter) -> None:
    """Book the descriptions X took, give back what was not done; what may be stays set aside. Commits."""
    if isinstance(error, errors.XError) and error.code in _LOST:
        return
    cost = Price(price.current().alt_text * meter.descriptions).cents_100
    async with doors.db.begin() as session:
        await money.release(session, _named(task))
        if cost:
            await money.settle(session, _described(task, part), cents_100=cost, now=doors.clock())
        else:
            await money.release(session, _described(task, part))


async def done(session: Session, doors: Doors, task: Task, connection: Connection, part: Part) -> None:
    """Book that X did a write."""
    write = await writes.get(session, task.id, part.number)
    paid = money.of_write(task.id, part.number, write.attempts if write else 1)
    await money.accepted(session, connection.id, paid, cents_100=of_part(task, part), now=doors.clock())


async def read(
    doors: Doors, task: Task, connection: Connection, at_most: Price, ask: Callable[[], Awaitable[T]]
) -> T:
    """Ask X for a page that is paid for: at most first, then for what came. Raises TooDear, XError."""
    paid = Paid(task.id, f"page:{task.page}", _claim(task))
    async with doors.db.begin() as session:
        # X bills an item once a day: what an attempt whose answer was lost cost, the next one asks for again.
        was_lost = await money.release_earlier(session, paid)
        await _reserve(session, connection, paid, at_most.cents_100, doors)
    is_lost = False
    with metered() as meter:
        try:
            return await ask()
        except errors.XError as error:
            is_lost = was_lost or error.code in _LOST
            raise
        finally:
            if not is_lost:
                await _settle_read(doors, paid, meter)


async def _settle_read(doors: Doors, paid: Paid, meter: Meter) -> None:
    cost = of_reading(meter).cents_100
    async with doors.db.begin() as session:
        if cost:
            await money.settle(session, paid, cents_100=cost, now=doors.clock())
        else:
            await money.release(session, paid)


async def look(
    doors: Doors, task: Task, connection: Connection, part: int, ask: Callable[[], Awaitable[T]]
) -> T:
    """Look what became of a write, and book what came, near or beyond the cap: it cannot be left open."""
    with metered() as meter:
        try:
            return await ask()
        finally:
            cost = of_reading(meter).cents_100
            paid = Paid(task.id, f"look:{part}", _claim(task))
            async with doors.db.begin() as session:
                if cost:
                    await money.spend(session, connection.id, paid, cents_100=cost, now=doors.clock())


def of_reading(meter: Meter) -> Price:
    """Price what came."""
    return Price(
        price.current().post_read * meter.posts
        + price.current().user_read * meter.people
        + price.current().message_read * meter.messages
    )


async def tidy(doors: Doors) -> None:
    """Count as spent what was seen on X, give back what is over and was never sent. Commits."""
    async with doors.db.begin() as session:
        await unsent.settle_seen(session, now=doors.clock())
        for task_id in await unsent.left_behind(session, limit=_TIDY_AT_ONCE):
            released = await unsent.release_unsent(session, task_id)
            log.info("task=%s bookings given back: %s", task_id, released)


def _alt_texts(part: Part) -> int:
    return sum(1 for file in part.files if file.alt_text)


def _has_to_be_found(task: Task) -> bool:
    return task.target_user_id is None and Extras.read(task.parameters).username is not None


def _described(task: Task, part: Part) -> Paid:
    return Paid(task.id, f"media:{part.number}", _claim(task))


def _named(task: Task) -> Paid:
    return Paid(task.id, "name", _claim(task))


def _claim(task: Task) -> int:
    """Give each claim of a task a number: whoever claims it does anew what is not behind the fence."""
    return task.run * _CLAIMS_MAX + task.attempts
