"""What a long poll hands out when it and an update come at the same moment."""

import asyncio

from sandbox.telegram.clock import Clock
from sandbox.telegram.faults import Faults
from sandbox.telegram.flood import Flood
from sandbox.telegram.polling import Polls
from sandbox.telegram.webhooks import Webhooks
from sandbox.telegram.world import World


async def test_an_update_that_comes_while_a_poll_begins_is_handed_out_at_once():
    bot = World(Flood(False)).add_bot("polling_bot", "Polling")
    polls = Polls(Faults(), Webhooks(Faults(), Clock()))

    async def push():
        bot.updates.push("message", {}, "chat")

    poll = asyncio.create_task(polls.poll(bot, {"timeout": 30}))
    pushed = asyncio.create_task(push())

    async with asyncio.timeout(25):
        found = await poll
    await pushed
    assert [update["message"] for update in found] == [{}]
