"""What is reached too late is not sent: one message asks about all of it, or its schedule says what then."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from storage import missed as missed_tasks
from storage.tables import Connection, TaskState
from tests.journeys.planned import NOW, at, in_berlin, planned, tasks_of, texts, told

MISSED = TaskState.MISSED


@pytest.fixture
async def ada(rig):
    return await in_berlin(rig)


async def plan(phone, words):
    await phone.say(f"/schedule {words}")
    await phone.press("Schedule")


async def three_days_off(rig, phone):
    """Let three tweets be missed: the bot is off for three days."""
    for day, words in enumerate(("One", "Two", "Three"), 24):
        await plan(phone, f"{day} November 9:00 {words}")
    await rig.restart()
    rig.clock.now = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    await told(rig, phone, "3 tweets were missed")


async def test_after_three_days_one_message_lists_what_was_missed(rig, ada):
    await three_days_off(rig, ada)

    assert texts(rig, ada) == []
    assert "1. Tue, Nov 24, 2026, 9:00" in ada.text
    assert "Three" in ada.text
    assert sum("were missed" in text for text in ada.texts) == 1
    assert not any("Planned" in text for text in ada.texts)

    await rig.restart()
    await rig.posted()
    assert sum("were missed" in text for text in ada.texts) == 1


async def test_all_are_posted_now_in_their_order(rig, ada):
    await three_days_off(rig, ada)
    await ada.press("Post all now")
    await rig.posted()

    posted = sorted(rig.posts(ada.account), key=lambda post: int(post["id"]))
    assert [post["text"] for post in posted] == ["One", "Two", "Three"]
    assert await tasks_of(rig, MISSED) == []


async def test_all_are_spaced_out(rig, ada):
    await three_days_off(rig, ada)
    await ada.press("Space out")
    await ada.press("60 minutes apart")
    assert "All 3 are planned anew" in ada.text

    first, second, third = (task.due_at for task in await planned(rig))
    assert (second - first, third - second) == (second - first, second - first)
    await at(rig, 2026, 11, 26, 16, 1, 30)
    assert texts(rig, ada) == ["One"]


async def test_all_get_a_new_time(rig, ada):
    await three_days_off(rig, ada)
    await ada.press("New time")
    await ada.say("tomorrow 9:00")
    await at(rig, 2026, 11, 27, 8, 0, 30)
    assert texts(rig, ada) == ["One"]
    await at(rig, 2026, 11, 27, 8, 15, 30)
    assert texts(rig, ada) == ["One", "Two"]


async def test_all_are_dropped_after_a_question(rig, ada):
    await three_days_off(rig, ada)
    await ada.press("Drop all")
    assert "Drop all 3 missed tweets?" in ada.text
    await ada.press("Yes, drop all")
    await rig.posted()
    assert texts(rig, ada) == []
    assert len(await tasks_of(rig, TaskState.CANCELLED)) == 3


async def test_each_is_decided_about_by_itself(rig, ada):
    await three_days_off(rig, ada)
    await ada.press("2")
    assert "Missed" in ada.text
    assert "Two" in ada.text
    await ada.press("Post now")
    assert any("2 tweets were missed" in text for text in ada.texts)
    await rig.posted()
    assert texts(rig, ada) == ["Two"]

    await ada.press("1")
    await ada.press("Other time")
    await ada.press("Tomorrow 9:00")
    await ada.press("1")
    await ada.press("Drop")
    assert any("Nothing is missed any more" in text for text in ada.texts)
    assert [task.text for task in await planned(rig)] == ["One"]


async def test_a_button_of_an_older_list_changes_nothing(rig, ada):
    await three_days_off(rig, ada)
    old = {label: ada._button(ada.last, label)["data"] for label in ("Post all now", "Drop all")}
    message = ada.last
    await ada.press("2")
    await ada.press("Drop")

    for data in old.values():
        assert "from before" in await ada.press_data(data, message)
    await rig.posted()
    assert texts(rig, ada) == []
    assert len(await tasks_of(rig, MISSED)) == 2


async def test_five_minutes_late_is_not_missed_and_six_are(rig, ada):
    await plan(ada, "18:00 In time")
    await plan(ada, "19:00 Too late")
    await at(rig, 2026, 11, 23, 17, 4, 59)
    assert texts(rig, ada) == ["In time"]
    rig.clock.now = datetime(2026, 11, 23, 18, 6, tzinfo=UTC)
    await told(rig, ada, "One tweet was missed")
    assert texts(rig, ada) == ["In time"]


async def test_a_schedule_lists_every_time_it_missed_and_goes_on(rig, ada):
    await plan(ada, "every day 9:00 Daily")
    rig.clock.now = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
    await told(rig, ada, "3 tweets were missed")

    (task,) = await planned(rig)
    assert task.due_at == datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("label", "posted"), [("Post late, up to 6 hours", ["Daily"]), ("Skip it and tell me", [])]
)
async def test_a_schedule_may_post_late_or_skip(rig, ada, label, posted):
    await plan(ada, "every day 9:00 Daily")
    await ada.press("If missed: ask")
    await ada.press(label)
    rig.clock.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    await told(rig, ada, "Posted" if posted else "One tweet was skipped")

    assert texts(rig, ada) == posted
    assert len(await planned(rig)) == 1
    assert not posted or "Late, as its schedule allows: it was due Tue, Nov 24, 2026, 9:00" in ada.text


async def test_later_than_it_may_be_it_is_asked_about(rig, ada):
    await plan(ada, "every day 9:00 Daily")
    await ada.press("If missed: ask")
    await ada.press("Post late, up to 1 hour")
    assert "If missed: late, up to 1 h" in ada.buttons
    rig.clock.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    await told(rig, ada, "One tweet was missed")
    assert texts(rig, ada) == []


async def test_what_is_skipped_is_told_once(rig, ada):
    await plan(ada, "every day 9:00 Daily")
    await ada.press("If missed: ask")
    await ada.press("Skip it and tell me")
    rig.clock.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    await told(rig, ada, "One tweet was skipped")
    rig.clock.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    await told(rig, ada, "Nov 25")
    assert "One tweet was skipped" in ada.text


async def test_what_was_held_too_long_is_asked_about(rig, ada):
    await plan(ada, "18:00 Held")
    async with rig.app.db.begin() as session:
        await session.execute(update(Connection).values(frozen_at=NOW))
    await at(rig, 2026, 11, 23, 17, 0, 5)
    assert texts(rig, ada) == []

    rig.clock.now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    async with rig.app.db.begin() as session:
        await session.execute(update(Connection).values(frozen_at=None))
    (task,) = await tasks_of(rig, TaskState.DUE)
    async with rig.app.db.begin() as session:
        await session.execute(update(type(task)).values(wake_at=rig.clock.now))
    await told(rig, ada, "One tweet was missed")
    assert texts(rig, ada) == []


async def test_a_run_that_was_given_to_the_engine_in_time_and_carried_out_too_late_is_missed(rig, ada):
    await plan(ada, "18:00 In the engine")
    rig.clock.now = datetime(2026, 11, 23, 17, 0, 5, tzinfo=UTC)
    await rig.app.worker.wake()
    assert len(await tasks_of(rig, TaskState.DUE)) == 1
    await rig.restart()

    rig.clock.now = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    await told(rig, ada, "One tweet was missed")
    assert texts(rig, ada) == []


async def test_more_than_is_caught_up_with_at_once_is_missed_one_and_all(rig, ada):
    await plan(ada, "every 10 min Often")
    rig.clock.now = datetime(2026, 11, 25, 8, 8, tzinfo=UTC)
    await told(rig, ada, "240 tweets were missed", within_s=60)
    assert "… and 232 more" in ada.text
    assert len({task.occurrence_at for task in await tasks_of(rig, MISSED)}) == 240
    (task,) = await planned(rig)
    assert task.due_at == datetime(2026, 11, 25, 8, 10, tzinfo=UTC)


async def test_what_is_missed_later_joins_the_list(rig, ada):
    await plan(ada, "18:00 First")
    await plan(ada, "20:00 Second")
    rig.clock.now = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    await told(rig, ada, "One tweet was missed")
    rig.clock.now = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
    await told(rig, ada, "2 tweets were missed")
    assert sum("missed" in text and "I was off" in text for text in ada.texts) == 1


async def test_a_clock_that_jumps_ahead_and_back_sends_nothing_unasked(rig, ada):
    await plan(ada, "tomorrow 9:00 Once")
    rig.clock.now = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    await told(rig, ada, "One tweet was missed")
    await at(rig, 2026, 11, 23, 16, 5)
    assert texts(rig, ada) == []
    await ada.press("Post all now")
    await rig.posted()
    assert texts(rig, ada) == ["Once"]


async def test_two_workers_miss_it_once_and_say_so_once(make_rig, database_url):
    rig = await make_rig(database_url)
    ada = await in_berlin(rig)
    await plan(ada, "every 2 hours Tick")
    rig.clock.now = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    other = await rig.replica() if rig.app.db.kind == "postgresql" else rig.app

    await asyncio.gather(rig.app.worker.wake(), other.worker.wake())
    missed = await tasks_of(rig, MISSED)
    assert len(missed) == len({task.occurrence_at for task in missed}) == 6
    assert len(await planned(rig)) == 1
    await asyncio.gather(*(each.worker._doors.tell(task.id) for each in (rig.app, other) for task in missed))

    assert sum("6 tweets were missed" in text for text in ada.texts) == 1


async def test_two_presses_on_the_list_post_each_once(make_rig, database_url):
    rig = await make_rig(database_url)
    ada = await in_berlin(rig)
    await plan(ada, "18:00 One")
    await plan(ada, "19:00 Two")
    rig.clock.now = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    await told(rig, ada, "2 tweets were missed")
    message, data = ada.last, ada._button(ada.last, "Post all now")["data"]

    await asyncio.gather(ada.press_data(data, message), ada.press_data(data, message))
    await rig.posted()

    assert texts(rig, ada) == ["One", "Two"]
    async with rig.app.db.begin() as session:
        assert await missed_tasks.of_person(session, ada.person) == []
