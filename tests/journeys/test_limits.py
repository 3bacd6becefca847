"""/limits: what a connection may do, costs and has left; its cap, and what happens at it."""

import pytest

from storage import people
from tasks import price


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


async def tweet(rig, ada, text):
    await ada.say(f"/tweet {text}")
    await ada.press("Post")
    await rig.posted()


async def set_cap(ada, amount):
    await ada.say("/limits")
    await ada.press("Another cap")
    await ada.say(amount)


async def test_without_a_connection_there_are_no_limits(rig):
    bob = await rig.phone("Bob")
    await bob.say("/limits")

    assert "no connected account" in bob.text


async def test_the_sheet_says_what_was_spent_what_is_allowed_and_what_x_has_left(rig, ada):
    await tweet(rig, ada, "One")
    await ada.say("/limits")

    assert "spent $0.025" in ada.text, "asking X who this is, and a tweet"
    assert "up to 280 characters" in ada.text
    assert "Cap: none" in ada.text
    assert "with a link $0.20" in ada.text
    assert "POST /2/tweets: " in ada.text
    assert "as heard at" in ada.text


async def test_a_cap_is_set_by_a_press_in_the_same_message(rig, ada):
    await ada.say("/limits")
    count = len(ada.texts)
    await ada.press("Cap $5.00")

    assert "Cap: $5.00 a month" in ada.text
    assert len(ada.texts) == count
    await ada.press("No cap")
    assert "Cap: none" in ada.text


@pytest.mark.parametrize(
    ("said", "shown"), [("7.50", "$7.50"), ("$3", "$3.00"), ("0,5 $", "$0.50"), ("0", "$0.000")]
)
async def test_a_cap_is_typed(rig, ada, said, shown):
    await set_cap(ada, said)

    assert f"Cap: {shown} a month" in ada.text


@pytest.mark.parametrize("said", ["much", "-1", "5 000"])
async def test_what_is_no_amount_sets_no_cap_and_may_be_said_again(rig, ada, said):
    await set_cap(ada, said)
    assert "I cannot read" in ada.text

    await ada.say("2")
    assert "Cap: $2.00" in ada.text


async def test_over_the_cap_post_says_so_and_after_raising_it_the_tweet_goes_out(rig, ada):
    await set_cap(ada, "0.02")
    await ada.say("/tweet Hello")
    await ada.press("Post")

    assert "Over the month's cap" in ada.text
    await rig.posted()
    assert rig.posts(ada.account) == []

    await ada.press("Raise the cap")
    await ada.press("Cap $1.00")
    await ada.press("Back")
    await ada.press("Post")
    await rig.posted()
    assert [post["text"] for post in rig.posts(ada.account)] == ["Hello"]


async def test_what_reaches_the_cap_before_its_turn_fails_in_words_and_is_tried_again(rig, ada):
    await ada.say("/tweet Hello")
    await ada.press("Post")
    await set_cap(ada, "0.02")
    await rig.posted()
    assert rig.posts(ada.account) == []

    assert any("The month's cap of this connection does not allow it" in text for text in ada.texts)
    await set_cap(ada, "1")
    await ada.press("Try again")
    await rig.posted()
    assert [post["text"] for post in rig.posts(ada.account)] == ["Hello"]


async def test_a_cap_that_comes_near_is_told_once_with_the_way_to_raise_it(rig, ada):
    await set_cap(ada, "0.03")
    await tweet(rig, ada, "One")
    await rig.chores()
    await rig.chores()

    told = [text for text in ada.texts if "80 percent of the cap" in text]
    assert len(told) == 1
    await ada.press("Raise the cap")
    assert "Cap: $0.03" in ada.text


async def test_of_several_accounts_one_is_chosen(rig, ada):
    other = rig.new_account()
    await ada.connect(other)
    await ada.say("/limits")
    assert "The limits of which account?" in ada.text

    await ada.press(next(label for label in ada.buttons if other in label))
    assert other in ada.text
    await ada.press("Other accounts")
    assert "The limits of which account?" in ada.text


async def test_who_runs_the_bot_sees_what_the_registered_app_costs_in_all(rig, ada):
    olga = await rig.phone("Olga")
    async with rig.app.db.begin() as session:
        (await people.get(session, olga.person)).is_operator = True
    await olga.connect(rig.new_account())
    await tweet(rig, ada, "One")

    await olga.say("/limits")
    assert "this month: $0.035" in olga.text
    await ada.say("/limits")
    assert "All connections" not in ada.text


async def test_the_prices_of_the_settings_are_shown_and_booked(make_rig):
    rig = await make_rig(prices=price.read("post=0.05"))
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    await ada.say("/tweet One")
    assert "$0.05" in ada.text

    await ada.press("Post")
    await rig.posted()
    await ada.say("/limits")
    assert "spent $0.060" in ada.text
