"""Connect as @name?: Yes, No, silence; renewal, another app, another account, another person."""

import pytest
from pydantic import SecretStr

OPEN = "Open X and get the PIN"
REVOKE = "/1.1/oauth/invalidate_token"


async def asked(rig, account, name="Ada"):
    ada = await rig.phone(name)
    await ada.say(rig.pin(await ada.open_link(), account))
    return ada


async def connect_by_own_app(rig, ada, app, account):
    """Go on to the question, by an own app."""
    await ada.say("/connect")
    await ada.press("Use my own X app")
    await ada.say(f"{app['consumer_key']}\n{app['consumer_secret']}")
    await ada.say(rig.pin(ada.url(OPEN), account))


def revocations(rig, account):
    return [each["status"] for each in rig.x_requests(REVOKE) if each["username"] == account]


async def test_nothing_can_be_used_before_the_yes(rig):
    ada = await asked(rig, rig.new_account())

    await ada.say("/connections")

    assert "no X account connected yet" in ada.text


async def test_no_revokes_the_token(rig):
    account = rig.new_account()
    ada = await asked(rig, account)

    await ada.press("No, do not connect")

    assert "X has withdrawn the access" in ada.text
    assert revocations(rig, account) == [200]


async def test_no_is_tried_again_while_x_is_away(rig):
    account = rig.new_account()
    ada = await asked(rig, account)
    rig.x_fault("html_502", REVOKE)

    await ada.press("No, do not connect")
    away = ada.text
    rig.clock.advance(minutes=1)
    await rig.chores()

    assert "could not be reached yet" in away
    assert "X has withdrawn the access" in ada.text
    assert revocations(rig, account) == [502, 200]


async def test_silence_revokes_after_ten_minutes(rig):
    account = rig.new_account()
    ada = await asked(rig, account)
    question = ada.last

    rig.clock.advance(minutes=10)
    await rig.chores()
    await ada.press_data(_data(question, "Yes, this is mine"), question)

    assert "X has withdrawn the access" in ada.text
    assert revocations(rig, account) == [200]
    await ada.say("/connections")
    assert "no X account connected yet" in ada.text


async def test_a_yes_after_ten_minutes_connects_nothing(rig):
    account = rig.new_account()
    ada = await asked(rig, account)
    rig.clock.advance(minutes=10)

    await ada.press("Yes, this is mine")
    await rig.chores()

    assert "is connected" not in ada.text
    assert revocations(rig, account) == [200]


async def test_a_double_yes_connects_once(rig):
    account = rig.new_account()
    ada = await asked(rig, account)
    question = ada.last

    await ada.press("Yes, this is mine")
    await ada.press_data(_data(question, "Yes, this is mine"), question)
    await ada.say("/connections")

    assert f"Your X account\n\n★ {account}" in ada.text or "Your X account\n" in ada.text
    assert ada.text.count(f"@{account}") == 1


async def test_yes_then_no_stays_connected(rig):
    account = rig.new_account()
    ada = await asked(rig, account)
    question = ada.last
    await ada.press("Yes, this is mine")

    toast = await ada.press_data(_data(question, "No, do not connect"), question)

    assert "That button was from before" in toast
    assert revocations(rig, account) == []
    assert f"is connected: @{account}" in ada.text


async def test_a_read_only_app_is_told_before_the_first_failing_tweet(rig):
    app, account = rig.new_app(access_level="read"), rig.new_account()
    ada = await rig.phone("Ada")

    await connect_by_own_app(rig, ada, app, account)
    asked_about = ada.text
    await ada.press("Yes, this is mine")

    assert "may only read" in asked_about
    assert "It may only read" in ada.text
    assert ada.buttons == ["Rename", "Connect another"]


async def test_the_same_account_again_renews_the_connection(rig):
    account = rig.new_account()
    ada = await rig.phone("Ada")
    await ada.connect(account)
    await ada.press("Rename")
    await ada.say("Work")

    await ada.say(rig.pin(await ada.open_link(), account))
    question = ada.text
    await ada.press("Yes, this is mine")
    done = ada.text
    await ada.say("/connections")

    assert "It renews your connection Work" in question
    assert "Work is connected" in done
    assert ada.text.count(f"@{account}") == 1


@pytest.mark.parametrize(("answer", "left"), [("Keep both", 2), ("Replace the old one", 1)])
async def test_another_app_for_the_same_account_is_asked_about(rig, answer, left):
    account = rig.new_account()
    ada = await rig.phone("Ada")
    await ada.connect(account)

    await connect_by_own_app(rig, ada, rig.new_app(), account)
    question = ada.text
    await ada.press(answer)
    await rig.chores()
    await ada.say("/connections")

    assert "by another app" in question
    assert ada.text.count(f"@{account}") == left
    assert revocations(rig, account) == [200] * (2 - left)


async def test_a_read_only_registered_app_is_not_called_theirs(make_rig, x_sandbox):
    app = x_sandbox.control("POST", "/apps", json={"name": "reader", "access_level": "read"})
    keys = {name: SecretStr(app[name]) for name in ("consumer_key", "consumer_secret")}
    rig = await make_rig(**keys)
    ada = await rig.phone("Ada")

    await ada.say(rig.pin(await ada.open_link(), rig.new_account()))
    asked_about = ada.text
    await ada.press("Yes, this is mine")

    assert "This bot's app may only read" in asked_about
    assert "Your app" not in asked_about + ada.text


async def test_a_tweet_that_waited_for_a_connection_comes_back_after_the_yes(rig):
    ada, account = await rig.phone("Ada"), rig.new_account()
    await ada.say("/tweet Hello world")
    waiting = ada.text
    rig.clock.advance(seconds=1)

    await ada.connect(account)

    assert "Your draft is kept" in waiting
    assert f"Tweet as @{account}" in ada.text
    assert "Hello world" in ada.text
    assert "Post" in ada.buttons


async def test_another_persons_connection_is_neither_touched_nor_revealed(rig):
    account = rig.new_account()
    ada, ben = await rig.phone("Ada"), await rig.phone("Ben")
    await ada.connect(account)

    await ben.say(rig.pin(await ben.open_link(), account))
    question = ben.text
    await ben.press("No, do not connect")

    assert f"Connect as @{account}?" in question
    assert "again" not in question
    assert "already" not in question
    assert revocations(rig, account) == []
    await ada.say("/connections")
    await ada.press(f"Test {account[-3:]} (@{account})")
    assert "it works" in await ada.press("Test")


async def test_two_people_share_an_account_and_the_last_one_revokes_it(rig):
    account = rig.new_account()
    ada, ben = await rig.phone("Ada"), await rig.phone("Ben")
    await ada.connect(account)
    await ben.connect(account)

    after, told = [], []
    for phone in (ada, ben):
        await phone.say("/connections")
        await phone.press(f"Test {account[-3:]} (@{account})")
        await phone.press("Disconnect")
        await phone.press("Yes, disconnect")
        after.append(len(revocations(rig, account)))
        told.append(phone.text)

    assert after == [0, 1]
    assert "keys are erased here" in ada.text
    assert told[0] == told[1]


async def test_authorizing_again_refuses_another_account_unless_told_to_replace(rig):
    first, second = rig.new_account(), rig.new_account()
    ada = await rig.phone("Ada")
    await ada.connect(first)
    await ada.say("/connections")
    await ada.press(f"Test {first[-3:]} (@{first})")
    await ada.press("Authorize again")

    await ada.say(rig.pin(ada.url(OPEN), second))
    question, offered = ada.text, ada.buttons
    await ada.press("Replace the old one")
    await rig.chores()
    await ada.say("/connections")

    assert f"This is @{second}, not @{first}" in question
    assert offered == ["Replace the old one", "No, do not connect"]
    assert (f"@{first}" in ada.text, f"@{second}" in ada.text) == (False, True)
    assert revocations(rig, first) == [200]


async def test_a_forged_yes_does_not_connect_another_account_in_its_place(rig):
    first, second = rig.new_account(), rig.new_account()
    ada = await rig.phone("Ada")
    await ada.connect(first)
    await ada.say("/connections")
    await ada.press(f"Test {first[-3:]} (@{first})")
    await ada.press("Authorize again")
    await ada.say(rig.pin(ada.url(OPEN), second))

    data = _data(ada.last, "No, do not connect").replace("connect_no", "connect_yes")
    await ada.press_data(data, ada.last)
    await ada.say("/connections")

    assert (f"@{first}" in ada.text, f"@{second}" in ada.text) == (True, False)


async def test_the_account_is_shown_although_x_does_not_describe_it(rig):
    account = rig.new_account(name="Alice Writes")
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("html_502", "/2/users/me")

    await ada.say(pin)
    question = ada.text
    await ada.press("Yes, this is mine")

    assert f"Connect as @{account}?" in question
    assert "Alice Writes is connected" in ada.text


def _data(message, label):
    rows = message["inline_keyboard"]
    return next(each["data"] for row in rows for each in row if each["text"] == label)
