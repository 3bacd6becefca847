"""Nobody takes more than their share of the bot: what is beyond it is acknowledged, and said once."""

import pytest

from bot.budget import TALK
from bot.edge import Outcome


@pytest.fixture
async def ada(rig):
    return await rig.phone("Ada")


async def flood(rig, phone, count=TALK.burst + 10):
    """Change one message again and again, which the bot looks at and says nothing to."""
    phone.send("Hello?")
    (update,) = rig.waiting()
    edited = {"edited_message": {**update["message"], "edit_date": update["message"]["date"]}}
    first = update["update_id"] + 10_000
    return [await rig.give({"update_id": first + number, **edited}) for number in range(count)]


async def test_who_writes_too_fast_is_told_once_and_others_are_answered(rig, ada):
    outcomes = await flood(rig, ada)
    ben = await rig.phone("Ben")

    assert set(outcomes) == {Outcome.DONE}
    assert len([text for text in ada.texts if "too fast" in text]) == 1
    assert "Welcome" in ben.text


async def test_a_press_beyond_it_is_told_so_in_a_box(rig, ada):
    await ada.say("/help")
    await flood(rig, ada, TALK.burst - 2)

    toasts = [await ada.press_data("nonsense:1:1", ada.last) for _ in range(4)]

    assert len([toast for toast in toasts if "too fast" in toast]) == 1


async def test_a_pin_of_somebody_who_is_too_fast_still_leaves_the_chat(rig, ada):
    url = await ada.open_link()
    account = rig.new_account()
    await flood(rig, ada)

    pin = await ada.say(rig.pin(url, account))

    assert not ada.sees(pin)
    assert f"@{account}" in ada.text


async def test_a_stranger_is_answered_once_a_minute_and_ignored_meanwhile(make_rig):
    rig = await make_rig(open_to_all=False)
    eve = await rig.phone("Eve")

    for _ in range(5):
        await eve.say("let me in")

    assert len(eve.texts) == 1
    assert "not open to everybody" in eve.text


async def test_an_update_that_was_begun_is_not_dropped_when_it_comes_again(rig, ada):
    rig.telegram.fault("server_error", rig.bot, times=3, match={"method": "sendMessage"})
    ada.send("/help")
    (update,) = rig.waiting()
    held = await rig.give(update)
    await flood(rig, ada)

    outcome = await rig.give(update)

    assert (held.value, outcome) == ("held", Outcome.DONE)
    assert "How it works" in ada.text
