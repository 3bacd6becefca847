"""/connections: the list, default, rename, test, authorize again, disconnect; rows that will not open."""

import asyncio

import pytest
from sqlalchemy import update

from storage.tables import Connection
from tests.journeys import pictures

OPEN = "Open X and get the PIN"
REVOKE = "/1.1/oauth/invalidate_token"


async def connected(rig, *accounts):
    ada = await rig.phone("Ada")
    for account in accounts:
        await ada.connect(account)
    return ada


async def opened(ada, account, name=None):
    """Go to the page of a connection."""
    await ada.say("/connections")
    await ada.press(f"{name or 'Test ' + account[-3:]} (@{account})")


def revocations(rig, account):
    return [each["status"] for each in rig.x_requests(REVOKE) if each["username"] == account]


async def lock(rig):
    """Break the seals, as the loss of a key does."""
    async with rig.app.db.begin() as session:
        await session.execute(update(Connection).values(data_key=b"\x01broken"))


async def test_nothing_connected_offers_to_connect(rig):
    ada = await rig.phone("Ada")

    await ada.say("/connections")

    assert "no X account connected yet" in ada.text
    assert ada.buttons == ["Connect an X account"]


async def test_the_list_shows_all_that_is_asked_about(rig):
    first, second = rig.new_account(name="First"), rig.new_account(name="Second")
    ada = await connected(rig, first, second)
    await opened(ada, second, "Second")
    await ada.press("Test")

    await ada.say("/connections")

    assert "Your 2 X accounts" in ada.text
    assert f"★ First @{first} – works, not used yet" in ada.text
    assert f"• Second @{second} – works, last used " in ada.text
    assert ada.buttons == [f"First (@{first})", f"Second (@{second})", "Connect another"]


async def test_connections_in_a_group_leads_to_the_private_chat(rig):
    ada = await connected(rig, rig.new_account(name="First"))
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())

    await ada.in_group(group).say(f"/connections@{rig.bot.username}")
    in_group = ada.in_group(group).texts
    door = ada.in_group(group).url("Open the private chat")
    await ada.start(door.rpartition("start=")[2])

    assert "First" not in " ".join(in_group)
    assert "Your X account" in ada.text


async def test_another_one_becomes_the_default(rig):
    first, second = rig.new_account(), rig.new_account()
    ada = await connected(rig, first, second)
    await opened(ada, second)

    toast = await ada.press("Make default")

    assert "your default now" in toast
    assert "★ Used when you name no other" in ada.text
    assert "Make default" not in ada.buttons


async def test_renaming_asks_and_takes_the_next_words(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)

    await ada.press("Rename")
    await ada.say("  Work\u202e &\n <b>Play</b> ")

    assert "Work & <b>Play</b>" in ada.texts[-2]
    await ada.say("/connections")
    assert f"Work & <b>Play</b> @{account}" in ada.text


@pytest.mark.parametrize("name", ["\u2063", "\u202e\u200b", "x" * 51])
async def test_an_impossible_name_is_asked_for_again(rig, name):
    account = rig.new_account()
    ada = await connected(rig, account)
    await ada.press("Rename")

    await ada.say(name)
    refused = ada.text
    await ada.say("Fine")

    assert "one to 50 characters" in refused
    assert "Renamed: Fine" in ada.texts[-2]


async def test_a_tweet_begun_after_the_question_is_not_a_name(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await ada.press("Rename")
    rig.clock.advance(seconds=1)

    await ada.say("/tweet")
    await ada.say("Hello")

    assert f"Tweet as @{account}" in ada.text
    await ada.say("/connections")
    assert "Hello" not in ada.text


@pytest.mark.parametrize("count", [1, 2])
async def test_a_file_is_not_a_name(rig, tmp_path, count):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)
    await ada.press("Rename")
    rig.clock.advance(seconds=1)

    await ada.send_photos(*pictures.photos(tmp_path, count), caption="Look at this")
    rig.clock.advance(seconds=3)
    await rig.chores()

    assert "Tweet as" in ada.text
    assert "Look at this" in ada.text
    assert not any("Renamed" in text or "Send a name" in text for text in ada.texts)


async def test_cancel_keeps_the_name(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await ada.press("Rename")

    await ada.say("/cancel")
    kept = ada.text
    await ada.say("not a name")
    await ada.say("/connections")

    assert "The name stays" in kept
    assert "not a name" not in ada.text


async def test_a_test_costs_one_request(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)
    rig.x.control("DELETE", "/requests")

    toast = await ada.press("Test")

    assert toast == f"X says: this is @{account}, and it works."
    assert [each["path"] for each in rig.x_requests("/") if each["username"] == account] == ["/2/users/me"]


async def test_a_revoked_connection_is_noticed_and_authorized_again(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    rig.x.control("POST", "/revoke", json={"username": account, "app": "registered"})
    await opened(ada, account)

    toast = await ada.press("Test")
    page = ada.text
    await ada.press("Authorize again")
    await ada.say(rig.pin(ada.url(OPEN), account))
    await ada.press("Yes, this is mine")
    await opened(ada, account)

    assert "does not accept it any more" in toast
    assert "Authorize it again" in page
    assert "✅ Works" in ada.text
    assert "it works" in await ada.press("Test")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("locked", "X has locked this account"),
        ("suspended_account", "X has suspended this account"),
        ("rate_limited", "X wants a pause"),
        ("html_502", "X is not answering"),
    ],
)
async def test_a_failed_test_says_why_and_changes_nothing(rig, fault, said):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)
    rig.x_fault(fault, "/2/users/me", **({"seconds": 60} if fault == "rate_limited" else {}))

    toast = await ada.press("Test")

    assert said in toast
    assert "✅ Works" in ada.text


async def test_authorizing_again_by_an_own_app_asks_for_no_key(rig):
    app, account = rig.new_app(), rig.new_account()
    ada = await rig.phone("Ada")
    await ada.say("/connect")
    await ada.press("Use my own X app")
    await ada.say(f"{app['consumer_key']}\n{app['consumer_secret']}")
    await ada.say(rig.pin(ada.url(OPEN), account))
    await ada.press("Yes, this is mine")
    await opened(ada, account)

    await ada.press("Authorize again")

    assert OPEN in ada.buttons


async def test_disconnecting_asks_revokes_and_erases(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)

    await ada.press("Disconnect")
    question = ada.text
    await ada.press("Yes, disconnect")

    assert "are erased" in question
    assert "its keys are erased here" in ada.text
    assert revocations(rig, account) == [200]
    await ada.say("/connections")
    assert "no X account connected yet" in ada.text


async def test_disconnecting_can_be_thought_better_of(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)
    await ada.press("Disconnect")

    await ada.press("Keep it")

    assert "✅ Works" in ada.text
    assert revocations(rig, account) == []


async def test_disconnecting_while_x_is_away_is_told_and_tried_again(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)
    rig.x_fault("html_502", REVOKE, times=2)

    await ada.press("Disconnect")
    await ada.press("Yes, disconnect")
    told = [ada.text]
    for _ in range(3):
        rig.clock.advance(minutes=1)
        await rig.chores()
        told.append(ada.text)
    await rig.chores()

    assert "X could not be reached" in told[0]
    assert told[1] == told[0]
    assert "its keys are erased here" in told[2]
    assert revocations(rig, account) == [502, 502, 200]
    assert sum("its keys are erased here" in text for text in ada.texts) == 1


async def test_what_is_being_disconnected_cannot_be_used(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)
    page = ada.last
    rig.x_fault("html_502", REVOKE)
    await ada.press("Disconnect")
    await ada.press("Yes, disconnect")

    await ada.press("Test", message={**page, "message_id": ada.last["message_id"]})

    assert "Being disconnected" in ada.text
    assert ada.buttons == ["All connections"]


async def test_a_double_tap_on_disconnect_revokes_once(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await opened(ada, account)
    await ada.press("Disconnect")
    question = ada.last

    await ada.press("Yes, disconnect")
    toast = await ada.press("Yes, disconnect", message=question)

    assert "That button was from before" in toast
    assert revocations(rig, account) == [200]


async def test_a_locked_connection_is_shown_as_locked_and_breaks_no_list(rig):
    first, second = rig.new_account(), rig.new_account()
    ada = await connected(rig, first)
    await lock(rig)
    await ada.connect(second)

    await ada.say("/connections")
    listed = ada.text
    await ada.press(f"Test {first[-3:]} (@{first})")

    assert f"@{first} – 🔒 its keys do not open" in listed
    assert f"@{second} – works" in listed
    in_use = ["Groups", "Who uses it"]
    assert ada.buttons == ["Rename", "Authorize again", "Disconnect", *in_use, "All connections"]


async def test_a_locked_connection_can_be_authorized_again(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await lock(rig)
    await opened(ada, account)

    await ada.press("Authorize again")
    await ada.say(rig.pin(ada.url(OPEN), account))
    await ada.press("Yes, this is mine")
    await opened(ada, account)

    assert "✅ Works" in ada.text


async def test_a_locked_connection_can_be_disconnected(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await lock(rig)
    await opened(ada, account)

    await ada.press("Disconnect")
    await ada.press("Yes, disconnect")

    assert "X could not be told" in ada.text
    await ada.say("/connections")
    assert "no X account connected yet" in ada.text


async def test_somebody_elses_connection_cannot_be_opened(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    await ada.say("/connections")
    ben = await rig.phone("Ben")
    data = ada.last["inline_keyboard"][0][0]["data"]

    for verb in ("conn", "conn_test", "conn_rename", "conn_default", "conn_off_yes", "reauthorize"):
        toast = await ben.press_data(data.replace("conn", verb, 1), ben.last)
        assert "does not work any more" in toast

    assert account not in " ".join(ben.texts)


async def test_a_changed_registered_app_leaves_its_old_connections_visible(rig):
    account = rig.new_account()
    ada = await connected(rig, account)
    other = rig.new_app()
    secret = type(rig.settings.consumer_key)
    await rig.restart(
        consumer_key=secret(other["consumer_key"]), consumer_secret=secret(other["consumer_secret"])
    )
    await opened(ada, account)

    toast = await ada.press("Test")
    await ada.press("Authorize again")

    assert "its app is not set up here any more" in toast
    assert ada.buttons == ["Use this bot's app", "Use my own X app", "Cancel"]


async def test_a_token_taken_while_x_is_told_to_forget_it_connects_nobody(rig):
    ada, ben, account = await rig.phone("Ada"), await rig.phone("Ben"), rig.new_account()
    await ada.connect(account)
    pin = rig.pin(await ben.open_link(), account)
    await ada.say("/connections")
    await ada.press(ada.buttons[0])
    await ada.press("Disconnect")
    rig.x_fault("slow", "/1.1/oauth/invalidate_token", seconds=2)

    before = len(rig.x_requests("/1.1/oauth/invalidate_token"))
    disconnecting = asyncio.create_task(ada.press("Yes, disconnect"))
    await rig.until(lambda: len(rig.x_requests("/1.1/oauth/invalidate_token")) > before)
    await ben.say(pin)
    await disconnecting
    asked = ben.text
    await ben.press("Yes, this is mine")

    assert f"Connect as @{account}?" in asked
    assert "The link is used up" in ben.text
