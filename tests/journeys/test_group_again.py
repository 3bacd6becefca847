"""What a group approved stays approved: what failed or was missed goes on without another vote."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import grants
from storage.tables import Grant, Person, Task, TaskState
from tests.journeys.test_group_approval import voting_of


@pytest.fixture
async def group(make_rig):
    return await voting_of(await make_rig())


async def planned(group, words="Good evening"):
    """Let Ben plan a post two hours ahead, and ask for votes on it."""
    await zoned(group)
    await group.ben.say(f"/schedule in 2 hours {words}")
    await group.ben.press("Schedule")


async def zoned(group):
    await group.ben.say("/drafts")
    async with group.db.begin() as session:
        (await session.get(Person, group.ben.person)).zone = "Europe/Berlin"


async def come(group, **after):
    group.rig.clock.advance(**(after or {"hours": 2, "seconds": 1}))
    await group.rig.posted()


def refuse(group, *, skip=0):
    """Let X refuse one post."""
    match = {"path": "/2/tweets$", "method": "POST", "username": group.ada.account}
    group.rig.x.fault("duplicate", match, skip=skip)


async def be_missed(group):
    """Let the moment pass while nobody is at work, and let the group be told."""
    group.rig.clock.advance(hours=5)
    async with group.rig.working(), asyncio.timeout(20):
        while (task := await group.task()).state != TaskState.MISSED or task.told_at is None:
            await asyncio.sleep(0.05)


async def tighten(group, **policy):
    async with group.db.begin() as session:
        await grants.change_policy(session, await session.scalar(select(Grant)), **policy)


async def stopped(group):
    """Let an approved thread that was planned stop at its second part."""
    await zoned(group)
    await group.ben.say("/thread")
    await group.ben.say("The first part", reply_to=group.ben.last["message_id"])
    await group.ben.say("The second part", reply_to=group.ben.with_button("Post")["message_id"])
    await group.ben.press("Later")
    await group.ben.press("In 1 hour")
    await group.ben.press("Schedule")
    await group.dan.press("Approve")
    refuse(group, skip=1)
    await come(group, hours=1, seconds=1)
    assert "stopped at part 2 of 2" in group.ben.text
    group.rig.clock.advance(minutes=10)


async def test_an_approved_planned_thread_that_stopped_goes_on_without_another_vote(group):
    await group.share(approves="admins", kinds="post schedule")
    await stopped(group)

    await group.ben.press("Go on")
    await group.rig.posted()

    assert group.posts()[::-1] == ["The first part", "The second part"]
    assert await group.state() == TaskState.DONE


async def test_a_thread_with_too_few_votes_for_its_rest_is_told_what_helps(group):
    await group.share(approves="admins", kinds="post schedule")
    await stopped(group)
    await tighten(group, votes_needed=2)

    assert "Delete what is out" in await group.ben.press("Go on")

    assert (await group.state(), group.posts()) == (TaskState.FAILED, ["The first part"])


async def test_an_approved_planned_post_that_failed_is_tried_again_without_another_vote(group):
    await group.share(approves="admins", kinds="post schedule")
    await planned(group)
    await group.dan.press("Approve")
    refuse(group)
    await come(group)
    assert await group.state() == TaskState.FAILED

    group.rig.clock.advance(minutes=10)
    task = await group.task()
    await group.ben.press_data(f"retry:{task.id}:{task.version}", group.ben.last)
    await group.rig.posted()

    assert group.posts() == ["Good evening"]


async def test_an_approved_post_that_was_missed_is_posted_now_without_another_vote(group):
    await group.share(approves="admins", kinds="post schedule")
    await planned(group)
    await group.dan.press("Approve")
    await be_missed(group)

    assert "Only who asked for it" in await group.cleo.press("Post now")
    await group.ben.press("Post now")
    await group.rig.posted()

    assert group.posts() == ["Good evening"]
    assert await group.acts() == ["asked", "voted_yes", "approved", "asked"]


async def test_what_was_missed_is_not_posted_with_fewer_votes_than_the_policy_wants_by_now(group):
    await group.share(approves="admins", kinds="post schedule")
    await planned(group)
    await group.dan.press("Approve")
    await be_missed(group)
    await tighten(group, votes_needed=2)

    assert "needs approval" in await group.ben.press("Post now")
    await group.rig.posted()

    assert (await group.state(), group.posts()) == (TaskState.MISSED, [])


async def test_what_failed_is_not_tried_again_where_a_voter_does_not_count_any_more(group):
    await group.share(approves="admins", kinds="post schedule")
    await planned(group)
    await group.dan.press("Approve")
    await be_missed(group)
    group.rig.telegram.set_member(group.chat, group.dan.person, "member")

    await group.ben.press("Post now")
    await group.rig.posted()

    assert (await group.state(), group.posts()) == (TaskState.WAITING, [])
    assert "a vote is missing" in group.ben.text


async def test_what_was_approved_for_its_moment_is_not_posted_before(group):
    await group.share(approves="admins", kinds="post schedule")
    await planned(group)
    await group.dan.press("Approve")
    task = await group.task()

    await group.ben.press_data(f"p_now:{task.id}:{task.version}", group.ben.last)
    await group.rig.posted()

    assert (await group.state(), group.posts()) == (TaskState.SCHEDULED, [])


async def test_a_planned_post_that_is_moved_needs_votes_anew(group):
    await group.share(approves="admins", kinds="post schedule")
    await planned(group)
    await group.dan.press("Approve")
    assert await group.state() == TaskState.SCHEDULED

    await group.ben.press("Edit text")
    await group.ben.press("Other time")
    await group.ben.press("In 1 hour")
    await group.ben.press("Schedule")
    assert "No vote yet" in group.ben.text
    await come(group)
    assert group.posts() == []


async def test_an_approved_post_whose_moment_is_another_by_now_waits_for_votes(group):
    await group.share(approves="admins", kinds="post schedule")
    await planned(group)
    await group.dan.press("Approve")
    async with group.db.begin() as session:
        task = await session.scalar(select(Task))
        task.due_at = task.wake_at = task.due_at - timedelta(hours=1)

    await come(group, hours=1, seconds=1)

    assert (await group.state(), group.posts()) == (TaskState.WAITING, [])
