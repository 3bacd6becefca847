"""Every act of a group's log: people do it, or it happens to them, and /log says so in a sentence."""

import asyncio

import pytest

from storage import groups, log
from storage.tables import Grant, TaskState
from tasks.acts import Act
from tests.journeys.test_group_again import be_missed, refuse, zoned
from tests.journeys.test_group_approval import group, voting_of, wait_for  # noqa: F401 - the fixture
from tests.journeys.test_group_policy import pick_people
from tests.journeys.test_group_sharing import open_private


async def page(group):  # noqa: F811 - the fixture
    """Open the owner's page of what is shared."""
    await group.ada.say("/policy")
    (label,) = [label for label in group.ada.buttons if " in Group" in label]
    await group.ada.press(label)


async def share(group):  # noqa: F811 - the fixture
    await group.owner.say("/share")
    await open_private(group.ada, group.chat)
    (label,) = [label for label in group.ada.buttons if f"@{group.ada.account}" in label]
    await group.ada.press(label)


async def unshare(group):  # noqa: F811 - the fixture
    await group.share()
    await page(group)
    await group.ada.press("Take it back")
    await group.ada.press("Yes, take it back")
    # A log is read by whoever may use what is shared; of what is not any more, by admins.


async def change_policy(group):  # noqa: F811 - the fixture
    await group.share()
    await page(group)
    await group.ada.press("Allow links")


async def freeze(group):  # noqa: F811 - the fixture
    await group.share()
    await group.dan.say("/policy")
    await group.dan.press("❄️ Freeze")


async def thaw(group):  # noqa: F811 - the fixture
    await freeze(group)
    await group.dan.press("Unfreeze")


async def suspend(group):  # noqa: F811 - the fixture
    await group.share(approves="admins")
    await group.ask()
    await group.dan.press("Approve")
    group.rig.telegram.set_member(group.chat, group.ada.person, "member")
    group.rig.waiting()
    await group.rig.posted()


async def resume(group):  # noqa: F811 - the fixture
    await suspend(group)
    group.rig.telegram.set_member(group.chat, group.ada.person, "administrator")
    await page(group)
    await group.ada.press("Let it be used again")


async def hand_over(group):  # noqa: F811 - the fixture
    await group.share()
    await page(group)
    await group.ada.press("Hand over")
    dan = group.dan.in_group(group.rig.bot.id)
    await pick_people(group.ada, group.dan)
    await dan.start(group.dan.url("Accept").partition("start=")[2])
    await dan.press("Yes, I take it")


async def ask(group, **policy):  # noqa: F811 - the fixture
    await group.share(**{"approves": "admins"} | policy)
    await group.ask()


async def edit(group):  # noqa: F811 - the fixture
    await ask(group)
    await group.ben.press("Edit text")


async def approve(group):  # noqa: F811 - the fixture
    await ask(group)
    await group.dan.press("Approve")


async def reject(group):  # noqa: F811 - the fixture
    await ask(group)
    await group.dan.press("Reject")
    await group.dan.say("Not today", reply_to=group.dan.last["message_id"])


async def expire(group):  # noqa: F811 - the fixture
    await ask(group)
    group.rig.clock.advance(hours=24, seconds=1)
    async with group.rig.working():
        await wait_for(group, TaskState.EXPIRED)


async def cancel(group):  # noqa: F811 - the fixture
    await ask(group)
    await group.dan.press("Cancel")


async def be_refused(group):  # noqa: F811 - the fixture
    await group.share(asks="admins")
    await group.ben.say("/tweet Mine")


async def lose_a_vote(group):  # noqa: F811 - the fixture
    await ask(group, votes_needed=2)
    await group.dan.press("Approve")
    await group.change(group.dan, "left")
    await group.change(group.dan, "administrator")


async def lose_an_approval(group):  # noqa: F811 - the fixture
    await approve(group)
    group.rig.telegram.set_member(group.chat, group.dan.person, "member")
    await group.rig.posted()


async def miss(group):  # noqa: F811 - the fixture
    await group.share(kinds="post schedule")
    await zoned(group)
    await group.ben.say("/schedule in 2 hours Good evening")
    await group.ben.press("Schedule")
    await be_missed(group)


async def send(group):  # noqa: F811 - the fixture
    await group.share(kinds="post delete read")
    await group.ben.say("/tweet Hello")
    await group.post(group.ben)


async def fail(group):  # noqa: F811 - the fixture
    refuse(group)
    await send(group)


async def delete(group):  # noqa: F811 - the fixture
    await send(group)
    await group.ben.press("Delete")
    await group.ben.press("Yes, delete it")
    await group.rig.posted()


async def look_up(group):  # noqa: F811 - the fixture
    await send(group)
    await group.ben.say(f"/timeline @{group.ada.account}")
    await group.rig.posted()


async def export(group):  # noqa: F811 - the fixture
    await send(group)
    await group.dan.say("/log")
    dan = group.dan.in_group(group.rig.bot.id)
    await dan.start(group.dan.url("Open the private chat").partition("start=")[2])
    await dan.press("Save as a file")


async def move(group):  # noqa: F811 - the fixture
    await send(group)
    group.chat = group.rig.telegram.migrate(group.chat)
    await group.rig.deliver()
    group.dan = group.dan.in_group(group.chat)


async def move_twice_shared(group):  # noqa: F811 - the fixture
    grant = await group.share()
    old, new = group.chat, group.rig.telegram.migrate(group.chat)
    async with group.db.begin() as session:
        there = await groups.seen(session, new, "The same", now=group.rig.clock.now)
        session.add(
            Grant(
                group_id=there.id,
                connection_id=grant.connection_id,
                state="active",
                shared_by=group.ada.person,
                shared_at=group.rig.clock.now,
            )
        )
    group.chat = new
    await group.rig.deliver()
    group.dan = group.dan.in_group(new)
    assert old != new


#: How each act comes to be, and what /log says of it.
WRITTEN = {
    Act.SHARED: (share, "Ada shared @"),
    Act.UNSHARED: (unshare, "Ada took @"),
    Act.POLICY_CHANGED: (change_policy, "links: yes"),
    Act.FROZEN: (freeze, "Dan froze @"),
    Act.THAWED: (thaw, "Dan let @"),
    Act.SUSPENDED: (suspend, "was suspended: its owner is no admin"),
    Act.RESUMED: (resume, "Ada put @"),
    Act.HANDED_OVER: (hand_over, "over to Dan"),
    Act.ASKED: (ask, "Ben asked for a post from @"),
    Act.EDITED: (edit, "Ben changed what was asked"),
    Act.VOTED_YES: (approve, "Dan approved for @"),
    Act.APPROVED: (approve, "the last word was Dan's"),
    Act.VOTED_NO: (reject, "Dan voted against it"),
    Act.REJECTED: (reject, "“Not today”"),
    Act.EXPIRED: (expire, "Nobody approved it in time"),
    Act.CANCELLED: (cancel, "Dan cancelled it"),
    Act.REFUSED: (be_refused, "Ben was refused: they may not ask for that."),
    Act.VOTE_VOID: (lose_a_vote, "The approval of Dan for @"),
    Act.VOTES_ANEW: (lose_an_approval, "waits for approval again"),
    Act.MISSED: (miss, "reached too late"),
    Act.SENT: (send, "posted. It cost $0.015."),
    Act.FAILED: (fail, "It did not go out from @"),
    Act.DELETED: (delete, "was deleted."),
    Act.LOOKED_UP: (look_up, "looked something up on X"),
    Act.EXPORTED: (export, "Dan took this log away"),
    Act.MOVED: (move, "became a supergroup"),
    Act.DOUBLED: (move_twice_shared, "shared under both ids"),
}


def test_no_act_is_left_out():
    assert set(WRITTEN) == set(Act)


@pytest.mark.parametrize("act", Act)
async def test_it_is_written_down_and_said(make_rig, act):
    do, sentence = WRITTEN[act]
    group = await voting_of(await make_rig(), basic=do in (move, move_twice_shared))  # noqa: F811

    await do(group)

    async with group.db.begin() as session:
        here = await groups.find(session, group.chat)
        entries = await log.entries_of(session, here.id)
        assert await log.check(session, group.rig.app.doors.vault, here.id) is None
    assert [entry.act for entry in entries].count(act) == 1, [entry.act for entry in entries]
    await group.dan.say("/log")
    assert sentence in group.dan.text, group.dan.text


async def test_whose_turn_it_was_not_to_approve_is_written_down(make_rig):
    group = await voting_of(await make_rig())  # noqa: F811
    eve = await group.admin("Eve")
    grant = await group.share(approves="named", in_order=True, votes_needed=2)
    await group.named(grant, group.dan, eve)
    await group.ask()

    await eve.press("Approve")

    await group.dan.say("/log")
    assert "Eve was refused: it was not their turn." in group.dan.text


async def test_who_is_no_admin_and_would_share_is_written_down(make_rig):
    group = await voting_of(await make_rig())  # noqa: F811
    await group.share()

    await group.ben.say("/share")

    await group.dan.say("/log")
    assert "Ben was refused: they are no admin." in group.dan.text


async def test_a_vote_that_is_lost_before_it_goes_out_is_named_too(make_rig):
    group = await voting_of(await make_rig())  # noqa: F811

    await lose_an_approval(group)

    await group.owner.say("/log")
    assert "The approval of Dan for @" in group.owner.text


async def test_that_a_group_moved_is_written_down_by_whoever_is_told_first(make_rig):
    group = await voting_of(await make_rig(), basic=True)  # noqa: F811
    await ask(group)
    old, new = group.chat, group.rig.telegram.migrate(group.chat)
    told = group.rig.waiting()

    # The bot speaks first: Telegram answers it with the new id.
    group.rig.clock.advance(hours=24, seconds=1)
    async with group.rig.working(), asyncio.timeout(10):
        while not any("not enough people" in text for text in group.ben.in_group(new).texts):
            await asyncio.sleep(0.05)
    for update in told:
        await group.rig.give(update)

    async with group.db.begin() as session:
        assert await groups.find(session, old) is None
        here = await groups.find(session, new)
        acts = [entry.act for entry in await log.entries_of(session, here.id)]
    assert acts.count("moved") == 1


async def test_whoever_asked_is_told_in_private_that_it_expired_where_the_group_may_not_know_them(make_rig):
    group = await voting_of(await make_rig())  # noqa: F811
    await group.share(approves="admins", names_author=False)
    await group.ask()
    group.rig.clock.advance(hours=24, seconds=1)

    async with group.rig.working():
        await wait_for(group, TaskState.EXPIRED)

    private = group.ben.in_group(group.rig.bot.id)
    assert "Ben, not enough people approved this in time" in private.text
    assert not any("Ben, not" in text for text in group.dan.texts)
