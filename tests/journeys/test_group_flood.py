"""One member floods a group: the bot looks at few of it, so the others wait for few turns, and lose nothing."""

import pytest
from sqlalchemy import func, select

from bot.budget import IN_GROUPS
from storage.tables import Task, Update
from tests.journeys.test_group_posting import group_of

FLOOD = 200
#: Turns that others wait for at most: the burst, and what a slow machine lets the flood earn meanwhile.
FEW = 2 * IN_GROUPS.burst


@pytest.fixture
async def group(make_rig):
    found = await group_of(await make_rig())
    await found.share(kinds="post read schedule")
    return found


async def turns(group):
    """Count the updates that were taken in hand."""
    async with group.db.begin() as session:
        return await session.scalar(select(func.count()).select_from(Update))


@pytest.mark.parametrize("flood", ["/tweet Me, me, me", "/queue", "/policy", "/help"])
async def test_who_posts_behind_two_hundred_commands_of_another_waits_for_few_turns(group, flood):
    before, said = await turns(group), len(group.rig.bot_calls("sendMessage"))
    for _ in range(FLOOD):
        group.ben.send(flood)
    group.cleo.send("/tweet The story of the day")
    await group.rig.deliver()

    assert await turns(group) - before <= FEW + 1
    assert len(group.rig.bot_calls("sendMessage")) - said <= FEW + 1
    assert "The story of the day" in group.cleo.text
    await group.post(group.cleo)
    assert group.posts() == ["The story of the day"]


async def test_a_flood_spread_among_those_who_wait_takes_no_turn_of_theirs(group):
    mine = [f"/tweet Number {number}" for number in range(3)]
    for words in mine:
        for _ in range(FLOOD // len(mine)):
            group.ben.send("/queue")
        group.cleo.send(words)
    await group.rig.deliver()

    async with group.db.begin() as session:
        asked = list(await session.scalars(select(Task.text).where(Task.person_id == group.cleo.person)))
    assert sorted(asked) == ["Number 0", "Number 1", "Number 2"]


async def test_who_flooded_one_group_is_heard_as_little_in_another(group):
    other = group.rig.telegram.new_group(group.rig.bot, owner=group.ada.person, members=(group.ben.person,))
    await group.rig.deliver()
    for _ in range(IN_GROUPS.burst * 3):
        group.ben.send("/queue")
    await group.rig.deliver()
    before = await turns(group)

    for _ in range(IN_GROUPS.burst):
        group.ben.in_group(other).send("/help")
    await group.cleo.say("/queue")

    assert await turns(group) - before < IN_GROUPS.burst
    assert "planned" in group.cleo.text
