"""An answer Telegram does not take is owed until it does; it is neither thrown away nor counted as a failure."""

import asyncio

import pytest

from bot.edge import ATTEMPTS_MAX, Outcome
from bot.lanes import Held


@pytest.fixture
async def ada(rig):
    return await rig.phone("Ada")


async def test_an_answer_telegram_asks_to_wait_for_is_said_in_the_end(rig, ada):
    rig.telegram.fault("rate_limited", rig.bot, seconds=6, match={"method": "sendMessage"})
    ada.send("/connect")
    (update,) = rig.waiting()

    held = [await rig.give(update) for _ in range(ATTEMPTS_MAX + 2)]
    said_meanwhile = len(ada.texts)
    await asyncio.sleep(6.5)
    outcome = await rig.give(update)

    assert all(isinstance(each, Held) and 4 < each.wait_s <= 8 for each in held), held
    assert (said_meanwhile, outcome) == (1, Outcome.DONE)
    assert "Use this bot's app" in ada.buttons


async def test_another_chat_is_answered_meanwhile(rig, ada):
    ben = await rig.phone("Ben")
    rig.telegram.fault(
        "rate_limited", rig.bot, seconds=600, match={"method": "sendMessage", "chat": ada.person}
    )
    ada.send("/connect")
    (update,) = rig.waiting()

    held = await rig.give(update)
    await ben.say("/help")

    assert isinstance(held, Held)
    assert "How it works" in ben.text


async def test_telegram_out_of_order_for_long_costs_no_answer(rig, ada):
    fault = rig.telegram.fault("server_error", rig.bot, times=None, match={"method": "sendMessage"})
    ada.send("/connect")
    (update,) = rig.waiting()

    held = [await rig.give(update) for _ in range(ATTEMPTS_MAX + 1)]
    rig.telegram.control("DELETE", f"/faults?id={fault}")
    outcome = await rig.give(update)

    assert all(isinstance(each, Held) for each in held), held
    assert outcome is Outcome.DONE
    assert "Use this bot's app" in ada.buttons


async def test_an_answer_lost_on_the_way_is_said_again_for_twice_is_better_than_never(rig, ada):
    rig.telegram.fault("drop_after", rig.bot, match={"method": "sendMessage"})
    ada.send("/connect")
    (update,) = rig.waiting()

    held = await rig.give(update)
    outcome = await rig.give(update)

    assert isinstance(held, Held)
    assert outcome is Outcome.DONE
    assert len([text for text in ada.texts if text == ada.text]) == 2


async def test_but_not_for_ever_and_nobody_is_told_of_a_failure_that_was_none(rig, ada):
    rig.telegram.fault("drop_after", rig.bot, times=None, match={"method": "sendMessage"})
    ada.send("/help")
    (update,) = rig.waiting()

    outcomes = [await rig.give(update) for _ in range(ATTEMPTS_MAX)]

    assert [type(outcome) for outcome in outcomes] == [Held] * (ATTEMPTS_MAX - 1) + [Outcome]
    assert "Something went wrong" not in " ".join(ada.texts)
