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


def asked(rig, phone, path=""):
    """List what X was asked in the name of somebody's account."""
    return [
        (one["method"], one["status"])
        for one in rig.x.control("GET", "/requests")
        if one["username"] == phone.account and path in one["path"]
    ]


async def test_a_tweet_is_reposted_by_its_link_and_the_repost_taken_back(rig, ada, post):
    await ada.say(f"/retweet {link(post)}")
    await rig.posted()

    assert "Done as" in ada.text
    assert "$0.015" in ada.text
    assert ada.buttons == ["Open on X", "Undo"]

    await ada.press("Undo")
    await rig.posted()

    assert "Take back the repost" in ada.text
    assert "$0.005" in ada.text
    assert asked(rig, ada, "/retweets") == [("POST", 200), ("DELETE", 200)]
    assert [task.state for task in await tasks_of(rig)] == [TaskState.DONE] * 2


async def shown(ada, post_id):
    """Have a tweet shown; the card that shows it."""
    await ada.say(f"/get {link(post_id)}")
    await ada.rig.posted()
    return ada.last


async def test_a_shown_tweet_is_reposted_by_its_button_once_however_often_it_is_pressed(rig, ada, post):
    card = await shown(ada, post)

    await ada.press("Repost", message=card)
    await ada.press("Repost", message=card)
    await rig.posted()

    assert asked(rig, ada, "/retweets") == [("POST", 200)]
    assert len([text for text in ada.texts if "Done as" in text]) == 1


@pytest.mark.parametrize("command", ["like", "unlike"])
async def test_a_like_is_handed_off_and_nothing_is_asked_of_x(rig, ada, post, command):
    before = asked(rig, ada)

    await ada.say(f"/{command} {post}")
    await rig.posted()

    assert "In the X app" in ada.text
    assert "Apr 20, 2026" in ada.text
    assert post in ada.url("Open in X")
    assert asked(rig, ada) == before
    assert [task.state for task in await tasks_of(rig)] == [TaskState.HANDED_OFF]


async def test_what_the_bot_posted_is_deleted_by_its_link_after_a_question(rig, ada):
    await ada.say("/tweet Not for long")
    await ada.press("Post")
    await rig.posted()
    (made,) = rig.posts(ada.account)

    await ada.say(f"/delete {link(made['id'])}")
    assert "Delete this tweet" in ada.text
    assert len(rig.posts(ada.account)) == 1
    await ada.press("Yes, delete it")
    await rig.posted()

    assert rig.posts(ada.account) == []


@pytest.mark.parametrize("which", ["/delete", "/delete 0"])
async def test_the_newest_tweet_is_shown_before_it_is_deleted(rig, ada, which):
    rig.x.session(ada.account).tweet("Older")
    rig.x.session(ada.account).tweet("Newest")

    await ada.say(which)
    await rig.posted()
    assert "Newest" in ada.text
    assert ada.buttons == ["Yes, delete it", "Keep it"]
    await ada.press("Yes, delete it")
    await rig.posted()

    assert "is deleted" in ada.text
    assert [post["text"] for post in rig.posts(ada.account)] == ["Older"]


async def test_a_tweet_that_is_kept_stays_and_its_card_offers_more(rig, ada):
    rig.x.session(ada.account).tweet("Kept")
    await ada.say("/delete")
    await rig.posted()

    await ada.press("Keep it")
    await rig.posted()

    assert "Reply" in ada.buttons
    assert len(rig.posts(ada.account)) == 1


async def test_a_tweet_of_somebody_else_is_not_offered_for_deletion(rig, ada, post):
    await ada.say(f"/delete {post}")
    await rig.posted()

    assert "not a tweet of" in ada.text
    assert "Yes, delete it" not in ada.buttons
