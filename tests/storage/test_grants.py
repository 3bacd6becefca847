"""Grants, on both databases: one for a group and a connection, stopped and let go by those who may."""

import asyncio
from datetime import timedelta

import pytest

from storage import accounts, connections, grants, groups, holds, runs, tasks, writes
from storage.runs import NotNow
from storage.tables import ConnectionState, GrantState, GroupState, Task, TaskState
from tests.builders import NOW, add_connection, add_grant, add_group, add_person, add_task

CHAT, ADA, BEN = -500, 101, 102
SOON = timedelta(seconds=30)


@pytest.fixture
async def connection(database, a_person, vault):
    """Give Ada's connection; Ben asks for tasks in the group."""
    await add_person(database, BEN, "Ben")
    return await add_connection(database, vault)


@pytest.fixture
async def group(database):
    return await add_group(database, CHAT)


@pytest.fixture
async def grant(database, group, connection):
    return await add_grant(database, group, connection)


async def asked(db, connection, number=1, **changes):
    """Put in what Ben asked for in the group, due."""
    values = {
        "id": f"{number:026d}",
        "chat_id": CHAT,
        "source_message_id": number,
        "state": TaskState.DUE,
        "due_at": NOW,
        "rights_checked_at": NOW,
    }
    return await add_task(db, person_id=BEN, connection_id=connection.id, run=1, **values | changes)


async def claim(db, task, by="a"):
    async with db.begin() as session:
        return await runs.claim(session, runs.name_of(task), by=by, now=NOW)


async def send(db, task, now=NOW):
    """Claim the task and ask at its fence."""
    await claim(db, task)
    async with db.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
        return await writes.send(session, task.id, 0, by="a", now=now) is not None


async def do(db, change, *arguments, **named):
    async with db.begin() as session:
        return await change(session, *arguments, **named)


async def share(db, group, connection, by=ADA, **policy):
    return await do(
        db, grants.share, group_id=group.id, connection_id=connection.id, by=by, now=NOW, **policy
    )


async def test_who_shares_gives_as_little_as_there_is(database, group, connection):
    made = await share(database, group, connection)

    assert (made.asks, made.kinds, made.approves, made.votes_needed) == (
        "admins",
        "post reply media",
        "admins",
        1,
    )
    assert (made.unapproved, made.links, made.names_author, made.quota_day) == ("", False, True, None)
    assert (made.cap_cents_100, made.person_cap_cents_100, made.frozen_at) == (None, None, None)


async def test_of_two_who_share_at_once_one_does(database, replica, group, connection):
    made = await asyncio.gather(*(share(db, group, connection) for db in (database, replica) * 4))

    assert len([one for one in made if one]) == 1


async def test_what_ended_is_shared_anew_as_another_grant(database, group, connection, grant):
    assert await share(database, group, connection) is None
    await do(database, grants.end, grant.id, now=NOW)

    again = await share(database, group, connection)

    assert again.id != grant.id
    assert [each.id for each in await do(database, grants.of_group, group.id)] == [again.id]


async def test_nobody_shares_what_is_not_theirs_or_where_the_bot_is_not(database, group, connection, vault):
    gone = await add_connection(database, vault, x_user_id="7009", token="9", state=ConnectionState.REVOKING)
    elsewhere = await add_group(database, -501, state=GroupState.LEFT)

    assert await share(database, group, connection, by=BEN) is None
    assert await share(database, group, gone) is None
    assert await share(database, elsewhere, connection) is None


async def test_a_group_uses_what_it_was_granted_and_nobody_his_own(database, group, connection, grant, vault):
    own = await add_connection(database, vault, person_id=BEN, x_user_id="7002", token="b", username="ben")

    in_group = await do(database, accounts.usable_ids, person_id=BEN, chat_id=CHAT)
    in_private = await do(database, accounts.usable_ids, person_id=BEN, chat_id=BEN)
    elsewhere = await do(database, accounts.usable_ids, person_id=BEN, chat_id=-999)

    assert (in_group, in_private, elsewhere) == ([connection.id], [own.id], [])


async def test_a_task_goes_through_a_grant_in_force(database, connection, grant):
    task = await asked(database, connection)

    assert (await do(database, accounts.of_task, task)).id == connection.id
    assert await send(database, task)


async def test_without_a_grant_nothing_is_sent_and_nothing_waits(database, group, connection):
    task = await asked(database, connection)

    assert await do(database, accounts.of_task, task) is None
    assert isinstance(await claim(database, task), Task)
    assert not await send(database, task)


async def test_a_grant_of_another_group_is_none(database, connection):
    await add_grant(database, await add_group(database, -501), connection)

    assert not await send(database, await asked(database, connection))


async def test_a_person_s_private_task_goes_by_their_own_connection_only(database, connection):
    bens = await asked(database, connection, chat_id=BEN)
    adas = await add_task(
        database, connection_id=connection.id, state=TaskState.DUE, due_at=NOW, run=1, source_message_id=2
    )

    assert not await send(database, bens)
    async with database.begin() as session:
        (await tasks.get(session, bens.id)).state = TaskState.FAILED
    assert await send(database, adas)


STOPS = {
    "suspended": lambda session, grant: grants.suspend(session, grant.id, "owner_left", now=NOW),
    "frozen": lambda session, grant: grants.freeze(session, grant, by=BEN, now=NOW),
    "bot_removed": lambda session, _: groups.left(session, CHAT, now=NOW),
}


@pytest.mark.parametrize("stop", STOPS)
async def test_what_is_stopped_holds_its_tasks_and_says_why(database, connection, grant, stop):
    task = await asked(database, connection)
    await do(database, STOPS[stop], grant)

    assert await claim(database, task) == NotNow("held")
    why = await do(database, holds.why_grant, task)
    assert why == {"suspended": "owner_left", "frozen": "grant_frozen"}.get(stop, stop)


@pytest.mark.parametrize("stop", STOPS)
async def test_what_runs_already_is_not_sent_once_its_grant_is_stopped(database, connection, grant, stop):
    task = await asked(database, connection)
    await claim(database, task)
    await do(database, STOPS[stop], grant)

    async with database.begin() as session:
        await writes.prepare(session, task.id, 0, x_user_id="7001", price=150)
        assert await writes.send(session, task.id, 0, by="a", now=NOW) is None


@pytest.mark.parametrize("stop", STOPS)
async def test_a_stopped_grant_stops_nobody_else_at_the_connection(database, connection, grant, stop):
    await asked(database, connection)
    other = await add_group(database, -501)
    await add_grant(database, other, connection)
    await do(database, STOPS[stop], grant)

    adas = await add_task(
        database, connection_id=connection.id, state=TaskState.DUE, due_at=NOW + SOON, run=1
    )
    theirs = await asked(database, connection, 3, chat_id=-501, due_at=NOW - SOON)

    assert isinstance(await claim(database, theirs), Task)
    async with database.begin() as session:
        (await tasks.get(session, theirs.id)).state = TaskState.DONE
    assert isinstance(await claim(database, adas), Task)


async def test_earlier_tasks_of_the_group_go_first_as_everywhere(database, connection, grant):
    await asked(database, connection)
    later = await asked(database, connection, 2, due_at=NOW + SOON)

    assert await claim(database, later) == NotNow("turn")


async def test_the_fence_believes_rights_for_a_minute(database, connection, grant):
    task = await asked(database, connection)

    assert not await send(database, task, now=NOW + timedelta(seconds=60))
    assert await send(database, task, now=NOW + timedelta(seconds=59))


async def test_the_fence_wants_rights_that_were_looked_at(database, connection, grant):
    assert not await send(database, await asked(database, connection, rights_checked_at=None))


async def test_what_waited_goes_on_when_the_grant_does(database, connection, grant):
    task = await asked(database, connection)
    held = await do(database, grants.suspend, grant.id, "owner_left", now=NOW)
    await claim(database, task)

    resumed = await do(database, grants.resume, held, now=NOW + SOON)

    assert (resumed.state, resumed.suspended_why) == (GrantState.ACTIVE, None)
    async with database.begin() as session:
        assert (await tasks.get(session, task.id)).wake_at == NOW + SOON
    assert await send(database, task)


async def test_what_waited_for_a_grant_that_ends_is_looked_at_and_not_sent(database, connection, grant):
    task = await asked(database, connection)
    await do(database, grants.freeze, grant, by=ADA, now=NOW)
    await claim(database, task)

    await do(database, grants.end, grant.id, now=NOW + SOON)

    async with database.begin() as session:
        assert (await tasks.get(session, task.id)).wake_at == NOW + SOON
    assert await do(database, accounts.of_task, task) is None
    assert not await send(database, task)


async def test_only_who_froze_or_owns_thaws(database, group, connection, grant):
    frozen = await do(database, grants.freeze, grant, by=BEN, now=NOW)
    assert await do(database, grants.freeze, grant, by=103, now=NOW) is None

    assert await do(database, grants.thaw, frozen, by=103, now=NOW) is None
    assert await do(database, grants.thaw, grant, by=BEN, now=NOW) is None
    thawed = await do(database, grants.thaw, frozen, by=BEN, now=NOW)
    again = await do(database, grants.freeze, thawed, by=BEN, now=NOW)
    assert (await do(database, grants.thaw, again, by=ADA, now=NOW)).frozen_at is None


@pytest.mark.parametrize(
    "change",
    [
        lambda session, grant: grants.change_policy(session, grant, asks="members"),
        lambda session, grant: grants.put_people(session, grant, "approves", [1, 2]),
        lambda session, grant: grants.suspend(session, grant.id, "owner_left", now=NOW),
        lambda session, grant: grants.freeze(session, grant, by=ADA, now=NOW),
        lambda session, grant: grants.end(session, grant.id, now=NOW),
    ],
)
async def test_of_many_who_change_a_grant_alike_one_does(database, replica, grant, change):
    changed = await asyncio.gather(*(do(db, change, grant) for db in (database, replica) * 4))

    assert [one.version for one in changed if one] == [2]


async def test_a_policy_has_its_own_columns_only(database, grant):
    with pytest.raises(ValueError, match="state"):
        await do(database, grants.change_policy, grant, state="ended")


async def test_the_people_of_a_policy_stand_in_their_order(database, grant):
    await do(database, grants.put_people, grant, "asks", [7])
    await do(database, grants.put_people, await do(database, grants.get, grant.id), "approves", [9, 3, 9, 5])

    assert await do(database, grants.people, grant.id, "approves") == [9, 3, 5]
    assert await do(database, grants.people, grant.id, "asks") == [7]


async def test_a_disconnected_connection_is_shared_with_nobody(database, connection, grant):
    await do(database, connections.disconnect, connection, NOW)

    assert (await do(database, grants.get, grant.id)).state == GrantState.ENDED


async def test_a_grant_frozen_at_the_very_moment_of_sending_stops_it_at_the_socket(
    database, replica, connection, grant
):
    task = await asked(database, connection)
    await claim(database, task)
    await do(database, writes.prepare, task.id, 0, x_user_id="7001", price=150)

    sent, frozen = await asyncio.gather(
        do(database, writes.send, task.id, 0, by="a", now=NOW),
        do(replica, grants.freeze, grant, by=ADA, now=NOW),
    )

    assert sent in (1, None)
    assert frozen is not None
    assert not await do(database, writes.is_sending, task.id, 0, attempt=1, by="a", now=NOW)


async def test_all_that_a_person_shares_is_suspended_at_once(database, grant, connection, vault):
    other = await add_grant(database, await add_group(database, -501), connection)
    await add_person(database, 103, "Chen")
    chens = await add_connection(database, vault, person_id=103, x_user_id="7003", token="7003-token")
    kept = await add_grant(database, await add_group(database, -502), chens)

    suspended = await do(database, grants.suspend_of, ADA, "owner_blocked", now=NOW)

    assert {each.id for each in suspended} == {grant.id, other.id}
    assert (await do(database, grants.get, kept.id)).state == GrantState.ACTIVE
    assert await do(database, grants.suspend_of, ADA, "owner_blocked", now=NOW) == []
