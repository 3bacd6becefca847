"""What a restored database is told: everything that may have been sent since the backup is looked for first."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import missed, restoring, writes
from storage.restoring import BEYOND, Since
from storage.tables import Schedule, ScheduleState, Task, TaskPart, TaskState, Write, WriteState
from tests.builders import NOW, add_connection, add_person, add_task

MADE = NOW - timedelta(hours=3)
SINCE = Since(MADE, NOW)


@pytest.fixture
async def connection(database, vault):
    await add_person(database)
    return await add_connection(database, vault)


@pytest.fixture
def add(database, connection):
    """Give what adds a task of a state, perhaps with a write of a state."""
    number = iter(range(1, 100))

    async def added(state, write=None, **changes):
        position = next(number)
        values = {"id": f"{position:026d}", "source_message_id": position, "chat_id": 1000 + position}
        values |= {"connection_id": connection.id, "due_at": NOW - timedelta(hours=1), "state": state}
        task = await add_task(database, **values | changes)
        if write is not None:
            async with database.begin() as session:
                session.add(_write(task, write))
        return task

    return added


def _write(task, state):
    accepted = {"x_post_id": "77", "accepted_at": MADE} if state == WriteState.ACCEPTED else {}
    return Write(task_id=task.id, part=0, state=state, x_user_id="7001", price_cents_100=15, **accepted)


async def _think(database):
    async with database.begin() as session:
        return await restoring.think(session, SINCE, looked_up=["tweet"], asks_after=2)


async def _now(database, task):
    async with database.begin() as session:
        row = await session.get_one(Task, task.id)
        return row, await writes.get(session, task.id, 0)


@pytest.mark.parametrize("write", [None, WriteState.PREPARED, WriteState.SENDING, WriteState.UNKNOWN])
@pytest.mark.parametrize(
    "state", [TaskState.DUE, TaskState.RUNNING, TaskState.ASKING, TaskState.SCHEDULED], ids=str
)
async def test_what_was_to_be_done_by_now_is_looked_for_at_once_and_then_asked_about(
    database, add, state, write
):
    task = await add(state, write, lease_by="dead", promised=True, run=4, version=3)

    counts = await _think(database)

    row, fence = await _now(database, task)
    assert counts == {"now": 1, "later": 0}
    assert (row.state, row.wake_at, row.due_at) == (TaskState.DUE, NOW, task.due_at)
    assert (row.promised, row.lease_by, row.told_at) == (False, None, None)
    assert (row.run, row.version) == (4 + BEYOND, 3 + BEYOND)
    assert (fence.state, fence.attempts, fence.error_code) == (WriteState.UNKNOWN, 2, None)
    assert (fence.first_sent_at, fence.sent_at, fence.x_user_id) == (MADE, NOW, "7001")


@pytest.mark.parametrize("write", [None, WriteState.REFUSED, WriteState.UNKNOWN])
@pytest.mark.parametrize(
    "state", [TaskState.DRAFT, TaskState.CANCELLED, TaskState.FAILED, TaskState.MISSED], ids=str
)
async def test_what_a_person_presses_a_button_for_stays_and_is_looked_for_then(database, add, state, write):
    task = await add(state, write, version=3)

    await _think(database)

    row, fence = await _now(database, task)
    assert (row.state, row.wake_at, row.version) == (state, None, 3 + BEYOND)
    assert (fence.state, fence.attempts, fence.error_code) == (WriteState.UNKNOWN, 1, writes.RESTORED)
    assert (fence.first_sent_at, fence.sent_at) == (MADE, NOW)


async def test_what_is_planned_for_later_keeps_its_moment_and_is_looked_for_then(database, add):
    later = NOW + timedelta(days=1)
    task = await add(TaskState.SCHEDULED, due_at=later, wake_at=later, promised=True)

    counts = await _think(database)

    row, fence = await _now(database, task)
    assert counts == {"now": 0, "later": 1}
    assert (row.state, row.wake_at, row.promised) == (TaskState.SCHEDULED, later, True)
    assert (fence.state, fence.attempts, fence.error_code) == (WriteState.UNKNOWN, 1, writes.RESTORED)


async def test_the_coming_task_of_a_schedule_is_not_taken_for_the_one_before_it(database, add):
    schedule = await _add_schedule(database)
    later = NOW + timedelta(days=1)
    task = await add(TaskState.SCHEDULED, due_at=later, schedule_id=schedule.id, occurrence_at=later)

    await _think(database)

    assert (await _now(database, task))[1] is None


async def test_what_x_surely_has_stays_known(database, add):
    done = await add(TaskState.DONE, WriteState.ACCEPTED, version=3)
    running = await add(TaskState.RUNNING)
    async with database.begin() as session:
        fence = _write(running, WriteState.ACCEPTED)
        fence.x_post_id = "78"
        session.add(fence)

    await _think(database)

    row, fence = await _now(database, done)
    assert (row.state, row.version, fence.state) == (TaskState.DONE, 3, WriteState.ACCEPTED)
    assert (await _now(database, running))[1].state == WriteState.ACCEPTED


async def test_a_deletion_is_done_again(database, add):
    task = await add(TaskState.RUNNING, WriteState.SENDING, kind="delete", text=None, target_post_id="7")

    counts = await _think(database)

    row, fence = await _now(database, task)
    assert counts == {"now": 0, "later": 0}
    assert (row.state, row.wake_at, row.outcome) == (TaskState.DUE, NOW, None)
    assert (fence.state, fence.attempts) == (WriteState.SENDING, 0)


async def test_every_part_of_a_thread_is_looked_for(database, add):
    task = await add(TaskState.DUE, WriteState.ACCEPTED)
    async with database.begin() as session:
        session.add_all(TaskPart(task_id=task.id, part=part, text=f"part {part}") for part in (1, 2))

    await _think(database)

    async with database.begin() as session:
        fences = await session.scalars(select(Write).order_by(Write.part))
        assert [(fence.part, fence.state) for fence in fences] == [
            (0, WriteState.ACCEPTED),
            (1, WriteState.UNKNOWN),
            (2, WriteState.UNKNOWN),
        ]


async def test_a_draft_without_an_account_is_left_alone(database, add):
    task = await add(TaskState.DRAFT, connection_id=None)

    await _think(database)

    row, fence = await _now(database, task)
    assert (row.state, fence) == (TaskState.DRAFT, None)


async def test_what_a_schedule_skipped_since_the_backup_is_asked_about(database, add):
    since = await add(TaskState.MISSED, outcome=missed.SKIPPED)
    before = await add(
        TaskState.MISSED, outcome=missed.SKIPPED, due_at=MADE - timedelta(hours=1), told_at=MADE
    )

    await _think(database)

    assert (await _now(database, since))[0].outcome is None
    assert (await _now(database, before))[0].outcome == missed.SKIPPED


async def test_a_second_time_changes_nothing_that_matters(database, add):
    """A restoring of a backup that was made right after a restoring."""
    task = await add(TaskState.DUE)
    await _think(database)

    await _think(database)

    row, fence = await _now(database, task)
    assert (row.state, fence.state, fence.first_sent_at) == (TaskState.DUE, WriteState.UNKNOWN, MADE)


async def _add_schedule(database):
    schedule = Schedule(
        person_id=101,
        chat_id=101,
        source_message_id=1,
        state=ScheduleState.ACTIVE,
        rule="every 60 minutes from 2026-11-23T12:00:00Z",
        zone="UTC",
        created_at=NOW,
    )
    async with database.begin() as session:
        session.add(schedule)
    return schedule
