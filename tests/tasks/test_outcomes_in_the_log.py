"""What becomes of a group's task stands in the group's log, in the transaction that says so."""

import json

import pytest

from storage import log
from storage.tables import TaskState
from tasks import logged
from tests.builders import add_grant, add_group


@pytest.fixture
async def group(rig):
    group = await add_group(rig.db)
    await add_grant(rig.db, group, rig.connection)
    return group


async def asked(rig, group, text="Hello from the desk", **more):
    values = {"chat_id": group.chat_id, "rights_checked_at": rig.doors.clock()}
    return await rig.task(text, **values | more)


async def entries(rig, group):
    async with rig.db.begin() as session:
        assert await log.check(session, rig.vault, group.id) is None
        return list(await log.entries_of(session, group.id))


async def test_what_is_out_stands_in_the_log_with_its_place_on_x_and_its_cost(rig, group):
    task = await asked(rig, group)

    await rig.run()

    (entry,) = await entries(rig, group)
    (post,) = rig.posts()
    assert (entry.act, entry.task_id, entry.actor_id) == ("sent", task.id, None)
    assert entry.connection_id == rig.connection.id
    facts = json.loads(entry.facts)
    assert facts == {"post": post["id"], "kind": "tweet", "cents_100": 150}


async def test_what_failed_stands_in_the_log_with_the_reason(rig, group):
    await asked(rig, group)
    rig.fault("duplicate")

    await rig.run()

    (entry,) = await entries(rig, group)
    assert (entry.act, json.loads(entry.facts)) == ("failed", {"code": "duplicate", "kind": "tweet"})


async def test_a_deletion_stands_in_the_log_as_one(rig, group):
    await asked(rig, group)
    await rig.run()
    (post,) = rig.posts()
    values = {"kind": "delete", "target_post_id": post["id"]}
    await asked(rig, group, "", **values)

    await rig.run()

    _, entry = await entries(rig, group)
    assert (entry.act, json.loads(entry.facts)["post"]) == ("deleted", post["id"])


async def test_what_only_waits_has_no_entry_yet(rig, group):
    await asked(rig, group)
    rig.fault("status_5xx", times=None, status=503, accepted=False)

    (waiting,) = await rig.run()

    assert waiting.state in (TaskState.DUE, TaskState.RUNNING)
    assert await entries(rig, group) == []


async def test_of_what_a_person_does_in_private_no_group_is_told(rig, group):
    await rig.task("Mine alone")

    await rig.run()

    assert await entries(rig, group) == []


async def test_logs_of_several_groups_are_locked_by_the_groups_numbers_whatever_their_chats_are(rig, group):
    later = await add_group(rig.db, chat_id=group.chat_id - 1)
    await add_grant(rig.db, later, rig.connection)
    first, second, alone = await asked(rig, group), await asked(rig, later), await rig.task("Mine alone")

    async with rig.db.begin() as session:
        ordered = await logged.in_order(session, [second, first, alone])

    assert [task.id for task in ordered] == [alone.id, first.id, second.id]
