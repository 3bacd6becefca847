"""Two replicas, two people at once, on each engine: one of them wins, and nothing goes out that nobody approved."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage import grants
from storage.tables import Grant, GrantState, LogEntry, TaskState, Write
from tests.journeys.test_group_approval import voting_of
from tests.journeys.test_races import at_once, pressed


@pytest.fixture
async def group(rig_on_each):
    """Give a group with two replicas of the bot, in which Dan and Eve are admins."""
    await rig_on_each.replica()
    found = await voting_of(rig_on_each)
    found.eve = await found.admin("Eve")
    return found


async def count(group, act):
    async with group.db.begin() as session:
        found = await session.scalar(select(func.count()).select_from(LogEntry).where(LogEntry.act == act))
        return found or 0


async def test_of_two_approvals_at_once_one_lets_it_go_and_the_other_is_told(group):
    await group.share(approves="admins")
    await group.ask()

    toasts = await at_once(group.rig, (group.dan, "Approve", None), (group.eve, "Approve", None))
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]
    assert await count(group, "approved") == 1
    assert sorted(toast.split(":")[0] for toast in toasts) == [
        "This was approved already",
        "Your vote counts.",
    ]


async def test_two_votes_that_are_both_needed_and_come_at_once_are_both_counted(group):
    await group.share(approves="admins", votes_needed=2)
    await group.ask()

    toasts = await at_once(group.rig, (group.dan, "Approve", None), (group.eve, "Approve", None))
    await group.rig.posted()

    assert toasts == ["Your vote counts."] * 2
    assert group.posts() == ["Hello from the group"]
    assert await count(group, "approved") == 1


async def test_of_a_yes_and_a_no_at_once_one_wins(group):
    await group.share(approves="admins")
    await group.ask()
    await group.dan.press("Reject")
    group.dan.send("No", reply_to=group.dan.last["message_id"])
    (no,) = group.rig.waiting()

    yes, answers = await pressed(group.rig, (group.eve, "Approve", None))
    await asyncio.gather(
        *(group.rig.give(update, app) for update, app in zip((no, *yes), group.rig.replicas, strict=True))
    )
    await asyncio.gather(*answers)
    await group.rig.posted()

    approved, rejected = await count(group, "approved"), await count(group, "rejected")
    assert approved + rejected == 1
    assert len(group.posts()) == approved


async def test_of_an_approval_and_an_edit_at_once_one_wins(group):
    await group.share(approves="admins")
    await group.ask()

    await at_once(group.rig, (group.dan, "Approve", None), (group.ben, "Edit text", None))
    await group.rig.posted()

    approved, edited = await count(group, "approved"), await count(group, "edited")
    assert approved + edited == 1
    assert len(group.posts()) == approved
    assert await group.state() == (TaskState.DONE if approved else TaskState.DRAFT)


@pytest.mark.parametrize("left_s", [-0.001, 0.001])
async def test_of_an_approval_and_the_end_of_its_time_one_wins(group, left_s):
    await group.share(approves="admins")
    await group.ask()
    group.rig.clock.now = (await group.task()).wake_at - timedelta(seconds=left_s)

    async with group.rig.working():
        await group.dan.press("Approve")
        async with asyncio.timeout(60):
            while await group.state() not in (TaskState.DONE, TaskState.EXPIRED):
                await asyncio.sleep(0.05)

    is_done = await group.state() == TaskState.DONE
    assert is_done == (left_s > 0)
    assert len(group.posts()) == await count(group, "approved") == int(is_done)


async def test_what_is_frozen_while_it_goes_out_was_sent_before_or_is_not(group):
    grant = await group.share(approves="nobody")
    await group.ask()

    await asyncio.gather(group.rig.posted(), freeze(group, grant))

    async with group.db.begin() as session:
        sent_at = await session.scalar(select(Write.sent_at))
    assert len(group.posts()) == (0 if sent_at is None else 1)
    assert await group.state() == (TaskState.DUE if sent_at is None else TaskState.DONE)


async def freeze(group, grant):
    async with group.db.begin() as session:
        row = await session.get(Grant, grant.id)
        return await grants.freeze(session, row, by=group.dan.person, now=group.rig.clock.now)


async def test_an_owner_who_leaves_while_it_goes_out_stops_what_was_not_sent(group):
    await group.share(approves="nobody")
    group.rig.telegram.set_member(group.chat, group.ada.person, "left")
    group.rig.waiting()
    await group.ask()

    await group.rig.posted()

    assert group.posts() == []
    async with group.db.begin() as session:
        assert (await session.scalar(select(Grant.state))) == GrantState.SUSPENDED
