"""What a task's requests cost, against what the made-up X bills: before, while and after they are made."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from storage import money, rate_windows, runs, spending, tasks, writes
from storage.money import Booked
from storage.tables import (
    Booking,
    Budget,
    Connection,
    ConnectionState,
    Schedule,
    ScheduleState,
    Task,
    TaskPart,
    TaskState,
    Write,
    WriteState,
)
from tasks import booking, price, run
from tasks.parameters import Extras, Look


async def cap(rig, cents_100):
    async with rig.db.begin() as session:
        await spending.set_cap(session, rig.connection.id, cents_100, now=rig.doors.clock())


async def sums(rig):
    async with rig.db.begin() as session:
        return await spending.sums(session, rig.connection.id, now=rig.doors.clock())


async def bookings(rig):
    """List what is on the ledger: what for, hundredths of a cent, is it settled."""
    async with rig.db.begin() as session:
        found = await session.scalars(select(Booking).order_by(Booking.id))
        return [(one.what, one.cents_100, one.settled_at is not None) for one in found]


def billed(rig):
    """Tell what X billed the account, in hundredths of a cent."""
    charges = rig.x.control("GET", f"/charges?username={rig.username}")
    return round(charges["dollars"] * 10_000)


async def test_a_tweet_is_booked_at_the_price_that_x_bills(rig):
    await rig.task()
    await rig.run()

    assert await bookings(rig) == [("write:0", 150, True)]
    assert billed(rig) == 150


async def test_each_part_of_a_thread_is_booked_and_a_link_at_its_own_price(rig):
    task = await rig.task("One")
    async with rig.db.begin() as session:
        session.add(TaskPart(task_id=task.id, part=1, text="Two https://example.org/a"))
    await rig.run()

    assert await bookings(rig) == [("write:0", 150, True), ("write:1", 2000, True)]
    assert billed(rig) == 2150


async def described_tweet(rig):
    task = await rig.task("A picture")
    async with rig.db.begin() as session:
        new = tasks.NewMedia("photo", "f", "u", "image/jpeg", 600, None)
        await tasks.add_media(session, task.id, 11, new)
        await tasks.set_alt_text(session, task.id, 11, "what it shows")
    return task


async def test_a_description_is_booked_apart_for_x_bills_it_whatever_becomes_of_the_tweet(rig):
    await described_tweet(rig)
    rig.fault("duplicate")
    (failed,) = await rig.run()

    assert failed.state == TaskState.FAILED
    assert await bookings(rig) == [("media:0", 50, True)]
    assert billed(rig) == 50


async def two_described_pictures(rig):
    task = await described_tweet(rig)
    async with rig.db.begin() as session:
        await tasks.add_media(
            session, task.id, 12, tasks.NewMedia("photo", "g", "u2", "image/jpeg", 600, None)
        )
        await tasks.set_alt_text(session, task.id, 12, "what else")


@pytest.mark.parametrize("fault", ["out_of_credit", "status_5xx"])
@pytest.mark.parametrize("described", [0, 1])
async def test_of_several_described_pictures_only_what_x_took_is_booked(rig, fault, described):
    await two_described_pictures(rig)
    rig.fault(fault, path="/2/media/upload/initialize$", skip=described)
    (waiting,) = await rig.run()

    assert waiting.state == TaskState.DUE
    assert await bookings(rig) == [("media:0", 50, True)][:described]
    assert billed(rig) == 50 * described


async def test_a_description_of_a_file_that_is_gone_costs_nothing(rig):
    task = await rig.task("A picture")
    async with rig.db.begin() as session:
        await tasks.add_media(
            session, task.id, 11, tasks.NewMedia("photo", "gone", "u", "image/jpeg", 1, None)
        )
        await tasks.set_alt_text(session, task.id, 11, "what it shows")
    (failed,) = await rig.run()

    assert (failed.outcome, await bookings(rig), billed(rig)) == ("file_gone", [], 0)


@pytest.mark.parametrize("kind", ["delete", "repost", "unrepost"])
async def test_what_is_done_to_a_post_is_booked_at_the_price_that_x_bills(rig, kind):
    await rig.task()
    await rig.run()
    (post,) = rig.posts()
    before = billed(rig)

    await rig.task(None, kind=kind, target_post_id=post["id"])
    (done,) = await rig.run()

    assert done.state == TaskState.DONE
    assert (await bookings(rig))[1:] == [("write:0", billed(rig) - before, True)]


@pytest.mark.parametrize("kind", ["like", "unlike"])
async def test_what_only_enterprise_apps_may_do_to_a_post_is_booked_as_x_bills_it(rig, kind):
    await rig.task()
    await rig.run()
    (post,) = rig.posts()
    before = billed(rig)

    await rig.task(None, kind=kind, target_post_id=post["id"])
    await rig.run()

    assert sum(cents for _, cents, _ in (await bookings(rig))[1:]) == billed(rig) - before


async def test_a_message_to_a_name_is_booked_with_finding_the_name(rig):
    other = rig.x.new_account()
    rig.x.control("POST", "/tokens", json={"username": other["username"], "app": "registered"})
    written = Extras(username=other["username"]).written()
    await rig.task("Hello there", kind="message", parameters=written)
    await rig.run()

    spent = [(what, cents) for what, cents, is_settled in await bookings(rig) if is_settled]
    assert ("name", 100) in spent
    assert sum(cents for _, cents in spent) == billed(rig)


@pytest.mark.parametrize(
    ("kind", "look"),
    [
        ("get", Look()),
        ("timeline", Look(username="self")),
        ("mentions", Look()),
        ("followers", Look()),
        ("following", Look()),
    ],
)
async def test_a_look_is_booked_at_what_came(rig, kind, look):
    for text in ("One", "Two", "Three"):
        await rig.task(text)
    await rig.run()
    before, booked_before = billed(rig), len(await bookings(rig))
    if look.username:
        look = replace(look, username=rig.username)

    await rig.task(None, kind=kind, reads=True, parameters=look.written())
    (done,) = await rig.run()

    assert done.state == TaskState.DONE
    came = (await bookings(rig))[booked_before:]
    assert sum(cents for _, cents, _ in came) == billed(rig) - before
    assert all(is_settled for _, _, is_settled in came)


async def test_what_is_refused_costs_nothing(rig):
    await rig.task()
    rig.fault("duplicate")
    await rig.run()

    assert await bookings(rig) == []
    assert (await sums(rig)).spent == billed(rig) == 0


async def test_what_waits_for_credit_has_nothing_set_aside(rig):
    await rig.task()
    rig.fault("out_of_credit")
    (waiting,) = await rig.run()

    assert waiting.state == TaskState.DUE
    assert await bookings(rig) == []


async def test_what_nobody_knows_of_stays_set_aside_until_it_is_found(rig):
    await rig.task()
    rig.fault("status_5xx", status=503, accepted=True)
    (looking,) = await rig.run()

    assert looking.outcome == "looking"
    assert await bookings(rig) == [("write:0", 150, False)]
    assert (await sums(rig)).reserved == 150

    (done,) = await rig.run(after=timedelta(seconds=30))

    assert done.state == TaskState.DONE
    assert await bookings(rig) == [("write:0", 150, True), ("look:0", 50, True)]
    assert billed(rig) == 200


async def test_over_the_cap_nothing_is_sent_and_it_goes_out_after_the_cap_was_raised(rig):
    await cap(rig, 149)
    task = await rig.task()
    (failed,) = await rig.run()

    assert (failed.state, failed.outcome) == (TaskState.FAILED, booking.OVER_CAP)
    assert failed.outcome_detail == "$0.00 / $0.01"
    assert (rig.posts(), await bookings(rig), billed(rig)) == ([], [], 0)

    await cap(rig, 150)
    async with rig.db.begin() as session:
        again = {"state": TaskState.DUE, "run": Task.run + 1}
        await session.execute(update(Task).where(Task.id == task.id).values(**again))
    (done,) = await rig.run()

    assert done.state == TaskState.DONE
    assert billed(rig) == (await sums(rig)).spent == 150


async def test_a_picture_is_not_uploaded_for_a_tweet_over_the_cap(rig):
    await cap(rig, 199)
    await described_tweet(rig)
    await rig.run()

    assert (await bookings(rig), billed(rig)) == ([], 0)


async def test_a_look_over_the_cap_is_not_made(rig):
    await cap(rig, 149)
    await rig.task(None, kind="mentions", reads=True)
    (failed,) = await rig.run()

    assert (failed.state, failed.outcome) == (TaskState.FAILED, booking.OVER_CAP)
    assert (await bookings(rig), billed(rig)) == ([], 0)


async def test_a_look_whose_connection_breaks_again_and_again_has_one_reservation(rig):
    rig.x.session(rig.x.new_account()["username"]).tweet(f"@{rig.username} Hello")
    number = rig.fault("timeout_after", times=None, method="GET", path="/mentions$")
    task = await rig.task(None, kind="mentions", reads=True, parameters=Look(most=5).written())
    waited = timedelta(0)
    while (await rig.now(task.id)).state != TaskState.FAILED:
        await rig.run(after=waited)
        waited += timedelta(minutes=4)

    assert [settled for _, _, settled in await bookings(rig)] == [False]
    assert (await sums(rig)).reserved == price.of_posts(5).cents_100

    rig.end_fault(number)


async def test_a_look_that_came_after_all_pays_for_those_that_were_lost(rig):
    rig.x.session(rig.x.new_account()["username"]).tweet(f"@{rig.username} Hello")
    rig.fault("timeout_after", method="GET", path="/mentions$")
    await rig.task(None, kind="mentions", reads=True)
    await rig.run()
    (done,) = await rig.run(after=timedelta(minutes=4))

    assert done.state == TaskState.DONE
    assert (await sums(rig)).reserved == 0
    assert billed(rig) == (await sums(rig)).spent


async def test_what_a_lost_look_may_have_cost_stays_set_aside_when_the_next_is_refused(rig):
    rig.x.session(rig.x.new_account()["username"]).tweet(f"@{rig.username} Hello")
    rig.fault("timeout_after", method="GET", path="/mentions$")
    await rig.task(None, kind="mentions", reads=True, parameters=Look(most=5).written())
    await rig.run()
    rig.fault("out_of_credit", method="GET", path="/mentions$")
    await rig.run(after=timedelta(minutes=4))

    assert [settled for _, _, settled in await bookings(rig)] == [False]


async def test_the_fence_stays_shut_for_what_is_not_paid_for(rig):
    task = await rig.task("A picture")
    async with rig.db.begin() as session:
        await tasks.add_media(session, task.id, 11, tasks.NewMedia("photo", "f", "u", "image/jpeg", 1, None))

    async def fetch_while_it_is_given_back(file_id):
        async with rig.db.begin() as session:
            assert await money.release(session, money.of_write(task.id, 0, 1))
        return await rig.doors.fetch(file_id)

    (waiting,) = await rig.run(replace(rig.doors, fetch=fetch_while_it_is_given_back))
    assert (waiting.state, rig.posts()) == (TaskState.DUE, [])

    (done,) = await rig.run(after=timedelta(seconds=60))
    assert (done.id, done.state) == (task.id, TaskState.DONE)
    assert billed(rig) == (await sums(rig)).spent == 150


async def crashed(rig, *, sent):
    """Leave a task as a process that died between setting money aside and the end of its sending."""
    task = await rig.task()
    now = rig.doors.clock()
    async with rig.db.begin() as session:
        claimed = await runs.claim(session, runs.name_of(task), by="dead", now=now)
        await writes.prepare(session, task.id, 0, x_user_id=rig.connection.x_user_id, price=150)
        paid = money.of_write(task.id, 0, 1)
        got = await money.reserve(session, rig.connection.id, paid, cents_100=150, now=now)
        if sent:
            assert await writes.send(session, task.id, 0, by="dead", now=now) == 1
    assert got == Booked(150)
    return claimed


async def test_after_a_crash_before_the_sending_the_same_money_pays_for_it(rig):
    task = await crashed(rig, sent=False)
    await run.run(rig.doors, runs.name_of(task))

    assert await bookings(rig) == [("write:0", 150, True)]


async def test_after_a_crash_in_the_sending_the_money_stays_until_x_surely_has_nothing(rig):
    task = await crashed(rig, sent=True)
    await run.run(rig.doors, runs.name_of(task))
    assert await bookings(rig) == [("write:0", 150, False)]

    later = replace(rig.doors, clock=lambda: datetime.now(UTC) + timedelta(seconds=60))
    await run.run(later, runs.name_of(task))

    assert (await rig.write(task.id)).state == WriteState.ACCEPTED
    assert await bookings(rig) == [("write:0", 150, True)]
    assert billed(rig) == 150


async def test_what_was_set_aside_before_a_crash_and_never_sent_is_given_back(rig):
    task = await crashed(rig, sent=False)
    async with rig.db.begin() as session:
        await session.execute(
            update(Task).where(Task.id == task.id).values(state=TaskState.CANCELLED, lease_by=None)
        )

    await booking.tidy(rig.doors)

    assert await bookings(rig) == []


async def test_two_executions_of_one_task_pay_once(rig):
    task = await crashed(rig, sent=False)

    await asyncio.gather(*(run.run(rig.doors, runs.name_of(task)) for _ in range(2)))

    assert [cents for what, cents, _ in await bookings(rig) if what == "write:0"] == [150]
    assert billed(rig) <= 150


async def test_two_tweets_race_for_what_is_left_and_one_goes_out(rig):
    await cap(rig, 150)
    first, second = await rig.task("One"), await rig.task("Two")

    await asyncio.gather(*(run.run(rig.doors, runs.name_of(task)) for task in (first, second)))
    await rig.run(after=timedelta(minutes=2))

    assert len(rig.posts()) == 1
    assert billed(rig) == (await sums(rig)).spent == 150


async def test_what_a_lost_time_sent_is_booked_when_it_is_found(rig):
    await rig.task()
    await rig.run()
    task = await rig.now(f"{1:026d}")
    async with rig.db.begin() as session:
        # As a backup made before the sending has it (storage/restoring.py).
        await session.execute(delete(Booking))
        await session.execute(update(Budget).values(booked_cents_100=0))
        unknown = {"state": WriteState.UNKNOWN, "x_post_id": None, "attempts": 2, "accepted_at": None}
        await session.execute(update(Write).where(Write.task_id == task.id).values(**unknown))
        again = {"state": TaskState.DUE, "run": Task.run + 1000, "outcome": "looking"}
        await session.execute(update(Task).where(Task.id == task.id).values(**again))

    (done,) = await rig.run()

    assert done.state == TaskState.DONE
    assert await bookings(rig) == [("look:0", 50, True), ("write:0", 150, True)]
    assert billed(rig) == (await sums(rig)).spent


async def test_of_a_connection_that_is_gone_nothing_stays_set_aside(rig):
    task = await crashed(rig, sent=False)
    async with rig.db.begin() as session:
        await session.execute(update(Connection).values(state=ConnectionState.GONE))

    await run.run(rig.doors, runs.name_of(task))

    assert (await rig.now(task.id)).state == TaskState.FAILED
    assert await bookings(rig) == []


async def test_the_prices_of_the_settings_are_what_is_booked(rig):
    await rig.task()
    await rig.run(replace(rig.doors, prices=price.read("post=0.02")))

    assert await bookings(rig) == [("write:0", 200, True)]


async def test_what_x_said_of_its_limits_is_kept(rig):
    await rig.task()
    await rig.run()

    async with rig.db.begin() as session:
        kept = await rate_windows.running(session, rig.connection.id, now=rig.doors.clock())
    assert "POST /2/tweets 15min user" in {one.name for one in kept}


async def test_a_watch_over_the_cap_says_so_once(rig):
    await cap(rig, 0)
    schedule = {
        "person_id": 101,
        "chat_id": 101,
        "source_message_id": 1,
        "connection_id": rig.connection.id,
        "state": ScheduleState.ACTIVE,
        "rule": "every 15 minutes",
        "zone": "UTC",
        "kind": "mentions",
        "created_at": rig.doors.clock(),
    }
    async with rig.db.begin() as session:
        session.add(Schedule(id=1, **schedule))
    for number in (1, 2):
        moment = rig.doors.clock() - timedelta(minutes=30 - number)
        await rig.task(
            None,
            kind="mentions",
            reads=True,
            schedule_id=1,
            promised=True,
            occurrence_at=moment,
            due_at=moment,
        )
        await rig.run()

    assert rig.told == [f"{1:026d}"]
