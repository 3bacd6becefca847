"""What X says no to, and what happens twice: deeds that are refused, held, pressed twice or delivered twice."""

import asyncio

import pytest

from storage.tables import TaskState
from tests.journeys.planned import tasks_of

MISSING = "1234567890123456789"


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    return await connected(rig)


async def connected(rig):
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


def post_by_another(rig):
    return rig.x.session(rig.new_account()).tweet("Worth repeating").json()["data"]["id"]


def asked(rig, phone):
    """List what X was asked in the name of somebody's account."""
    found = rig.x.control("GET", "/requests")
    return [one["path"] for one in found if one["username"] == phone.account]


def reposts(rig, account):
    return [one["repost_of"] for one in rig.posts(account) if one["repost_of"]]


def messages(rig, account):
    return [one["text"] for one in rig.x.control("GET", f"/messages?username={account}")]


def fault(rig, ada, name, path, **more):
    rig.x.fault(name, {"path": path, "username": ada.account}, 1, **more)


@pytest.mark.parametrize(
    ("name", "says", "buttons"),
    [
        ("forbidden_bare", "X refused this", ["Try again"]),
        ("locked", "locked this account", ["Open X", "Try again"]),
        ("revoked", "Connect it again", ["Connect again", "Cancel"]),
        ("out_of_credit", "out of credit", ["Cancel"]),
        ("rate_limited", "limit for", ["Cancel"]),
    ],
)
async def test_a_repost_x_says_no_to_shows_why_and_what_helps(rig, ada, name, says, buttons):
    fault(rig, ada, name, "/retweets$")

    await ada.say(f"/retweet {post_by_another(rig)}")
    await rig.posted()

    (card,) = [message for message in ada.messages() if "Repost" in (message.get("text") or "")]
    assert says in card["text"]
    assert [each["text"] for row in card["inline_keyboard"] for each in row] == buttons
    assert reposts(rig, ada.account) == []


async def test_a_refused_repost_can_be_tried_again(rig, ada):
    post = post_by_another(rig)
    fault(rig, ada, "forbidden_bare", "/retweets$")
    await ada.say(f"/retweet {post}")
    await rig.posted()

    await ada.press("Try again")
    await rig.posted()

    assert reposts(rig, ada.account) == [post]


async def test_a_tweet_that_is_gone_is_said_to_be(rig, ada):
    await ada.say(f"/retweet {MISSING}")
    await rig.posted()

    assert "Not done" in ada.text


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (349, "does not accept messages"),
        (150, "does not accept messages"),
        (93, "may not send messages"),
    ],
)
async def test_whom_x_does_not_let_write_to_somebody_is_told_in_one_sentence(rig, ada, code, says):
    bob = rig.new_account()
    fault(rig, ada, "message_refused", "/messages$", code=code)
    await ada.say(f"/dm @{bob} Hello")
    await ada.press("Send ($0.025)")
    await rig.posted()

    assert says in ada.text
    assert messages(rig, ada.account) == []


async def test_a_message_that_is_too_long_cannot_be_sent(rig, ada):
    await ada.say(f"/dm @{rig.new_account()} " + "a" * 3000)
    card = ada.last
    assert "Send ($0.025)" in ada.buttons
    assert "3000 of 10000" in ada.text or "3,000 of 10,000" in ada.text
    assert card


async def test_send_pressed_twice_sends_one_message(rig, ada):
    bob = rig.new_account()
    await ada.say(f"/dm @{bob} Once")
    card = ada.last

    await ada.press("Send ($0.025)", message=card)
    await ada.press("Send ($0.025)", message=card)
    await rig.posted()

    assert messages(rig, ada.account) == ["Once"]


async def test_a_command_that_is_delivered_again_does_nothing_again(rig, ada):
    post = post_by_another(rig)
    ada.send(f"/retweet {post}")
    (update,) = rig.waiting()
    await rig.give(update)
    await rig.posted()

    await rig.restart()
    await rig.give(update)
    await rig.posted()

    assert reposts(rig, ada.account) == [post]
    assert len(await tasks_of(rig)) == 1


async def test_a_button_pressed_at_two_replicas_at_once_reposts_once(rig_on_each):
    rig = rig_on_each
    ada = await connected(rig)
    post = post_by_another(rig)
    await ada.say(f"/get {post}")
    await rig.posted()
    second = await rig.replica()
    data = ada._button(ada.last, "Repost")["data"]
    for _ in range(2):
        rig.telegram.phone(ada.person, ada.chat).press(ada.last["message_id"], data=data, wait=0, forge=True)
    presses = rig.waiting()
    assert len(presses) == 2

    await asyncio.gather(rig.give(presses[0]), rig.give(presses[1], second))
    for press in presses:
        await rig.give(press)
    await rig.posted()

    assert reposts(rig, ada.account) == [post]
    assert [task.state for task in await tasks_of(rig) if task.kind == "repost"] == [TaskState.DONE]


async def test_undo_pressed_twice_takes_a_repost_back_once(rig, ada):
    await ada.say(f"/retweet {post_by_another(rig)}")
    await rig.posted()
    card = ada.last

    await ada.press("Undo", message=card)
    await ada.press("Undo", message=card)
    await rig.posted()

    assert reposts(rig, ada.account) == []
    assert len([task for task in await tasks_of(rig) if task.kind == "unrepost"]) == 1
    assert "Take back" in ada.text


async def test_a_repost_can_be_taken_back_before_it_is_done_where_one_has_time_to(rig, ada):
    post = post_by_another(rig)
    await ada.say("/undo")
    await ada.press("10 s")
    await ada.say(f"/retweet {post}")
    assert ada.buttons == ["Undo", "Now"]

    await ada.press("Undo")
    rig.clock.advance(seconds=20)
    await rig.posted()
    assert reposts(rig, ada.account) == []

    await ada.press("Do it after all")
    await rig.posted()
    assert reposts(rig, ada.account) == [post]


async def test_a_deed_that_waits_for_the_undo_goes_out_by_itself(rig, ada):
    post = post_by_another(rig)
    await ada.say("/undo")
    await ada.press("5 s")
    await ada.say(f"/retweet {post}")

    rig.clock.advance(seconds=5)
    await rig.posted()

    assert reposts(rig, ada.account) == [post]


@pytest.mark.parametrize(
    "words",
    [
        "",
        " 0",
        " latest",
        " https://example.com/a/status/12",
        " -1",
        " 1' OR 1=1",
        " １２３",
        " 9" * 40,
    ],
)
async def test_what_is_no_tweet_is_asked_for_and_nothing_is_begun(rig, ada, words):
    await ada.say(f"/retweet{words}")

    assert "Which tweet" in ada.text
    assert await tasks_of(rig) == []


@pytest.mark.parametrize("words", ["", " @", " two words", " @" + "a" * 16, " https://x.com/home", " ../me"])
async def test_who_is_nobody_is_asked_for_and_nothing_is_begun(rig, ada, words):
    await ada.say(f"/follow{words}")

    assert "Who?" in ada.text
    assert await tasks_of(rig) == []


async def test_without_an_account_a_repost_asks_for_one(rig):
    bob = await rig.phone("Bob")

    await bob.say(f"/retweet {MISSING}")

    assert "Connect an X account first" in bob.text
    assert "Connect an X account" in bob.buttons


@pytest.mark.parametrize(
    "verb",
    ["d_repost", "d_remove2", "d_reply", "d_quote", "d_back", "d_again", "handoff"],
)
async def test_a_made_up_press_on_somebody_elses_card_does_nothing(rig, ada, verb):
    await ada.say(f"/retweet {post_by_another(rig)}")
    await rig.posted()
    (task,) = await tasks_of(rig)
    eve = await rig.phone("Eve")

    await eve.press_data(f"{verb}:{task.id}:{task.version}", eve.last)
    await rig.posted()

    assert [each.id for each in await tasks_of(rig)] == [task.id]


async def test_with_the_enterprise_plan_likes_and_follows_go_by_api_and_can_be_taken_back(
    make_rig,
):
    rig = await make_rig(x_enterprise=True)
    rig.x.control("POST", "/rules", json={"self_serve": False})
    try:
        ada, bob = await connected(rig), rig.new_account()
        await ada.say(f"/follow @{bob}")
        await rig.posted()
        assert rig.x.control("GET", f"/follows?username={ada.account}")["following"] == [bob]
        await ada.press("Undo")
        await rig.posted()
        assert rig.x.control("GET", f"/follows?username={ada.account}")["following"] == []

        post = post_by_another(rig)
        await ada.say(f"/like {post}")
        await rig.posted()
        assert "Done as" in ada.text
        await ada.say(f"/get {post}")
        await rig.posted()
        await ada.press("Quote")
        await ada.say("Look at this")
        await ada.press("Post")
        await rig.posted()
        assert rig.posts(ada.account)[0]["quote_of"] == post
    finally:
        rig.x.control("POST", "/rules", json={"self_serve": True})


async def test_a_quote_is_handed_off_with_the_tweet_it_quotes(rig, ada):
    post = post_by_another(rig)
    await ada.say(f"/get {post}")
    await rig.posted()
    before = asked(rig, ada)

    await ada.press("Quote")

    assert "In the X app" in ada.text
    assert f"status%2F{post}" in ada.url("Open in X")
    assert asked(rig, ada) == before


async def test_a_like_x_does_not_sell_after_all_leads_into_the_x_app(make_rig):
    rig = await make_rig(x_enterprise=True)
    ada = await connected(rig)
    post = post_by_another(rig)
    await ada.say(f"/like {post}")
    await rig.posted()
    assert "Not done" in ada.text

    assert f"tweet_id={post}" in ada.url("Open X")
