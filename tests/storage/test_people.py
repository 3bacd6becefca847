"""People: let in, shut out, and erased with all that is theirs."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage import connections, group_traces, people, personal_data, start_links
from storage.tables import (
    AuthorizationState,
    Base,
    Booking,
    Budget,
    Connection,
    ConnectionState,
    InlineText,
    LinkChoice,
    Newest,
    Page,
    PersonState,
    RateWindow,
    Schedule,
    ScheduleMedia,
    ScheduleState,
    ScheduleText,
    StartLink,
    TaskPart,
    Template,
)
from storage.vault import Secret
from tests.builders import NOW, add_authorization, add_connection, add_person, add_task, everyone
from tests.storage.plans import plan_of, whole_tables

ADA, BEN = 101, 102


async def _get(db, person_id=ADA):
    async with db.begin() as session:
        return await people.get(session, person_id)


async def _do(db, change, *arguments, **named):
    async with db.begin() as session:
        return await change(session, *arguments, **named)


async def test_somebody_new_is_let_in(database):
    person = await add_person(database, ADA, "Ada")

    assert (person.state, person.is_operator, person.first_name) == (PersonState.ACTIVE, False, "Ada")
    assert (await _get(database)).created_at == NOW


async def test_nobody_is_let_in_twice(database, replica):
    await asyncio.gather(*(add_person(db, ADA) for db in [database, replica] * 3))

    async with database.begin() as session:
        assert [person.id for person in await everyone(session)] == [ADA]


async def test_being_let_in_again_brings_back_who_left_but_lifts_no_ban(database):
    await add_person(database, ADA)
    await add_person(database, BEN)
    await _do(database, people.leave, ADA)
    await _do(database, people.ban, BEN)

    states = [(await add_person(database, person)).state for person in (ADA, BEN)]

    assert states == [PersonState.ACTIVE, PersonState.BANNED]


async def test_who_writes_again_has_not_left(database):
    await add_person(database, ADA)
    await _do(database, people.leave, ADA)

    async with database.begin() as session:
        person = await people.get(session, ADA)
        await people.refresh(session, person, first_name="Ada L.", username=None, telegram_language="ar")

    seen = await _get(database)
    assert (seen.state, seen.first_name, seen.username, seen.telegram_language) == (
        PersonState.ACTIVE, "Ada L.", None, "ar",
    )  # fmt: skip


async def test_there_is_one_operator(database):
    await add_person(database, ADA, operator=True)

    assert not (await add_person(database, BEN, operator=True)).is_operator
    assert (await add_person(database, ADA, operator=True)).is_operator
    assert await _do(database, people.operator_exists)


async def test_of_two_who_become_the_operator_at_once_one_does(database, replica):
    made = await asyncio.gather(
        *(add_person(db, 200 + n, operator=True) for n, db in enumerate([database, replica] * 3))
    )

    assert [person.is_operator for person in made].count(True) == 1


async def test_the_operator_cannot_be_banned(database):
    await add_person(database, ADA, operator=True)

    assert await _do(database, people.ban, ADA) is False
    assert (await _get(database)).state == PersonState.ACTIVE


async def test_a_ban_can_be_lifted(database):
    await add_person(database, ADA)

    assert await _do(database, people.ban, ADA) is True
    assert await _do(database, people.leave, ADA) is False
    assert await _do(database, people.unban, ADA) is True
    assert await _do(database, people.unban, ADA) is False
    assert (await _get(database)).state == PersonState.ACTIVE


async def test_a_language_is_chosen_and_given_up(database):
    await add_person(database, ADA)

    await _do(database, people.set_language, ADA, "ar")
    assert (await _get(database)).language == "ar"
    await _do(database, people.set_language, ADA, None)
    assert (await _get(database)).language is None


async def test_only_an_own_working_connection_becomes_the_default(database, vault):
    await add_person(database, ADA)
    await add_person(database, BEN)
    mine = await add_connection(database, vault, person_id=ADA)
    gone = await add_connection(database, vault, person_id=ADA, x_user_id="2", state=ConnectionState.GONE)
    theirs = await add_connection(database, vault, person_id=BEN)

    chosen = [
        await _do(database, people.set_default_connection, ADA, connection.id)
        for connection in (mine, gone, theirs)
    ]

    assert chosen == [True, False, False]
    assert (await _get(database)).default_connection_id == mine.id


async def _everything_of(db, vault, person_id):
    await add_person(db, person_id)
    connection = await add_connection(db, vault, person_id=person_id)
    await _do(db, people.set_default_connection, person_id, connection.id)
    await add_authorization(db, vault, person_id=person_id)
    task = await add_task(db, person_id=person_id)
    async with db.begin() as session:
        schedule = Schedule(
            person_id=person_id,
            chat_id=person_id,
            source_message_id=7,
            connection_id=connection.id,
            state=ScheduleState.ACTIVE,
            rule="on mon at 09:00",
            zone="Europe/Berlin",
            created_at=NOW,
        )
        session.add(schedule)
        await session.flush()
        session.add(ScheduleText(schedule_id=schedule.id, position=0, text="Good morning"))
        file = {"message_id": 7, "kind": "photo", "file_id": "f", "file_unique_id": "u"}
        session.add(ScheduleMedia(schedule_id=schedule.id, **file))
        session.add(TaskPart(task_id=task.id, part=1, text="and on"))
        session.add(Page(task_id=task.id, number=0, items="[]", fetched_at=NOW))
        here = {"connection_id": connection.id}
        session.add(Newest(**here, schedule_id=schedule.id, look="a" * 64, post_id="1", seen_at=NOW))
        session.add(Budget(**here, month="2026-11", booked_cents_100=150))
        session.add(Booking(**here, month="2026-11", what="whoami", cents_100=100, booked_at=NOW))
        limit = {"name": "GET /2/users/me", "most": 75, "remaining": 74, "resets_at": NOW, "heard_at": NOW}
        session.add(RateWindow(**here, **limit))
        session.add(Template(person_id=person_id, name="gig", text="Tonight in {place}", created_at=NOW))
        session.add(LinkChoice(person_id=person_id, chat_id=person_id, choice="keep"))
        session.add(InlineText(person_id=person_id, text="half a though", typed_at=NOW))
        token = await start_links.make(session, "invite", expires_at=NOW + timedelta(1), made_by=person_id)
        await start_links.use(session, token, person_id=person_id, now=NOW)
    return connection


async def _rows(db):
    async with db.begin() as session:
        counts = {
            table.name: await session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


async def test_an_export_holds_everything_and_is_json(database, vault):
    await _everything_of(database, vault, ADA)

    export = json.loads(json.dumps(await _do(database, personal_data.export, ADA)))

    assert {key: len(rows) for key, rows in export.items() if key != "person"} == {
        "connections": 1, "authorizations": 1, "tasks": 1, "media": 0, "parts": 1, "writes": 0,
        "schedules": 1, "schedule_texts": 1, "schedule_media": 1,
        "pages": 1, "newest": 1, "budgets": 1, "bookings": 1, "rate_windows": 1,
        "templates": 1, "link_choices": 1, "inline_texts": 1,
        "start_links": 1, "start_links_used": 1,
        **dict.fromkeys(group_traces.of_person(ADA), 0),
    }  # fmt: skip
    assert export["person"]["first_name"] == "Ada"
    assert export["tasks"][0]["created_at"] == NOW.isoformat()


async def test_nobody_exports_a_stranger(database):
    assert await _do(database, personal_data.export, ADA) == {}


async def test_erasing_somebody_leaves_nothing_of_theirs_and_all_of_others(database, vault):
    await _everything_of(database, vault, ADA)
    before = await _rows(database)
    await _everything_of(database, vault, BEN)

    await _do(database, personal_data.erase, BEN)

    assert await _rows(database) == before
    assert await _get(database, BEN) is None


async def test_what_x_must_still_be_told_survives_an_erasure_without_names(database, vault):
    connection = await _everything_of(database, vault, ADA)
    question = await add_authorization(
        database,
        vault,
        state=AuthorizationState.REVOKING,
        source_update_id=2,
        x_user_id="7001",
        username="alice_writes",
        x_name="Alice",
        picture_url="https://a",
    )
    async with database.begin() as session:
        (await session.get_one(Connection, connection.id)).state = ConnectionState.REVOKING

    await _do(database, personal_data.erase, ADA)

    assert await _rows(database) == {"people": 1, "connections": 1, "authorizations": 1}
    person = await _get(database)
    assert (person.first_name, person.username, person.state) == ("", None, PersonState.LEFT)
    async with database.begin() as session:
        rows = [await session.get_one(type(row), row.id) for row in (connection, question)]
    named = ("name", "x_user_id", "username", "x_name", "picture_url")
    assert [value for row in rows for name in named if (value := getattr(row, name, None))] == []
    assert connections.open_keys(vault, rows[0]).access_token == Secret("7001-token")


@pytest.mark.parametrize(("kind", "state"), [("banned", PersonState.BANNED), ("operator", PersonState.LEFT)])
async def test_a_ban_and_the_operator_survive_an_erasure_without_names(database, kind, state):
    await add_person(database, ADA, operator=kind == "operator")
    if kind == "banned":
        await _do(database, people.ban, ADA)

    await _do(database, personal_data.erase, ADA)

    person = await _get(database)
    assert (person.first_name, person.state, person.is_operator) == ("", state, kind == "operator")


async def test_an_erased_person_s_invite_can_be_used_no_more(database):
    await add_person(database, ADA)
    async with database.begin() as session:
        token = await start_links.make(session, "invite", expires_at=NOW + timedelta(1), made_by=ADA)
    await _do(database, personal_data.erase, ADA)

    async with database.begin() as session:
        assert await start_links.use(session, token, person_id=BEN, now=NOW) is None
        assert await session.scalar(select(func.count()).select_from(StartLink)) == 0


async def test_what_stayed_of_an_erased_person_goes_once_x_was_told(database, vault):
    connection = await _everything_of(database, vault, ADA)
    async with database.begin() as session:
        (await session.get_one(type(connection), connection.id)).state = ConnectionState.REVOKING
    await _do(database, personal_data.erase, ADA)

    await _do(database, personal_data.finish_erasing)
    waiting = await _rows(database)
    async with database.begin() as session:
        (await session.get_one(type(connection), connection.id)).state = ConnectionState.GONE
    await _do(database, personal_data.finish_erasing)

    assert waiting == {"people": 1, "connections": 1}
    assert await _rows(database) == {}


async def test_who_only_blocked_the_bot_is_not_erased(database, vault):
    await _everything_of(database, vault, ADA)
    await _do(database, people.leave, ADA)
    before = await _rows(database)

    await _do(database, personal_data.finish_erasing)

    assert await _rows(database) == before


async def test_people_are_listed_by_the_page_with_the_number_of_their_connections(database, vault):
    for number, name in enumerate(["Ada", "Ben", "Chen"]):
        await add_person(database, ADA + number, name, now=NOW + timedelta(seconds=number))
    await add_person(database, 200, "Olga", operator=True, now=NOW + timedelta(days=1))
    await add_connection(database, vault, person_id=BEN)
    await add_connection(database, vault, person_id=BEN, x_user_id="7002", state=ConnectionState.GONE)

    first = await _do(database, people.page, skip=0, most=3)
    rest = await _do(database, people.page, skip=3, most=3)

    assert [(person.first_name, held) for person, held in first] == [("Olga", 0), ("Ada", 0), ("Ben", 1)]
    assert [(person.first_name, held) for person, held in rest] == [("Chen", 0)]
    assert await _do(database, people.count) == 4
    assert await _do(database, people.connections_held, BEN) == 1


async def test_the_nameless_rest_of_an_erased_person_is_not_listed(database, vault):
    connection = await _everything_of(database, vault, ADA)
    async with database.begin() as session:
        (await session.get_one(type(connection), connection.id)).state = ConnectionState.REVOKING

    await _do(database, personal_data.erase, ADA)

    assert people.was_erased(await _get(database))
    assert await _do(database, people.page, skip=0, most=10) == []
    assert await _do(database, people.count) == 0


async def test_an_operator_who_resigns_makes_room_for_the_next(database):
    await add_person(database, ADA, operator=True)

    assert await _do(database, people.resign, ADA) is True
    assert await _do(database, people.resign, ADA) is False
    assert (await add_person(database, BEN, operator=True)).is_operator


async def test_the_operator_is_found_without_a_look_at_everybody(sqlite_database):
    await add_person(sqlite_database, operator=True)

    async def ask(session):
        assert await people.operators(session) == [101]
        assert await people.operator_exists(session)

    steps = await plan_of(sqlite_database, ask)

    assert len([step for step in steps if "uq_people_operator" in step]) == 2
    assert whole_tables(steps) == []
