"""The log in the private chat: an account's own check and file, and an admin whom the bot knows from a group only."""

import json

import pytest
from sqlalchemy import delete

from storage import log
from storage.tables import Connection, LogEntry, PersonState
from tasks.acts import Act
from tests import builders
from tests.journeys.test_group_edge import newsroom_of
from tests.journeys.test_group_log import desk, note, post  # noqa: F401 - the fixture


@pytest.fixture
async def two(desk):  # noqa: F811 - the fixture
    """Give a second group that uses the account, each with something in its log."""
    rig = desk.rig
    desk.other = rig.telegram.new_group(rig.bot, owner=desk.ben.person, members=())
    await rig.deliver()
    await post(desk)
    group = await desk.group(desk.other)
    first, desk.grant_row = desk.grant_row, await add_grant(desk, group)
    await note(desk, Act.ASKED, desk.ben, text="In the other one")
    desk.there, desk.grant_row = desk.grant_row, first
    return desk


async def add_grant(desk, group):  # noqa: F811 - the fixture
    values = {"id": desk.grant_row.connection_id, "person_id": desk.ada.person}
    return await builders.add_grant(desk.db, group, Connection(**values))


async def opened(two):
    await two.ada.say("/log")
    await two.ada.press("@alice_writes")


async def test_the_owner_checks_all_logs_that_tell_of_an_account(two):
    await opened(two)

    assert "The log is whole" in await two.ada.press("Check")

    async with two.db.begin() as session:
        await session.execute(delete(LogEntry).where(LogEntry.group_id == two.there.group_id))
    # An entry of the group that has some left.
    async with two.db.begin() as session:
        await session.execute(
            delete(LogEntry).where(LogEntry.group_id == two.grant_row.group_id, LogEntry.seq == 2)
        )
    said = await two.ada.press("Check")
    assert "entry 2" in said
    assert "missing" in said


async def test_the_owner_takes_away_what_was_done_with_an_account_and_each_group_writes_it_down(two):
    await opened(two)

    await two.ada.press("Save as a file")

    (sent,) = two.rig.bot_calls("sendDocument")
    assert sent["chat_id"] == two.ada.person
    assert "4 entries" in sent["caption"]
    for grant in (two.grant_row, two.there):
        async with two.db.begin() as session:
            *_, entry = await log.entries_of(session, grant.group_id)
            assert await log.check(session, two.rig.app.doors.vault, grant.group_id) is None
        assert (entry.act, entry.actor_id) == ("exported", two.ada.person)
        assert entry.connection_id == grant.connection_id


async def test_nobody_else_checks_an_account_or_takes_its_log_away(two):
    number = two.grant_row.connection_id
    await two.ben.say("/log")
    for verb in ("log_check", "log_file", "log"):
        assert "older message" in await two.ben.press_data(f"{verb}:c{number}:0", two.ben.last)
    assert two.rig.bot_calls("sendDocument") == []


# guests


@pytest.fixture
async def closed(make_rig):
    """Give a group of a bot that is closed to strangers, with an account of Ada's; Ben is an admin there."""
    newsroom = await newsroom_of(await make_rig(open_to_all=False))
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.ben.person, "administrator")
    newsroom.grant_row = await newsroom.share()
    await newsroom.rig.deliver()
    await note(newsroom, Act.ASKED, newsroom.ada, text="Rain at noon")
    return newsroom


async def from_the_group(closed):
    await closed.ben.in_group(closed.chat).say("/log")
    link = closed.ben.in_group(closed.chat).url("Open the private chat")
    await closed.ben.start(link.partition("start=")[2])


async def test_an_admin_known_from_the_group_only_reads_and_takes_away_its_log_in_private(closed):
    await from_the_group(closed)
    assert "Rain at noon" in closed.ben.text

    assert "The log is whole" in await closed.ben.press("Check")
    await closed.ben.press("Save as a file")
    await closed.ben.say("/log")

    (sent,) = closed.rig.bot_calls("sendDocument")
    assert sent["chat_id"] == closed.ben.person
    assert "exported" not in closed.ben.text
    assert "took this log away" in closed.ben.text
    assert (await closed.person(closed.ben)).state == PersonState.GUEST


async def test_that_lets_them_do_nothing_else_in_private(closed):
    await from_the_group(closed)

    for said in ("/connections", "/help", "Hello", "/who https://x.com/a/status/1"):
        closed.rig.clock.advance(minutes=2)
        await closed.ben.say(said)
        assert "not open to everybody" in closed.ben.text, said


async def test_an_admin_of_a_second_ago_reads_it_no_more_in_private(closed):
    await from_the_group(closed)
    closed.rig.telegram.set_member(closed.chat, closed.ben.person, "member")

    assert "not yours to read" in await closed.ben.press("Check")
    await closed.ben.say("/log")

    assert "Rain at noon" not in closed.ben.text


async def test_a_stranger_and_a_guest_of_another_group_read_nothing(closed):
    eve = await closed.rig.phone("Eve")
    group = await closed.group()

    await eve.say("/log")
    assert "not open to everybody" in eve.text
    await eve.press_data(f"log:g{group.id}:0", eve.last)

    assert "Rain" not in eve.text
    assert json.dumps(eve.texts).count("Rain") == 0
