"""/queue: what is coming, page by page; every entry's card moves, edits, posts, deletes what it shows."""

import asyncio
from datetime import UTC, datetime

import pytest

from storage.tables import TaskState
from tests.journeys.planned import at, in_berlin, planned, tasks_of, texts

STALE = "That button was from before"


@pytest.fixture
async def ada(rig):
    return await in_berlin(rig)


async def plan(phone, words):
    await phone.say(f"/schedule {words}")
    await phone.press("Schedule")


async def test_an_empty_queue_says_what_helps(rig, ada):
    await ada.say("/queue")
    assert "Nothing is planned" in ada.text


async def test_pages_turn_in_one_message(rig, ada):
    for hour in range(1, 9):
        await plan(ada, f"in {hour} hours Number {hour}")
    await ada.say("/queue")
    message = ada.last["message_id"]
    assert "8 entries are planned, page 1 of 2" in ada.text
    assert "Number 1" in ada.text
    assert "Number 7" not in ada.text

    await ada.press("Later ›")
    assert ada.last["message_id"] == message
    assert "7. " in ada.text
    assert "Number 8" in ada.text
    await ada.press("‹ Earlier")
    assert "Number 1" in ada.text


async def test_only_ones_own_is_listed(rig, ada):
    await plan(ada, "tomorrow 9:00 Mine")
    bob = await in_berlin(rig, "Bob")
    await bob.say("/queue")
    assert "Nothing is planned" in bob.text
    (task,) = await planned(rig)
    toast = await bob.press_data(f"p_now:{task.id}:{task.version}", bob.last)
    assert toast
    assert len(await planned(rig)) == 1


async def test_an_entry_is_moved_by_a_button_and_by_words(rig, ada):
    await plan(ada, "tomorrow 9:00 Moving")
    await ada.say("/queue")
    await ada.press("1")
    await ada.press("Other time")
    await ada.press("In 1 hour")
    assert "Planned for Mon, Nov 23, 2026, 6:00" in ada.text

    await ada.press("Other time")
    await ada.say("wednesday 12:00")
    assert "Planned for Wed, Nov 25, 2026, 12:00" in ada.text
    (task,) = await planned(rig)
    assert task.due_at == task.wake_at == datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


async def test_a_new_text_is_checked_as_in_a_draft(rig, ada):
    await plan(ada, "tomorrow 9:00 Short")
    await ada.press("Edit text")
    await ada.say("x" * 281)
    assert "could not go out" in ada.text
    await ada.say("\u200b")
    assert "cannot go out" in ada.text
    await ada.say("Still short")
    assert "Still short" in ada.text

    await at(rig, 2026, 11, 24, 8, 0, 5)
    assert texts(rig, ada) == ["Still short"]


async def test_post_now_posts_now(rig, ada):
    await plan(ada, "tomorrow 9:00 At once")
    await ada.press("Post now")
    await rig.posted()
    assert texts(rig, ada) == ["At once"]
    await at(rig, 2026, 11, 24, 8, 0, 5)
    assert texts(rig, ada) == ["At once"]


async def test_delete_asks_and_posts_nothing(rig, ada):
    await plan(ada, "tomorrow 9:00 Away")
    await ada.press("Delete")
    assert "Delete what is planned" in ada.text
    await ada.press("Back")
    assert "Planned for" in ada.text
    await ada.press("Delete")
    await ada.press("Yes, delete this one")
    await at(rig, 2026, 11, 24, 8, 0, 5)
    assert texts(rig, ada) == []
    assert ada.buttons == ["Bring it back"]


async def test_a_button_from_before_changes_nothing(rig, ada):
    await plan(ada, "tomorrow 9:00 As shown")
    old = ada.last
    await ada.press("Edit text")
    await ada.say("Changed")
    (before,) = await planned(rig)

    for verb in ("p_now", "p_del2", "p_edit", "when", "p_skip", "p_pause"):
        toast = await ada.press_data(f"{verb}:{before.id}:{before.version - 1}", old)
        assert STALE in toast

    (now,) = await planned(rig)
    assert (now.version, now.text, now.due_at) == (before.version, "Changed", before.due_at)


@pytest.mark.parametrize("verb", ["postnow", "takeback", "post"])
async def test_buttons_of_other_cards_do_not_touch_what_is_planned(rig, ada, verb):
    await plan(ada, "every 2 hours Tick")
    (task,) = await planned(rig)
    await ada.press_data(f"{verb}:{task.id}:{task.version}", ada.last)
    (now,) = await planned(rig)
    assert now.version == task.version


async def test_words_that_come_too_late_change_nothing(rig, ada):
    await plan(ada, "in 20 min Soon")
    await ada.press("Edit text")
    await at(rig, 2026, 11, 23, 16, 20, 1)
    await ada.say("Other words")
    assert "Too late" in ada.text
    assert texts(rig, ada) == ["Soon"]


async def test_cancel_withdraws_what_was_asked(rig, ada):
    await plan(ada, "tomorrow 9:00 Kept")
    await ada.press("Edit text")
    await ada.say("/cancel")
    assert "do not ask for that any more" in ada.text
    await ada.say("No new text")
    assert [task.text for task in await planned(rig)] == ["Kept"]


async def test_post_now_and_the_moment_itself_send_once(make_rig, database_url):
    rig = await make_rig(database_url)
    ada = await in_berlin(rig)
    await plan(ada, "in 20 min Once")
    rig.clock.advance(minutes=20, seconds=1)

    await asyncio.gather(ada.press("Post now"), rig.app.worker.wake())
    await rig.posted()

    assert texts(rig, ada) == ["Once"]


@pytest.mark.parametrize("label", ["Pause", "Skip once", "Post now"])
async def test_a_press_and_the_moment_itself_leave_one_task_in_store(make_rig, database_url, label):
    rig = await make_rig(database_url)
    ada = await in_berlin(rig)
    await plan(ada, "every 2 hours Tick")
    rig.clock.advance(hours=2, seconds=1)

    await asyncio.gather(ada.press(label), rig.app.worker.wake())

    assert len(await planned(rig)) == 1
    made = [task.occurrence_at for task in await tasks_of(rig)]
    assert len(made) == len(set(made)) <= 2
    await rig.posted()
    assert len(texts(rig, ada)) == len(made) - 1


async def test_slots_are_asked_once_and_taken_one_after_the_other(rig, ada):
    await ada.say("/next First")
    await ada.press("9:00, 13:00, 18:00")
    assert "Your slots are 09:00 13:00 18:00" in ada.texts[-2]
    assert "Mon, Nov 23, 2026, 6:00" in ada.text
    await ada.press("Schedule")

    await ada.say("/next Second")
    assert "Tue, Nov 24, 2026, 9:00" in ada.text
    await ada.press("Schedule")
    assert len({task.due_at for task in await planned(rig)}) == 2


async def test_a_slot_that_was_taken_meanwhile_is_not_taken_twice(rig, ada):
    await ada.say("/slots 18:00")
    await ada.say("/next First")
    await ada.press("Cancel")
    await ada.say("/next Second")
    await ada.press("Schedule")
    await ada.press("Bring it back")

    toast = await ada.press("Schedule")
    assert "taken meanwhile" in toast
    assert any("Tue, Nov 24" in text for text in ada.texts)
    await ada.press("Schedule")
    assert [task.due_at.day for task in await planned(rig)] == [23, 24]


async def test_unreadable_slots_are_said(rig, ada):
    await ada.say("/slots whenever")
    assert "cannot read" in ada.text
    await ada.say("/slots 7:30 21:15")
    assert "07:30 21:15" in ada.text
    assert (await tasks_of(rig, TaskState.SCHEDULED)) == []
