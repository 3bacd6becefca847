"""Taking back what was posted a moment ago, and stopping everything of a connection."""

import pytest


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


async def undo_within(ada, seconds):
    await ada.say("/undo")
    await ada.press(f"{seconds} s")


async def test_a_tweet_can_be_taken_back_until_its_moment(rig, ada):
    await undo_within(ada, 10)
    await ada.say("/tweet Perhaps not")
    await ada.press("Post")
    assert ada.buttons == ["Undo", "Post now"]
    await rig.posted()
    assert rig.posts(ada.account) == []

    await ada.press("Undo")

    assert "Tweet as" in ada.text
    rig.clock.advance(seconds=60)
    await rig.posted()
    assert rig.posts(ada.account) == []


async def test_what_is_not_taken_back_goes_out_at_its_moment(rig, ada):
    await undo_within(ada, 10)
    await ada.say("/tweet Surely")
    await ada.press("Post")

    rig.clock.advance(seconds=10)
    await rig.posted()

    assert [post["text"] for post in rig.posts(ada.account)] == ["Surely"]
    assert ada.buttons == ["Open on X", "Delete"]


async def test_an_undo_that_comes_too_late_is_shown_what_went_out(rig, ada):
    await undo_within(ada, 5)
    await ada.say("/tweet Gone")
    await ada.press("Post")
    card = ada.last
    rig.clock.advance(seconds=5)
    await rig.posted()

    toast = await ada.press("Undo", message=card)

    assert "how it stands" in toast
    assert ada.buttons == ["Open on X", "Delete"]
    assert len(rig.posts(ada.account)) == 1


async def test_post_now_ends_the_wait(rig, ada):
    await undo_within(ada, 60)
    await ada.say("/tweet Now then")
    await ada.press("Post")

    await ada.press("Post now")
    await rig.posted()

    assert len(rig.posts(ada.account)) == 1


async def test_an_undone_tweet_does_not_push_a_newer_draft_aside_unsaid(rig, ada):
    await undo_within(ada, 60)
    await ada.say("/tweet First")
    await ada.press("Post")
    first = ada.last
    await ada.say("/tweet Second")

    await ada.press("Undo", message=first)

    assert "First" in ada.text
    assert "Set aside" in "\n".join(ada.texts)


@pytest.mark.parametrize("made_up", ["7", "-1", "61", "x"])
async def test_a_made_up_number_of_seconds_is_refused(ada, made_up):
    await ada.say("/undo")

    await ada.press_data(f"undo_s:{made_up}:0", ada.last)

    assert "Post sends at once" in ada.text


async def freeze(ada):
    await ada.say("/connections")
    await ada.press(ada.buttons[0])
    await ada.press("Freeze")


async def test_a_frozen_connection_sends_nothing_and_goes_on_in_order(rig, ada):
    await freeze(ada)
    for text in ("One", "Two"):
        await ada.say(f"/tweet {text}")
        await ada.press("Post")
    await rig.posted()
    assert rig.posts(ada.account) == []
    assert "frozen" in ada.text
    assert ada.buttons == ["Unfreeze", "Cancel"]

    await ada.press("Unfreeze")
    await rig.posted()

    assert [post["text"] for post in reversed(rig.posts(ada.account))] == ["One", "Two"]


async def test_what_waits_at_a_frozen_connection_can_be_cancelled(rig, ada):
    await freeze(ada)
    await ada.say("/tweet One")
    await ada.press("Post")
    await rig.posted()

    await ada.press("Cancel")

    assert "Set aside" in ada.text
    await ada.say("/connections")
    await ada.press(ada.buttons[0])
    await ada.press("Unfreeze")
    await rig.posted()
    assert rig.posts(ada.account) == []
