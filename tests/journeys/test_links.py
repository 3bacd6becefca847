"""Links of a draft: kept, dropped or opened in X, remembered per chat; and the same text twice."""

import pytest

from storage.tables import TaskState
from tests.journeys.planned import in_berlin, tasks_of, texts


@pytest.fixture
async def ada(rig):
    """Give Ada in Berlin, who has connected an account."""
    return await in_berlin(rig)


async def post(rig, phone):
    await phone.press("Post")
    await rig.posted()


async def choose(phone, label):
    await phone.press("Links …")
    await phone.press(label)


async def test_a_dropped_link_leaves_the_words_and_is_named_and_can_be_put_back(rig, ada):
    await ada.say("/tweet Read https://example.com/a?b=c today")
    assert "$0.20" in ada.text
    await ada.press("Drop the link ($0.015)")
    assert "Read today" in ada.text
    assert "Left out: https://example.com/a?b=c" in ada.text
    assert "$0.015" in ada.text

    await ada.press("Put the link back")
    assert "$0.20" in ada.text
    await ada.press("Drop the link ($0.015)")
    await post(rig, ada)

    assert texts(rig, ada) == ["Read today"]


async def test_a_text_of_nothing_but_a_link_cannot_lose_it(rig, ada):
    await ada.say("/tweet https://example.com")
    assert "Drop the link ($0.015)" not in ada.buttons
    data = next(b["data"] for row in ada.last["inline_keyboard"] for b in row if b["text"] == "Links …")
    await ada.press_data(data.replace("l_choose", "l_drop"), ada.last)
    await post(rig, ada)

    assert texts(rig, ada) == ["https://example.com"]


async def test_a_link_opens_in_x_for_free_with_its_text(rig, ada):
    await ada.say("/tweet Read example.com & think")
    await ada.press("Open in X for free")

    assert "text=Read%20example.com%20%26%20think" in ada.url("Open in X")
    assert texts(rig, ada) == []


async def test_what_is_remembered_stands_first_with_a_note_and_does_nothing_by_itself(rig, ada):
    await ada.say("/tweet Read example.com")
    await choose(ada, "First: drop the link")
    assert "Remembered for this chat: drop the link" in ada.text
    assert ada.buttons[0] == "Drop the link ($0.015)"

    await ada.say("/tweet And example.org")
    assert ada.buttons[0] == "Drop the link ($0.015)"
    await choose(ada, "First: open in X for free")
    assert ada.buttons[0] == "Open in X for free"
    await choose(ada, "Keep the link ($0.20)")
    assert ada.buttons[0] == "Post"
    assert "Drop the link ($0.015)" not in ada.buttons
    await choose(ada, "Offer all of it")
    assert "Remembered" not in ada.text
    await post(rig, ada)

    assert texts(rig, ada) == ["And example.org"]


async def test_made_up_choices_are_not_remembered(rig, ada):
    await ada.say("/tweet Read example.com")
    await ada.press("Links …")
    data = next(
        b["data"] for row in ada.last["inline_keyboard"] for b in row if b["data"].startswith("l_set")
    )
    toast = await ada.press_data(data.rpartition(":")[0] + ":steal", ada.last)

    assert toast
    await ada.say("/tweet Read example.com again")
    assert "Remembered" not in ada.text


async def test_two_presses_of_drop_drop_once(rig, ada):
    await ada.say("/tweet Read example.com today")
    card = ada.with_button("Drop the link ($0.015)")
    await ada.press("Drop the link ($0.015)", message=card)
    stale = next(
        b["data"] for row in card["inline_keyboard"] for b in row if b["text"].startswith("Drop the link")
    )
    await ada.press_data(stale, ada.last)

    assert "Read today" in ada.text
    assert "Put the link back" in ada.buttons


async def test_the_target_of_a_hidden_link_is_posted_and_priced(rig, ada):
    hidden = {"type": "text_link", "offset": 12, "length": 4, "url": "https://example.com/hidden"}
    command = {"type": "bot_command", "offset": 0, "length": 6}
    await ada.say("/tweet Read this now", entities=[command, hidden])
    assert "https://example.com/hidden" in ada.text
    assert "$0.20" in ada.text
    await post(rig, ada)

    assert texts(rig, ada) == ["Read this https://example.com/hidden now"]


async def test_a_text_posted_lately_is_asked_about_before_it_goes_out_again(rig, ada):
    await ada.say("/tweet Good morning")
    await post(rig, ada)
    rig.clock.advance(days=6)
    await ada.say("/tweet  good   Morning")
    await post(rig, ada)
    assert "posted this text already" in ada.text
    assert texts(rig, ada) == ["Good morning"]

    await ada.press("Change the text")
    await ada.say("Good evening")
    await post(rig, ada)
    assert texts(rig, ada) == ["Good evening", "Good morning"]


async def test_a_text_posted_long_ago_or_deleted_since_is_not_asked_about(rig, ada):
    await ada.say("/tweet Good morning")
    await post(rig, ada)
    await ada.press("Delete")
    await ada.press("Yes, delete it")
    await rig.posted()
    await ada.say("/tweet Good morning")
    await post(rig, ada)
    assert "Posted" in ada.text
    rig.clock.advance(days=8)
    await ada.say("/tweet Good morning")
    await ada.press("Post")
    assert "already" not in ada.text


async def test_what_waits_already_is_asked_about_and_posted_anyway_on_wish(rig, ada):
    await ada.say("/schedule in 1 hour Good morning")
    await ada.press("Schedule")
    await ada.say("/schedule in 2 hours Good morning")
    await ada.press("Schedule")
    assert "waiting to go out" in ada.text
    await ada.press("Post anyway")

    assert len(await tasks_of(rig, TaskState.SCHEDULED)) == 2


async def test_another_account_may_say_the_same(rig, ada):
    ben = await in_berlin(rig, "Ben")
    for phone in (ada, ben):
        await phone.say("/tweet Good morning")
        await post(rig, phone)

    assert texts(rig, ada) == texts(rig, ben) == ["Good morning"]
