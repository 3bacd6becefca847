"""What stops a post comes at the moment it goes out, at another replica: it went out before, or it did not.

Nothing is lost by it: what was stopped and is let go on goes out once.
"""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.edge import Outcome
from storage import grants, groups, log
from storage.tables import Grant, GrantState, GroupState, Task, TaskState, Write
from tests.journeys.rig import Clock
from tests.journeys.test_group_approval import voting_of
from tests.journeys.test_races import at_once, pressed

#: When the other comes: Telegram was just asked about the people in the group, or the fence just opened.
MOMENTS = ("asked", "open")
#: Seconds that one of two waits.
DELAYS = (0.0, 0.01, 0.03)


@pytest.fixture
async def group(rig_on_each):
    """Give a group with two replicas of the bot, in which Dan and Eve are admins and nobody has to approve."""
    await rig_on_each.replica()
    found = await voting_of(rig_on_each)
    found.eve = await found.admin("Eve")
    found.grant = await found.share(approves="nobody")
    return found


async def entries(group):
    """List what the log tells; its chain is whole."""
    async with group.db.begin() as session:
        found = await groups.find(session, group.chat)
        assert await log.check(session, group.rig.app.doors.vault, found.id) is None
        return [(entry.act, entry.actor_id) for entry in await log.entries_of(session, found.id)]


async def acts(group):
    return [act for act, _ in await entries(group)]


async def grant_of(group):
    async with group.db.begin() as session:
        return (await session.scalars(select(Grant).order_by(Grant.id.desc()))).first()


async def is_at(group, moment, asked_before):
    if moment == "asked":
        return len(group.rig.bot_calls("getChatMember")) > asked_before
    async with group.db.begin() as session:
        newest = await session.scalar(select(func.max(Task.id)))
        return await session.scalar(select(Write.sent_at).where(Write.task_id == newest)) is not None


async def race(group, moment, stop):
    """Let Ben's post go out while somebody stops it; tells whether it was sent, after looking that all agree."""
    before, told = len(group.posts()), (await acts(group)).count("sent")
    await group.ben.say(f"/tweet It is {group.rig.clock.now:%c} and {len(group.rig.history)}")
    await group.ben.press("Post")

    asked_before = len(group.rig.bot_calls("getChatMember"))

    async def later():
        while not await is_at(group, moment, asked_before):
            await asyncio.sleep(0.002)
        await stop()

    await asyncio.gather(group.rig.posted(), later())
    # What was stopped at the fence is tried again.
    group.rig.clock.advance(seconds=10)
    await group.rig.posted()
    async with group.db.begin() as session:
        task = (await session.scalars(select(Task).order_by(Task.id.desc()))).first()
        write = await session.get(Write, (task.id, 0))
    is_sent = write is not None and write.sent_at is not None
    assert len(group.posts()) == before + is_sent
    assert is_sent or moment == "asked"
    assert (task.state == TaskState.DONE) is is_sent
    assert (await acts(group)).count("sent") == told + is_sent
    return is_sent


async def given(group, *updates):
    """Let the other replica deal with updates."""
    for update in updates:
        await group.rig.give(update, group.rig.replicas[1])


async def press_waits(group, phone, label, message=None):
    """Let somebody press, and give what brings it to the other replica."""
    taken, answers = await pressed(group.rig, (phone, label, message))

    async def bring():
        await given(group, *taken)
        return (await answers[0]).get("text") or ""

    return bring


async def test_an_owner_who_leaves_at_that_moment(group):
    group.rig.telegram.set_member(group.chat, group.rig.bot.id, "administrator")
    await group.rig.deliver()
    for moment in MOMENTS:

        async def leave():
            group.rig.telegram.set_member(group.chat, group.ada.person, "left")
            await given(group, *group.rig.waiting())

        await race(group, moment, leave)
        assert (await grant_of(group)).state == GrantState.SUSPENDED
        assert any("is not used here any more" in text for text in group.ben.texts)
        await back(group)
    assert len(group.posts()) == len(MOMENTS)


async def test_an_owner_who_leaves_at_that_moment_where_nobody_says_so(group):
    for moment in MOMENTS:

        async def leave():
            group.rig.telegram.set_member(group.chat, group.ada.person, "left")

        is_sent = await race(group, moment, leave)
        assert (await grant_of(group)).state == (GrantState.ACTIVE if is_sent else GrantState.SUSPENDED)
        await back(group)
    assert len(group.posts()) == len(MOMENTS)


async def back(group):
    """Let Ada be an admin again, and let what was held go on."""
    group.rig.telegram.set_member(group.chat, group.ada.person, "administrator")
    await group.rig.deliver()
    async with group.db.begin() as session:
        grant = await grants.get(session, group.grant.id)
        if grant.state == GrantState.SUSPENDED:
            await grants.resume(session, grant, now=group.rig.clock.now)
    await group.rig.posted()


async def test_it_is_frozen_and_thawed_at_that_moment(group):
    await group.dan.say("/policy")
    card = group.dan.with_button("❄️ Freeze")
    for moment in MOMENTS:
        freeze = await press_waits(group, group.dan, "❄️ Freeze", card)
        await race(group, moment, freeze)
        assert (await grant_of(group)).frozen_by == group.dan.person
        await group.dan.press("Unfreeze")
        await group.rig.posted()
    assert len(group.posts()) == len(MOMENTS)


async def test_its_policy_is_made_tighter_at_that_moment(group):
    for moment in MOMENTS:
        await open_policy(group)
        await group.ada.press("Who approves")
        tighten = await press_waits(group, group.ada, "▫️ Admins approve")
        is_sent = await race(group, moment, tighten)
        assert (await grant_of(group)).approves == "admins"
        if not is_sent:
            assert await group.state() == TaskState.WAITING
            assert "To be approved" in group.ben.text
            await group.dan.press("Approve")
            await group.rig.posted()
        async with group.db.begin() as session:
            await grants.change_policy(session, await grants.get(session, group.grant.id), approves="nobody")
    assert len(group.posts()) == len(MOMENTS)


async def open_policy(group):
    """Open the page of the one shared account in the private chat of its owner."""
    await group.ada.say("/policy")
    await group.ada.press(next(label for label in group.ada.buttons if group.ada.account in label))


async def test_it_is_taken_back_at_that_moment(group):
    sent = 0
    for number, moment in enumerate(MOMENTS, 1):
        await open_policy(group)
        await group.ada.press("Take it back")
        take_back = await press_waits(group, group.ada, "Yes, take it back")
        is_sent = await race(group, moment, take_back)
        sent += is_sent
        assert (await grant_of(group)).state == GrantState.ENDED
        assert sum("Not posted" in text for text in group.ben.texts) == number - sent
        await group.share(approves="nobody")
    assert len(group.posts()) == sent


# two people at once


async def test_of_a_freezing_and_a_thawing_at_once_the_log_tells_both_or_one_is_told(group):
    await group.dan.say("/policy")
    card = group.dan.with_button("❄️ Freeze")
    await group.dan.press("❄️ Freeze")

    toasts = await at_once(group.rig, (group.dan, "Unfreeze", None), (group.eve, "❄️ Freeze", card))

    told = [act for act in await entries(group) if act[0] in ("frozen", "thawed")]
    eve_froze = ("frozen", group.eve.person) in told
    assert told[:2] == [("frozen", group.dan.person), ("thawed", group.dan.person)]
    assert len(told) == 2 + eve_froze
    assert (await grant_of(group)).frozen_by == (group.eve.person if eve_froze else None)
    assert ("already" in toasts[1]) is not eve_froze


async def test_of_two_who_thaw_it_at_once_one_did_and_the_other_is_told(group):
    await group.dan.say("/policy")
    await group.dan.press("❄️ Freeze")
    shown = group.dan.with_button("Unfreeze")

    toasts = await at_once(group.rig, (group.dan, "Unfreeze", shown), (group.owner, "Unfreeze", shown))

    assert (await acts(group)).count("thawed") == 1
    assert (await grant_of(group)).frozen_at is None
    assert toasts[0] != toasts[1]


async def test_of_an_approval_and_the_end_of_its_time_at_once_one_wins_and_the_other_is_told(group):
    await tightened(group)
    ahead = Clock(group.rig.clock.now)
    late = await replica_by(group, ahead)
    approved = 0
    for moment in DELAYS:
        await group.ask(f"After {moment} s")
        ends = (await group.task()).wake_at
        # Two machines never have quite the same time: by one it is over, by the other not yet.
        group.rig.clock.now, ahead.now = ends - timedelta(milliseconds=1), ends
        approve = await press_waits(group, group.dan, "Approve")

        async def expire(after_s):
            await asyncio.sleep(after_s)
            await late.worker.wake()

        toast, _ = await asyncio.gather(approve(), expire(moment))
        await group.rig.posted()
        assert await group.state() in (TaskState.DONE, TaskState.EXPIRED)
        is_approved = await group.state() == TaskState.DONE
        approved += is_approved
        assert toast.startswith("Your vote counts" if is_approved else "Too late")
        assert len(group.posts()) == approved
    assert (await acts(group)).count("approved") == (await acts(group)).count("sent") == approved
    assert (await acts(group)).count("expired") == len(DELAYS) - approved


async def tightened(group):
    async with group.db.begin() as session:
        await grants.change_policy(session, await grants.get(session, group.grant.id), approves="admins")


async def replica_by(group, clock):
    """Start one more replica, which has a clock of its own."""
    group.rig.clock, usual = clock, group.rig.clock
    replica = await group.rig.replica()
    group.rig.clock = usual
    return replica


@pytest.fixture
async def small(rig_on_each):
    """Give a basic group with two replicas, in which a post of Ben's waits to be approved."""
    await rig_on_each.replica()
    group = await voting_of(rig_on_each, basic=True)
    await group.share(approves="admins")
    await group.ask()
    return group


async def to_the_end(group, update, replica):
    """Let a replica deal with an update, again while it is put off, as Telegram brings it again."""
    async with asyncio.timeout(20):
        while await group.rig.give(update, replica) is not Outcome.DONE:
            await asyncio.sleep(0.1)
            # What failed is claimed for a while.
            group.rig.clock.advance(seconds=10)


async def test_of_an_approval_and_a_new_id_of_the_group_at_once_nothing_is_lost(small):
    old, (one, other) = small.chat, small.rig.replicas
    (approve,), answers = await pressed(small.rig, (small.dan, "Approve", None))
    small.chat = small.rig.telegram.migrate(old)
    moves = [to_the_end(small, update, one) for update in small.rig.waiting()]
    await asyncio.gather(to_the_end(small, approve, other), *moves)
    toast = (await answers[0]).get("text") or ""
    await small.rig.posted()

    if not small.posts():
        assert not toast.startswith("Your vote counts")
        assert await small.state() == TaskState.WAITING
        await small.dan.in_group(small.chat).press("Approve")
        await small.rig.posted()
    assert small.posts() == ["Hello from the group"]
    assert (await acts(small)).count("approved") == 1
    async with small.db.begin() as session:
        left = await groups.find(session, old)
    assert left is None or left.state == GroupState.GONE


async def test_told_by_both_chats_at_once_the_group_has_moved_once(small):
    small.chat = small.rig.telegram.migrate(small.chat)
    moves = [update for update in small.rig.waiting() if "migrate" in str(update)]

    each = zip(moves, small.rig.replicas, strict=True)
    await asyncio.gather(*(to_the_end(small, update, replica) for update, replica in each))

    assert (await acts(small)).count("moved") == 1
    assert any("To be approved" in text for text in small.ben.in_group(small.chat).texts)
