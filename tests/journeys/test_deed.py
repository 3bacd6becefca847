"""Reposts, likes, follows and their undos: by command and by button, once at X whatever happens."""

import pytest

from storage.tables import TaskState
from tests.journeys.planned import tasks_of


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


@pytest.fixture
def post(rig):
    """Give a post of somebody else's: its id."""
    return rig.x.session(rig.new_account()).tweet("Worth repeating").json()["data"]["id"]


def link(post_id):
    return f"https://x.com/somebody/status/{post_id}?s=20"


def deeds(rig, what="retweets"):
    return [
        (one["method"], one["status"])
        for one in rig.x.control("GET", "/requests")
        if f"/{what}" in one["path"] and one["method"] in ("POST", "DELETE")
    ]


async def test_a_tweet_is_reposted_by_its_link_and_the_repost_taken_back(rig, ada, post):
    before = len(deeds(rig))
    await ada.say(f"/retweet {link(post)}")
    await rig.posted()

    assert "Done as" in ada.text
    assert "$0.015" in ada.text
    assert ada.buttons == ["Open on X", "Undo"]

    await ada.press("Undo")
    await rig.posted()

    assert "Take back the repost" in ada.text
    assert "$0.005" in ada.text
    assert deeds(rig)[before:] == [("POST", 200), ("DELETE", 200)]
    assert [task.state for task in await tasks_of(rig)] == [TaskState.DONE] * 2
