"""A policy that asks for fewer votes lets go what waits; one that asks for more holds what was approved."""

import pytest
from sqlalchemy import select

from storage import grants
from storage.tables import Grant, LogEntry, TaskState
from tests.journeys.test_group_approval import voting_of
from tests.journeys.test_group_approvers import called


@pytest.fixture
async def group(make_rig):
    return await voting_of(await make_rig())


async def policy(group, grant, choice):
    """Let Ada choose something on the private page of what she shares."""
    async with group.db.begin() as session:
        now = await session.get(Grant, grant.id)
    await group.ada.say("/policy")
    return await group.ada.press_data(f"pol_set:{grant.id}:{now.version}:{choice}", group.ada.last)


async def whys(group):
    async with group.db.begin() as session:
        found = await session.scalars(select(LogEntry).where(LogEntry.act == "approved"))
        return [entry.facts for entry in found]


async def test_what_has_enough_votes_by_a_smaller_number_goes_out(group):
    grant = await group.share(approves="admins", votes_needed=2)
    await group.ask("Has one vote")
    await group.dan.press("Approve")
    await group.cleo.say("/tweet Has none")
    await group.cleo.press("Post")

    assert await policy(group, grant, "votes.1") == "Changed."
    await group.rig.posted()

    assert group.posts() == ["Has one vote"]
    assert await whys(group) == ['{"why":"policy"}']
    assert any("Posted" in text for text in group.ben.texts)


async def test_where_nobody_approves_any_more_nothing_waits(group):
    grant = await group.share(approves="admins", kinds="post schedule")
    await group.ask("At once")

    await policy(group, grant, "approves.nobody")
    await group.rig.posted()

    assert group.posts() == ["At once"]


async def test_a_kind_that_needs_no_approval_by_now_goes_and_the_others_wait(group):
    grant = await group.share(approves="admins", kinds="post reply")
    await group.owner.say("/tweet First")
    await group.owner.press("Post")
    await group.dan.press("Approve")
    await group.rig.posted()
    (first,) = group.rig.posts(group.ada.account)
    await group.ben.say(f"/reply https://x.com/{group.ada.account}/status/{first['id']} An answer")
    await group.ben.press("Post")
    await group.cleo.say("/tweet A post")
    await group.cleo.press("Post")

    await policy(group, grant, "unapproved.reply")
    await group.rig.posted()

    assert sorted(group.posts()) == ["An answer", "First"]


async def test_what_an_admin_asked_for_goes_once_admins_need_no_approval(group):
    grant = await group.share(approves="admins")
    await group.ask("A member's")
    await group.dan.say("/tweet An admin's")
    await group.dan.press("Post")

    await policy(group, grant, "unapproved.admins")
    await group.rig.posted()

    assert group.posts() == ["An admin's"]


async def test_where_telegram_does_not_say_who_is_an_admin_it_goes_on_waiting(group):
    grant = await group.share(approves="admins")
    await group.dan.say("/tweet An admin's")
    await group.dan.press("Post")
    dan = {"method": "getChatMember", "user": group.dan.person}
    group.rig.telegram.fault("user_not_found", group.rig.bot, times=20, match=dan)

    await policy(group, grant, "unapproved.admins")
    await group.rig.posted()

    assert (await group.state(), group.posts()) == (TaskState.WAITING, [])


async def test_what_is_planned_waits_for_its_moment_and_its_card_says_so(group):
    grant = await group.share(approves="admins", kinds="post schedule")
    await group.ben.say("/schedule in 2 hours Good evening")
    await group.ben.press("London")
    await group.ben.press("Schedule")
    assert "To be approved" in group.ben.text

    await policy(group, grant, "approves.nobody")
    assert await group.state() == TaskState.SCHEDULED
    assert "Planned for" in group.ben.text
    group.rig.clock.advance(hours=2, seconds=1)
    await group.rig.posted()

    assert group.posts() == ["Good evening"]


async def test_who_is_named_by_now_may_have_approved_before(group):
    grant = await group.share(approves="named", votes_needed=2)
    await group.named(grant, group.cleo, group.dan)
    await group.ask()
    await group.dan.press("Approve")
    async with group.db.begin() as session:
        await grants.change_policy(session, await session.get(Grant, grant.id), in_order=True)

    assert await policy(group, grant, "votes.1") == "Changed."
    assert await group.state() == TaskState.WAITING
    async with group.db.begin() as session:
        now = await session.get(Grant, grant.id)
    await group.ada.say("/policy")
    await group.ada.press_data(
        f"pol_drop:{grant.id}:{now.version}:approves.{group.cleo.person}", group.ada.last
    )
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]


async def test_what_was_approved_under_a_looser_policy_does_not_go_out_under_a_tighter_one(group):
    grant = await group.share(approves="admins")
    await group.ask()
    await group.dan.press("Approve")
    assert await group.state() == TaskState.DUE

    await policy(group, grant, "votes.2")
    await group.rig.posted()

    assert (await group.state(), group.posts()) == (TaskState.WAITING, [])
    assert "it needs votes as things stand now" in group.ben.text


async def test_what_needed_no_votes_for_a_moment_needs_them_again_if_the_policy_says_so(group):
    grant = await group.share(approves="admins")
    await group.dan.say("/tweet An admin's")
    await group.dan.press("Post")
    await policy(group, grant, "unapproved.admins")
    assert await group.state() == TaskState.DUE

    await policy(group, grant, "unapproved.admins")
    await group.rig.posted()

    assert (await group.state(), group.posts()) == (TaskState.WAITING, [])


async def name_dan(group):
    """Let Ada name Dan as well, in reply to what he said."""
    said = group.dan.send("I am back")
    await group.rig.deliver()
    await group.owner.say("/policy", reply_to=said)
    await group.owner.press("▫️ Dan may approve")


async def test_who_is_named_to_approve_while_something_waits_is_called(group):
    grant = await group.share(approves="named")
    await group.named(grant, group.cleo)
    await group.ask()

    await name_dan(group)

    assert called(group) == [["Cleo"], ["Dan"]]
    await group.dan.press("Approve")
    await group.rig.posted()
    assert group.posts() == ["Hello from the group"]


async def test_in_order_who_is_named_by_now_is_called_in_their_turn(group):
    grant = await group.share(approves="named", votes_needed=2, in_order=True)
    await group.named(grant, group.cleo, group.owner)
    await group.ask()

    await name_dan(group)
    assert called(group) == [["Cleo"]]
    await group.cleo.press("Approve")

    assert called(group) == [["Cleo"], ["Ada"]]
