"""`pinfeather doctor`: what it says about tasks, and which of them it has tried again."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from storage import keyring, log
from storage.tables import ConnectionState, LogEntry, TaskState, Write, WriteState
from storage.vault import Vault
from tests.builders import add_connection, add_group, add_person, add_task

ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC)
AGO = NOW - timedelta(hours=2)


@pytest.fixture
async def clinic(database, database_url, tmp_path):
    """Give a database with one healthy connection, and a way to ask the doctor about it."""
    ring = keyring.make_key_file(tmp_path / "keys")
    vault = Vault(ring)
    await add_person(database)
    connection = await add_connection(database, vault)

    def doctor(*arguments, status=0):
        environ = {k: v for k, v in os.environ.items() if not k.startswith("PINFEATHER_")}
        environ |= {
            "PINFEATHER_HOME": str(tmp_path),
            "PINFEATHER_BOT_TOKEN": "5000000001:SANDBOX-demo-token-0000000000000000",
            "PINFEATHER_TELEGRAM_API": "http://127.0.0.1:9",
            "PINFEATHER_X_API": "http://127.0.0.1:9",
            "PINFEATHER_DATABASE_URL": database_url,
            "PINFEATHER_KEY_FILE": str(tmp_path / "keys"),
        }
        ended = subprocess.run(
            [sys.executable, "-m", "bot", "doctor", *arguments],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == status, ended.stderr
        return ended.stdout + ended.stderr

    numbers = iter(range(1, 100))

    async def task(**changes):
        number = next(numbers)
        values = {"id": f"{number:026d}", "source_message_id": number, "text": "the words of a tweet"}
        return await add_task(database, **values | {"connection_id": connection.id, "due_at": AGO} | changes)

    return database, vault, task, doctor


async def test_a_healthy_database_gives_no_complaint(clinic):
    _, _, task, doctor = clinic
    await task(state=TaskState.DONE, finished_at=AGO)

    said = doctor()

    assert [line for line in said.splitlines() if not line.startswith("none ")] == []


async def test_stuck_unknown_held_and_failed_tasks_are_named_without_their_words(clinic):
    database, vault, task, doctor = clinic
    revoked = await add_connection(
        database, vault, x_user_id="7002", token="other", state=ConnectionState.REAUTHORIZE
    )
    stuck = await task(state=TaskState.DUE)
    failed = await task(state=TaskState.FAILED, outcome="duplicate", finished_at=AGO)
    held = await task(state=TaskState.DUE, connection_id=revoked.id)
    asking = await task(state=TaskState.ASKING)
    async with database.begin() as session:
        session.add(Write(task_id=asking.id, part=0, state=WriteState.UNKNOWN, x_user_id="7001", sent_at=AGO))

    said = doctor()

    before_the_orphans = said.partition("orphaned")[0].splitlines()
    lines = {line.split()[1]: line for line in before_the_orphans if line.startswith("  task")}
    assert "due" in lines[stuck.id]
    assert "duplicate" in lines[failed.id]
    assert "revoked" in lines[held.id]
    assert "asking" in lines[asking.id]
    assert "the words of a tweet" not in said


async def test_an_orphan_is_named_and_mended_when_asked(clinic):
    database, _, task, doctor = clinic
    orphan = await task(state=TaskState.RUNNING, run=4, lease_by="somebody/dead")

    assert "1 orphaned" in doctor()
    async with database.begin() as session:
        assert (await session.get(type(orphan), orphan.id)).wake_at is None
    doctor("--mend")

    async with database.begin() as session:
        assert (await session.get(type(orphan), orphan.id)).wake_at is not None
    assert "none orphaned" in doctor()


async def test_mending_everything_takes_up_what_is_stuck_or_asked_about_and_leaves_what_failed(clinic):
    database, _, task, doctor = clinic
    stuck = await task(state=TaskState.DUE)
    failed = await task(state=TaskState.FAILED, outcome="duplicate", finished_at=AGO)
    asking = await task(state=TaskState.ASKING, outcome="unknown")
    async with database.begin() as session:
        session.add(Write(task_id=asking.id, part=0, state=WriteState.UNKNOWN, x_user_id="7001", sent_at=AGO))

    said = doctor("--mend")

    assert f"task {stuck.id} gets another run" in said
    assert f"task {asking.id} is looked into on X" in said
    assert "2 tried again" in said
    async with database.begin() as session:
        assert (await session.get(type(stuck), stuck.id)).wake_at is not None
        assert (await session.get(type(failed), failed.id)).state == TaskState.FAILED
        assert (await session.get(type(asking), asking.id)).state == TaskState.DUE


async def test_what_failed_is_due_again_when_it_is_named_and_nothing_else_is(clinic):
    database, _, task, doctor = clinic
    stuck = await task(state=TaskState.DUE)
    failed = await task(state=TaskState.FAILED, outcome="duplicate", finished_at=AGO)

    said = doctor("--mend", failed.id)

    assert f"task {failed.id} is due again" in said
    async with database.begin() as session:
        assert (await session.get(type(failed), failed.id)).state == TaskState.DUE
        assert (await session.get(type(stuck), stuck.id)).wake_at is None


async def test_a_task_that_is_not_there_is_said_before_any_is_touched(clinic):
    database, _, task, doctor = clinic
    failed = await task(state=TaskState.FAILED, outcome="duplicate", finished_at=AGO)

    assert "there is no task" in doctor("--mend", failed.id, "no-such-task", status=2)
    assert "named for --mend" in doctor(failed.id, status=2)

    async with database.begin() as session:
        assert (await session.get(type(failed), failed.id)).state == TaskState.FAILED


async def test_a_groups_log_that_is_not_what_was_written_is_named(clinic):
    database, vault, _, doctor = clinic
    whole, broken = await add_group(database, -501), await add_group(database, -502)
    for group in (whole, broken):
        for number in range(3):
            async with database.begin() as session:
                await log.append(session, vault, group.id, "asked", at=NOW, text=f"words {number}")
    assert "none logs of groups" in doctor()

    async with database.begin() as session:
        await session.execute(delete(LogEntry).where(LogEntry.group_id == broken.id))

    said = doctor()
    assert "1 logs of groups that are not what was written" in said
    assert f"group {broken.id}  chat -502  entry 1  cut_off" in said
    assert f"group {whole.id}  " not in said
