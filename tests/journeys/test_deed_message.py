"""Direct messages by /dm: shown with their price, sent once, refused in one sentence."""

import pytest


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
