"""Who leaves a group, on both databases: what they asked for there ends, their votes on what waits go."""

import pytest

from storage import leaving, tasks, votes
from storage.tables import TaskState, Verdict, Vote
from tests.builders import NOW, add_connection, add_grant, add_group, add_person, add_task

CHAT, ADA, BEN = -500, 101, 102
HASH = "c" * 64


@pytest.fixture
async def connection(database, a_person, vault):
    await add_person(database, BEN, "Ben")
    made = await add_connection(database, vault)
    await add_grant(database, await add_group(database, CHAT), made, approves="admins")
    return made


async def task_of(db, connection, person_id, number, state, **changes):
    values = {"id": f"{number:026d}", "chat_id": CHAT, "source_message_id": number, "state": state}
    return await add_task(db, person_id=person_id, connection_id=connection.id, **values | changes)


async def left(db):
    """Let Ben leave; gives the ids of what is to be shown."""
    async with db.begin() as session:
        return [task.id for task in (await leaving.left(session, chat_id=CHAT, person_id=BEN)).asked]


async def state_of(db, task):
    async with db.begin() as session:
        return (await tasks.get(session, task.id)).state


@pytest.mark.parametrize("state", [TaskState.DRAFT, TaskState.WAITING, TaskState.SCHEDULED])
async def test_what_is_not_out_ends(database, connection, state):
    task = await task_of(database, connection, BEN, 1, state)

    shown = await left(database)

    assert await state_of(database, task) == TaskState.CANCELLED
    assert shown == ([] if state == TaskState.DRAFT else [task.id])


@pytest.mark.parametrize("state", [TaskState.DUE, TaskState.RUNNING, TaskState.ASKING, TaskState.DONE])
async def test_what_may_be_out_is_left_alone(database, connection, state):
    task = await task_of(database, connection, BEN, 1, state)

    assert await left(database) == []

    assert await state_of(database, task) == state


async def test_what_others_asked_for_and_what_is_elsewhere_stays(database, connection):
    adas = await task_of(database, connection, ADA, 1, TaskState.WAITING)
    elsewhere = await task_of(database, connection, BEN, 2, TaskState.DRAFT, chat_id=-501)

    await left(database)

    assert await state_of(database, adas) == TaskState.WAITING
    assert await state_of(database, elsewhere) == TaskState.DRAFT


@pytest.mark.parametrize(("state", "stays"), [(TaskState.WAITING, False), (TaskState.SCHEDULED, True)])
async def test_votes_on_what_waits_are_taken_back_and_counted_ones_are_asked_about_later(
    database, connection, state, stays
):
    task = await task_of(database, connection, ADA, 1, state, content_hash=HASH)
    async with database.begin() as session:
        vote = {"content_hash": HASH, "verdict": Verdict.YES, "voted_at": NOW}
        session.add(Vote(task_id=task.id, person_id=BEN, **vote))

    await left(database)

    async with database.begin() as session:
        found = await votes.of_task(session, await tasks.get(session, task.id))
    assert [vote.person_id for vote in found] == ([BEN] if stays else [])


async def test_leaving_twice_comes_to_the_same(database, connection):
    await task_of(database, connection, BEN, 1, TaskState.WAITING)
    await left(database)

    assert await left(database) == []
