"""The probes say what is so, quickly, whatever the database does; the figures tell of nobody."""

import asyncio
import os
import re
from contextlib import AsyncExitStack

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from bot.health import Health, Watched, serving
from bot.settings import BadSettings, Settings
from storage import updates
from storage.tables import Task
from tests import postgres
from tests.builders import NOW, add_connection, add_person, add_task


def settings_for(tmp_path, **more):
    return Settings(
        bot_token="5000000001:SANDBOX-demo-token-0000000000000000",
        data_dir=tmp_path,
        key_file=tmp_path / "keys",
        database_url=f"sqlite:///{tmp_path}/pinfeather.db",
        **more,
    )


@pytest.fixture
async def asked(database):
    """Ask the health of a process that polls, on either database."""
    health = Health()
    transport = httpx.ASGITransport(health.application())
    async with (
        health.watching(
            Watched(database, lambda: NOW, silence_s=lambda: 12.5, within_s=60, counted_for_s=600)
        ),
        httpx.AsyncClient(transport=transport, base_url="http://bot") as client,
    ):
        yield client


def numbers(text: str) -> dict[tuple[str, ...], float]:
    """Read what Prometheus would."""
    return {
        (sample.name.removeprefix("pinfeather_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_a_process_whose_database_answers_is_alive_and_ready(asked):
    alive, ready = await asked.get("/livez"), await asked.get("/readyz")

    assert (alive.status_code, ready.status_code) == (200, 200)


async def test_it_is_not_ready_before_there_is_a_database_nor_while_no_runs_are_begun(database):
    health, begun = Health(), False

    before = await health.ready()
    async with health.watching(Watched(database, lambda: NOW, at_work=lambda: begun, within_s=60)):
        without_runs, begun = await health.ready(), True
        working = await health.ready()

    assert (before, without_runs, working, await health.ready()) == (False, False, True, False)


async def test_a_lost_database_is_said_by_readyz_and_metrics_and_the_process_stays_alive(
    postgres_server, postgres_template, open_database
):
    name = f"pinfeather_lost_{os.getpid()}"
    postgres.run(postgres_server, "CREATE DATABASE {} TEMPLATE {}", name, postgres_template)
    db = await open_database(postgres.address(postgres_server, name))
    was_well = await Watched(db, lambda: NOW, within_s=60).is_well()
    postgres.run(postgres_server, "DROP DATABASE {} WITH (FORCE)", name)
    health = Health()
    transport = httpx.ASGITransport(health.application())

    async with (
        health.watching(Watched(db, lambda: NOW)),
        httpx.AsyncClient(transport=transport, base_url="http://bot") as client,
    ):
        ready, alive = await client.get("/readyz"), await client.get("/livez")
        metrics = numbers((await client.get("/metrics")).text)

    assert (was_well, ready.status_code, alive.status_code) == (True, 503, 200)
    assert metrics["ready",] == 0
    assert ("tasks", "due") not in metrics


async def test_a_database_that_does_not_answer_makes_nobody_wait_long(sqlite_database):
    hurried, patient = (Watched(sqlite_database, lambda: NOW, within_s=seconds) for seconds in (0.05, 60))

    taken, let_go = asyncio.Event(), asyncio.Event()

    async def take_the_only_connection():
        async with sqlite_database.begin() as session:
            await session.execute(select(Task.id))
            taken.set()
            await let_go.wait()

    taking = asyncio.create_task(take_the_only_connection())
    await taken.wait()
    hanging = await asyncio.gather(*(hurried.is_well() for _ in range(20)))
    waiting = asyncio.create_task(patient.is_well())
    let_go.set()
    await taking

    assert hanging == [False] * 20
    assert await waiting
    await hurried.close()


async def test_the_figures_are_those_of_the_rows(asked, database, vault):
    await add_person(database)
    connection = await add_connection(database, vault)
    await add_task(database, state="due", connection_id=connection.id, due_at=NOW)
    async with database.begin() as session:
        await updates.claim(session, 77, 1, "me", NOW)

    answer = await asked.get("/metrics")
    found = numbers(answer.text)

    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert (found["ready",], found["poll_age_seconds",]) == (1, 12.5)
    assert (found["tasks", "due"], found["tasks", "failed"], found["updates", "claimed"]) == (1, 0, 1)
    assert found["process_resident_memory_bytes",] > 0


async def test_no_figure_has_a_name_an_id_or_a_text_of_a_person_in_it(asked, database, vault):
    await add_person(database, 987_654_321, "Ada Canary")
    connection = await add_connection(
        database, vault, person_id=987_654_321, username="canary_writes", x_user_id="7676767"
    )
    await add_task(
        database,
        person_id=987_654_321,
        state="due",
        due_at=NOW,
        connection_id=connection.id,
        text="a canary text",
    )

    text = (await asked.get("/metrics")).text
    labels = set(re.findall(r'="([^"]*)"', text))

    assert not re.search(r"canary|987.?654|7676767", text, re.IGNORECASE)
    assert all(re.fullmatch(r"[a-z_]+", label) for label in labels)


async def test_figures_are_counted_once_for_all_who_ask_within_seconds(asked, database):
    first = await asked.get("/metrics")
    await add_person(database)
    await add_task(database)
    second = await asked.get("/metrics")

    assert numbers(second.text)["tasks", "draft"] == numbers(first.text)["tasks", "draft"] == 0


async def test_it_is_served_on_a_port_of_its_own_and_only_if_wanted(sqlite_database, tmp_path):
    health = Health()

    async with serving(settings_for(tmp_path), health) as port:
        assert port is None
    async with (
        serving(settings_for(tmp_path, health_port=0), health) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        too_early = [(await client.get(path)).status_code for path in ("/livez", "/readyz", "/metrics")]
        async with health.watching(Watched(sqlite_database, lambda: NOW, within_s=60)):
            answers = [(await client.get(path)).status_code for path in ("/livez", "/readyz", "/metrics")]

    assert (too_early, answers) == ([200, 503, 200], [200, 200, 200])


async def test_a_port_that_is_taken_is_said_with_the_settings_to_change(tmp_path):
    async with AsyncExitStack() as opened:
        port = await opened.enter_async_context(serving(settings_for(tmp_path, health_port=0), Health()))
        taken = settings_for(tmp_path, health_port=port)
        with pytest.raises(BadSettings, match=r"cannot be listened on .* See health_host and health_port"):
            async with serving(taken, Health()):
                pass
