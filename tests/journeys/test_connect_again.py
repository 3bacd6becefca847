"""*Connect again* under a tweet that was refused: a message of its own, the tweet's card stays."""

import pytest


@pytest.fixture
async def ada(rig):
    """Give Ada, whose tweet was refused because X no longer accepts the connection."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    await phone.say("/tweet What X says")
    rig.x.fault("revoked", {"username": phone.account, "path": "^/2/tweets$"}, 1)
    await phone.press("Post")
    await rig.posted()
    return phone


def shown(phone, message_id):
    return next(each for each in phone.messages() if each["message_id"] == message_id)


async def test_connecting_again_leaves_the_tweet_where_it_is(rig, ada):
    card = ada.last

    await ada.press("Connect again")

    assert ada.last["message_id"] > card["message_id"]
    assert "Now get your PIN" in ada.text
    assert "goes out by itself" in shown(ada, card["message_id"])["text"]


async def test_connecting_again_what_was_disconnected_starts_anew(rig, ada):
    card = ada.last
    await ada.say("/connections")
    await ada.press(ada.buttons[0])
    await ada.press("Disconnect")
    await ada.press("Yes, disconnect")

    await ada.press("Connect again", message=card)

    assert "Use this bot's app" in ada.buttons
    await rig.posted()
    assert "Not posted" in shown(ada, card["message_id"])["text"]
