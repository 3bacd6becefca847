"""/doctor: what stops an account, what went wrong there last, why, and the one button that helps."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from storage import people, spending
from storage.tables import Connection

ASK = "Ask X now ($0.010)"
ME = "/2/users/me"


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


def fault(rig, ada, name, path, times=1, **more):
    rig.x.fault(name, {"username": ada.account, "path": path}, times, **more)


async def tweet(rig, ada, text="Good morning"):
    await ada.say(f"/tweet {text}")
    await ada.press("Post")
    await rig.posted()


async def set_columns(rig, **values):
    async with rig.app.db.begin() as session:
        await session.execute(update(Connection).values(**values))


async def run_by(rig, phone):
    async with rig.app.db.begin() as session:
        (await people.get(session, phone.person)).is_operator = True


async def test_with_nothing_connected_it_offers_to_connect(rig):
    ada = await rig.phone("Ada")

    await ada.say("/doctor")

    assert "no X account connected yet" in ada.text
    assert ada.buttons == ["Connect an X account"]


async def test_what_is_in_order_is_said_to_be_so(ada):
    await ada.say("/doctor")

    assert f"@{ada.account}" in ada.text
    assert "In order: nothing stops this connection" in ada.text
    assert "Nothing went wrong in the last 7 days" in ada.text
    assert ada.buttons == [ASK]


async def test_asking_x_shows_what_it_says_and_is_booked(rig, ada):
    await ada.say("/doctor")
    before = await booked(rig)

    await ada.press(ASK)

    assert f"X says: this is @{ada.account}" in ada.text
    assert await booked(rig) - before == 100
    assert len([one for one in rig.x_requests(ME) if one["username"] == ada.account]) == 2


async def booked(rig):
    async with rig.app.db.begin() as session:
        return (await spending.sums(session, 1, now=rig.clock.now)).spent


async def test_a_press_that_comes_twice_asks_once(rig, ada):
    await ada.say("/doctor")
    rig.x.control("DELETE", "/requests")
    await ada.press(ASK)
    pressed = rig.history[-1]

    await rig.give(pressed)

    assert len([one for one in rig.x_requests(ME) if one["username"] == ada.account]) == 1


@pytest.mark.parametrize(
    ("name", "sentence", "why", "button"),
    [
        ("locked", "has locked this account", "wants something from the owner", "Open X"),
        ("suspended_account", "has suspended this account", "wants something from the owner", "Open X"),
        ("revoked", "no longer accepts this connection", "was withdrawn at X", "Connect again"),
        ("unauthorized_32", "no longer accepts the keys", "the app has other keys", "Connect again"),
        ("read_only", "The app may only read", "is fixed when an account is connected", "Connect again"),
        ("out_of_credit", "credits at X are used up", "X bills", "Tell whoever runs this bot"),
        ("rate_limited", "It ends by itself", "only so much", ASK),
        ("html_502", "has a problem of its own", "nothing of yours is wrong", ASK),
        ("garbage_body", "makes no sense", "nothing of yours is wrong", ASK),
    ],
)
async def test_what_x_answers_is_one_sentence_one_cause_and_one_button(rig, ada, name, sentence, why, button):
    await ada.say("/doctor")
    fault(rig, ada, name, ME, **({"seconds": 600} if name == "rate_limited" else {}))

    await ada.press(ASK)

    assert "X says:" in ada.text
    assert sentence in ada.text
    assert why in ada.text
    assert ada.buttons[0] == button


async def test_x_that_hangs_does_not_hold_the_answer(rig, ada):
    await ada.say("/doctor")
    fault(rig, ada, "slow", ME, seconds=13)

    await ada.press(ASK)

    assert "did not answer in time" in ada.text
    assert ada.buttons == [ASK]


async def test_words_nobody_knows_are_passed_on_with_an_id_the_log_has(rig, ada, caplog):
    await ada.say("/doctor")
    fault(rig, ada, "unheard_of", ME, says="Not on a Monday.")

    await ada.press(ASK)

    assert "“Not on a Monday.”" in ada.text
    assert "I do not know this answer" in ada.text
    (error_id,) = re.findall(r"In the log it is (\w+)", ada.text)
    assert f"error_id={error_id}" in caplog.text
    assert "Monday" not in caplog.text
    shared = parse_qs(urlsplit(ada.url("Tell whoever runs this bot")).query)
    assert shared["text"] == [f"unknown_error {error_id}"]


async def test_a_tweet_x_refused_in_words_nobody_knows_has_an_id_too(rig, ada, caplog):
    caplog.set_level("INFO", "tasks.run")
    fault(rig, ada, "unheard_of", "^/2/tweets$", says="Not on a Monday.")
    await tweet(rig, ada)

    card = ada.text
    await ada.say("/doctor")

    for said in (card, ada.text):
        assert "“Not on a Monday.”" in said
        (error_id,) = re.findall(r"In the log it is (\w+)", said)
        assert re.search(rf"task=\w+{error_id} .*outcome=unknown_error", caplog.text)
    assert ada.buttons == ["Tell whoever runs this bot", ASK]


async def test_what_went_wrong_last_has_its_cause_and_its_button(rig, ada):
    fault(rig, ada, "duplicate", "^/2/tweets$")
    await tweet(rig, ada)

    await ada.say("/doctor")

    assert "In order" in ada.text
    assert "Went wrong last" in ada.text
    assert "Good morning" in ada.text
    assert "X has this text from you already" in ada.text
    assert "Why: X takes no text twice from one account" in ada.text
    await ada.press("Edit text", message=ada.last)
    await ada.say("Good evening")
    await ada.press("Post")
    await rig.posted()
    assert [post["text"] for post in rig.posts(ada.account)] == ["Good evening"]


async def test_what_went_wrong_a_week_ago_is_not_spoken_of(rig, ada):
    fault(rig, ada, "duplicate", "^/2/tweets$")
    await tweet(rig, ada)
    rig.clock.advance(days=7, seconds=1)

    await ada.say("/doctor")

    assert "Nothing went wrong" in ada.text


async def test_what_is_to_be_tried_again_is_brought_down_with_its_buttons(rig, ada):
    fault(rig, ada, "locked", "^/2/tweets$")
    await tweet(rig, ada)
    fault(rig, ada, "too_long_video", "^/2/tweets$")
    await tweet(rig, ada, "Second")
    await ada.say("/doctor")

    await ada.press("Show it, to leave the files out")

    assert "Not posted" in ada.text
    assert "Second" in ada.text
    assert ada.buttons == ["Without the files", "Try again"]


async def test_a_question_that_waits_leads_to_its_answer(rig, ada):
    fault(rig, ada, "timeout_before", "^/2/tweets$", times=2)
    await tweet(rig, ada)
    for seconds in (6, 200, 6, 200):
        rig.clock.advance(seconds=seconds)
        await rig.posted()
    await ada.say("/doctor")
    assert "did not say what became of it" in ada.text

    await ada.press("Show it, to answer")

    assert ada.buttons == ["It is there", "It is not there: post again"]


async def test_a_frozen_connection_can_be_let_go_on(rig, ada):
    await ada.say("/connections")
    await ada.press(next(label for label in ada.buttons if ada.account in label))
    await ada.press("Freeze")

    await ada.say("/doctor")

    assert "You froze this connection" in ada.text
    assert ada.buttons == ["Unfreeze", ASK]
    await ada.press("Unfreeze", message=ada.last)
    await ada.say("/doctor")
    assert "In order" in ada.text


async def test_a_limit_says_until_when(rig, ada):
    fault(rig, ada, "rate_limited", "^/2/tweets$", seconds=600)
    await tweet(rig, ada)

    await ada.say("/doctor")

    assert "X's limit is reached" in ada.text
    assert "It ends by itself:" in ada.text


async def test_the_credit_of_the_bots_app_is_for_whoever_runs_it(rig, ada):
    fault(rig, ada, "out_of_credit", "^/2/tweets$")
    await tweet(rig, ada)

    await ada.say("/doctor")
    theirs = ada.buttons
    await run_by(rig, ada)
    await ada.say("/doctor")

    assert theirs == ["Tell whoever runs this bot", ASK]
    assert ada.buttons == ["Credits at X", ASK]


@pytest.mark.parametrize(
    ("level", "said", "is_well"),
    [
        ("read", "The app may only read", False),
        ("read-write", "may not send messages", True),
        ("read-write-directmessages", "In order", True),
    ],
)
async def test_an_access_level_that_is_too_low_is_said(rig, ada, level, said, is_well):
    await set_columns(rig, access_level=level)

    await ada.say("/doctor")

    assert said in ada.text
    assert ("In order" in ada.text) is is_well


async def test_keys_that_do_not_open_are_said_and_x_is_not_asked(rig, ada):
    await set_columns(rig, data_key=b"\x01broken")

    await ada.say("/doctor")

    assert "cannot be opened on this machine" in ada.text
    assert ada.buttons == ["Connect again"]


async def test_an_app_that_is_not_set_up_any_more_is_said(rig, ada):
    other = rig.new_app()
    app = rig.settings.consumer_key.__class__
    await rig.restart(consumer_key=app(other["consumer_key"]), consumer_secret=app(other["consumer_secret"]))

    await ada.say("/doctor")

    assert "no longer accepts the keys of this app" in ada.text
    assert ada.buttons == ["Connect again"]


async def test_of_several_each_is_told_and_opens(rig, ada):
    first, second = ada.account, rig.new_account()
    await ada.connect(second)
    ada.account = second
    fault(rig, ada, "duplicate", "^/2/tweets$")
    await ada.say("/connections")
    await ada.press(next(label for label in ada.buttons if second in label))
    await ada.press("Make default")
    await tweet(rig, ada)

    await ada.say("/doctor")
    listed = ada.text
    await ada.press(next(label for label in ada.buttons if second in label))
    page = ada.text
    await ada.press("All accounts")

    assert f"@{first}" in listed
    assert f"@{second}" in listed
    assert "Went wrong last: X has this text" in listed
    assert "Why: X takes no text twice" in page
    assert ada.text == listed


async def test_somebody_elses_button_shows_nothing(rig, ada):
    await ada.say("/doctor")
    data = ada.last["inline_keyboard"][0][0]["data"]
    eve = await rig.phone("Eve")
    rig.x.control("DELETE", "/requests")

    await eve.press_data(data, eve.last)

    assert ada.account not in " ".join(eve.texts)
    assert rig.x_requests(ME) == []


async def test_the_cap_is_kept_when_x_is_asked(rig, ada):
    await set_columns(rig, cap_cents_100=1)
    await ada.say("/doctor")
    rig.x.control("DELETE", "/requests")

    toast = await ada.press(ASK)

    assert "leaves no room" in toast
    assert [one for one in rig.x_requests(ME) if one["username"] == ada.account] == []


async def test_a_link_that_led_nowhere_is_spoken_of(rig):
    ada = await rig.phone("Ada")
    await ada.open_link()
    rig.clock.advance(minutes=11)
    await rig.chores()

    await ada.say("/doctor")

    assert "no X account connected yet" in ada.texts[-2]
    assert "The link has run out" in ada.text
    assert "New link" in ada.buttons


async def test_in_a_group_it_leads_to_the_private_chat(rig, ada):
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())

    await ada.in_group(group).say(f"/doctor@{rig.bot.username}")
    door = ada.in_group(group).url("Open the private chat")
    await ada.start(door.rpartition("start=")[2])

    assert ada.account not in " ".join(ada.in_group(group).texts)
    assert "In order" in ada.text
