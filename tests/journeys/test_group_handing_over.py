"""Handing an account over that several groups use: each is told, and none is opened to whom it does not know."""

import pytest

from storage import connections, log
from storage.tables import GrantState, TaskState
from tests import builders
from tests.journeys.test_group_log import note
from tests.journeys.test_group_policy import offer, owner, shop  # noqa: F401 - the fixture
from tests.journeys.test_group_sharing import newsroom  # noqa: F401 - the fixture


@pytest.fixture
async def two(shop):  # noqa: F811 - the fixture
    """Give the same with a second group of Ada's that uses the account; Ben is no member there."""
    rig, db = shop.rig, shop.rig.app.db
    shop.other = rig.telegram.new_group(rig.bot, owner=shop.ada.person, members=())
    await rig.deliver()
    async with db.begin() as session:
        connection = await connections.get(session, shop.grant_row.connection_id)
    shop.there = await builders.add_grant(db, await shop.group(shop.other), connection)
    return shop


async def handed_over(two):
    token = await offer(two)
    await two.ben.start(token)
    await two.ben.press("Yes, I take it")
    assert await owner(two) == two.ben.person


def said_there(two):
    return [c["text"] for c in two.rig.bot_calls("sendMessage") if c["chat_id"] == two.other]


async def entries(two, chat):
    group = await two.group(chat)
    async with two.db.begin() as session:
        assert await log.check(session, two.rig.app.doors.vault, group.id) is None
        return list(await log.entries_of(session, group.id))


async def test_every_group_is_told_whose_it_is_now(two):
    two.rig.telegram.set_member(two.other, two.ben.person, "administrator")

    await handed_over(two)

    for said in (two.said()[-1], said_there(two)[-1]):
        assert "Ada</b> has handed" in said
        assert "<b>Ben</b>" in said
    assert (await two.grant(two.there)).state == GrantState.ACTIVE
    assert (await two.grant(two.grant_row)).state == GrantState.ACTIVE


async def test_the_log_says_who_gave_it_and_who_took_it(two):
    await handed_over(two)

    for chat in (two.chat, two.other):
        (entry,) = [each for each in await entries(two, chat) if each.act == "handed_over"]
        assert (entry.actor_id, entry.connection_id) == (two.ada.person, two.there.connection_id)
    await two.ben.in_group(two.chat).say("/log")
    assert "Ada handed @paper over to Ben" in two.ben.in_group(two.chat).text


@pytest.mark.parametrize(("status", "why"), [("member", "owner_not_admin"), ("left", "owner_left")])
async def test_where_the_new_owner_is_no_admin_it_is_suspended_and_told_and_what_waits_is_held(
    two, status, why
):
    two.rig.telegram.set_member(two.other, two.ben.person, status)
    task = await builders.add_task(
        two.db,
        person_id=two.ada.person,
        chat_id=two.other,
        connection_id=two.there.connection_id,
        state=TaskState.SCHEDULED,
        promised=True,
        due_at=two.rig.clock.now,
        wake_at=two.rig.clock.now,
    )

    await handed_over(two)
    await two.rig.posted()

    suspended = await two.grant(two.there)
    assert (suspended.state, suspended.suspended_why) == (GrantState.SUSPENDED, why)
    assert "is not used here any more" in said_there(two)[1]
    assert [each.act for each in await entries(two, two.other)] == ["handed_over", "suspended"]
    async with two.db.begin() as session:
        held = await session.get(type(task), task.id)
    assert held.state == TaskState.DUE


async def test_a_group_of_which_telegram_says_nothing_does_not_use_it_until_the_owner_shows_themself(two):
    token = await offer(two)
    await two.ben.start(token)
    match = {"method": "getChatMember", "chat": two.other}
    two.rig.telegram.fault("user_not_found", two.rig.bot, match=match)

    await two.ben.press("Yes, I take it")

    assert (await two.grant(two.there)).state == GrantState.SUSPENDED


async def test_all_are_told_when_the_answer_was_lost_and_the_press_comes_again(two):
    token = await offer(two)
    await two.ben.start(token)
    two.rig.telegram.fault(
        "server_error", two.rig.bot, times=3, match={"method": "sendMessage", "chat": two.chat}
    )
    await two.ben.press("Yes, I take it")
    assert await owner(two) == two.ben.person

    await two.rig.give(two.rig.history[-1])

    assert "has handed" in two.said()[-1]
    assert "has handed" in "".join(said_there(two))
    assert [each.act for each in await entries(two, two.other)].count("handed_over") == 1


# the log of the groups


async def test_whoever_owns_an_account_reads_what_was_done_with_it_since_it_is_theirs(two):
    await note(two, "asked", two.ada, text="From before, in the first")
    first, two.grant_row = two.grant_row, two.there
    await note(two, "asked", two.ada, text="Of long ago")
    two.rig.clock.advance(minutes=1)
    await handed_over(two)
    two.rig.clock.advance(minutes=1)
    await note(two, "asked", two.ada, text="Of today")
    two.grant_row = first

    await two.ben.say("/log")
    await two.ben.press("@paper")
    assert "Of today" in two.ben.text
    assert "Of long ago" not in two.ben.text
    group = await two.group(two.other)
    await two.ben.press_data(f"log:g{group.id}:0", two.ben.last)
    assert "Of today" in two.ben.text
    assert "Of long ago" not in two.ben.text

    # In a group whose admin they are all of it is theirs to read.
    await two.ben.in_group(two.chat).say("/log")
    assert "From before, in the first" in two.ben.in_group(two.chat).text
