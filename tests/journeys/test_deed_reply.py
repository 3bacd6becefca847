"""Answers to tweets: by link, by replying here to a shown one, by its button; and X's rule about them."""

import pytest

from storage.tables import TaskState
from tasks.parameters import Extras
from tests.journeys.planned import tasks_of


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


def post_by_another(rig, text):
    """Let somebody else post; the id."""
    return rig.x.session(rig.new_account()).tweet(text).json()["data"]["id"]


def asked(rig, phone):
    """List what X was asked in the name of somebody's account."""
    found = rig.x.control("GET", "/requests")
    return [one["path"] for one in found if one["username"] == phone.account]


async def shown(rig, ada, post_id):
    await ada.say(f"/get {post_id}")
    await rig.posted()
    return ada.last


async def test_words_in_reply_to_a_shown_tweet_that_names_the_account_answer_it(rig, ada):
    asking = post_by_another(rig, f"@{ada.account} what do you think?")
    card = await shown(rig, ada, asking)

    await ada.say("I think so", reply_to=card["message_id"])
    assert "X lets apps answer here" in ada.text
    await ada.press("Post")
    await rig.posted()

    (made,) = rig.posts(ada.account)
    assert made["reply_to"] == asking
    assert "Posted" in ada.text


async def test_an_answer_nobody_asked_for_is_handed_off_with_its_text_and_can_be_taken_back(rig, ada):
    other = post_by_another(rig, "Not about Ada")
    await shown(rig, ada, other)
    before = asked(rig, ada)

    await ada.say(f"/reply https://x.com/a/status/{other} Hear & see")
    assert "most likely refuse" in ada.text
    await ada.press("Open in X for free")

    assert f"in_reply_to={other}" in ada.url("Open in X")
    assert "text=Hear%20%26%20see" in ada.url("Open in X")
    assert [task.state for task in await tasks_of(rig, TaskState.HANDED_OFF)] == [TaskState.HANDED_OFF]
    assert asked(rig, ada) == before

    await ada.press("Take it back")
    assert "Hear & see" in ada.text
    assert "Post anyway" in ada.buttons


async def test_whether_x_lets_it_can_be_looked_up_for_a_price(rig, ada):
    asking = post_by_another(rig, f"@{ada.account} and you?")
    await ada.say(f"/reply {asking} Me too")
    assert "I do not know" in ada.text

    await ada.press("Look whether it may (at most $0.015)")
    await rig.posted()
    await ada.press("Reply")

    assert "X lets apps answer here" in ada.text
    assert "Me too" in ada.text


async def test_a_refused_answer_offers_the_x_app(rig, ada):
    other = post_by_another(rig, "Not about Ada")
    await ada.say(f"/reply {other} Anyway")
    await ada.press("Post anyway")
    await rig.posted()

    assert "Not posted" in ada.text
    await ada.press("Open in X for free")

    assert f"in_reply_to={other}" in ada.url("Open in X")
    assert rig.posts(ada.account) == []


async def test_the_reply_button_of_a_shown_tweet_begins_an_answer(rig, ada):
    asking = post_by_another(rig, f"@{ada.account} hello?")
    card = await shown(rig, ada, asking)

    await ada.press("Reply", message=card)
    await ada.say("Hello!")
    await ada.press("Post")
    await rig.posted()

    assert rig.posts(ada.account)[0]["reply_to"] == asking


async def test_an_answer_under_ones_own_posted_tweet_goes_on_behind_it(rig, ada):
    await ada.say("/tweet One")
    await ada.press("Post")
    await rig.posted()
    (first,) = rig.posts(ada.account)

    await ada.say("Two", reply_to=ada.last["message_id"])
    await ada.press("Post")
    await rig.posted()

    assert rig.posts(ada.account)[0]["reply_to"] == first["id"]


async def test_an_answer_whose_outcome_was_unknown_is_found_and_not_sent_twice(rig, ada):
    asking = post_by_another(rig, f"@{ada.account} sure?")
    await ada.say(f"/reply {asking} Quite sure")
    rig.x_fault("timeout_after", "/2/tweets$", username=ada.account, method="POST")
    await ada.press("Post anyway")
    await rig.posted()
    rig.clock.advance(seconds=10)
    await rig.posted()

    (made,) = rig.posts(ada.account)
    assert made["text"].endswith(" Quite sure")
    assert "Posted" in ada.text


async def test_editing_the_command_keeps_the_link_out_of_the_text(rig, ada):
    asking = post_by_another(rig, f"@{ada.account} well?")
    sent = await ada.say(f"/reply {asking} Wel")

    ada.raw.post("/edit", message_id=sent, text=f"/reply {asking} Well")
    await rig.deliver()

    assert "Well" in ada.text
    assert f"{asking} Well" not in ada.text


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("/reply 20 Well", "/reply 21 Well", Extras(reply_to="21")),
        ("/quote 20 Well", "/quote 21 Well", Extras(quote="21")),
        ("/reply 20 Well", "/quote 21 Well", Extras(quote="21")),
        ("/reply 20 Well", "/tweet Well", Extras()),
        ("/tweet Well", "/reply 21 Well", Extras(reply_to="21")),
    ],
)
async def test_a_draft_follows_an_edit_of_the_post_it_is_about(rig, ada, before, after, expected):
    sent = await ada.say(before)

    ada.raw.post("/edit", message_id=sent, text=after)
    await rig.deliver()

    (draft,) = await tasks_of(rig, TaskState.DRAFT)
    assert (draft.text, Extras.read(draft.parameters)) == ("Well", expected)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/tweet Well", "/dm @bob Well"),
        ("/tweet Well", "/schedule tomorrow 9:00 Well"),
        ("/dm @bob Well", "/tweet Well"),
        ("/dm @bob Well", "Well, then"),
        ("/schedule in 1 h /retweet 20", "/retweet 20"),
    ],
)
async def test_an_edit_makes_nothing_else_of_a_draft_and_says_so(rig, ada, before, after):
    sent = await ada.say(before)
    (was,) = await tasks_of(rig, TaskState.DRAFT)

    ada.raw.post("/edit", message_id=sent, text=after)
    await rig.deliver()

    (draft,) = await tasks_of(rig, TaskState.DRAFT)
    assert "stays as it is" in ada.text
    assert draft.version == was.version


async def test_an_edit_in_the_time_of_undo_says_that_it_comes_too_late(rig, ada):
    await ada.say("/undo")
    await ada.press("10 s")
    sent = await ada.say("/tweet Wel")
    await ada.press("Post")

    ada.raw.post("/edit", message_id=sent, text="/tweet Well")
    await rig.deliver()

    assert "stays as it is" in ada.text


@pytest.mark.parametrize(("text", "fits"), [("é" * 100, True), ("👩‍👩‍👧‍👦" * 120, False)])
async def test_a_text_that_no_button_can_hold_is_shown_to_be_copied(rig, ada, text, fits):
    other = post_by_another(rig, "Not about Ada")
    await ada.say(f"/reply {other} {text}")
    await ada.press("Open in X for free")

    assert ("copy it from here" in ada.text) is not fits
    assert ("text=" in ada.url("Open in X")) is fits
    assert len(ada.url("Open in X")) <= 2048


async def test_an_answer_on_a_shown_repost_is_for_what_it_repeats(rig, ada):
    asking = post_by_another(rig, f"@{ada.account} once more?")
    other = rig.x.session(rig.new_account())
    user = other.get("/2/users/me").json()["data"]["id"]
    repeated = other.post(f"/2/users/{user}/retweets", json={"tweet_id": asking}).json()["data"]["rest_id"]
    card = await shown(rig, ada, repeated)

    await ada.say("Yes, once more", reply_to=card["message_id"])
    await ada.press(next(label for label in ada.buttons if label.startswith("Post")))
    await rig.posted()

    assert rig.posts(ada.account)[0]["reply_to"] == asking
