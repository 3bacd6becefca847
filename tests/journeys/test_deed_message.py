"""Direct messages by /dm: shown with their price, sent once, refused in one sentence."""

import pytest

from storage import connections
from tests.journeys.pictures import photos


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


def messages(rig, account):
    return [one["text"] for one in rig.x.control("GET", f"/messages?username={account}")]


async def test_a_message_is_shown_with_its_price_and_sent(rig, ada):
    bob = rig.new_account()

    await ada.say(f"/dm @{bob} Hello\nBob")
    assert bob in ada.text
    assert "$0.025" in ada.text
    assert messages(rig, ada.account) == []
    await ada.press("Send ($0.025)")
    await rig.posted()

    assert messages(rig, ada.account) == ["Hello\nBob"]
    assert "Done as" in ada.text


async def test_a_message_to_nobody_says_so_and_sends_nothing(rig, ada):
    await ada.say("/dm @nobody_is_this Hello")
    await ada.press("Send ($0.025)")
    await rig.posted()

    assert "X has no account of that name" in ada.text


async def test_words_follow_when_the_text_was_left_out(rig, ada):
    bob = rig.new_account()
    await ada.say(f"/dm {bob}")
    await ada.say("So it is")
    await ada.press("Send ($0.025)")
    await rig.posted()

    assert messages(rig, ada.account) == ["So it is"]


@pytest.mark.parametrize(
    "hostile", ["/dm", "/dm @two words-", "/dm ../users/me hi", "/dm @" + "a" * 16 + " hi"]
)
async def test_a_name_that_is_none_asks_for_one(ada, hostile):
    await ada.say(hostile)

    assert "To whom" in ada.text or "write to" in ada.text or "Message from" in ada.text


async def test_a_message_is_edited_before_it_goes(rig, ada):
    bob = rig.new_account()
    await ada.say(f"/dm @{bob} Helo")

    await ada.press("Edit text")
    await ada.say("Hello")
    await ada.press("Send ($0.025)")
    await rig.posted()

    assert messages(rig, ada.account) == ["Hello"]


async def test_a_message_follows_the_edit_of_its_command(rig, ada):
    bob, eve = rig.new_account(), rig.new_account()
    sent = await ada.say(f"/dm @{eve} Helo")

    ada.raw.post("/edit", message_id=sent, text=f"/dm @{bob} Hello")
    await rig.deliver()
    await ada.press("Send ($0.025)")
    await rig.posted()

    (made,) = rig.x.control("GET", f"/messages?username={ada.account}")
    assert made["text"] == "Hello"
    assert bob in ada.text
    ada.raw.post("/edit", message_id=sent, text=f"/dm @{bob} Hello Bob")
    await rig.deliver()
    assert "done already" in ada.text


async def test_a_message_can_be_taken_back_and_is_a_draft_again(rig, ada):
    await ada.say("/undo")
    await ada.press("10 s")
    await ada.say(f"/dm @{rig.new_account()} Perhaps not")
    await ada.press("Send ($0.025)")

    await ada.press("Undo")
    rig.clock.advance(seconds=20)
    await rig.posted()

    assert messages(rig, ada.account) == []
    assert "Send ($0.025)" in ada.buttons


async def test_a_message_is_finished_in_x_with_nothing_asked_of_it(rig, ada):
    bob = rig.new_account()
    await ada.say(f"/dm @{bob} Hello")

    await ada.press("Open in X")

    assert ada.url("Open in X").endswith(f"/{bob}")
    await rig.posted()
    assert messages(rig, ada.account) == []


async def test_a_photo_sent_meanwhile_is_a_tweet_and_not_part_of_the_message(rig, ada, tmp_path):
    await ada.say(f"/dm @{rig.new_account()}")
    await ada.send_photos(*photos(tmp_path, 1))

    assert "Tweet as" in ada.text


async def test_an_app_that_may_not_send_messages_is_told_so_before_anything_is_paid(rig, ada):
    async with rig.app.db.begin() as session:
        for connection in await connections.listed(session, ada.person):
            connection.access_level = "read-write"

    await ada.say(f"/dm @{rig.new_account()} Hello")

    assert "may not send messages" in ada.text
    assert not [label for label in ada.buttons if label.startswith("Send")]
