"""Connecting survives restarts, crashes, repeated and reordered updates, two replicas, and an X that does not answer."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import exists, select, text

from bot.edge import Outcome
from storage import authorizations
from storage.tables import Authorization, AuthorizationState

OPEN = "Open X and get the PIN"
EXCHANGE = "/oauth/access_token"


def wrong(pin: str) -> str:
    return "".join(str((int(digit) + 1) % 10) for digit in pin)


def exchanges(rig, since=0):
    return rig.x_requests(EXCHANGE)[since:]


def revoked(rig, account):
    """Give what X answered each time it was told to forget a token of the account."""
    told = rig.x_requests("/1.1/oauth/invalidate_token")
    return [each["status"] for each in told if each["username"] == account]


async def is_exchanging(rig):
    """Tell whether a PIN is on its way to X."""
    under_way = select(exists().where(Authorization.state == AuthorizationState.EXCHANGING))
    async with rig.app.db.begin() as session:
        return await session.scalar(under_way)


async def exchange_begins(rig):
    async with asyncio.timeout(60):
        while not await is_exchanging(rig):
            await asyncio.sleep(0.02)


async def exchange_ends(rig):
    async with asyncio.timeout(60):
        while await is_exchanging(rig):
            await asyncio.sleep(0.05)


async def crash_during(rig, update, replica=None):
    """Give an update to a replica that is killed, with all it has begun, while it waits for X."""
    before = asyncio.all_tasks()
    handling = asyncio.create_task(rig.give(update, replica))
    await exchange_begins(rig)
    assert not handling.done()
    begun = asyncio.all_tasks() - before
    for task in begun:
        task.cancel()
    await asyncio.gather(*begun, return_exceptions=True)


async def test_every_step_survives_a_restart(rig):
    account, app = rig.new_account(), rig.new_app()
    ada = await rig.phone("Ada")

    await ada.say("/connect")
    await rig.restart()
    await ada.press("Use my own X app")
    await rig.restart()
    await ada.say(app["consumer_key"])
    await rig.restart()
    await ada.say(app["consumer_secret"])
    await rig.restart()
    await ada.say(rig.pin(ada.url(OPEN), account))
    await rig.restart()
    await ada.press("Yes, this is mine")
    await rig.restart()
    await ada.press("Rename")
    await rig.restart()
    await ada.say("Work")

    await ada.say("/connections")
    assert f"★ Work @{account}" in ada.text


async def test_a_time_out_uses_the_link_up_and_costs_no_try(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("timeout_after", EXCHANGE, seconds=0.2)

    await ada.say(pin)
    told = ada.text
    await ada.press("New link")
    await ada.say(rig.pin(ada.url(OPEN), account))

    assert "The link is used up" in told
    assert "it has three tries again" in told
    assert f"Connect as @{account}?" in ada.text


async def test_an_x_slower_than_a_turn_uses_the_link_up_and_its_token_is_revoked(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("slow", EXCHANGE, seconds=7.5)

    await ada.say(pin)
    told = ada.text
    await asyncio.sleep(2.5)
    await rig.chores()

    assert "The link is used up" in told
    assert revoked(rig, account) == [200]
    assert ada.buttons == ["New link", "Close"]


async def test_a_token_that_comes_after_a_new_link_was_taken_is_revoked(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("slow", EXCHANGE, seconds=7.5)

    await ada.say(pin)
    await ada.press("New link")
    told = ada.texts
    await asyncio.sleep(2.5)
    await rig.chores()

    assert revoked(rig, account) == [200]
    assert ada.texts == told
    assert OPEN in ada.buttons


async def test_a_token_that_comes_after_everything_was_erased_is_revoked(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("slow", EXCHANGE, seconds=7.5)

    await ada.say(pin)
    await ada.say("/forget")
    await ada.press("Erase everything")
    await ada.press("Yes, erase everything")
    await asyncio.sleep(2.5)
    await rig.chores()

    assert revoked(rig, account) == [200]


async def test_a_turn_that_is_broken_off_keeps_the_token_it_was_given(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("slow", EXCHANGE, seconds=1.5)
    ada.send(pin)
    (update,) = rig.waiting()
    handling = asyncio.create_task(rig.give(update))
    await exchange_begins(rig)

    handling.cancel()
    await exchange_ends(rig)
    rig.clock.advance(seconds=21)
    outcome = await rig.give(update)

    assert outcome is Outcome.DONE
    await ada.press("Yes, this is mine")
    assert f"is connected: @{account}" in ada.text


async def test_a_turn_broken_off_and_answered_before_x_has_its_late_token_revoked(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("slow", EXCHANGE, seconds=2)
    ada.send(pin)
    (update,) = rig.waiting()
    handling = asyncio.create_task(rig.give(update))
    await exchange_begins(rig)

    handling.cancel()
    await asyncio.gather(handling, return_exceptions=True)
    rig.clock.advance(seconds=21)
    await rig.give(update)
    told = ada.text
    async with asyncio.timeout(60):
        while not revoked(rig, account):
            await asyncio.sleep(0.2)
            await rig.chores()

    assert "The link is used up" in told
    assert revoked(rig, account) == [200]


async def test_a_token_waits_for_a_database_that_is_lost_for_a_moment(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    before = len(exchanges(rig))
    rig.x_fault("slow", EXCHANGE, seconds=3)
    ada.send(pin)
    (update,) = rig.waiting()
    handling = asyncio.create_task(rig.give(update))
    await exchange_begins(rig)

    async with rig.app.db.begin() as session:
        await session.execute(text("PRAGMA query_only = ON"))  # each write fails with SQLITE_READONLY
    async with asyncio.timeout(60):
        while not exchanges(rig, before):
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    still = not handling.done()
    await rig.app.db.close()  # the next connection may write again

    assert still
    assert await handling is Outcome.DONE
    assert f"Connect as @{account}?" in ada.text


@pytest.mark.parametrize(
    "fault", [{"name": "status_5xx", "status": 503}, {"name": "html_502"}, {"name": "garbage_body"}]
)
async def test_an_unclear_answer_uses_the_link_up(rig, fault):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())
    rig.x_fault(fault["name"], EXCHANGE, **{k: v for k, v in fault.items() if k != "name"})
    before = len(exchanges(rig))

    await ada.say(pin)

    assert "The link is used up" in ada.text
    assert len(exchanges(rig, before)) == 1


async def test_a_redelivered_pin_of_a_crashed_bot_is_never_sent_again(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("slow", EXCHANGE, seconds=3)
    ada.send(pin)
    (update,) = rig.waiting()
    before = len(exchanges(rig))
    await crash_during(rig, update)
    await asyncio.sleep(3)

    busy = await rig.give(update)
    rig.clock.advance(seconds=21)
    outcome = await rig.give(update)

    assert (busy, outcome) == (Outcome.BUSY, Outcome.DONE)
    assert "The link is used up" in ada.text
    assert ada.buttons == ["New link", "Close"]
    assert len(exchanges(rig, before)) == 1


async def test_a_pin_in_a_crashed_exchange_is_given_up_by_time_too(rig):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())
    rig.x_fault("slow", EXCHANGE, seconds=3)
    ada.send(pin)
    (update,) = rig.waiting()
    await crash_during(rig, update)
    await rig.restart()

    rig.clock.advance(seconds=31)
    await rig.chores()

    assert "The link is used up" in ada.text


@pytest.mark.parametrize("step", ["key", "secret", "pin", "wrong pin", "yes"])
async def test_an_update_delivered_twice_works_once(rig, step):
    ada = await rig.phone("Ada")
    account, app = rig.new_account(), rig.new_app()
    await ada.say("/connect")
    await ada.press("Use my own X app")
    said = {"key": app["consumer_key"], "secret": app["consumer_secret"]}
    for name in ("key", "secret", "wrong pin", "pin", "yes"):
        if name == "yes":
            await ada.press("Yes, this is mine")
        else:
            pin = rig.pin(ada.url(OPEN), account) if name == "wrong pin" else ""
            said |= {"wrong pin": wrong(pin), "pin": pin} if pin else {}
            await ada.say(said[name])
        if name == step:
            shown = ada.messages()
            outcome = await rig.give(rig.history[-1])
            break

    assert outcome is Outcome.DONE
    assert ada.messages() == shown


async def test_an_answer_lost_after_the_work_is_given_again_without_the_work(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    before = len(exchanges(rig))
    ada.send(pin)
    (update,) = rig.waiting()
    rig.telegram.fault("drop_before", rig.bot, times=None, match={"method": "sendPhoto"})
    rig.telegram.fault("drop_before", rig.bot, times=None, match={"method": "sendMessage"})

    first = await rig.give(update)
    rig.telegram.control("DELETE", "/faults")
    rig.clock.advance(seconds=21)
    second = await rig.give(update)

    assert (first.value, second) == ("held", Outcome.DONE)
    assert f"Connect as @{account}?" in ada.text
    assert len(exchanges(rig, before)) == 1


async def test_a_yes_and_the_cancel_before_it_may_arrive_out_of_order(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    await ada.say(rig.pin(await ada.open_link(), account))
    ada.send("/cancel")
    ada.send("/connections")
    cancel, listing = rig.waiting()

    await rig.give(listing)
    await ada.press("Yes, this is mine")
    await rig.give(cancel)

    assert "There is nothing to cancel" in ada.text
    await ada.say("/connections")
    assert f"@{account}" in ada.text


async def test_the_same_pin_at_two_replicas_is_exchanged_once(rig_on_each):
    rig = rig_on_each
    other = await rig.replica()
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    before = len(exchanges(rig))
    ada.send(pin)
    (update,) = rig.waiting()

    outcomes = await asyncio.gather(rig.give(update), rig.give(update, other))

    assert sorted(outcomes) == [Outcome.BUSY, Outcome.DONE]
    assert len(exchanges(rig, before)) == 1
    assert f"Connect as @{account}?" in ada.text


async def test_a_pin_sent_twice_at_two_replicas_is_exchanged_once(rig_on_each):
    rig = rig_on_each
    other = await rig.replica()
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    before = len(exchanges(rig))
    rig.x_fault("slow", EXCHANGE, seconds=0.5)
    ada.send(pin)
    ada.send(pin)
    first, second = rig.waiting()

    outcomes = await asyncio.gather(rig.give(first), rig.give(second, other))

    assert outcomes == [Outcome.DONE, Outcome.DONE]
    assert len(exchanges(rig, before)) == 1
    await ada.press("Yes, this is mine")
    assert f"is connected: @{account}" in ada.text


async def test_a_double_tap_on_yes_at_two_replicas_connects_once(rig_on_each):
    rig = rig_on_each
    other = await rig.replica()
    ada = await rig.phone("Ada")
    account = rig.new_account()
    await ada.say(rig.pin(await ada.open_link(), account))
    question = ada.last
    rows = question["inline_keyboard"]
    yes = next(each["data"] for row in rows for each in row if each["text"] == "Yes, this is mine")
    taps = [
        asyncio.create_task(
            asyncio.to_thread(ada.raw.press, question["message_id"], data=yes, wait=15, forge=True)
        )
        for _ in range(2)
    ]
    waiting = []
    while len(waiting) < 2:
        await asyncio.sleep(0.05)
        waiting += rig.waiting()

    await asyncio.gather(rig.give(waiting[0]), rig.give(waiting[1], other))
    await asyncio.gather(*taps)

    await ada.say("/connections")
    assert "Your X account\n" in ada.text
    assert ada.text.count(f"@{account}") == 1


async def test_the_clock_of_two_replicas_tells_a_person_once(rig_on_each):
    rig = rig_on_each
    other = await rig.replica()
    ada = await rig.phone("Ada")
    await ada.open_link()
    rig.clock.advance(minutes=10)
    before = len(rig.bot_calls("editMessageText")) + len(rig.bot_calls("sendMessage"))

    await asyncio.gather(rig.chores(), rig.chores(other))

    after = len(rig.bot_calls("editMessageText")) + len(rig.bot_calls("sendMessage"))
    assert after - before == 1
    assert "The link has run out" in ada.text


async def test_a_new_connect_while_a_pin_is_exchanged_revokes_the_token(rig):
    other = await rig.replica()
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("slow", EXCHANGE, seconds=3)
    ada.send(pin)
    ada.send("/connect")
    typed, again = rig.waiting()

    exchanging = asyncio.create_task(rig.give(typed))
    await exchange_begins(rig)
    await rig.give(again, other)
    await exchanging
    rig.clock.advance(seconds=1)
    await rig.chores()

    assert revoked(rig, account) == [200]
    await ada.press("Use this bot's app")
    assert OPEN in ada.buttons


async def test_a_link_that_x_knows_no_more_has_run_out(rig):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())
    rig.x_fault("unauthorized_32", EXCHANGE)

    await ada.say(pin)

    assert "The link has run out" in ada.text
    assert ada.buttons == ["New link", "Close"]


async def test_a_wrong_clock_at_the_exchange_costs_neither_link_nor_try(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.x_fault("clock_skew", EXCHANGE, seconds=3600)

    await ada.say(pin)
    refused = ada.text
    await ada.say(pin)

    assert "your PIN is still good" in refused
    assert f"Connect as @{account}?" in ada.text


async def test_an_x_that_cannot_be_reached_at_all_leaves_the_link_open(make_rig):
    rig = await make_rig()
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    await rig.restart(x_api="http://127.0.0.1:9")

    await ada.say(pin)
    away = ada.text
    await rig.restart()
    await ada.say(pin)

    assert "your PIN is still good" in away
    assert f"Connect as @{account}?" in ada.text


async def test_a_message_that_cannot_be_deleted_is_tried_again(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    rig.telegram.fault("server_error", rig.bot, times=6, match={"method": "deleteMessage"})

    sent = await ada.say(pin)
    still_there = ada.sees(sent)
    rig.telegram.control("DELETE", "/faults")
    rig.clock.now += timedelta(minutes=5)
    await rig.chores()

    assert still_there
    assert not ada.sees(sent)
    assert any(f"Connect as @{account}?" in text for text in ada.texts)


async def break_seals(rig, phone):
    """Let what a person's open authorization has sealed no longer open, as after a wrong restore."""
    async with rig.app.db.begin() as session:
        row = await authorizations.current(session, phone.person)
        row.data_key = b"\x01broken"


async def test_a_link_that_does_not_open_is_shown_as_locked_and_stops_no_other_countdown(rig):
    ada, ben = await rig.phone("Ada"), await rig.phone("Ben")
    await ada.open_link()
    await ben.open_link()
    await break_seals(rig, ada)

    rig.clock.advance(minutes=1, seconds=1)
    await rig.chores()

    assert "does not open" in ada.text
    assert ada.buttons == ["Connect an X account", "Cancel"]
    assert "9 minutes left" in ben.text


@pytest.mark.parametrize("label", ["New link", "Cancel", "a PIN"])
async def test_what_is_pressed_or_said_on_a_locked_link_begins_anew_or_ends_it(rig, label):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())
    await break_seals(rig, ada)

    await (ada.say(pin) if label == "a PIN" else ada.press(label))

    assert ("Nothing was connected" in ada.text) or ("Stopped" in ada.text)
    await ada.press("Connect an X account")
    await ada.press("Use this bot's app")
    assert OPEN in ada.buttons


@pytest.mark.parametrize("label", ["Yes, this is mine", "No, do not connect"])
async def test_a_yes_or_no_to_what_does_not_open_connects_nothing(rig, label):
    ada = await rig.phone("Ada")
    await ada.say(rig.pin(await ada.open_link(), rig.new_account()))
    await break_seals(rig, ada)

    await ada.press(label)

    assert "connected" in ada.text
    await ada.say("/connections")
    assert "no X account connected" in ada.text


async def test_keys_typed_for_what_does_not_open_leave_the_chat_and_it_is_shown_as_locked(rig):
    ada, app = await rig.phone("Ada"), rig.new_app()
    await ada.say("/connect")
    await ada.press("Use my own X app")
    await ada.say(app["consumer_key"])
    await break_seals(rig, ada)

    sent = await ada.say(app["consumer_secret"])

    assert not ada.sees(sent)
    assert "does not open" in ada.text
