"""Groups, on both databases: seen, left, and moved to another chat id, by whoever hears of it first."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from storage import (
    connections,
    erasures,
    grants,
    groups,
    handing_over,
    link_choices,
    log,
    people,
    personal_data,
    tasks,
)
from storage import vault as vaults
from storage.tables import (
    Booking,
    Connection,
    Erasure,
    Grant,
    GrantPerson,
    GrantState,
    Group,
    GroupState,
    LogEntry,
    LogText,
    PersonState,
    Schedule,
    Task,
    TaskState,
    Vote,
)
from tasks import moving
from tests.builders import NOW, add_connection, add_grant, add_group, add_person, add_task

OLD, NEW, ADA, BEN = -500, -1000500, 101, 102


@pytest.fixture
async def connection(database, a_person, vault):
    await add_person(database, BEN, "Ben")
    return await add_connection(database, vault)


async def do(db, change, *arguments, **named):
    async with db.begin() as session:
        return await change(session, *arguments, **named)


async def test_a_group_is_one_row_however_many_see_it_first(database, replica):
    seen = await asyncio.gather(
        *(do(db, groups.seen, OLD, "The group", now=NOW) for db in (database, replica) * 4)
    )

    assert len({group.id for group in seen}) == 1
    assert (seen[0].title, seen[0].bot_is_admin, seen[0].state) == ("The group", False, GroupState.ACTIVE)


async def test_a_group_has_the_title_it_was_last_seen_with(database):
    await do(database, groups.seen, OLD, "Before", now=NOW, bot_is_admin=True)
    again = await do(database, groups.seen, OLD, "After", now=NOW)

    assert (again.title, again.bot_is_admin) == ("After", True)


async def test_where_the_bot_was_thrown_out_nothing_goes_on_by_itself_when_it_is_back(database, connection):
    group = await add_group(database, OLD)
    grant = await add_grant(database, group, connection)

    stopped = await asyncio.gather(*(do(database, groups.left, OLD, now=NOW) for _ in range(2)))
    again = await do(database, groups.back, OLD)

    assert sorted(len(each) for each in stopped) == [0, 1]
    assert again.state == GroupState.ACTIVE
    suspended = await do(database, grants.get, grant.id)
    assert (suspended.state, suspended.suspended_why) == (GrantState.SUSPENDED, "bot_removed")


async def test_with_a_group_that_is_gone_its_grants_end(database, connection):
    grant = await add_grant(database, await add_group(database, OLD), connection)

    assert [each.id for each in await do(database, groups.gone, OLD, now=NOW)] == [grant.id]
    assert (await do(database, groups.seen, OLD, "x", now=NOW)).state == GroupState.GONE


async def test_a_chat_that_moved_has_its_new_id_everywhere_once(database, replica, connection):
    group = await add_group(database, OLD)
    grant = await add_grant(database, group, connection)
    task = await add_task(database, chat_id=OLD, source_message_id=7, card_message_id=8)
    async with database.begin() as session:
        await erasures.add(session, OLD, 9, NOW)
        await link_choices.put(session, "drop", chat_id=OLD, person_id=ADA)
        session.add(
            Schedule(
                person_id=ADA,
                chat_id=OLD,
                source_message_id=7,
                state="active",
                rule="",
                zone="UTC",
                created_at=NOW,
            )
        )

    moved = await asyncio.gather(*(do(db, groups.moved, OLD, NEW) for db in (database, replica) * 2))

    assert {each.id for each in moved} == {group.id}
    async with database.begin() as session:
        for table in (Group, Task, Schedule, Erasure):
            assert list(await session.scalars(select(table.chat_id))) == [NEW]
        assert await link_choices.get(session, chat_id=NEW, person_id=ADA) == "drop"
        assert (await grants.of_chat(session, NEW, connection.id)).id == grant.id
        now_is = await tasks.get(session, task.id)
        # The new chat counts its messages anew: no new one is taken for an old one.
        assert (now_is.source_message_id, now_is.card_message_id) == (7 - groups.BEFORE_THE_MOVE, None)


async def test_what_came_to_the_new_chat_before_it_was_known_is_the_group_s_too(database, connection, vault):
    other = await add_connection(database, vault, x_user_id="7002", token="b")
    old, new = await add_group(database, OLD), await add_group(database, NEW)
    kept = await add_grant(database, old, connection)
    twice = await add_grant(database, new, connection)
    given = await add_grant(database, new, other)
    for chat_id in (OLD, NEW):
        await add_task(database, chat_id=chat_id, source_message_id=7, id=f"{-chat_id:026d}")
        await do(
            database, link_choices.put, "keep" if chat_id == NEW else "drop", chat_id=chat_id, person_id=ADA
        )

    for _ in range(2):
        group = await do(database, groups.moved, OLD, NEW)

    assert (group.id, group.chat_id) == (old.id, NEW)
    assert [each.id for each in await do(database, grants.of_group, old.id)] == [kept.id, given.id]
    assert (await do(database, grants.get, twice.id)).state == GrantState.ENDED
    async with database.begin() as session:
        assert (await groups.find(session, OLD)).state == GroupState.GONE
        drafts = await session.scalars(select(Task.id).where(Task.state == TaskState.DRAFT))
        assert list(drafts) == [f"{-NEW:026d}"]
        assert await link_choices.get(session, chat_id=NEW, person_id=ADA) == "keep"


async def test_a_guest_is_let_in_for_good_by_an_invitation_only(database):
    guest = await do(database, people.as_guest, BEN, "Ben", None, now=NOW)
    again = await do(database, people.as_guest, BEN, "Benjamin", "ben", now=NOW)
    invited = await do(database, people.let_in, BEN, "Ben", None, now=NOW)

    assert (guest.state, again.state, again.first_name) == (PersonState.GUEST,) * 2 + ("Benjamin",)
    assert invited.state == PersonState.ACTIVE
    assert (await do(database, people.as_guest, BEN, "Ben", None, now=NOW)).state == PersonState.ACTIVE


async def test_who_was_erased_comes_back_as_a_guest_and_who_is_banned_stays_so(database, a_person):
    await do(database, people.ban, ADA)
    assert (await do(database, people.as_guest, ADA, "Ada", None, now=NOW)).state == PersonState.BANNED

    async with database.begin() as session:
        person = await people.get(session, ADA)
        person.state, person.first_name = PersonState.LEFT, ""
    assert (await do(database, people.as_guest, ADA, "Ada", None, now=NOW)).state == PersonState.GUEST


async def test_a_connection_that_is_handed_over_opens_for_its_new_owner_only(database, connection, vault):
    grant = await add_grant(database, await add_group(database, OLD), connection)
    before = connections.open_keys(vault, connection)
    await do(database, people.set_default_connection, ADA, connection.id)

    theirs = await do(database, handing_over.hand_over, vault, connection, to=BEN, now=NOW)

    assert connections.open_keys(vault, theirs) == before
    assert (await do(database, people.get, ADA)).default_connection_id is None
    assert (await do(database, grants.get, grant.id)).state == GrantState.ACTIVE
    theirs.person_id = ADA
    with pytest.raises(vaults.Locked):
        connections.open_keys(vault, theirs)


async def test_of_two_who_hand_over_at_once_one_does(database, replica, connection, vault):
    await add_person(database, 103, "Cy")

    done = await asyncio.gather(
        *(
            do(db, handing_over.hand_over, vault, connection, to=to, now=NOW)
            for db, to in ((database, BEN), (replica, 103))
        )
    )

    assert len([one for one in done if one]) == 1


async def test_nobody_gets_the_same_account_twice_and_no_guest_gets_one(database, connection, vault):
    await add_connection(database, vault, person_id=BEN, token="b")
    await do(database, people.as_guest, 103, "Cy", None, now=NOW)

    for to in (BEN, 103, 104, ADA):
        assert await do(database, handing_over.hand_over, vault, connection, to=to, now=NOW) is None


async def test_what_groups_know_of_somebody_is_given_to_them_and_erased(database, connection, vault):
    group = await add_group(database, OLD)
    grant = await add_grant(database, group, connection, frozen_by=BEN)
    task = await add_task(database, chat_id=OLD)
    await do(database, grants.put_people, grant, "approves", [BEN])
    async with database.begin() as session:
        session.add(
            Vote(task_id=task.id, person_id=BEN, content_hash="a", verdict="no", reason="so", voted_at=NOW)
        )
        session.add(
            Booking(
                connection_id=connection.id,
                month="2026-11",
                what="write:0",
                cents_100=1,
                booked_at=NOW,
                grant_id=grant.id,
                person_id=BEN,
            )
        )
        await log.append(session, vault, group.id, "rejected", at=NOW, actor_id=BEN, text="so")
        await log.append(session, vault, group.id, "asked", at=NOW, actor_id=ADA, text="words")

    exported = await do(database, personal_data.export, BEN)
    await do(database, personal_data.erase, BEN)

    for name in ("named_in_grants", "votes", "log_entries", "log_texts"):
        assert len(exported[name]) == 1
    assert "mac" not in exported["log_entries"][0]
    async with database.begin() as session:
        for table in (Vote, GrantPerson):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
        assert list(await session.scalars(select(LogText.text))) == ["words"]
        assert list(await session.scalars(select(LogEntry.actor_id).order_by(LogEntry.seq))) == [BEN, ADA]
        assert list(await session.scalars(select(Booking.person_id))) == [None]
        assert (await grants.get(session, grant.id)).frozen_by is None
        assert await log.check(session, vault, group.id) is None


async def test_who_shared_a_connection_takes_its_grants_with_them(database, connection):
    await add_grant(database, await add_group(database, OLD), connection)
    async with database.begin() as session:
        await session.execute(update(Connection).values(state="gone"))

    assert len((await do(database, personal_data.export, ADA))["grants"]) == 1
    await do(database, personal_data.erase, ADA)

    async with database.begin() as session:
        assert await session.scalar(select(func.count()).select_from(Grant)) == 0


async def test_who_approves_while_the_group_moves_does_not_lock_in_a_circle(database, connection, vault):
    group = await add_group(database, OLD)
    task = await add_task(database, chat_id=OLD, connection_id=connection.id)
    is_locked = asyncio.Event()

    async def moves():
        await is_locked.wait()
        async with database.begin() as session:
            await moving.move(session, vault, OLD, NEW, at=NOW)

    moving_along = asyncio.create_task(moves())
    async with database.begin() as session:
        await tasks.get(session, task.id, lock=True)
        is_locked.set()
        await asyncio.sleep(0.2)
        await log.append(session, vault, group.id, "voted_yes", at=NOW, task_id=task.id)
    await moving_along

    async with database.begin() as session:
        assert (await tasks.get(session, task.id)).chat_id == NEW
