"""Drafts, their media, and who may run what: on both databases, with two replicas where it is contested."""

import asyncio
from datetime import timedelta

import pytest

from storage import tasks
from storage.tables import Task, TaskState
from tests.builders import NOW, add_connection, add_person, add_task
from tests.storage.plans import plan_of, whole_tables


async def begin(db, message_id=1, **changes):
    values = {
        "person_id": 101,
        "chat_id": 101,
        "kind": "tweet",
        "text": "hi",
        "connection_id": None,
        "now": NOW,
    }
    async with db.begin() as session:
        task, _aside = await tasks.begin(session, message_id=message_id, **values | changes)
        return task


async def states(db):
    from sqlalchemy import select

    async with db.begin() as session:
        return {t.id: t.state for t in await session.scalars(select(Task))}


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


async def due(db, connection, number, **changes):
    values = {"id": f"{number:026d}", "source_message_id": number, "state": TaskState.DUE, "due_at": NOW}
    return await add_task(db, connection_id=connection.id, **values | changes)


async def done_at(session, task, now):
    states = [TaskState.DUE]
    return await tasks.move(session, task.id, states=states, to=TaskState.DONE, finished_at=now)


async def test_the_same_message_gives_the_same_task(database, a_person):
    first = await begin(database)

    assert (await begin(database)).id == first.id


async def test_a_new_draft_sets_the_open_one_aside(database, a_person):
    first = await begin(database, 1)

    second = await begin(database, 2)

    assert await states(database) == {first.id: TaskState.CANCELLED, second.id: TaskState.DRAFT}


async def test_two_drafts_begun_at_once_leave_one_open(database, replica, a_person):
    await asyncio.gather(*(begin(db, n) for n, db in enumerate((database, replica) * 3, 1)))

    found = list((await states(database)).values())
    assert len(found) == 6
    assert found.count(TaskState.DRAFT) == 1


async def test_the_same_file_or_message_twice_counts_once(database, a_person):
    task = await begin(database)
    one = tasks.NewMedia("photo", "f1", "u1", "image/jpeg", 1, None)
    two = tasks.NewMedia("photo", "f2", "u2", "image/jpeg", 1, None)

    async with database.begin() as session:
        await tasks.add_media(session, task.id, 12, two)
        await tasks.add_media(session, task.id, 11, one)
        await tasks.add_media(session, task.id, 11, one)
        await tasks.add_media(session, task.id, 13, one)
        kept = await tasks.media(session, task.id)

    assert [(m.message_id, m.file_id) for m in kept] == [(11, "f1"), (12, "f2")]


async def test_only_one_of_two_presses_moves_a_task(database, replica, a_person):
    task = await begin(database)

    async def press(db):
        async with db.begin() as session:
            moved = await tasks.move(
                session, task.id, version=1, states=(TaskState.DRAFT,), to=TaskState.DUE, due_at=NOW
            )
            return moved is not None

    assert sorted(await asyncio.gather(press(database), press(replica))) == [False, True]


async def test_a_complete_album_is_given_out_once_until_it_was_shown(database, replica, a_person):
    task = await begin(database)
    later = NOW + timedelta(seconds=30)
    async with database.begin() as session:
        await tasks.change_draft(session, task.id, album_id="7", gather_until=NOW)

    async def take(db, now=NOW):
        async with db.begin() as session:
            return len(await tasks.take_gathered(session, now, later))

    assert sorted(await asyncio.gather(take(database), take(replica))) == [0, 1]
    assert await take(database, later) == 1, "the process that took it died"
    async with database.begin() as session:
        await tasks.gathered(session, task.id, later)
    assert await take(database, later + timedelta(minutes=1)) == 0


async def test_an_album_to_which_a_picture_came_while_it_was_shown_is_shown_again(database, a_person):
    task = await begin(database)
    later = NOW + timedelta(seconds=30)
    async with database.begin() as session:
        await tasks.change_draft(session, task.id, album_id="7", gather_until=NOW)
        await tasks.take_gathered(session, NOW, later)
        await tasks.change_draft(session, task.id, gather_until=NOW + timedelta(seconds=2))

        await tasks.gathered(session, task.id, later)
        shown_again = await tasks.take_gathered(session, NOW + timedelta(seconds=2), later)

    assert [t.id for t in shown_again] == [task.id]


async def test_an_outcome_stays_untold_until_that_very_version_was_told(database, connection):
    task = await due(database, connection, 1)
    async with database.begin() as session:
        done = await done_at(session, task, NOW)
        await tasks.told(session, task.id, version=done.version - 1, now=NOW)
        assert len(await tasks.untold(session, NOW)) == 1
        await tasks.told(session, task.id, version=done.version, now=NOW)
        assert await tasks.untold(session, NOW) == []


async def test_of_two_replicas_one_tells_an_outcome_and_another_when_it_died(database, replica, connection):
    task = await due(database, connection, 1)
    async with database.begin() as session:
        await done_at(session, task, NOW)
    soon = NOW + timedelta(minutes=1)

    async def take(db, now):
        async with db.begin() as session:
            return await tasks.take_telling(session, task.id, now=now, until=now + timedelta(minutes=1))

    async def untold(now):
        async with database.begin() as session:
            return len(await tasks.untold(session, now))

    assert sorted(await asyncio.gather(take(database, NOW), take(replica, NOW))) == [False, True]
    assert (await untold(NOW), await untold(soon)) == (0, 1)
    assert await take(replica, soon)
    async with database.begin() as session:
        await tasks.not_told(session, task.id, again_at=soon)
    assert await untold(soon) == 1


async def test_an_outcome_is_told_for_two_days_after_it_came_and_a_question_until_it_is(database, connection):
    task = await due(database, connection, 1)
    third_day = NOW + timedelta(days=3)
    async with database.begin() as session:
        done = await done_at(session, task, third_day)
        assert len(await tasks.untold(session, third_day + timedelta(days=1))) == 1
        assert await tasks.untold(session, third_day + timedelta(days=2)) == []
        await tasks.move(session, task.id, states=[TaskState.DONE], to=TaskState.ASKING)
        assert len(await tasks.untold(session, third_day + timedelta(days=9))) == 1
    assert done.finished_at == third_day


async def test_what_is_still_on_its_way_is_shown_by_whoever_runs_it(database, connection):
    task = await due(database, connection, 1)
    async with database.begin() as session:
        await tasks.told(session, task.id, version=task.version, now=NOW)
        assert await tasks.take_telling(session, task.id, now=NOW, until=NOW)


async def test_somebody_elses_task_is_not_found(database, a_person):
    await add_person(database, 102, "Ben")
    task = await begin(database)

    async with database.begin() as session:
        assert await tasks.get(session, task.id, person_id=102) is None
        assert await tasks.get(session, task.id, person_id=101) is not None


async def test_albums_are_looked_for_among_the_drafts_alone(sqlite_database):
    later = NOW + timedelta(seconds=30)

    steps = await plan_of(sqlite_database, lambda session: tasks.take_gathered(session, NOW, later))

    assert any("uq_tasks_draft" in step for step in steps)
    assert whole_tables(steps) == []
