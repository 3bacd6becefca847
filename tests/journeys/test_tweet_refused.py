"""What X says to a tweet becomes one sentence and one useful button; an unknown outcome is never sent blindly."""

import asyncio

import pytest
from sqlalchemy import select

from storage.tables import Booking

PATH = "^/2/tweets$"


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account and has a draft before her."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    await phone.say("/tweet What X says")
    return phone


def fault(rig, ada, name, times=1, path=PATH, **more):
    rig.x.fault(name, {"username": ada.account, "path": path}, times, **more)


async def post(rig, ada):
    await ada.press("Post")
    await rig.posted()


@pytest.mark.parametrize(
    ("name", "sentence", "button"),
    [
        ("duplicate", "X has this text from you already", "Edit text"),
        ("forbidden_bare", "X refused this without a reason", "Edit text"),
        ("locked", "unlock it", "Open X"),
        ("suspended_account", "has suspended this account", "Open X"),
        ("read_only", "may only read", "Connect again"),
        ("too_long_video", "too long for this account", "Without the files"),
    ],
)
async def test_a_refusal_is_one_sentence_and_one_useful_button(rig, ada, name, sentence, button):
    fault(rig, ada, name)

    await post(rig, ada)

    assert "Not posted" in ada.text
    assert sentence in ada.text
    assert "What X says" in ada.text, "the text is not lost"
    assert ada.buttons[0] == button
    assert rig.posts(ada.account) == []


async def test_try_again_after_a_refusal_posts_once(rig, ada):
    fault(rig, ada, "locked")
    await post(rig, ada)

    await ada.press("Try again")
    await rig.posted()

    assert "Posted" in ada.text
    assert len(rig.posts(ada.account)) == 1


async def test_edit_after_a_refusal_brings_the_draft_back(rig, ada):
    fault(rig, ada, "duplicate")
    await post(rig, ada)

    await ada.press("Edit text")
    await ada.say("Other words")
    await post(rig, ada)

    assert [p["text"] for p in rig.posts(ada.account)] == ["Other words"]


async def test_a_limit_is_told_with_its_time_and_waited_out(rig, ada):
    fault(rig, ada, "rate_limited", seconds=600)
    await post(rig, ada)
    assert "X's limit" in ada.text
    assert "I post at" in ada.text

    rig.clock.advance(seconds=660)
    await rig.posted()

    assert "Posted" in ada.text
    assert len(rig.posts(ada.account)) == 1


async def test_a_tweet_that_waits_for_x_can_be_cancelled(rig, ada):
    fault(rig, ada, "rate_limited", seconds=600)
    await post(rig, ada)

    await ada.press("Cancel")
    rig.clock.advance(seconds=660)
    await rig.posted()

    assert "nothing was posted" in ada.text
    assert rig.posts(ada.account) == []


async def test_x_down_says_that_nothing_was_posted_and_when_it_is_tried_again(rig, ada):
    fault(rig, ada, "timeout_before")
    await post(rig, ada)

    assert "may be out" in ada.text
    assert ada.buttons == []


async def test_a_time_out_after_x_accepted_is_found_and_told(rig, ada):
    fault(rig, ada, "timeout_after")
    await post(rig, ada)
    assert "I am looking on" in ada.text

    rig.clock.advance(seconds=6)
    await rig.posted()

    assert "Posted" in ada.text
    (posted,) = rig.posts(ada.account)
    assert ada.url("Open on X").endswith(posted["id"])


async def test_when_it_stays_unknown_the_person_is_asked_with_both_buttons(rig, ada):
    fault(rig, ada, "timeout_before", times=2)
    await post(rig, ada)
    for seconds in (6, 200, 6, 200):
        rig.clock.advance(seconds=seconds)
        await rig.posted()

    assert "is it there?" in ada.text
    assert ada.buttons == ["It is there", "It is not there: post again"]
    await ada.press("It is not there: post again")
    await rig.posted()

    assert "Posted" in ada.text
    assert len(rig.posts(ada.account)) == 1
    assert await reserved(rig) == []


async def reserved(rig):
    """List what is set aside."""
    async with rig.app.db.begin() as session:
        return [one.what for one in await session.scalars(select(Booking)) if one.settled_at is None]


async def test_it_is_there_ends_it_without_another_request(rig, ada):
    fault(rig, ada, "timeout_before", times=2)
    await post(rig, ada)
    for seconds in (6, 200, 6, 200):
        rig.clock.advance(seconds=seconds)
        await rig.posted()

    await ada.press("It is there")
    await rig.posted()

    assert "you saw it on X" in ada.text
    assert rig.posts(ada.account) == []


async def test_an_outcome_that_could_not_be_told_is_told_later(rig, ada):
    rig.telegram.fault("server_error", rig.bot, times=None, match={"method": "editMessageText"})
    await post(rig, ada)
    assert len(rig.posts(ada.account)) == 1
    assert "Posted" not in ada.text

    rig.telegram.control("DELETE", "/faults")
    async with rig.working(), asyncio.timeout(60):
        while "Posted" not in ada.text:
            await asyncio.sleep(0.1)
