"""Chores come round each by itself: none waits for another, none ends by a failure."""

import asyncio

from bot import chores
from bot.housekeeping import Chore, Housekeeping
from texts import catalogue


async def rounds(*chores, until):
    house = Housekeeping(chores)
    house.start()
    async with asyncio.timeout(60):
        while not until():
            await asyncio.sleep(0.01)
    await house.stop()


def counting(counts, name, error=None, lasts_s=0.0):
    async def do():
        counts[name] = counts.get(name, 0) + 1
        if error:
            raise error
        await asyncio.sleep(lasts_s)

    return do


async def test_a_slow_chore_holds_up_no_other():
    counts = {}

    await rounds(
        Chore("slow", counting(counts, "slow", lasts_s=60), 0.01),
        Chore("quick", counting(counts, "quick"), 0.01),
        until=lambda: counts.get("quick", 0) > 5,
    )

    assert counts["slow"] == 1


async def test_a_chore_that_fails_is_logged_by_its_name_and_comes_round_again(caplog):
    counts = {}

    await rounds(
        Chore("gutters", counting(counts, "gutters", ValueError("blocked")), 0.01),
        until=lambda: counts.get("gutters", 0) > 5,
    )

    assert "gutters failed" in caplog.text


async def test_every_chore_has_a_pause_of_its_own():
    counts = {}

    await rounds(
        Chore("often", counting(counts, "often"), 0.01),
        Chore("seldom", counting(counts, "seldom"), 60),
        until=lambda: counts.get("often", 0) > 5,
    )

    assert counts["seldom"] == 1


async def test_menus_telegram_did_not_take_are_set_at_the_next_round(bot, db, telegram_bot):
    telegram_bot.server.fault("server_error", telegram_bot, match={"method": "setMyCommands"})
    chore = chores.menus(bot, catalogue.load(), db)

    await chore.do()
    await chore.do()
    asked = len(telegram_bot.calls("getMyCommands"))
    await chore.do()

    assert len(telegram_bot.calls("getMyCommands")) == asked, "what stands there is not asked for again"
    assert telegram_bot.call("getMyCommands", scope={"type": "all_private_chats"}) != []
