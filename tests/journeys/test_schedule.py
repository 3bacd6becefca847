"""A tweet for later: said in words, shown with its zones, sent at its moment and not before."""

from datetime import UTC, datetime

import pytest

from bot.edge import Outcome
from storage.tables import TaskState
from tests.journeys import pictures
from tests.journeys.planned import in_berlin, tasks_of, texts


@pytest.fixture
async def ada(rig):
    """Give Ada in Berlin, who has connected an account; it is Monday, 23 November 2026, 16:00 UTC."""
    return await in_berlin(rig)


async def test_a_tweet_for_tomorrow_goes_out_tomorrow(rig, ada):
    await ada.say("/schedule tomorrow 9:00 Good morning")
    assert "Tue, Nov 24, 2026, 9:00" in ada.text
    assert "CET (Europe/Berlin)" in ada.text
    assert "Nov 24, 8:00\u202fAM UTC" in ada.text
    assert "$0.015" in ada.text

    await ada.press("Schedule")
    assert "Planned" in ada.text
    await rig.posted()
    assert texts(rig, ada) == []

    rig.clock.now = datetime(2026, 11, 24, 8, 0, 1, tzinfo=UTC)
    await rig.posted()
    assert texts(rig, ada) == ["Good morning"]
    assert "Posted" in ada.text


async def test_the_zone_is_asked_once_and_the_words_wait_for_it(rig):
    rig.clock.now = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    bob = await rig.phone("Bob")
    await bob.connect(rig.new_account())
    await bob.say("/schedule in 20 min Tea")
    assert "Which time zone" in bob.text

    rig.clock.advance(minutes=2)
    await bob.say("Vienna")
    assert "Your time zone is Europe/Vienna" in bob.texts[-2]
    assert "5:20" in bob.text

    await bob.say("/schedule 18:00 Supper")
    assert "6:00" in bob.text


async def test_a_zone_is_chosen_by_region(rig, ada):
    await ada.say("/timezone")
    assert "Europe/Berlin" in ada.text
    await ada.press("Asia")
    await ada.press("Tokyo")
    assert "Your time zone is Asia/Tokyo" in ada.text


async def test_a_draft_is_planned_by_its_button(rig, ada):
    await ada.say("/tweet For later")
    await ada.press("Later")
    await ada.press("Tomorrow 9:00")
    assert "Tue, Nov 24" in ada.text
    await ada.press("Schedule")

    (task,) = await tasks_of(rig)
    assert (task.state, task.promised) == (TaskState.SCHEDULED, True)
    assert task.due_at == task.wake_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


async def test_schedule_alone_asks_when_and_then_what(rig, ada):
    await ada.say("/schedule")
    await ada.say("tomorrow 18:30")
    assert "What do you want to tweet" in ada.text
    await ada.say("Supper is ready")
    await ada.press("Schedule")
    assert "Planned for Tue, Nov 24, 2026, 6:30" in ada.text


async def test_a_photo_is_planned_by_its_caption(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 1), caption="/schedule in 2 hours A view")
    await ada.press("Schedule")
    rig.clock.advance(hours=2)
    await rig.posted()

    (post,) = rig.posts(ada.account)
    assert post["text"].startswith("A view")
    assert post["media"]


async def test_an_album_is_planned_by_its_caption(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 3), caption="/schedule in 2 hours Three views")
    rig.clock.advance(seconds=3)
    await rig.chores()
    await ada.press("Schedule")
    rig.clock.advance(hours=2)
    await rig.posted()

    (post,) = rig.posts(ada.account)
    assert len(post["media"]) == 3


async def test_cancel_sets_a_draft_without_a_time_aside(rig, ada):
    await ada.say("/schedule")
    await ada.say("/cancel")
    assert "Set aside" in ada.text


async def test_a_message_is_planned_by_a_reply(rig, ada):
    said = await ada.say("Words worth keeping")
    await ada.say("/schedule tomorrow 9:00", reply_to=said)
    await ada.press("Schedule")
    assert "Words worth keeping" in ada.text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("hello world", "no time there"),
        ("tomorrow buy milk", "a day without a time"),
        ("every 2 min spam", "Not more often"),
        ("cron 99 * * * * x", "no cron expression"),
    ],
)
async def test_what_is_no_time_is_said_and_asked_again(rig, ada, said, why):
    await ada.say(f"/schedule {said}")
    assert why in ada.texts[-2]
    assert "When?" in ada.text
    await ada.say("tomorrow 9:00")
    assert "Tue, Nov 24" in ada.text


async def test_schedule_after_its_moment_sends_nothing(rig, ada):
    await ada.say("/schedule in 20 min Too slow")
    rig.clock.advance(hours=1)

    toast = await ada.press("Schedule")
    await rig.posted()

    assert "has come and gone" in toast
    assert texts(rig, ada) == []


async def test_a_cancelled_plan_comes_back_with_its_time(rig, ada):
    await ada.say("/schedule tomorrow 9:00 Perhaps")
    await ada.press("Cancel")
    await ada.press("Bring it back")
    await ada.press("Schedule")
    assert "Planned for Tue, Nov 24" in ada.text


async def test_an_edit_of_the_message_changes_the_planned_draft(rig, ada):
    said = await ada.say("/schedule tomorrow 9:00 One")
    ada.raw.post("/edit", message_id=said, text="/schedule tomorrow 10:00 Two")
    await rig.deliver()
    assert "10:00" in ada.text
    assert "Two" in ada.text

    await ada.press("Schedule")
    ada.raw.post("/edit", message_id=said, text="/schedule tomorrow 11:00 Three")
    await rig.deliver()
    assert "planned already" in ada.texts[-2]
    assert "Two" in ada.text


async def test_an_edit_of_a_tweet_that_was_planned_by_a_button_keeps_its_time(rig, ada):
    said = await ada.say("/tweet One")
    await ada.press("Later")
    await ada.press("Tomorrow 9:00")
    ada.raw.post("/edit", message_id=said, text="/tweet Two")
    await rig.deliver()
    assert "Tue, Nov 24" in ada.text
    assert "Two" in ada.text


async def test_words_whose_answer_was_lost_show_what_they_led_to(rig, ada):
    await ada.say("/schedule tomorrow 9:00 Before")
    await ada.press("Schedule")
    await ada.press("Edit text")
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "sendMessage"})
    ada.send("After")
    (update,) = rig.waiting()
    await rig.give(update)
    rig.telegram.control("DELETE", "/faults")
    for _ in range(20):
        rig.clock.advance(minutes=1)
        if await rig.give(update) is Outcome.DONE:
            break

    assert "Planned" in ada.text
    assert "After" in ada.text
    (task,) = await tasks_of(rig)
    assert task.text == "After"


@pytest.mark.parametrize(
    ("now", "said", "told"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), "tomorrow 2:30", "Clocks skip 02:30"),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), "tomorrow 2:30", "Clocks show 02:30 twice"),
    ],
)
async def test_a_time_that_clocks_skip_or_double_is_told_beforehand(rig, ada, now, said, told):
    rig.clock.now = now
    await ada.say(f"/schedule {said} Night")
    assert any(told in text for text in ada.texts[-2:])
