"""A group votes on what it posts: who may, who may not, what an edit voids, and what becomes of a no."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import grants, log
from storage.tables import Grant, GrantState, Person, Task, TaskState
from tests.journeys.test_group_posting import Group, group_of

ACTS = ("asked", "voted_yes", "approved", "voted_no", "rejected", "expired", "edited", "cancelled")


class Voting(Group):
    """Ada owns the account and Dan is an admin; Ben asks, Cleo is a member."""

    async def admin(self, name):
        phone = await self.rig.phone(name)
        self.rig.telegram.set_member(self.chat, phone.person, "administrator")
        await self.rig.deliver()
        return phone.in_group(self.chat)

    async def named(self, grant, *phones, role="approves"):
        async with self.db.begin() as session:
            row = await session.get(Grant, grant.id)
            await grants.put_people(session, row, role, [phone.person for phone in phones])

    async def change(self, phone, status):
        self.rig.telegram.set_member(self.chat, phone.person, status)
        await self.rig.deliver()

    async def task(self):
        async with self.db.begin() as session:
            return (await session.scalars(select(Task).order_by(Task.id.desc()))).first()

    async def state(self):
        return (await self.task()).state

    async def acts(self):
        async with self.db.begin() as session:
            group = await session.scalar(select(Grant.group_id))
            return [entry.act for entry in await log.entries_of(session, group) if entry.act in ACTS]

    async def ask(self, words="Hello from the group"):
        """Let Ben ask for a post."""
        await self.ben.say(f"/tweet {words}")
        await self.ben.press("Post")


async def voting_of(rig, **kind):
    plain = await group_of(rig, **kind)
    found = object.__new__(Voting)
    found.__dict__.update(plain.__dict__)
    found.dan = await found.admin("Dan")
    return found


@pytest.fixture
async def group(make_rig):
    return await voting_of(await make_rig())


async def test_what_an_admin_approves_goes_out(group):
    await group.share(approves="admins")

    await group.ask()
    assert "To be approved" in group.dan.text
    assert "Asked for by Ben" in group.dan.text
    assert "No vote yet, one is needed" in group.dan.text
    toast = await group.dan.press("Approve")
    assert toast == "Your vote counts."
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]
    assert "Posted" in group.ben.text
    assert await group.acts() == ["asked", "voted_yes", "approved"]


async def test_two_of_them_where_two_are_needed(group):
    eve = await group.admin("Eve")
    await group.share(approves="admins", votes_needed=2)
    await group.ask()

    await group.dan.press("Approve")
    assert "1 of 2 votes: Dan" in group.ben.text
    await group.rig.posted()
    assert group.posts() == []

    await group.dan.press("Approve")
    assert await group.state() == TaskState.WAITING
    await eve.press("Approve")
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]


async def test_nobody_approves_their_own_and_no_member_where_admins_do(group):
    await group.share(approves="admins")
    await group.ask()

    assert "Nobody votes on what they asked for" in await group.ben.press("Approve")
    assert "this was no vote" in await group.cleo.press("Approve")
    assert "this was no vote" in await group.cleo.press("Reject")

    await group.rig.posted()
    assert (await group.state(), group.posts()) == (TaskState.WAITING, [])
    assert await group.acts() == ["asked"]


async def test_who_was_an_admin_a_second_ago_approves_nothing(group):
    await group.share(approves="admins")
    await group.ask()
    shown = group.dan.with_button("Approve")
    await group.change(group.dan, "member")

    assert "this was no vote" in await group.dan.press("Approve", message=shown)
    assert await group.state() == TaskState.WAITING


async def test_the_owner_needs_nobody_where_the_policy_says_so(group):
    await group.share(approves="admins", unapproved="owner")

    await group.owner.say("/tweet Mine")
    await group.owner.press("Post")
    await group.rig.posted()

    assert group.posts() == ["Mine"]


async def test_named_people_approve_in_their_order(group):
    grant = await group.share(approves="named", votes_needed=2, in_order=True)
    await group.named(grant, group.cleo, group.dan)
    await group.ask()
    assert "It is Cleo's turn" in group.ben.text

    assert "not your turn yet" in await group.dan.press("Approve")
    await group.cleo.press("Approve")
    assert "It is Dan's turn" in group.ben.text
    await group.dan.press("Approve")
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]


async def test_a_no_ends_it_with_a_reason(group):
    await group.share(approves="admins")
    await group.ask()

    await group.dan.press("Reject")
    assert "why not?" in group.dan.text
    assert await group.state() == TaskState.WAITING
    await group.dan.say("Too loud", reply_to=group.dan.last["message_id"])

    assert await group.state() == TaskState.REJECTED
    assert "Rejected by Dan" in group.ben.text
    assert "Too loud" in group.ben.text
    assert "Dan has rejected this" in await group.owner.press_data(
        f"a_yes:{(await group.task()).id}:1", group.dan.last
    )
    assert await group.acts() == ["asked", "voted_no", "rejected"]
    await group.rig.posted()
    assert group.posts() == []


async def test_pressed_twice_it_is_rejected_without_a_reason(group):
    await group.share(approves="admins")
    await group.ask()

    await group.dan.press("Reject")
    await group.dan.press("Reject")

    assert await group.state() == TaskState.REJECTED
    assert "Why:" not in group.ben.text


async def test_what_was_rejected_can_be_written_anew_and_needs_votes_of_its_own(group):
    await group.share(approves="admins")
    await group.ask()
    await group.dan.press("Reject")
    await group.dan.say("Too loud", reply_to=group.dan.last["message_id"])

    await group.ben.press("Bring it back")
    await group.ben.press("Post")
    assert "No vote yet" in group.ben.text
    await group.dan.press("Approve")
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]


async def test_an_edit_voids_the_votes(group):
    eve = await group.admin("Eve")
    await group.share(approves="admins", votes_needed=2)
    await group.ask()
    old = group.dan.with_button("Approve")
    await group.dan.press("Approve")

    assert "Only who asked for it" in await group.dan.press("Edit text")
    await group.ben.press("Edit text")
    assert await group.state() == TaskState.DRAFT
    await group.ben.say("Hello, politely", reply_to=group.ben.last["message_id"])
    await group.ben.press("Post")
    assert "No vote yet" in group.ben.text

    data = old["inline_keyboard"][0][0]["data"]
    assert "needs votes of its own" in await eve.press_data(data, eve.last)
    await eve.press("Approve")
    await group.rig.posted()
    assert group.posts() == []
    await group.dan.press("Approve")
    await group.rig.posted()
    assert group.posts() == ["Hello, politely"]


async def test_without_votes_it_expires_after_a_day_and_the_author_is_told(group):
    await group.share(approves="admins")
    await group.ask()
    shown = group.dan.with_button("Approve")

    group.rig.clock.advance(hours=24, seconds=1)
    async with group.rig.working():
        await wait_for(group, TaskState.EXPIRED)

    assert "Ben, not enough people approved this" in group.ben.text
    data = shown["inline_keyboard"][0][0]["data"]
    assert "Too late" in await group.dan.press_data(data, group.dan.last)
    assert group.posts() == []
    assert await group.acts() == ["asked", "expired"]


async def wait_for(group, state):
    async with asyncio.timeout(60):
        while await group.state() != state or "⌛" not in group.ben.text:
            await asyncio.sleep(0.05)


async def test_of_two_who_come_at_once_the_second_is_told_by_whom(group):
    await group.share(approves="admins")
    await group.ask()
    shown = group.dan.with_button("Approve")
    await group.dan.press("Approve")

    assert "approved already: Dan" in await group.owner.press_data(
        shown["inline_keyboard"][0][0]["data"], shown
    )


async def test_a_vote_of_who_left_before_it_went_out_is_gone_and_the_group_reads_why(group):
    await group.share(approves="admins")
    await group.ask()
    await group.dan.press("Approve")
    group.rig.telegram.set_member(group.chat, group.dan.person, "member")

    await group.rig.posted()

    assert (await group.state(), group.posts()) == (TaskState.WAITING, [])
    assert "a vote is missing" in group.ben.text
    await group.owner.press("Approve")
    await group.rig.posted()
    assert group.posts() == ["Hello from the group"]


async def test_an_owner_who_is_no_admin_any_more_stops_what_was_approved(group):
    grant = await group.share(approves="admins")
    await group.ask()
    await group.dan.press("Approve")
    # The bot is no admin: it learns it only by asking.
    group.rig.telegram.set_member(group.chat, group.ada.person, "member")
    group.rig.waiting()

    await group.rig.posted()

    assert group.posts() == []
    assert any("not used here any more" in text for text in group.ben.texts)
    async with group.db.begin() as session:
        assert (await session.get(Grant, grant.id)).state == GrantState.SUSPENDED


async def test_a_planned_post_waits_for_votes_and_then_for_its_moment(group):
    await group.share(approves="admins", kinds="post schedule")
    await group.ben.say("/drafts")
    async with group.db.begin() as session:
        (await session.get(Person, group.ben.person)).zone = "Europe/Berlin"
    await group.ben.say("/schedule in 2 hours Good evening")
    await group.ben.press("Schedule")
    assert "With votes enough it goes out on" in group.ben.text

    await group.dan.press("Approve")
    assert await group.state() == TaskState.SCHEDULED
    group.rig.clock.advance(hours=2, seconds=1)
    await group.rig.posted()

    assert group.posts() == ["Good evening"]


async def test_an_admin_and_the_author_can_cancel_what_waits_others_not(group):
    await group.share(approves="admins")
    await group.ask()

    assert "Only who asked for it" in await group.cleo.press("Cancel")
    await group.dan.press("Cancel")

    assert await group.state() == TaskState.CANCELLED
    assert await group.acts() == ["asked", "cancelled"]


async def test_a_press_made_up_elsewhere_votes_for_nothing(group):
    await group.share(approves="admins")
    await group.ask()
    task = await group.task()
    mark = int(task.content_hash[:7], 16)
    private = group.dan.in_group(group.rig.bot.id)
    await private.say("/help")

    for data in (f"a_yes:{task.id}:{mark}", f"a_no:{task.id}:{mark}", f"a_edit:{task.id}:{task.version}"):
        await private.press_data(data, private.last)

    assert await group.state() == TaskState.WAITING
    assert await group.acts() == ["asked"]


async def test_quiet_hours_hold_what_was_approved_and_the_card_says_so(group):
    now = group.rig.clock.now
    hours = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    await group.share(approves="admins", quiet=hours)
    await group.ask()
    await group.dan.press("Approve")
    await group.rig.posted()
    assert "These are quiet hours" in group.ben.text

    group.rig.clock.advance(hours=1, minutes=1)
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]


async def test_where_telegram_says_nothing_it_waits_and_the_card_says_so(group):
    await group.share(approves="admins")
    await group.ask()
    await group.dan.press("Approve")
    match = {"method": "getChatMember"}
    group.rig.telegram.fault("user_not_found", group.rig.bot, times=20, match=match)
    await group.rig.posted()
    assert "does not tell me who is in this group" in group.ben.text

    group.rig.telegram.control("DELETE", "/faults")
    group.rig.clock.advance(minutes=2)
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]


async def test_a_link_the_policy_forbids_by_now_does_not_go_out(group):
    grant = await group.share(approves="admins", links=True)
    await group.ask("See example.com")
    await group.dan.press("Approve")
    async with group.db.begin() as session:
        await grants.change_policy(session, await session.get(Grant, grant.id), links=False)

    await group.rig.posted()

    assert group.posts() == []
    assert "Links are not allowed" in group.ben.text


async def test_whom_the_group_may_not_know_no_card_names(group):
    await group.share(approves="admins", names_author=False)
    await group.ask()
    assert "Ben" not in group.dan.text

    group.rig.clock.advance(hours=24, seconds=1)
    async with group.rig.working():
        await wait_for(group, TaskState.EXPIRED)

    assert "Ben" not in group.dan.text


async def test_after_the_group_became_a_supergroup_its_vote_goes_on_there(make_rig):
    group = await voting_of(await make_rig(), basic=True)
    await group.share(approves="admins")
    await group.ask()

    group.chat = group.rig.telegram.migrate(group.chat)
    await group.rig.deliver()
    dan = group.dan.in_group(group.chat)
    assert "To be approved" in dan.text
    await dan.press("Approve")
    await group.rig.posted()

    assert await group.state() == TaskState.DONE
