"""A schedule posts again and again, its texts in turn, and always has its next task in store."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage import holds, schedules
from storage.tables import Connection, Schedule, ScheduleState, Task, TaskState
from tests.journeys import pictures
from tests.journeys.planned import at, in_berlin, planned, tasks_of, texts, the_schedule


@pytest.fixture
async def ada(rig):
    return await in_berlin(rig)


async def test_a_schedule_posts_on_every_weekday(rig, ada):
    await ada.say("/schedule every weekday 8:30 Hello")
    assert "again and again" in ada.text
    for day in ("Tue, Nov 24", "Wed, Nov 25", "Thu, Nov 26"):
        assert f"• {day}, 2026, 8:30" in ada.text
    assert "X refuses a tweet with the same text" in ada.text
    await ada.press("Schedule")

    (task,) = await planned(rig)
    assert task.due_at == task.occurrence_at == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    await at(rig, 2026, 11, 24, 7, 30, 1)

    assert texts(rig, ada) == ["Hello"]
    (task,) = await planned(rig)
    assert task.due_at == datetime(2026, 11, 25, 7, 30, tzinfo=UTC)


async def test_texts_are_posted_in_turn(rig, ada):
    await ada.say("/schedule every 2 hours One")
    await ada.press("Add another text")
    await ada.say("Two")
    assert "2 texts in turn" in ada.text
    assert "X refuses" not in ada.text
    await ada.press("Schedule")

    for hour in (18, 20):
        await at(rig, 2026, 11, 23, hour, 0, 30)

    assert texts(rig, ada) == ["One", "Two"]
    assert [task.text for task in await planned(rig)] == ["One"]


async def test_photos_are_posted_every_time(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 1), caption="/schedule every 2 hours A view")
    await ada.press("Add another text")
    await ada.say("Another view")
    await ada.press("Schedule")
    await at(rig, 2026, 11, 23, 18, 0, 5)
    await at(rig, 2026, 11, 23, 20, 0, 5)

    assert len(rig.posts(ada.account)) == 2
    assert all(post["media"] for post in rig.posts(ada.account))


@pytest.mark.parametrize(
    ("before", "moments"),
    [
        ((2026, 3, 27, 12), ((28, 1, 30), (29, 1, 0), (30, 0, 30))),
        ((2026, 10, 23, 12), ((24, 0, 30), (25, 0, 30), (26, 1, 30))),
    ],
    ids=["forward", "back"],
)
async def test_a_schedule_keeps_its_time_on_the_wall_over_a_change_of_the_clocks(rig, ada, before, moments):
    rig.clock.now = datetime(*before, tzinfo=UTC)
    await ada.say("/schedule every day 2:30 Night")
    assert "Clocks" in ada.text
    for extra in ("Two", "Three"):
        await ada.press("Add another text")
        await ada.say(extra)
    await ada.press("Schedule")

    for number, (day, hour, minute) in enumerate(moments, 1):
        moment = datetime(before[0], before[1], day, hour, minute, tzinfo=UTC)
        rig.clock.now = moment - timedelta(seconds=1)
        await rig.posted()
        assert len(texts(rig, ada)) == number - 1
        rig.clock.now = moment + timedelta(seconds=1)
        await rig.posted()
        assert len(texts(rig, ada)) == number


async def test_a_paused_schedule_posts_nothing_and_asks_nothing(rig, ada):
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    await ada.press("Pause")
    assert "Paused" in ada.text
    await at(rig, 2026, 11, 24, 5, 0)
    assert texts(rig, ada) == []
    assert "missed" not in ada.text

    await ada.press("Resume")
    (task,) = await planned(rig)
    assert task.due_at == task.wake_at == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    await at(rig, 2026, 11, 24, 6, 0, 1)
    assert texts(rig, ada) == ["Tick"]


async def test_skip_once_waits_for_the_time_after(rig, ada):
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    assert "Skipped" in await ada.press("Skip once")
    await at(rig, 2026, 11, 23, 18, 0, 5)
    assert texts(rig, ada) == []
    await at(rig, 2026, 11, 23, 20, 0, 5)
    assert texts(rig, ada) == ["Tick"]


async def test_a_moved_one_leaves_its_schedule_as_it_is(rig, ada):
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    await ada.press("Move this one")
    await ada.press("Tomorrow 9:00")

    assert [task.due_at for task in await planned(rig)] == [
        datetime(2026, 11, 23, 20, 0, tzinfo=UTC),
        datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    ]


async def test_post_now_brings_the_schedule_on(rig, ada):
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    await ada.press("Post now")
    await rig.posted()

    assert texts(rig, ada) == ["Tick"]
    (task,) = await planned(rig)
    assert task.due_at == datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


async def test_a_deleted_schedule_posts_nothing_and_comes_back_as_a_draft(rig, ada):
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    await ada.press("Delete")
    await ada.press("Yes, delete the whole schedule")
    await at(rig, 2026, 11, 23, 18, 0, 5)
    assert texts(rig, ada) == []
    assert (await the_schedule(rig)).state == ScheduleState.ENDED

    await ada.press("Bring it back")
    await ada.press("Schedule")
    await at(rig, 2026, 11, 23, 20, 0, 5)
    assert texts(rig, ada) == ["Tick"]
    assert len(await planned(rig)) == 1


async def test_deleting_one_leaves_the_others(rig, ada):
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    await ada.press("Delete")
    await ada.press("Yes, delete this one")
    (task,) = await planned(rig)
    assert task.due_at == datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


async def test_an_edit_of_all_changes_what_comes_later_too(rig, ada):
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    await ada.press("Edit this one")
    await ada.say("Just once")
    await at(rig, 2026, 11, 23, 18, 0, 5)
    assert [task.text for task in await planned(rig)] == ["Tick"]

    await ada.say("/queue")
    await ada.press("1")
    await ada.press("Edit this and all later")
    await ada.say("Tock")
    await at(rig, 2026, 11, 23, 20, 0, 5)
    assert texts(rig, ada) == ["Just once", "Tock"]
    assert [task.text for task in await planned(rig)] == ["Tock"]


async def test_a_clock_that_jumps_back_makes_nothing_twice(rig, ada):
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    await at(rig, 2026, 11, 23, 18, 0, 5)
    await at(rig, 2026, 11, 23, 16, 30)
    await at(rig, 2026, 11, 23, 18, 0, 5)

    assert texts(rig, ada) == ["Tick"]
    assert len(await tasks_of(rig)) == 2


async def test_the_next_task_is_made_once_by_several_workers(make_rig, database_url):
    rig = await make_rig(database_url)
    ada = await in_berlin(rig)
    await ada.say("/schedule every 2 hours Tick")
    await ada.press("Schedule")
    rig.clock.now = datetime(2026, 11, 23, 18, 0, 5, tzinfo=UTC)
    others = [await rig.replica() for _ in range(2)] if rig.app.db.kind == "postgresql" else []

    workers = [rig.app.worker, *(other.worker for other in others), rig.app.worker]
    await asyncio.gather(*(worker.wake() for worker in workers))

    assert len(await planned(rig)) == 1
    assert len(await tasks_of(rig, TaskState.DUE)) == 1
    async with rig.app.db.begin() as session:
        made = list(await session.scalars(select(Task.occurrence_at)))
    assert len(set(made)) == len(made) == 2


async def daily(ada):
    await ada.say("/schedule every day 9:00 Hi")
    await ada.press("Schedule")


async def test_a_task_made_once_more_for_a_moment_stops_nobody(rig, ada):
    """A task that left its schedule must not stand in the way of the schedule's own of that moment."""
    await daily(ada)
    (first,) = await planned(rig)
    async with rig.app.db.begin() as session:
        schedule = await schedules.get(session, first.schedule_id, lock=True)
        made = await schedules.add_occurrence(
            session, schedule, first.due_at + timedelta(days=1), now=rig.clock.now
        )
        made.schedule_id, made.occurrence_at = None, None
        made.state, made.wake_at = TaskState.CANCELLED, None

    await at(rig, 2026, 11, 24, 8, 0, 5)

    assert texts(rig, ada) == ["Hi"]
    assert len(await planned(rig)) == 1


async def test_a_task_that_cannot_be_taken_up_stops_no_other(rig, ada):
    await daily(ada)
    async with rig.app.db.begin() as session:
        schedule = (await session.scalars(select(Schedule))).one()
        schedule.zone = "No/Such_Zone"
    await ada.say("/schedule tomorrow 9:01 Mine")
    await ada.press("Schedule")

    await at(rig, 2026, 11, 24, 8, 1, 5)

    assert "Mine" in texts(rig, ada)


async def test_a_paused_schedule_whose_next_one_is_deleted_goes_on_when_resumed(rig, ada):
    await daily(ada)
    await ada.say("/queue")
    await ada.press(ada.buttons[0])
    await ada.press("Pause")
    await ada.press("Delete")
    await ada.press("Yes, delete this one")

    await ada.say("/queue")
    await ada.press(ada.buttons[0])
    await ada.press("Resume")
    await at(rig, 2026, 11, 25, 8, 0, 5)

    assert texts(rig, ada) == ["Hi"]


async def test_a_deleted_schedule_posts_nothing_that_only_waited(rig, ada):
    await daily(ada)
    async with rig.app.db.begin() as session:
        (await session.scalars(select(Schedule))).one().missed = "late:24"
        (await session.scalars(select(Connection))).one().frozen_at = rig.clock.now
    await at(rig, 2026, 11, 24, 8, 0, 5)

    async with rig.app.db.begin() as session:
        schedule = (await session.scalars(select(Schedule))).one()
        await schedules.end(session, schedule.id)
        connection = (await session.scalars(select(Connection))).one()
        connection.frozen_at = None
        await holds.release(session, holds.of_connection(connection), now=rig.clock.now)
    await at(rig, 2026, 11, 24, 10, 0, 5)

    assert texts(rig, ada) == []
