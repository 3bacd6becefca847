"""A group that became a supergroup while the bot was off: what Telegram says to the next message moves it all."""

import pytest

from storage import groups, log
from storage.tables import GroupState, Person, TaskState
from tests.journeys.test_group_posting import group_of


@pytest.fixture
async def group(make_rig):
    """Give a basic group that uses Ada's account, with Dan as a second admin."""
    group = await group_of(await make_rig(), basic=True)
    group.dan = await group.rig.phone("Dan")
    group.rig.telegram.set_member(group.chat, group.dan.person, "administrator")
    await group.rig.deliver()
    return group


async def moved(group):
    """Move the group; the bot is never told by an update."""
    before = await row_of(group, group.chat)
    new = group.rig.telegram.migrate(group.chat)
    group.rig.waiting()
    return before, new


async def row_of(group, chat):
    async with group.db.begin() as session:
        return await groups.find(session, chat)


async def acts(group, row):
    async with group.db.begin() as session:
        assert await log.check(session, group.rig.app.doors.vault, row.id) is None
        return [entry.act for entry in await log.entries_of(session, row.id)]


async def test_a_planned_post_goes_out_and_is_told_in_the_new_group(group):
    await group.share(kinds="post schedule")
    async with group.db.begin() as session:
        (await session.get(Person, group.ada.person)).zone = "Europe/Berlin"
    await group.owner.say("/schedule in 2 hours Hello from before")
    await group.owner.press("Schedule")
    before, new = await moved(group)

    group.rig.clock.advance(hours=2)
    await group.rig.posted()
    group.rig.clock.advance(minutes=1, seconds=5)
    await group.rig.posted()

    assert group.posts() == ["Hello from before"]
    after = await row_of(group, new)
    assert (after.id, after.state) == (before.id, GroupState.ACTIVE)
    assert (await acts(group, after)).count("moved") == 1
    assert any("Posted" in text for text in group.ben.in_group(new).texts)


async def test_what_waits_for_votes_is_voted_on_in_the_new_group(group):
    await group.share(approves="admins")
    await group.ben.say("/tweet Vote on me")
    await group.ben.press("Post")
    _, new = await moved(group)

    # What is said in the group next meets the no.
    await group.ada.say("/policy")
    (page,) = [label for label in group.ada.buttons if " in Group" in label]
    await group.ada.press(page)
    await group.ada.press("Show the group")
    await group.rig.posted()
    await group.rig.chores()

    await group.dan.in_group(new).press("Approve")
    await group.rig.posted()

    assert group.posts() == ["Vote on me"]
    assert [task.state for task in await group.tasks()] == [TaskState.DONE]
