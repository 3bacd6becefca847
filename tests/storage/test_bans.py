"""What a ban ends: the open authorization and what is due, but for what may be on X already."""

import pytest

from storage import authorizations, bans, tasks, writes
from storage.tables import AuthorizationState, TaskState, WriteState
from tests.builders import NOW, add_authorization, add_connection, add_person, add_task

ADA, BEN = 101, 102


async def _stop(db, person_id=ADA):
    async with db.begin() as session:
        await bans.stop(session, person_id, NOW)


async def _task(db, task_id):
    async with db.begin() as session:
        return await tasks.get(session, task_id)


async def test_an_open_authorization_ends(database, vault):
    await add_person(database)
    row = await add_authorization(database, vault)

    await _stop(database)

    async with database.begin() as session:
        ended = await authorizations.get(session, row.id, person_id=ADA)
    assert ended.state == AuthorizationState.CANCELLED


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (TaskState.DUE, TaskState.CANCELLED),
        (TaskState.DRAFT, TaskState.DRAFT),
        (TaskState.RUNNING, TaskState.RUNNING),
        (TaskState.DONE, TaskState.DONE),
    ],
)
async def test_what_is_due_is_cancelled_and_nothing_else(database, state, left):
    await add_person(database)
    task = await add_task(database, state=state, due_at=NOW)

    await _stop(database)

    assert (await _task(database, task.id)).state == left


@pytest.mark.parametrize(
    ("write", "left"),
    [
        (WriteState.PREPARED, TaskState.CANCELLED),
        (WriteState.SENDING, TaskState.DUE),
        (WriteState.UNKNOWN, TaskState.DUE),
    ],
)
async def test_what_x_may_have_done_is_still_looked_for(database, vault, write, left):
    await add_person(database)
    connection = await add_connection(database, vault)
    task = await add_task(database, state=TaskState.DUE, due_at=NOW, connection_id=connection.id)
    async with database.begin() as session:
        made = await writes.prepare(session, task.id, 0, x_user_id="7001", price=0)
        made.state = write

    await _stop(database)

    assert (await _task(database, task.id)).state == left


async def test_other_people_s_tasks_go_on(database):
    await add_person(database)
    await add_person(database, BEN, "Ben")
    task = await add_task(database, person_id=BEN, state=TaskState.DUE, due_at=NOW)

    await _stop(database)

    assert (await _task(database, task.id)).state == TaskState.DUE
