"""The bot keeps Telegram's pace by itself; other journeys have no pace to keep, and wait for nothing."""

import time

from bot.build import assemble
from bot.pace import PRIVATE
from bot.speak import Target
from texts.reply import Reply


async def test_a_bot_that_is_told_no_pace_keeps_the_one_telegram_allows(rig):
    ada = await rig.phone("Ada")
    beyond = 2
    begun = time.monotonic()

    async with assemble(rig.settings) as bot:
        for _ in range(PRIVATE.burst + beyond):
            await bot.speaker.say(Target(ada.person), [Reply("erase.do_it_yourself")])

    # However slow the machine is, this is the least it can take.
    assert time.monotonic() - begun >= (beyond - 1) * PRIVATE.every_s
