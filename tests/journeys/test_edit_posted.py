"""Editing what is on X: offered where X may let it, asked of X at the press, and never done twice."""

import pytest

from storage.tables import TaskState
from tests.journeys import pictures
from tests.journeys.planned import tasks_of

LOOK = "Edit on X (a look, at most $0.015)"


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected a Premium account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account(premium=True)
    await phone.connect(phone.account)
    return phone


async def post(rig, ada):
    await ada.press("Post")
    await rig.posted()


async def tweet(rig, ada, text):
    """Post a text; gives the card."""
    await ada.say(f"/tweet {text}")
    await post(rig, ada)
    return ada.last


async def look(rig, ada, card=None):
    await ada.press(LOOK, message=card)
    await rig.posted()


def card_of(ada, card):
    """Give the words a card shows now."""
    return next(each["text"] for each in ada.messages() if each["message_id"] == card["message_id"])


async def edit(rig, ada, text):
    await look(rig, ada)
    await ada.press("Write the new text")
    await ada.say(text)
    await post(rig, ada)


async def test_a_posted_tweet_is_edited_and_both_cards_show_what_stands_on_x(rig, ada):
    card = await tweet(rig, ada, "Teh text")
    await look(rig, ada)
    assert "be edited until" in ada.text
    assert "5 times more" in ada.text
    await ada.press("Write the new text")
    assert "Teh text" in ada.text
    await ada.say("The text")
    assert "Edit of a tweet" in ada.text
    assert "Later" not in ada.buttons
    await post(rig, ada)

    newest = rig.posts(ada.account)[0]
    assert (newest["text"], len(newest["versions"])) == ("The text", 2)
    assert "Edited" in ada.text
    assert newest["id"] in ada.text
    assert "Edited since" in card_of(ada, card)
    assert newest["id"] in card_of(ada, card)


async def test_an_edit_is_edited_again_and_deleting_it_deletes_it_everywhere(rig, ada):
    card = await tweet(rig, ada, "One")
    await edit(rig, ada, "Two")
    await edit(rig, ada, "Three")

    assert len(rig.posts(ada.account)[0]["versions"]) == 3
    assert rig.posts(ada.account)[0]["id"] in card_of(ada, card)
    await ada.press("Delete")
    await ada.press("Yes, delete it")
    await rig.posted()
    assert rig.posts(ada.account) == []


async def test_the_picture_stays_with_the_edit(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 1), caption="With a pictrue")
    await post(rig, ada)
    await edit(rig, ada, "With a picture")

    newest = rig.posts(ada.account)[0]
    assert newest["text"].split(" http")[0] == "With a picture"
    assert len(newest["media"]) == 1


async def test_an_edit_whose_outcome_was_unknown_is_found_in_the_history_and_not_sent_twice(rig, ada):
    await tweet(rig, ada, "One")
    await look(rig, ada)
    await ada.press("Write the new text")
    await ada.say("Two")
    rig.x_fault("timeout_after", "/2/tweets$", username=ada.account, method="POST")
    await post(rig, ada)
    rig.clock.advance(seconds=10)
    await rig.posted()

    assert "Edited" in ada.text
    assert len(rig.posts(ada.account)[0]["versions"]) == 2


async def test_xs_refusal_of_an_edit_is_told(rig, ada):
    await tweet(rig, ada, "One")
    await look(rig, ada)
    await ada.press("Write the new text")
    await ada.say("Two")
    rig.x_fault("forbidden_bare", "/2/tweets$", username=ada.account, method="POST")
    await post(rig, ada)

    assert "Not posted" in ada.text
    assert len(rig.posts(ada.account)[0]["versions"]) == 1


async def test_it_is_not_offered_without_premium_nor_for_polls_nor_after_the_hour(rig, ada):
    plain = await rig.phone("Ben")
    plain.account = rig.new_account()
    await plain.connect(plain.account)
    await tweet(rig, plain, "One")
    assert LOOK not in plain.buttons

    ada.raw.send_poll("Which?", "A", "B")
    await rig.deliver()
    await post(rig, ada)
    assert LOOK not in ada.buttons

    card = await tweet(rig, ada, "One")
    rig.clock.advance(minutes=61)
    toast = await ada.press(LOOK, message=card)
    assert "within the hour" in toast
    assert await tasks_of(rig, TaskState.DUE) == []


async def test_the_way_to_the_new_text_pressed_twice_or_redelivered_begins_one_draft(rig, ada):
    await tweet(rig, ada, "One")
    await look(rig, ada)
    shown = ada.last
    await ada.press("Write the new text", message=shown)
    await ada.press("Write the new text", message=shown)
    pressed = rig.history[-1]
    await rig.give(pressed)
    assert len(await tasks_of(rig, TaskState.DRAFT)) == 1
    await ada.say("Two")
    await post(rig, ada)

    assert rig.posts(ada.account)[0]["text"] == "Two"
    assert len([task for task in await tasks_of(rig) if task.kind == "tweet"]) == 2


async def test_two_presses_look_once_and_made_up_ones_begin_nothing(rig, ada):
    card = await tweet(rig, ada, "One")
    data = next(
        b["data"] for row in card["inline_keyboard"] for b in row if b.get("data", "").startswith("e_look")
    )
    await ada.press_data(data, card)
    await ada.press_data(data, card)
    await rig.posted()
    looks = [task for task in await tasks_of(rig) if task.kind == "get"]
    assert len(looks) == 1

    _, row, version = data.split(":")
    await ada.press_data(f"e_begin:{row}:{int(version) + 1}", card)
    assert await tasks_of(rig, TaskState.DRAFT) == []
