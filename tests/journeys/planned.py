"""People with an account and a zone, what they have planned, and waiting for what is told; tests use it."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select

from storage.tables import Schedule, Task, TaskState

#: Monday, 23 November 2026, 17:00 in Berlin.
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


async def in_berlin(rig, name="Ada"):
    """Give a person in Berlin who has connected an account."""
    rig.clock.now = NOW
    phone = await rig.phone(name)
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    await phone.say("/timezone Berlin")
    return phone


async def tasks_of(rig, *states):
    """List the tasks in these states (all, if none is named) in the order they are wanted."""
    async with rig.app.db.begin() as session:
        found = list(await session.scalars(select(Task).order_by(Task.due_at, Task.id)))
    return [task for task in found if not states or task.state in states]


async def planned(rig):
    """List what waits for its moment."""
    return await tasks_of(rig, TaskState.SCHEDULED)


async def the_schedule(rig):
    """Give the one schedule."""
    async with rig.app.db.begin() as session:
        return (await session.scalars(select(Schedule))).one()


def texts(rig, phone):
    """List the texts that are really on X, oldest first."""
    return sorted(post["text"] for post in rig.posts(phone.account))


async def told(rig, phone, words, within_s=20.0):
    """Let the bot work until the newest message says these words, and nothing missed is left to be told."""
    async with rig.working(), asyncio.timeout(within_s):
        while words not in await asyncio.to_thread(lambda: phone.text) or await _untold(rig):
            await asyncio.sleep(0.05)


async def _untold(rig):
    return [task for task in await tasks_of(rig, TaskState.MISSED) if task.told_at is None]


async def at(rig, *moment):
    """Put the clock there (UTC), and let everything happen that is due by then."""
    rig.clock.now = datetime(*moment, tzinfo=UTC)
    await rig.posted()
