"""The ledger, on both databases: no cap is passed, whoever books at once, and every sum says the same."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from storage import connections, grant_money, grants, money, personal_data, spending, tasks, unsent, writes
from storage import db as databases
from storage.ids import sortable_id
from storage.money import Booked, OverCap, Paid
from storage.tables import (
    Booking,
    Budget,
    Connection,
    Grant,
    Group,
    Person,
    Task,
    TaskState,
    Write,
    WriteState,
)
from tests.builders import NOW, add_connection, add_grant, add_group, add_person, add_task

NEXT_MONTH = datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)
MONTH, NEXT = "2026-11", "2026-12"


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


@pytest.fixture
async def task(database, connection):
    return await add_task(database, connection_id=connection.id, state=TaskState.RUNNING, lease_by="a")


async def cap(db, connection, cents_100):
    async with db.begin() as session:
        await spending.set_cap(session, connection.id, cents_100, now=NOW)


async def reserve(db, connection, paid, cents_100=150, now=NOW):
    async with db.begin() as session:
        return await money.reserve(session, connection.id, paid, cents_100=cents_100, now=now)


async def settle(db, paid, cents_100=150, now=NOW):
    async with db.begin() as session:
        return await money.settle(session, paid, cents_100=cents_100, now=now)


async def release(db, paid):
    async with db.begin() as session:
        return await money.release(session, paid)


async def booked(db, connection, month=MONTH):
    """Give what is booked in a month; the budget and the ledger say the same."""
    async with db.begin() as session:
        budget = await session.get(Budget, (connection.id, month), populate_existing=True)
        ledger = await session.scalar(
            select(func.coalesce(func.sum(Booking.cents_100), 0)).where(
                Booking.connection_id == connection.id, Booking.month == month
            )
        )
    assert (budget.booked_cents_100 if budget else 0) == ledger
    return ledger


async def shown(db, connection, now=NOW):
    async with db.begin() as session:
        return await spending.sums(session, connection.id, now=now)


def one(task, number=0, attempt=1):
    return money.of_write(task.id, number, attempt)


async def test_what_is_reserved_is_booked_once_however_often_it_is_asked_for(database, connection, task):
    got = [await reserve(database, connection, one(task)) for _ in range(3)]

    assert got == [Booked(150)] * 3
    assert await booked(database, connection) == 150
    assert await shown(database, connection) == spending.Sums(spent=0, reserved=150, today=150, cap=None)


async def test_a_part_and_an_attempt_are_paid_for_by_themselves(database, connection, task):
    for paid in (one(task), one(task, 1), one(task, 0, 2), Paid(task.id, "look:0")):
        await reserve(database, connection, paid)

    assert await booked(database, connection) == 600


async def test_what_came_is_what_it_costs_in_the_end(database, connection, task):
    await reserve(database, connection, one(task), 1500)

    assert await settle(database, one(task), 40)
    assert not await settle(database, one(task), 999)

    assert await booked(database, connection) == 40
    assert await shown(database, connection) == spending.Sums(spent=40, reserved=0, today=40, cap=None)


async def test_what_is_given_back_can_be_reserved_again(database, connection, task):
    await reserve(database, connection, one(task))

    assert await release(database, one(task))
    assert not await release(database, one(task))
    assert await booked(database, connection) == 0
    await reserve(database, connection, one(task))
    assert await booked(database, connection) == 150


async def test_what_is_settled_is_not_given_back(database, connection, task):
    await reserve(database, connection, one(task))
    await settle(database, one(task))

    assert not await release(database, one(task))
    assert await booked(database, connection) == 150


async def test_nothing_over_the_cap_is_booked_and_the_last_cent_may_be_spent(database, connection, task):
    await cap(database, connection, 300)

    got = [await reserve(database, connection, one(task, number)) for number in range(3)]

    assert got == [Booked(150), Booked(150), OverCap(cap=300, booked=300)]
    assert await booked(database, connection) == 300


async def test_what_was_refused_goes_through_after_the_cap_was_raised(database, connection, task):
    await cap(database, connection, 100)
    assert await reserve(database, connection, one(task)) == OverCap(cap=100, booked=0)

    await cap(database, connection, 150)

    assert await reserve(database, connection, one(task)) == Booked(150)


async def test_a_cap_of_nothing_lets_only_through_what_is_free(database, connection, task):
    await cap(database, connection, 0)

    assert await reserve(database, connection, one(task), 1) == OverCap(cap=0, booked=0)
    assert await reserve(database, connection, one(task), 0) == Booked(0)


async def test_a_cap_below_what_is_booked_takes_nothing_back_and_lets_nothing_more_through(
    database, connection, task
):
    await reserve(database, connection, one(task))
    await cap(database, connection, 10)

    assert await reserve(database, connection, one(task, 1), 1) == OverCap(cap=10, booked=150)
    assert await reserve(database, connection, one(task), 150) == Booked(150), "it was set aside before"
    assert await settle(database, one(task))
    assert await booked(database, connection) == 150


async def test_what_is_settled_in_the_next_month_counts_to_the_month_of_its_reservation(
    database, connection, task
):
    await reserve(database, connection, one(task), 200)
    await reserve(database, connection, one(task, 1), 30, NEXT_MONTH)
    await settle(database, one(task), 150, NEXT_MONTH)

    assert (await booked(database, connection), await booked(database, connection, NEXT)) == (150, 30)


async def test_each_month_has_the_whole_cap(database, connection, task):
    await cap(database, connection, 150)
    await reserve(database, connection, one(task))

    assert await reserve(database, connection, one(task, 1), 150, NEXT_MONTH) == Booked(150)


async def test_of_two_replicas_that_race_for_the_last_cent_one_has_it(database, replica, connection, task):
    await cap(database, connection, 150)

    got = await asyncio.gather(
        *(reserve(db, connection, one(task, number)) for number, db in enumerate((database, replica) * 4))
    )

    assert sorted(type(one).__name__ for one in got) == ["Booked"] + ["OverCap"] * 7
    assert await booked(database, connection) == 150


async def test_replicas_that_reserve_the_same_request_at_once_reserve_it_once(
    database, replica, connection, task
):
    got = await asyncio.gather(*(reserve(db, connection, one(task)) for db in (database, replica) * 4))

    assert got == [Booked(150)] * 8
    assert await booked(database, connection) == 150


async def test_of_settling_and_giving_back_at_once_one_counts(database, replica, connection, task):
    for attempt in range(10):
        paid = one(task, 0, attempt)
        await reserve(database, connection, paid)
        settled, released = await asyncio.gather(settle(database, paid, 7), release(replica, paid))
        assert settled != released

    await booked(database, connection)


@pytest.mark.parametrize(
    ("state", "attempts", "is_kept"),
    [
        (WriteState.PREPARED, 0, False),
        (WriteState.SENDING, 1, True),
        (WriteState.UNKNOWN, 1, True),
        (WriteState.ACCEPTED, 1, True),
        (WriteState.REFUSED, 1, False),
        (WriteState.REFUSED, 0, False),
        (WriteState.PREPARED, 1, True),
        (WriteState.REFUSED, 2, True),
    ],
)
async def test_only_what_surely_did_not_go_out_is_given_back(
    database, connection, task, state, attempts, is_kept
):
    await reserve(database, connection, one(task))
    async with database.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
        await session.execute(
            update(Write)
            .where(Write.task_id == task.id)
            .values(state=state, attempts=attempts, accepted_at=NOW if state == WriteState.ACCEPTED else None)
        )

    async with database.begin() as session:
        await unsent.release_unsent(session, task.id)

    assert await booked(database, connection) == (150 if is_kept else 0)


async def test_of_what_is_over_and_was_never_sent_the_money_is_found_and_given_back(
    database, connection, task
):
    await reserve(database, connection, one(task))
    await reserve(database, connection, Paid(task.id, "look:0"), 5)
    async with database.begin() as session:
        assert await unsent.left_behind(session, limit=9) == []
        await session.execute(update(Task).values(state=TaskState.CANCELLED))
    async with database.begin() as session:
        assert await unsent.left_behind(session, limit=9) == [task.id]
        await unsent.release_unsent(session, task.id)
        assert await unsent.left_behind(session, limit=9) == []

    assert await booked(database, connection) == 5, "X was asked for the look, perhaps"


async def accepted(db, connection, paid, cents_100=150):
    async with db.begin() as session:
        await money.accepted(session, connection.id, paid, cents_100=cents_100, now=NOW)


async def test_what_x_did_though_nothing_was_set_aside_is_booked_beyond_the_cap(database, connection, task):
    await cap(database, connection, 10)
    for _ in range(2):
        await accepted(database, connection, one(task))
    async with database.begin() as session:
        await money.record(session, connection.id, "who", cents_100=100, now=NOW)
        await money.record(session, connection.id, "who", cents_100=100, now=NOW)

    assert await booked(database, connection) == 350
    assert (await shown(database, connection)).spent == 350


@pytest.mark.parametrize("sending", [1, 2, 7])
async def test_what_x_did_is_booked_once_where_it_was_set_aside_whatever_sending_it_was(
    database, connection, task, sending
):
    await reserve(database, connection, one(task), 200)
    for _ in range(2):
        await accepted(database, connection, one(task, 0, sending))

    assert await booked(database, connection) == 150
    assert (await shown(database, connection)).reserved == 0


async def test_an_earlier_sending_that_nobody_knows_of_stays_set_aside(database, connection, task):
    await reserve(database, connection, one(task))
    await reserve(database, connection, one(task, 0, 2))
    await accepted(database, connection, one(task, 0, 2))

    assert await shown(database, connection) == spending.Sums(spent=150, reserved=150, today=300, cap=None)


async def test_a_look_is_booked_once_and_beyond_the_cap(database, connection, task):
    await cap(database, connection, 0)
    for _ in range(2):
        async with database.begin() as session:
            await money.spend(session, connection.id, Paid(task.id, "look:0"), cents_100=50, now=NOW)

    assert await booked(database, connection) == 50


async def test_what_somebody_saw_on_x_is_spent(database, connection, task):
    await reserve(database, connection, one(task))
    async with database.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
        seen = {"state": WriteState.ACCEPTED, "accepted_at": NOW, "attempts": 1}
        await session.execute(update(Write).where(Write.task_id == task.id).values(**seen))
        await unsent.settle_seen(session, now=NOW)

    assert await shown(database, connection) == spending.Sums(spent=150, reserved=0, today=150, cap=None)


async def warned(db):
    async with db.begin() as session:
        return [each.percent for each in await spending.take_warnings(session, now=NOW)]


async def at_once(*replicas):
    return await asyncio.gather(*(warned(db) for db in replicas * 2))


async def test_a_cap_that_comes_near_is_told_at_50_80_and_100_percent_once_each(
    database, replica, connection, task
):
    await cap(database, connection, 1000)
    told = []
    for number, cents_100 in enumerate((499, 1, 299, 1, 199, 1)):
        await reserve(database, connection, one(task, number), cents_100)
        await settle(database, one(task, number), cents_100)
        told.append([percent for got in await at_once(database, replica) for percent in got])

    assert told == [[], [50], [], [80], [], [100]]


async def test_a_leap_past_two_warnings_is_told_once(database, connection, task):
    await cap(database, connection, 1000)
    await reserve(database, connection, one(task), 900)
    await settle(database, one(task), 900)

    assert (await warned(database), await warned(database)) == ([80], [])


async def test_what_is_only_set_aside_for_a_moment_warns_nobody(database, connection, task):
    await cap(database, connection, 1000)
    await reserve(database, connection, one(task), 900)
    assert await warned(database) == []

    async with database.begin() as session:
        later = await spending.take_warnings(session, now=NOW + spending.UNDER_WAY + timedelta(seconds=1))

    assert [each.percent for each in later] == [80], "nobody knows what became of it: it counts"


async def test_a_new_cap_warns_anew_of_what_is_not_reached_yet(database, connection, task):
    await cap(database, connection, 1000)
    await reserve(database, connection, one(task), 900)
    await settle(database, one(task), 900)
    await warned(database)

    await cap(database, connection, 1500)
    assert await warned(database) == [], "60 percent of it: 50 were told before"
    await reserve(database, connection, one(task, 1), 300)
    await settle(database, one(task, 1), 300)

    assert await warned(database) == [80]


async def test_only_a_reserved_sending_is_paid_for(database, connection, task):
    async def is_reserved():
        async with database.begin() as session:
            return await money.is_reserved(session, task.id, 0)

    async with database.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
    assert not await is_reserved()
    await reserve(database, connection, one(task, 0, 2))
    assert not await is_reserved(), "that is the sending after the next"
    await reserve(database, connection, one(task))
    assert await is_reserved()


async def test_a_ledger_goes_with_its_person(database, connection, task):
    await reserve(database, connection, one(task))

    async with database.begin() as session:
        stored = await personal_data.export(session, 101)
        await personal_data.erase(session, 101)

    assert stored["bookings"][0]["cents_100"] == stored["budgets"][0]["booked_cents_100"] == 150
    async with database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Booking)) == 0
        assert await session.scalar(select(func.count()).select_from(Budget)) == 0


async def test_a_ledger_outlives_its_tasks(database, connection, task):
    await reserve(database, connection, one(task))
    async with database.begin() as session:
        await session.delete(await session.get_one(Task, task.id))

    assert await booked(database, connection) == 150


# What a group's tasks cost is held against the grant too.


@pytest.fixture
async def grant(database, connection):
    return await add_grant(
        database, await add_group(database), connection, cap_cents_100=400, person_cap_cents_100=300
    )


async def of_group(db, connection, number, person_id=101):
    values = {"chat_id": -500, "source_message_id": number, "state": TaskState.DUE}
    return await add_task(db, id=f"{number:026d}", person_id=person_id, connection_id=connection.id, **values)


async def costs(db, grant, *person_ids):
    async with db.begin() as session:
        return [await grant_money.booked(session, grant.id, MONTH, each) for each in (0, *person_ids)]


async def test_what_a_group_asks_for_is_booked_for_the_group_and_the_person(database, connection, grant):
    task = await of_group(database, connection, 1)

    assert [await reserve(database, connection, one(task)) for _ in range(2)] == [Booked(150)] * 2
    assert await costs(database, grant, 101) == [150, 150]
    await settle(database, one(task), 40)
    assert await costs(database, grant, 101) == [40, 40]
    await reserve(database, connection, one(task, 1))
    await release(database, one(task, 1))

    assert await costs(database, grant, 101) == [40, 40]
    assert await booked(database, connection) == 40


async def test_what_a_person_asks_for_in_private_costs_no_group_anything(database, connection, task, grant):
    await reserve(database, connection, one(task))

    assert await costs(database, grant, 101) == [0, 0]


async def test_over_a_cap_of_the_grant_nothing_is_booked_anywhere(database, connection, grant):
    await add_person(database, 102, "Ben")
    adas, bens = await of_group(database, connection, 1), await of_group(database, connection, 2, 102)
    for part in range(2):
        await reserve(database, connection, one(adas, part))

    over_person = await reserve(database, connection, one(adas, 2), 1)
    over_group = await reserve(database, connection, one(bens), 101)

    assert over_person == OverCap(cap=300, booked=300, whose="person")
    assert over_group == OverCap(cap=400, booked=300, whose="group")
    assert await costs(database, grant, 101, 102) == [300, 300, 0]
    assert await booked(database, connection) == 300
    assert await reserve(database, connection, one(bens), 100) == Booked(100)


async def test_over_the_connection_s_cap_the_grant_pays_nothing(database, connection, grant):
    await cap(database, connection, 100)

    got = await reserve(database, connection, one(await of_group(database, connection, 1)))

    assert got == OverCap(cap=100, booked=0)
    assert await costs(database, grant, 101) == [0, 0]


async def test_of_many_who_book_for_a_group_at_once_as_many_do_as_there_is_room(
    database, replica, connection, grant
):
    tasks = [await of_group(database, connection, number) for number in range(1, 9)]

    got = await asyncio.gather(
        *(
            reserve((database, replica)[number % 2], connection, one(task))
            for number, task in enumerate(tasks)
        )
    )

    assert sorted(type(each).__name__ for each in got) == ["Booked"] * 2 + ["OverCap"] * 6
    assert await costs(database, grant, 101) == [300, 300]


async def test_what_is_spent_beyond_any_cap_is_booked_for_the_group_too(database, connection, grant):
    task = await of_group(database, connection, 1)
    async with database.begin() as session:
        await money.accepted(session, connection.id, one(task), cents_100=1000, now=NOW)

    assert await costs(database, grant, 101) == [1000, 1000]


async def test_a_cap_that_is_changed_at_the_very_moment_of_booking_holds_or_comes_too_late(
    database, replica, connection, grant
):
    task = await of_group(database, connection, 1)

    async def narrow():
        async with replica.begin() as session:
            await grants.change_policy(session, grant, cap_cents_100=100)

    got, _ = await asyncio.gather(reserve(database, connection, one(task)), narrow())

    assert got in (Booked(150), OverCap(cap=100, booked=0, whose="group"))


# What several chats do at once, on two replicas: on each engine 50 examples of 100 steps, 10,000 in all.

CHATS, STEPS, EXAMPLES = 4, 25, 50
_DEEDS = ("reserve", "reserve", "reserve", "settle", "settle", "release", "keep", "cap")


@dataclass
class Step:
    """One priced action: what, on which of two connections, of its own or everybody's task, for how much."""

    deed: str
    connection: int
    is_shared: bool
    part: int
    cents_100: int
    later: bool


_steps = st.builds(
    Step,
    st.sampled_from(_DEEDS),
    st.integers(0, 1),
    st.booleans(),
    st.integers(0, 4),
    st.sampled_from((0, 1, 10, 50, 150, 150, 2000)),
    st.booleans(),
)
_chats = st.lists(st.lists(_steps, min_size=STEPS, max_size=STEPS), min_size=CHATS, max_size=CHATS)


@dataclass
class World:
    """Two replicas on one database, and a person with two connections for each example."""

    url: str
    replicas: list = field(default_factory=list)
    steps: int = 0
    examples: int = 0

    async def open(self):
        self.replicas = [await databases.open_database(self.url) for _ in range(2)]
        async with self.replicas[0].begin() as session:
            session.add(
                Person(id=101, first_name="Ada", state="active", is_operator=False, undo_s=0, created_at=NOW)
            )

    async def close(self):
        for db in self.replicas:
            await db.close()

    async def play(self, chats):
        # Counted first: the same example is played again when it has failed.
        self.examples += 1
        connections, tasks = await self._rows()
        mine = await asyncio.gather(
            *(
                Chat(self.replicas[number % 2], connections, (tasks[number], tasks[-1])).play(steps)
                for number, steps in enumerate(chats)
            )
        )
        self.steps += sum(map(len, chats))
        await self._all_sums_agree(connections, tasks[-1], mine)

    async def _rows(self):
        async with self.replicas[0].begin() as session:
            connections = [
                Connection(
                    person_id=101,
                    name="a",
                    state="gone",
                    app_kind="registered",
                    app_fingerprint="f",
                    x_user_id="1",
                    username="a",
                    x_name="a",
                    cap_cents_100=limit,
                    created_at=NOW,
                )
                for limit in (1000, 400)
            ]
            chat_id = -1 - self.steps
            group = Group(chat_id=chat_id, title="", state="active", bot_is_admin=True, created_at=NOW)
            session.add_all([*connections, group])
            await session.flush()
            shared = {"group_id": group.id, "connection_id": connections[0].id, "shared_by": 101}
            caps = {"cap_cents_100": 500, "person_cap_cents_100": 450}
            grant = Grant(state="active", shared_at=NOW, **shared, **caps)
            session.add(grant)
            tasks = [
                Task(
                    id=sortable_id(NOW),
                    person_id=101,
                    # Every other one, and what all share, is asked for in the group.
                    chat_id=101 if number % 2 else chat_id,
                    connection_id=connections[0].id,
                    source_message_id=self.examples * 10 + number,
                    kind="tweet",
                    state="due",
                    created_at=NOW,
                )
                for number in range(CHATS + 1)
            ]
            session.add_all(tasks)
        return [one.id for one in connections], [one.id for one in tasks]

    async def _all_sums_agree(self, connections, shared, mine):
        async with self.replicas[0].begin() as session:
            grant = await session.scalar(select(Grant).where(Grant.connection_id == connections[0]))
            for month in (MONTH, NEXT):
                of_grant = await session.scalar(
                    select(func.coalesce(func.sum(Booking.cents_100), 0)).where(
                        Booking.grant_id == grant.id, Booking.month == month
                    )
                )
                for person_id, limit in ((0, 500), (101, 450)):
                    in_budget = await grant_money.booked(session, grant.id, month, person_id)
                    assert in_budget == of_grant <= limit
            for connection_id in connections:
                for month, now in ((MONTH, NOW), (NEXT, NEXT_MONTH)):
                    budget = await session.get(Budget, (connection_id, month), populate_existing=True)
                    sums = await spending.sums(session, connection_id, now=now)
                    of_all = await session.scalar(
                        select(func.coalesce(func.sum(Booking.cents_100), 0)).where(
                            Booking.connection_id == connection_id,
                            Booking.month == month,
                            Booking.task_id == shared,
                        )
                    )
                    believed = sum(chat.get((connection_id, month), 0) for chat in mine)
                    in_budget = budget.booked_cents_100 if budget else 0
                    assert in_budget == sums.spent + sums.reserved == believed + of_all


class Chat:
    """Somebody's steps, one after the other; what they believe is booked for the task that is theirs alone."""

    def __init__(self, db, connections, tasks):
        self.db = db
        self.connections = connections
        self.tasks = tasks
        self.believed = {}

    async def play(self, steps):
        for step in steps:
            await self._do(step)
        sums = {}
        for (connection_id, month), cents_100, _ in self.believed.values():
            sums[connection_id, month] = sums.get((connection_id, month), 0) + cents_100
        return sums

    async def _do(self, step):
        connection_id = self.connections[step.connection]
        paid = Paid(self.tasks[step.is_shared], f"write:{step.connection}{step.part}")
        now = NEXT_MONTH if step.later else NOW
        async with self.db.begin() as session:
            done = await getattr(self, f"_{step.deed}")(session, connection_id, paid, step.cents_100, now)
        if not step.is_shared and done is not None:
            done()

    async def _reserve(self, session, connection_id, paid, cents_100, now):
        got, limit, in_all = await self._taken(session, connection_id, paid, cents_100, now)
        if isinstance(got, OverCap):
            assert got.booked + cents_100 > got.cap, "there was room"
            assert got.cap == {"connection": got.cap, "group": 500, "person": 450}[got.whose]
            return None
        place = (connection_id, money.month_of(now))
        if paid not in self.believed:
            assert paid.task_id != self.tasks[0] or not cents_100 or in_all <= limit, "the cap was passed"
        return lambda: self.believed.setdefault(paid, (place, cents_100, False))

    async def _taken(self, session, connection_id, paid, cents_100, now):
        """Reserve; again when another chat gave some back between the no and the look at what is left."""
        for _ in range(10):
            got = await money.reserve(session, connection_id, paid, cents_100=cents_100, now=now)
            limit, in_all = await money.standing(session, connection_id, money.month_of(now))
            if not isinstance(got, OverCap) or got.booked + cents_100 > got.cap:
                break
        return got, limit, in_all

    async def _settle(self, session, _connection_id, paid, cents_100, now):
        # Never more than was set aside: what others set aside is not known here.
        actual = min(cents_100, self.believed[paid][1], 1) if paid in self.believed else 0
        settled = await money.settle(session, paid, cents_100=actual, now=now)
        if paid.task_id != self.tasks[0]:
            return None
        assert settled == (paid in self.believed and not self.believed[paid][2])
        return (
            (lambda: self.believed.update({paid: (self.believed[paid][0], actual, True)}))
            if settled
            else None
        )

    async def _release(self, session, _connection_id, paid, _cents_100, _now):
        released = await money.release(session, paid)
        return (lambda: self.believed.pop(paid)) if released else None

    async def _keep(self, *_step):
        return None

    async def _cap(self, session, connection_id, _paid, cents_100, now):
        await spending.set_cap(session, connection_id, cents_100 * 5, now=now)


@pytest.mark.timeout(600)  # for the most loaded of machines; alone it takes some 15 s
def test_over_ten_thousand_random_steps_no_cap_is_passed_and_all_sums_agree(database_url):
    world = World(database_url)
    with asyncio.Runner() as runner:
        runner.run(world.open())

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(_chats)
        def of_all(chats):
            runner.run(world.play(chats))

        try:
            of_all()
        finally:
            runner.run(world.close())
    assert world.steps >= EXAMPLES * CHATS * STEPS


async def test_money_set_aside_while_its_task_ends_does_not_lock_in_a_circle(database, task, connection):
    is_locked = asyncio.Event()

    async def reserves():
        await is_locked.wait()
        return await reserve(database, connection, Paid(task.id, "page:0"))

    reserving = asyncio.create_task(reserves())
    async with database.begin() as session:
        await tasks.get(session, task.id, lock=True)
        is_locked.set()
        await asyncio.sleep(0.2)
        await connections.used(session, connection.id, NOW)

    assert await reserving == Booked(150)
