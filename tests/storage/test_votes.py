"""Votes, on both databases: enough of them for this content let a task go, once, and no others do."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from storage import grants, runs, tasks, votes, writes
from storage.tables import Task, TaskState, Verdict, Vote
from tests.builders import NOW, add_connection, add_grant, add_group, add_person, add_task

CHAT, AUTHOR = -500, 102
HOUR = timedelta(hours=1)
HASH = "a" * 64
YES, NO = Verdict.YES, Verdict.NO


@pytest.fixture
async def connection(database, a_person, vault):
    await add_person(database, AUTHOR, "Ben")
    return await add_connection(database, vault)


@pytest.fixture
async def group(database):
    return await add_group(database, CHAT)


async def granted(db, group, connection, *named, **policy):
    grant = await add_grant(db, group, connection, **{"approves": "admins", **policy})
    if named:
        await do(db, grants.put_people, grant, "approves", named)
    return grant


async def waiting(db, connection, number=1, **changes):
    """Put in Ben's task and ask for votes on it."""
    task = await add_task(
        db,
        id=f"{number:026d}",
        person_id=AUTHOR,
        chat_id=CHAT,
        source_message_id=number,
        connection_id=connection.id,
        rights_checked_at=NOW,
    )
    asked = {"version": 1, "content_hash": HASH, "expires_at": NOW + HOUR} | changes
    return await do(db, votes.ask, task.id, **asked)


async def do(db, change, *arguments, **named):
    async with db.begin() as session:
        return await change(session, *arguments, **named)


async def vote(db, task, person_id, verdict=YES, content_hash=HASH):
    """Vote and, as the press does, let the task go in the same transaction if that was enough."""
    async with db.begin() as session:
        is_asked = await votes.cast(
            session, task.id, person_id=person_id, content_hash=content_hash, verdict=verdict, now=NOW
        )
        approved = await votes.approve(session, task.id, content_hash=content_hash, now=NOW)
    return (approved and approved.state) if is_asked else "over"


async def test_a_draft_waits_for_votes_and_goes_with_enough(database, group, connection):
    await granted(database, group, connection, votes_needed=2)
    task = await waiting(database, connection)

    first = await vote(database, task, 1)
    again = await vote(database, task, 1)
    second = await vote(database, task, 2)

    assert (first, again, second) == (None, None, TaskState.DUE)
    async with database.begin() as session:
        now_is = await tasks.get(session, task.id)
        assert (now_is.run, now_is.due_at, now_is.wake_at) == (1, NOW, None)
        assert await votes.tally(session, now_is) == votes.Tally([1, 2], [], 2)


async def test_a_planned_task_waits_for_its_moment_once_it_is_approved(database, group, connection):
    await granted(database, group, connection)
    task = await waiting(database, connection, planned_for=NOW + HOUR)

    assert await vote(database, task, 1) == TaskState.SCHEDULED
    async with database.begin() as session:
        now_is = await tasks.get(session, task.id)
        assert (now_is.wake_at, now_is.due_at, now_is.promised, now_is.run) == (NOW + HOUR,) * 2 + (True, 0)


async def test_of_two_votes_at_once_that_are_enough_together_one_lets_it_go(
    database, replica, group, connection
):
    await granted(database, group, connection, votes_needed=2)
    for number in range(1, 6):
        task = await waiting(database, connection, number)

        states = await asyncio.gather(vote(database, task, 1), vote(replica, task, 2))

        assert sorted(map(str, states)) == sorted(["None", "due"])


async def test_a_no_counts_for_nothing_and_may_become_a_yes(database, group, connection):
    await granted(database, group, connection)
    task = await waiting(database, connection)

    assert await vote(database, task, 1, NO) is None
    assert await vote(database, task, 1, YES) == TaskState.DUE


async def test_nobodys_own_yes_lets_it_go(database, group, connection):
    await granted(database, group, connection)

    assert await vote(database, await waiting(database, connection), AUTHOR) is None


async def test_only_the_yes_of_the_named_counts_where_they_are_named(database, group, connection):
    await granted(database, group, connection, 7, 8, approves="named")
    task = await waiting(database, connection)

    assert await vote(database, task, 9) is None
    assert await vote(database, task, 8) == TaskState.DUE


async def test_in_order_a_yes_counts_once_all_before_have_said_it_and_the_author_is_passed_over(
    database, group, connection
):
    await granted(
        database, group, connection, AUTHOR, 7, 8, 9, approves="named", in_order=True, votes_needed=3
    )
    task = await waiting(database, connection)

    assert await vote(database, task, 9) is None
    assert await vote(database, task, 8) is None
    assert await vote(database, task, 7) == TaskState.DUE


async def test_asked_for_anew_nothing_that_was_said_counts(database, group, connection):
    await granted(database, group, connection, votes_needed=2)
    task = await waiting(database, connection)
    await vote(database, task, 1)

    await do(database, votes.void, task.id)

    async with database.begin() as session:
        assert (await votes.tally(session, task)).yes == []


async def test_a_vote_for_another_content_is_none(database, group, connection):
    await granted(database, group, connection)
    task = await waiting(database, connection)

    assert await vote(database, task, 1, content_hash="b" * 64) == "over"


async def test_an_edit_voids_what_was_said(database, group, connection):
    await granted(database, group, connection, votes_needed=2)
    task = await waiting(database, connection)
    await vote(database, task, 1)

    draft = await do(database, votes.take_back, task.id, version=task.version)
    again = await do(
        database,
        votes.ask,
        task.id,
        version=draft.version,
        content_hash="b" * 64,
        expires_at=NOW + HOUR,
    )

    assert (draft.state, draft.content_hash, draft.wake_at) == (TaskState.DRAFT, None, None)
    assert await vote(database, again, 2, content_hash="b" * 64) is None
    assert (await do(database, votes.tally, again)).yes == [2]


async def test_taking_back_sets_the_open_draft_aside_but_not_when_it_comes_too_late(
    database, group, connection
):
    await granted(database, group, connection)
    task = await waiting(database, connection)
    open_draft = await add_task(database, id="9" * 26, person_id=AUTHOR, chat_id=CHAT, source_message_id=9)

    assert await do(database, votes.take_back, task.id, version=task.version + 1) is None
    assert (await do(database, tasks.get, open_draft.id)).state == TaskState.DRAFT
    assert await do(database, votes.take_back, task.id, version=task.version) is not None
    assert (await do(database, tasks.get, open_draft.id)).state == TaskState.CANCELLED


async def test_approving_rejecting_and_editing_at_once_one_wins(database, replica, group, connection):
    await granted(database, group, connection)
    for number in range(1, 6):
        task = await waiting(database, connection, number)

        results = await asyncio.gather(
            vote(database, task, 1),
            do(replica, votes.reject, task.id, content_hash=HASH, now=NOW),
            do(replica, votes.take_back, task.id, version=task.version),
        )

        won = [one for one in results if one not in (None, "over")]
        assert len(won) == 1
        await do(database, tasks.set_aside_draft, chat_id=CHAT, person_id=AUTHOR)


async def test_what_is_rejected_is_over(database, group, connection):
    await granted(database, group, connection)
    task = await waiting(database, connection)

    gone = await do(database, votes.reject, task.id, content_hash=HASH, now=NOW)

    assert (gone.state, gone.wake_at) == (TaskState.REJECTED, None)
    assert await vote(database, task, 1) == "over"


async def test_what_found_no_votes_in_time_expires_once_and_is_told(database, replica, group, connection):
    await granted(database, group, connection)
    late = await waiting(database, connection, 1, expires_at=NOW)
    await waiting(database, connection, 2)

    taken = await asyncio.gather(*(do(db, votes.expire, NOW) for db in (database, replica) * 2))

    assert [task.id for each in taken for task in each] == [late.id]
    assert await vote(database, late, 1) == "over"
    assert [task.id for task in await do(database, tasks.untold, NOW)] == [late.id]


async def test_an_expired_vote_lets_nothing_go_though_nobody_ended_it_yet(database, group, connection):
    await granted(database, group, connection)

    assert await vote(database, await waiting(database, connection, expires_at=NOW), 1) is None


async def test_what_needs_no_votes_any_more_is_let_go_once(database, replica, group, connection):
    await granted(database, group, connection)
    task = await waiting(database, connection)

    gone = await asyncio.gather(*(do(db, votes.excuse, task.id, now=NOW) for db in (database, replica)))

    (went,) = [each for each in gone if each]
    assert (went.state, went.content_hash, went.run, went.due_at) == (TaskState.DUE, None, 1, NOW)
    assert await do(database, votes.has_enough, task.id)


async def test_what_is_excused_is_planned_for_its_moment_but_not_once_it_is_too_late(
    database, group, connection
):
    await granted(database, group, connection)
    planned = await waiting(database, connection, 1, planned_for=NOW + HOUR)
    late = await waiting(database, connection, 2, expires_at=NOW)

    went = await do(database, votes.excuse, planned.id, now=NOW)

    assert (went.state, went.wake_at, went.run) == (TaskState.SCHEDULED, NOW + HOUR, 0)
    assert await do(database, votes.excuse, late.id, now=NOW) is None


async def test_what_waits_under_a_grant_is_listed_and_nothing_else(database, group, connection):
    grant = await granted(database, group, connection)
    other = await add_group(database, CHAT - 1)
    elsewhere = await add_grant(database, other, connection, approves="admins")
    first, second = await waiting(database, connection, 1), await waiting(database, connection, 2)
    await vote(database, second, 1)

    for lock in (False, True):
        found = await do(database, votes.waiting, grant, lock=lock)
        assert [task.id for task in found] == [first.id]
    assert list(await do(database, votes.waiting, elsewhere)) == []


async def running(db, task):
    async with db.begin() as session:
        await session.execute(
            update(Task)
            .where(Task.id == task.id)
            .values(state=TaskState.DUE, run=1, due_at=NOW, rights_checked_at=NOW)
        )
    async with db.begin() as session:
        assert isinstance(await runs.claim(session, f"{task.id}~1", by="a", now=NOW), Task)
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)


async def send(db, task):
    return await do(db, writes.send, task.id, 0, by="a", now=NOW) is not None


async def test_the_fence_counts_the_votes_itself(database, group, connection):
    await granted(database, group, connection, votes_needed=2)
    task = await waiting(database, connection)
    await vote(database, task, 1)
    await running(database, task)

    assert not await send(database, task)
    async with database.begin() as session:
        session.add(Vote(task_id=task.id, person_id=2, content_hash=HASH, verdict=YES, voted_at=NOW))
    assert await send(database, task)


@pytest.mark.parametrize(
    "void",
    [
        {"verdict": NO},
        {"content_hash": "b" * 64},
        {"person_id": AUTHOR},
        {"person_id": 77},
    ],
)
async def test_the_fence_stays_shut_when_the_vote_is_not_good(database, group, connection, void):
    await granted(database, group, connection, 7, approves="named")
    task = await waiting(database, connection)
    await vote(database, task, 7)
    await running(database, await do(database, tasks.get, task.id))
    async with database.begin() as session:
        await session.execute(update(Vote).where(Vote.task_id == task.id).values(**void))

    assert not await send(database, task)
    assert not await do(database, votes.has_enough, task.id)


async def test_a_withdrawn_vote_counts_no_more(database, group, connection):
    await granted(database, group, connection)
    task = await waiting(database, connection)
    await vote(database, task, 1)

    assert await do(database, votes.has_enough, task.id)
    assert await do(database, votes.withdraw, task.id, 1)
    assert not await do(database, votes.withdraw, task.id, 1)
    assert not await do(database, votes.has_enough, task.id)


async def test_what_lost_its_votes_waits_for_them_again(database, group, connection):
    await granted(database, group, connection)
    task = await waiting(database, connection)
    await running(database, task)

    async with database.begin() as session:
        left = await runs.leave(session, task.id, by="a", to=TaskState.WAITING, now=NOW, wake_at=NOW + HOUR)

    assert left.state == TaskState.WAITING
    assert await vote(database, left, 1) == TaskState.DUE
    async with database.begin() as session:
        assert (await tasks.get(session, task.id)).run == 2
