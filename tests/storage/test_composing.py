"""What composing asks the database, on both: texts that repeat, choices about links, which tweet replaced which."""

import asyncio
from datetime import timedelta

import pytest

from storage import duplicates, edits, link_choices, tasks
from storage.tables import TaskState, Write, WriteState
from tests.builders import NOW, add_connection, add_person, add_task
from tests.storage.plans import plan_of, whole_tables


@pytest.fixture
async def connection(database, a_person, vault):
    return await add_connection(database, vault)


async def add(database, connection, number, state, **more):
    """Add a tweet of the account; done ones a day ago."""
    finished = NOW - timedelta(days=1) if state == TaskState.DONE else None
    values = {"source_message_id": number, "connection_id": connection.id, "finished_at": finished} | more
    return await add_task(database, state=state, **values)


async def posted(database, connection, number, post_id, **more):
    """Add a tweet that is out as this post."""
    task = await add(database, connection, number, TaskState.DONE, **more)
    async with database.begin() as session:
        session.add(
            Write(
                task_id=task.id,
                part=0,
                state=WriteState.ACCEPTED,
                x_user_id=connection.x_user_id,
                x_post_id=post_id,
                accepted_at=NOW,
            )
        )
    return task


async def candidates(database, task):
    async with database.begin() as session:
        return [found.id for found in await duplicates.candidates(session, task, NOW)]


async def test_what_was_posted_lately_or_waits_could_be_repeated(database, connection):
    draft = await add(database, connection, 1, TaskState.DRAFT)
    done = await add(database, connection, 2, TaskState.DONE)
    waits = [
        (await add(database, connection, n, state)).id
        for n, state in enumerate((TaskState.SCHEDULED, TaskState.DUE, TaskState.ASKING), 3)
    ]
    await add(database, connection, 6, TaskState.DONE, finished_at=NOW - timedelta(days=8))
    await add(database, connection, 7, TaskState.CANCELLED)
    await add(database, connection, 8, TaskState.DUE, kind="delete")

    assert sorted(await candidates(database, draft)) == sorted([done.id, *waits])


async def test_what_was_deleted_since_is_not_repeated(database, connection):
    draft = await add(database, connection, 1, TaskState.DRAFT)
    await posted(database, connection, 2, "900")
    await add(database, connection, 3, TaskState.DONE, kind="delete", target_post_id="900")

    assert await candidates(database, draft) == []


async def test_another_connection_of_the_same_account_counts_and_another_account_does_not(
    database, connection, vault
):
    again = await add_connection(
        database, vault, token="7001-other", app_fingerprint=vault.fingerprint("another")
    )
    other = await add_connection(database, vault, x_user_id="7002", token="7002-token", username="else")
    draft = await add(database, connection, 1, TaskState.DRAFT)
    same = await add(database, again, 2, TaskState.DONE)
    await add(database, other, 3, TaskState.DONE)

    assert await candidates(database, draft) == [same.id]


async def test_a_choice_about_links_is_of_one_person_in_one_chat_and_the_last_counts(database, a_person):
    async def put(choice, chat_id=101):
        async with database.begin() as session:
            await link_choices.put(session, choice, chat_id=chat_id, person_id=101)

    async def get(chat_id=101):
        async with database.begin() as session:
            return await link_choices.get(session, chat_id=chat_id, person_id=101)

    await asyncio.gather(put("keep"), put("keep"), put("drop", chat_id=5))
    assert (await get(), await get(5), await get(6)) == ("keep", "drop", None)
    await put("hand_off")
    assert await get() == "hand_off"
    await put(None)
    await put(None)
    assert await get() is None


async def test_a_chain_of_edits_is_followed_both_ways_and_a_ring_has_an_end(database, connection):
    first = await posted(database, connection, 1, "900")
    second = await posted(database, connection, 2, "901", target_post_id="900")
    third = await posted(database, connection, 3, "902", target_post_id="901")
    await add(database, connection, 4, TaskState.FAILED, target_post_id="902")
    async with database.begin() as session:
        newest = await edits.newest(session, "900", person_id=101)
        replaced = await edits.replaced(session, await tasks.get(session, third.id))
        assert newest.id == third.id
        assert [each.id for each in replaced] == [second.id, first.id]
        assert await edits.newest(session, "902", person_id=101) is None
        assert await edits.newest(session, "900", person_id=102) is None

    async with database.begin() as session:
        (await tasks.get(session, first.id)).target_post_id = "902"
    async with database.begin() as session:
        assert await edits.newest(session, "900", person_id=101) is not None
        assert len(await edits.replaced(session, await tasks.get(session, third.id))) <= 6


async def test_repetitions_are_looked_for_without_a_look_at_everybody_s_accounts_and_posts(
    sqlite_database, vault
):
    await add_person(sqlite_database)
    connection = await add_connection(sqlite_database, vault)
    draft = await add(sqlite_database, connection, 1, TaskState.DRAFT)
    await posted(sqlite_database, connection, 2, "1700000000000000002")
    steps = await plan_of(sqlite_database, lambda session: duplicates.candidates(session, draft, NOW))

    assert steps
    assert whole_tables(steps) == []
