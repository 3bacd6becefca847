"""A group's task is sent only while owner, author and voters are there, and the policy lets it go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage import grants, log, tasks, votes
from storage.tables import Grant, GrantState, Person, PersonState, TaskPart, TaskState, Verdict, Vote
from tasks import approval
from tasks.membership import Membership, Standing
from tests.builders import add_grant, add_group, add_person
from tests.tasks.test_run_parts import before_part
from twitter.client import X

CHAT, ADA, BEN, CHI, DAN = -500, 101, 102, 103, 104
ADMIN, MEMBER, LEFT = (Membership(each) for each in (Standing.ADMIN, Standing.MEMBER, Standing.LEFT))


class Room:
    """A group in which Ben, a member, asks for what goes out through Ada's account; Chi and Dan are admins."""

    def __init__(self, rig, group, grant):
        self.rig, self.group, self.grant_id = rig, group, grant.id
        self.members = {ADA: ADMIN, BEN: MEMBER, CHI: ADMIN, DAN: ADMIN}
        self.asked, self.suspended = [], []
        self.meanwhile = None
        rig.doors = replace(rig.doors, members=self.member, suspended=self.tell_suspended)

    async def member(self, chat_id, person_id):
        assert chat_id == CHAT
        self.asked.append(person_id)
        if self.meanwhile is not None:
            done, self.meanwhile = self.meanwhile, None
            await done()
        return self.members.get(person_id)

    async def tell_suspended(self, grant_id, thread_id):
        self.suspended.append(grant_id)

    async def task(self, text="Hello", by=BEN, **changes):
        return await self.rig.task(text, person_id=by, chat_id=CHAT, run=1, **changes)

    async def approved(self, *voters, **changes):
        """Put in a due task these people said yes to."""
        task = await self.task(**changes)
        async with self.rig.db.begin() as session:
            task = await session.merge(task)
            task.content_hash = approval.content_hash(task, [task.text], [])
            for person_id in voters:
                session.add(vote_of(task, person_id))
        return task

    async def change_policy(self, **policy):
        async with self.rig.db.begin() as session:
            await grants.change_policy(session, await grants.get(session, self.grant_id), **policy)

    async def grant(self):
        async with self.rig.db.begin() as session:
            return await session.get(Grant, self.grant_id, populate_existing=True)

    async def run(self, **more):
        (task,) = await self.rig.run(**more)
        return task

    async def acts(self):
        async with self.rig.db.begin() as session:
            return [entry.act for entry in await log.entries_of(session, self.group.id)]


def vote_of(task, person_id):
    return Vote(
        task_id=task.id,
        person_id=person_id,
        content_hash=task.content_hash,
        verdict=Verdict.YES,
        voted_at=datetime.now(UTC),
    )


@pytest.fixture
async def room(rig):
    for person_id, name in ((BEN, "Ben"), (CHI, "Chi"), (DAN, "Dan")):
        await add_person(rig.db, person_id, name)
    group = await add_group(rig.db, CHAT)
    grant = await add_grant(rig.db, group, rig.connection, asks="members")
    return Room(rig, group, grant)


async def test_it_goes_out_when_owner_and_author_are_there(room):
    await room.task()

    done = await room.run()

    assert (done.state, set(room.asked)) == (TaskState.DONE, {ADA, BEN})
    assert len(room.rig.posts()) == 1


async def test_what_a_person_sends_alone_asks_nobody(room):
    await room.rig.task()

    assert (await room.run()).state == TaskState.DONE
    assert room.asked == []


async def test_who_voted_is_asked_about_too(room):
    await room.change_policy(approves="admins", votes_needed=2)
    await room.approved(CHI, DAN)

    assert (await room.run()).state == TaskState.DONE
    assert set(room.asked) == {ADA, BEN, CHI, DAN}


@pytest.mark.parametrize("silent", [ADA, BEN, CHI])
async def test_no_answer_holds_it_and_it_goes_with_the_next(room, silent):
    await room.change_policy(approves="admins")
    await room.approved(CHI)
    there = room.members.pop(silent)

    held = await room.run()
    assert (held.state, held.outcome, room.rig.posts()) == (TaskState.DUE, "rights_unknown", [])
    assert room.rig.told == [held.id]

    room.members[silent] = there
    assert (await room.run(after=timedelta(minutes=2))).state == TaskState.DONE


async def test_no_answer_for_one_group_stops_nobody_else_who_uses_the_account(room):
    await room.task()
    room.members.pop(BEN)
    await room.run()

    await room.rig.task("Mine")

    assert (await room.run()).state == TaskState.DONE


@pytest.mark.parametrize(
    ("standing", "why"),
    [(MEMBER, "owner_not_admin"), (LEFT, "owner_left"), (Membership(Standing.BANNED), "owner_left")],
)
async def test_an_owner_without_ground_suspends_the_grant_and_the_group_is_told(room, standing, why):
    await room.task()
    room.members[ADA] = standing

    held = await room.run()

    grant = await room.grant()
    assert (held.state, held.wake_at, room.rig.posts()) == (TaskState.DUE, None, [])
    assert (grant.state, grant.suspended_why) == (GrantState.SUSPENDED, why)
    assert room.suspended == [grant.id]
    assert await room.acts() == ["suspended"]


async def test_an_owner_who_blocked_the_bot_suspends_the_grant(room):
    await room.task()
    async with room.rig.db.begin() as session:
        (await session.get(Person, ADA)).state = PersonState.LEFT

    await room.run()

    assert (await room.grant()).suspended_why == "owner_blocked"


async def test_of_a_resumed_grant_what_was_held_goes_on(room):
    await room.task()
    room.members[ADA] = LEFT
    await room.run()
    room.members[ADA] = ADMIN
    grant = await room.grant()
    async with room.rig.db.begin() as session:
        await grants.resume(session, grant, now=datetime.now(UTC))

    assert (await room.run(after=timedelta(seconds=1))).state == TaskState.DONE


async def test_what_somebody_asked_for_who_left_is_not_sent(room):
    await room.task()
    room.members[BEN] = LEFT

    failed = await room.run()

    assert (failed.state, failed.outcome, room.rig.posts()) == (TaskState.FAILED, "author_left", [])


async def test_an_author_who_was_an_admin_a_second_ago_is_none(room):
    await room.change_policy(asks="admins")
    await room.task(by=CHI)
    room.members[CHI] = MEMBER

    failed = await room.run()

    assert (failed.state, failed.outcome, room.rig.posts()) == (TaskState.FAILED, "not_allowed", [])


async def test_a_vote_of_somebody_who_left_is_none_and_votes_are_asked_for_again(room):
    await room.change_policy(approves="admins", votes_needed=2)
    task = await room.approved(CHI, DAN)
    room.members[DAN] = LEFT

    waits = await room.run()

    assert (waits.state, waits.outcome, room.rig.posts()) == (TaskState.WAITING, "voter_gone", [])
    assert waits.wake_at > datetime.now(UTC) + timedelta(hours=23)
    async with room.rig.db.begin() as session:
        assert (await votes.tally(session, waits)).yes == [CHI]
        # Should nobody have heard it, it is told again.
        assert [each.id for each in await tasks.untold(session, datetime.now(UTC))] == [task.id]
    assert "vote_void" in await room.acts()
    assert room.rig.told == [task.id]


async def test_with_votes_to_spare_it_goes_without_the_one_who_left(room):
    await room.change_policy(approves="admins", votes_needed=1)
    await room.approved(CHI, DAN)
    room.members[DAN] = LEFT

    assert (await room.run()).state == TaskState.DONE


async def test_what_was_changed_behind_the_votes_waits_for_new_ones(room):
    await room.change_policy(approves="admins")
    task = await room.approved(CHI)
    async with room.rig.db.begin() as session:
        (await session.get(type(task), task.id)).text = "Something else"

    waits = await room.run()

    assert (waits.state, waits.outcome, room.rig.posts()) == (TaskState.WAITING, "votes_anew", [])
    async with room.rig.db.begin() as session:
        assert (await votes.tally(session, waits)).yes == []


async def test_a_policy_that_wants_votes_by_now_gets_them(room):
    await room.task()
    await room.change_policy(approves="admins")

    waits = await room.run()

    assert (waits.state, waits.outcome, room.rig.posts()) == (TaskState.WAITING, "votes_anew", [])
    assert waits.content_hash is not None


async def test_a_policy_changed_while_telegram_is_asked_is_looked_at_again(room):
    await room.task()
    room.meanwhile = lambda: room.change_policy(asks="admins")

    failed = await room.run()

    assert (failed.state, failed.outcome, room.rig.posts()) == (TaskState.FAILED, "not_allowed", [])


async def test_a_policy_tightened_while_it_waits_for_another_try_is_looked_at_before_that(
    room, unused_origin
):
    await room.change_policy(links=True)
    await room.task("See example.com")
    x = X(unused_origin)
    waits = await room.run(doors=replace(room.rig.doors, x=x))
    x.close()
    assert (waits.state, waits.outcome) == (TaskState.DUE, "x_unavailable")
    await room.change_policy(links=False)

    failed = await room.run(after=timedelta(seconds=3))

    assert (failed.state, failed.outcome) == (TaskState.FAILED, "link_not_allowed")
    assert room.rig.posts() == []


async def test_a_planned_one_waits_for_votes_no_longer_than_it_may_be_late(room):
    await room.change_policy(approves="admins", kinds="post schedule")
    task = await room.approved(promised=True)

    waits = await room.run()

    assert (waits.state, waits.promised) == (TaskState.WAITING, False)
    assert waits.wake_at < task.due_at + timedelta(minutes=6)


async def test_in_quiet_hours_it_waits_until_they_end_and_stops_nobody_else(room):
    now = datetime.now(UTC)
    ends = now + timedelta(hours=2)
    await room.change_policy(quiet=f"{now - timedelta(hours=1):%H:%M}-{ends:%H:%M}")
    await room.task()

    held = await room.run()
    assert (held.state, held.outcome, room.rig.posts()) == (TaskState.DUE, "quiet", [])
    assert held.wake_at == ends.replace(second=0, microsecond=0)
    await room.rig.task("Mine")
    assert (await room.run()).state == TaskState.DONE

    assert (await room.run(after=timedelta(hours=3))).state == TaskState.DONE


async def test_a_planned_one_that_quiet_hours_held_is_not_missed(room):
    now = datetime.now(UTC)
    await room.change_policy(
        kinds="post schedule", quiet=f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    )
    await room.task(promised=True)
    held = await room.run()

    assert held.outcome == "quiet"
    assert (await room.run(after=held.wake_at - now + timedelta(seconds=5))).state == TaskState.DONE


async def test_a_connection_taken_back_from_the_group_sends_nothing(room):
    await room.task()
    async with room.rig.db.begin() as session:
        await grants.end(session, room.grant_id, now=datetime.now(UTC))

    assert (await room.run()).outcome == "no_connection"
    assert room.rig.posts() == []


async def test_frozen_while_telegram_is_asked_it_is_not_sent(room):
    task = await room.task()

    async def freeze():
        grant = await room.grant()
        async with room.rig.db.begin() as session:
            await grants.freeze(session, grant, by=CHI, now=datetime.now(UTC))

    room.meanwhile = freeze
    held = await room.run()

    assert (held.state, room.rig.posts()) == (TaskState.DUE, [])
    assert (await room.rig.write(task.id)).attempts == 0


async def test_a_vote_taken_back_while_telegram_is_asked_is_missing(room):
    await room.change_policy(approves="admins")
    task = await room.approved(CHI)

    async def withdraw():
        async with room.rig.db.begin() as session:
            await votes.withdraw(session, task.id, CHI)

    room.meanwhile = withdraw
    waits = await room.run()

    assert (waits.state, room.rig.posts()) == (TaskState.WAITING, [])


async def test_what_is_half_out_is_not_voted_on_again_but_stops(room):
    await room.change_policy(approves="admins")
    task, passed = await room.task("One"), []

    def a_voter_leaves():
        room.members[CHI] = LEFT
        passed.append(timedelta(seconds=30))

    doors = await before_part(room.rig, task, 1, a_voter_leaves)
    doors = replace(doors, clock=lambda: datetime.now(UTC) + sum(passed, timedelta(0)))
    async with room.rig.db.begin() as session:
        session.add(TaskPart(task_id=task.id, part=1, text="Two"))
        task = await tasks.get(session, task.id)
        task.content_hash = approval.content_hash(task, ["One", "Two"], await tasks.media(session, task.id))
        session.add(vote_of(task, CHI))

    stopped = await room.run(doors=doors)

    assert (stopped.state, stopped.outcome) == (TaskState.FAILED, "voter_gone")
    assert [post["text"] for post in room.rig.posts()] == ["One"]
