"""Polls: one sent in Telegram becomes a draft with a poll of X, made to fit where X takes less."""

import pytest

from tests.journeys import pictures
from tests.journeys.planned import at, in_berlin


@pytest.fixture
async def ada(rig):
    """Give Ada in Berlin, who has connected an account."""
    return await in_berlin(rig)


async def send_poll(rig, ada, question, *options, **more):
    ada.raw.send_poll(question, *options, **more)
    await rig.deliver()


def polls(rig, ada):
    """Give question, options and minutes of each poll on X, oldest first."""
    found = [post for post in rig.posts(ada.account)[::-1] if post["poll"]]
    return [(post["text"], post["poll"]["options"], post["poll"]["minutes"]) for post in found]


async def post(rig, ada):
    await ada.press("Post")
    await rig.posted()


async def test_a_poll_sent_here_becomes_one_on_x_open_for_a_day(rig, ada):
    await send_poll(rig, ada, "Tea or coffee?", "Tea", "Coffee")
    assert "▫️ Tea\n▫️ Coffee" in ada.text
    assert "open for 1 day" in ada.text

    await post(rig, ada)

    assert "Posted" in ada.text
    assert polls(rig, ada) == [("Tea or coffee?", ["Tea", "Coffee"], 1440)]


async def test_a_poll_stays_open_as_long_as_telegrams_or_as_a_button_says(rig, ada):
    await send_poll(rig, ada, "Which?", "A", "B", open_period=600)
    assert "open for 10 minutes" in ada.text
    await ada.press("3 days")
    await post(rig, ada)

    assert polls(rig, ada) == [("Which?", ["A", "B"], 4320)]


async def test_of_a_quiz_the_right_answer_is_left_out_and_that_is_said(rig, ada):
    await send_poll(rig, ada, "2 + 2?", "3", "4", type="quiz", correct_option_ids=[1])

    assert any("no quizzes" in text for text in ada.texts)
    await post(rig, ada)
    assert polls(rig, ada) == [("2 + 2?", ["3", "4"], 1440)]


async def test_more_and_longer_options_than_x_takes_are_named_and_mended(rig, ada):
    long = "An option of far more than 25 characters"
    await send_poll(rig, ada, "Which?", "A", long, "C", "D", "E", "F")
    assert "6 options; X takes 4" in ada.text
    assert "Option 2 has 40 characters" in ada.text
    assert "Post" not in ada.buttons

    await ada.press("Keep the first 4 options")
    await ada.press("Shorten option 2: An option of far mor…")
    await ada.say("x" * 26)
    assert "1 to 25 characters" in ada.text
    await ada.say("  Shorter\n now ")
    await post(rig, ada)

    assert polls(rig, ada) == [("Which?", ["A", "Shorter now", "C", "D"], 1440)]


async def test_a_picture_sent_after_a_poll_is_a_draft_of_its_own_and_the_poll_is_set_aside(
    rig, ada, tmp_path
):
    await send_poll(rig, ada, "Which?", "A", "B")
    await ada.press("Edit text")
    await ada.send_photos(*pictures.photos(tmp_path, 1))
    assert any("Set aside" in text and "▫️ A" in text for text in ada.texts)


async def test_a_question_is_edited_and_its_options_stay(rig, ada):
    await send_poll(rig, ada, "Whihc?", "A", "B")
    await ada.press("Edit text")
    await ada.say("Which?")
    await post(rig, ada)

    assert polls(rig, ada) == [("Which?", ["A", "B"], 1440)]


async def test_a_forwarded_poll_becomes_one_on_x_too(rig, ada):
    ada.raw.send_poll("Which?", "A", "B", open_period=600)
    (update,) = rig.waiting()
    sent = update["message"]["message_id"]
    ada.raw.post("/forward", from_chat=ada.chat, message_id=sent)
    await rig.deliver()
    await post(rig, ada)

    assert polls(rig, ada) == [("Which?", ["A", "B"], 10)]


async def test_a_command_in_reply_to_a_poll_makes_a_draft_of_it(rig, ada):
    sent = ada.raw.send_poll("Which?", "A", "B")
    await rig.deliver()
    await ada.say("/tweet", reply_to=sent)

    assert "Which?" in ada.text
    assert "Poll, open for 1 day" in ada.text


async def test_a_redelivered_poll_is_one_draft(rig, ada):
    ada.raw.send_poll("Which?", "A", "B")
    (update,) = rig.waiting()
    await rig.give(update)
    await rig.give(update)
    await post(rig, ada)

    assert len(polls(rig, ada)) == 1


async def test_hostile_presses_change_no_poll(rig, ada):
    await send_poll(rig, ada, "Which?", "A", "B")
    data = next(
        b["data"] for row in ada.last["inline_keyboard"] for b in row if b["data"].startswith("p_open:")
    )
    _, row, version, _ = data.split(":")
    for forged in (
        "p_open:{}:{}:1",
        "p_open:{}:{}:99999",
        "p_open:{}:{}:x",
        "p_option:{}:{}:7",
        "p_option:{}:{}:",
    ):
        await ada.press_data(forged.format(row, version), ada.last)
    await post(rig, ada)

    assert polls(rig, ada) == [("Which?", ["A", "B"], 1440)]


async def test_a_poll_is_planned_for_a_moment_and_again_and_again(rig, ada):
    await send_poll(rig, ada, "Today?", "Yes", "No")
    await ada.press("Later")
    await ada.press("In 1 hour")
    await ada.press("Schedule")
    await at(rig, 2026, 11, 23, 17, 1)
    assert polls(rig, ada) == [("Today?", ["Yes", "No"], 1440)]

    await send_poll(rig, ada, "And now?", "Yes", "No", open_period=600)
    await ada.press("Later")
    await ada.press("Other time")
    await ada.say("every day 9:00")
    await ada.press("Schedule")
    await at(rig, 2026, 11, 24, 8, 1)

    assert polls(rig, ada)[1:] == [("And now?", ["Yes", "No"], 10)]


async def test_a_poll_that_is_finished_in_x_keeps_its_options_in_sight(rig, ada):
    await send_poll(rig, ada, "Which?", "A", "B")
    data = next(b["data"] for row in ada.last["inline_keyboard"] for b in row if b["text"] == "Post")
    await ada.press_data(data.replace("post:", "handoff:"), ada.last)

    assert "▫️ A\n▫️ B" in ada.text
    assert "Make the poll there" in ada.text
    await ada.press("Take it back")
    await post(rig, ada)
    assert polls(rig, ada) == [("Which?", ["A", "B"], 1440)]


async def test_words_in_the_time_of_a_poll_are_no_option(rig, ada):
    await send_poll(rig, ada, "Which?", "A", "B")
    await ada.say("/tweet Something else")
    await post(rig, ada)

    assert [each["text"] for each in rig.posts(ada.account)] == ["Something else"]
