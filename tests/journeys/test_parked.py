"""What X or money stopped waits in its place: one message with one button, and everything goes on in order."""

import pytest

from storage import people


@pytest.fixture
async def operator(rig):
    """Give the operator, who came before everybody."""
    phone = await rig.phone("Olga")
    async with rig.app.db.begin() as session:
        person = await people.get(session, phone.person)
        person.is_operator = True
    return phone


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


async def tweet(ada, text):
    await ada.say(f"/tweet {text}")
    await ada.press("Post")


def out(rig, ada):
    return [post["text"] for post in reversed(rig.posts(ada.account))]


async def test_after_a_revoked_token_everything_waits_and_goes_on_when_connected_again(rig, ada):
    rig.x.control("POST", "/revoke", json={"username": ada.account, "app": "registered"})
    await tweet(ada, "One")
    await tweet(ada, "Two")
    await rig.posted()
    assert "goes out by itself" in ada.text

    await rig.chores()
    await rig.chores()

    told = [text for text in ada.texts if "access was withdrawn" in text]
    assert len(told) == 1
    await ada.press("Connect again")
    await ada.say(rig.pin(ada.url("Open X and get the PIN"), ada.account))
    await ada.press("Yes, this is mine")
    await rig.posted()
    assert out(rig, ada) == ["One", "Two"]


async def test_out_of_credit_the_operator_is_asked_and_people_know_that(rig, operator, ada):
    rig.x_fault("out_of_credit", "/2/tweets$", times=1)
    await tweet(ada, "One")
    await rig.posted()
    await tweet(ada, "Two")
    await rig.posted()

    await rig.chores()
    await rig.chores()

    assert len([text for text in operator.texts if "out of credit" in text]) == 1
    assert len([text for text in ada.texts if "Its operator knows. Your tweets" in text]) == 1
    assert out(rig, ada) == []
    rig.clock.advance(seconds=30)
    await operator.press("Try again now")
    await rig.posted()
    assert out(rig, ada) == ["One", "Two"]


async def test_an_app_out_of_credit_is_tried_by_itself_within_the_hour_with_one_request(rig, operator, ada):
    rig.x_fault("out_of_credit", "/2/tweets$", times=2)
    for text in ("One", "Two", "Three"):
        await tweet(ada, text)
    await rig.posted()
    before = len(rig.x_requests("/2/tweets"))

    rig.clock.advance(minutes=61)
    await rig.app.worker.wake()
    await rig.posted()

    mine = len(rig.x_requests("/2/tweets")) - before
    assert mine == 1
    rig.clock.advance(minutes=61)
    await rig.app.worker.wake()
    await rig.posted()
    assert out(rig, ada) == ["One", "Two", "Three"]


async def test_somebody_elses_button_tries_nothing(rig, operator, ada):
    rig.x_fault("out_of_credit", "/2/tweets$", times=1)
    await tweet(ada, "One")
    await rig.posted()
    rig.clock.advance(minutes=2)

    await ada.press_data("credit:0:0", ada.last)
    await rig.posted()

    assert out(rig, ada) == []


async def test_a_trial_whose_task_is_cancelled_is_passed_on(rig, operator, ada):
    rig.x_fault("out_of_credit", "/2/tweets$", times=1)
    await tweet(ada, "One")
    await rig.posted()
    first = ada.last
    await tweet(ada, "Two")
    await rig.posted()
    await rig.chores()
    rig.clock.advance(seconds=30)
    await operator.press("Try again now")

    await ada.press(
        "Cancel", message=next(m for m in ada.messages() if m["message_id"] == first["message_id"])
    )
    await rig.posted()

    assert out(rig, ada) == ["Two"]
