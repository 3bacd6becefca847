"""Quotes: by /quote and by the button of a shown tweet; handed off where X lets no app do it."""

import pytest

from storage.tables import TaskState
from tests.journeys.planned import tasks_of


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account of an app on X's self-serve plans."""
    return await connected(rig)


@pytest.fixture
async def of_enterprise(make_rig):
    """Give a bot whose apps X lets quote."""
    rig = await make_rig(x_enterprise=True)
    rig.x.control("POST", "/rules", json={"self_serve": False})
    yield rig
    rig.x.control("POST", "/rules", json={"self_serve": True})


async def connected(rig):
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


def post_by_another(rig, text):
    """Let somebody else post; the id."""
    return rig.x.session(rig.new_account()).tweet(text).json()["data"]["id"]


async def test_a_quote_is_handed_off_with_its_text_and_link_and_nothing_is_sent(rig, ada):
    other = post_by_another(rig, "Worth reading")
    await ada.say(f"/quote https://x.com/a/status/{other} Hear & see")
    assert "Quotes" in ada.text
    assert "X took quotes from the apps" in ada.text
    assert "Post" not in ada.buttons
    await ada.press("Open in X for free")

    assert "text=Hear%20%26%20see" in ada.url("Open in X")
    assert other in ada.url("Open in X")
    assert len(await tasks_of(rig, TaskState.HANDED_OFF)) == 1
    assert rig.posts(ada.account) == []


async def test_a_quote_that_is_planned_is_handed_off_too(rig, ada):
    other = post_by_another(rig, "Worth reading")
    await ada.say("/timezone Berlin")
    await ada.say(f"/schedule tomorrow 9:00 /quote {other} Read this")

    assert "Schedule" not in ada.buttons
    assert "Open in X for free" in ada.buttons


async def test_where_x_lets_the_app_a_quote_is_posted(of_enterprise):
    rig = of_enterprise
    ada = await connected(rig)
    other = post_by_another(rig, "Worth reading")
    await ada.say(f"/quote {other} Read this")
    await ada.press("Post")
    await rig.posted()

    (made,) = rig.posts(ada.account)
    assert (made["text"], made["quote_of"]) == ("Read this", other)


async def test_a_quote_whose_outcome_was_unknown_is_no_plain_tweet_of_the_same_words(of_enterprise):
    rig = of_enterprise
    ada = await connected(rig)
    other = post_by_another(rig, "Worth reading")
    await ada.say(f"/quote {other} Read this")
    rig.x_fault("timeout_after", "/2/tweets$", username=ada.account, method="POST")
    await ada.press("Post")
    await rig.posted()
    rig.clock.advance(seconds=10)
    await rig.posted()

    assert [post["quote_of"] for post in rig.posts(ada.account)] == [other]
    assert "Posted" in ada.text


async def test_a_quote_of_nothing_is_asked_what_it_quotes(rig, ada):
    await ada.say("/quote just words")

    assert "Which tweet?" in ada.text
    assert await tasks_of(rig, TaskState.DRAFT) == []
