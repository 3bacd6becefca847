"""/policy in reply to somebody's message: the owner names who may ask or approve, in the group itself."""

import pytest

from storage import grants
from storage.tables import Grant, PersonState
from tests.journeys.rig import Phone
from tests.journeys.test_group_policy import acts, named, now, shop  # noqa: F401 - the fixture
from tests.journeys.test_group_sharing import newsroom  # noqa: F401 - the fixture


@pytest.fixture
async def desk(shop):  # noqa: F811 - the fixture
    """Give the group, in which Ben, whom the bot does not know, has said something."""
    shop.owner, shop.member = shop.ada.in_group(shop.chat), shop.ben.in_group(shop.chat)
    shop.said_by_ben = shop.member.send("I could write that")
    await shop.rig.deliver()
    return shop


async def change(desk, **columns):
    async with desk.db.begin() as session:
        await grants.change_policy(session, await session.get(Grant, desk.grant_row.id), **columns)


async def test_the_owner_lets_somebody_ask_by_replying_to_them_and_takes_it_back(desk):
    await desk.owner.say("/policy", reply_to=desk.said_by_ben)
    assert desk.owner.buttons == ["▫️ Ben may ask", "❄️ Freeze"]

    assert await desk.owner.press("▫️ Ben may ask") == "Changed."

    assert "admins of the group, and Ben" in desk.owner.text
    assert (await now(desk)).asks == "listed"
    assert await named(desk, "asks") == [desk.ben.person]
    await desk.member.say("/tweet Hello")
    assert "does not let you" not in desk.member.text
    await desk.owner.press("✅ Ben may ask")
    assert await named(desk, "asks") == []
    assert await acts(desk) == ["shared", *["policy_changed"] * 3]


async def test_only_admins_asked_before_and_names_of_then_do_not_come_back(desk):
    async with desk.db.begin() as session:
        await grants.put_people(session, await session.get(Grant, desk.grant_row.id), "asks", [4711])
    await desk.owner.say("/policy", reply_to=desk.said_by_ben)

    await desk.owner.press("▫️ Ben may ask")

    assert await named(desk, "asks") == [desk.ben.person]


async def test_who_approves_is_named_so_where_named_people_approve(desk):
    await change(desk, approves="named")
    async with desk.db.begin() as session:
        await grants.put_people(session, await session.get(Grant, desk.grant_row.id), "approves", [4711])
    await desk.owner.say("/policy", reply_to=desk.said_by_ben)

    await desk.owner.press("▫️ Ben may approve")

    assert await named(desk, "approves") == [4711, desk.ben.person]
    assert "✅ Ben may approve" in desk.owner.buttons


async def test_where_everybody_may_ask_and_admins_approve_there_is_nobody_to_name(desk):
    await change(desk, asks="members")

    await desk.owner.say("/policy", reply_to=desk.said_by_ben)

    assert desk.owner.buttons == ["❄️ Freeze"]


async def test_nobody_but_the_owner_names_anybody(desk):
    chen = await desk.rig.phone("Chen")
    await desk.change(chen, "administrator")
    admin = chen.in_group(desk.chat)
    await admin.say("/policy", reply_to=desk.said_by_ben)
    assert admin.buttons == ["❄️ Freeze"]
    await desk.owner.say("/policy", reply_to=desk.said_by_ben)

    assert "Only who shared" in await admin.press("▫️ Ben may ask")
    assert "Only an admin" in await desk.member.press("▫️ Ben may ask")

    assert await named(desk, "asks") == []
    assert await acts(desk) == ["shared", "refused", "refused"]


async def test_an_owner_who_was_an_admin_a_second_ago_names_nobody(desk):
    await desk.owner.say("/policy", reply_to=desk.said_by_ben)
    card = desk.owner.with_button("▫️ Ben may ask")
    desk.rig.telegram.set_member(desk.chat, desk.ben.person, "creator", by=desk.ada.person)
    desk.rig.telegram.set_member(desk.chat, desk.ada.person, "member", by=desk.ben.person)
    desk.rig.waiting()

    assert "Only an admin" in await desk.owner.press("▫️ Ben may ask", message=card)

    assert await named(desk, "asks") == []


async def test_who_has_left_is_not_named(desk):
    await desk.owner.say("/policy", reply_to=desk.said_by_ben)
    card = desk.owner.with_button("▫️ Ben may ask")
    await desk.change(desk.ben, "left")

    assert "not in this group" in await desk.owner.press("▫️ Ben may ask", message=card)

    assert await named(desk, "asks") == []


async def test_the_bot_a_channel_and_the_owner_are_nobody_to_name(desk):
    channel = desk.rig.telegram.new_channel(desk.ben.person)
    by_channel = desk.member.send("News", as_channel=channel)
    own = desk.owner.send("Mine")
    await desk.owner.say("/policy")
    ours = desk.owner.last["message_id"]

    for said in (ours, by_channel, own):
        await desk.owner.say("/policy", reply_to=said)
        assert desk.owner.buttons == ["❄️ Freeze"]


@pytest.mark.parametrize(
    "extra", ["", "asks", "asks.0", "asks.x", "owner.5", "approves.99999999999999999999"]
)
async def test_made_up_names_change_nothing(desk, extra):
    await desk.owner.say("/policy", reply_to=desk.said_by_ben)
    grant = await now(desk)

    await desk.owner.press_data(f"pol_name:{grant.id}:{grant.version}:{extra}", desk.owner.last)
    await desk.ada.press_data(f"pol_name:{grant.id}:{grant.version}:asks.{desk.ben.person}", desk.ada.last)

    assert (await now(desk)).version == grant.version


async def test_somebody_the_bot_never_met_is_named_and_is_a_guest(desk):
    eve = Phone(desk.rig, desk.rig.telegram.new_person(first_name="Eve"), desk.rig.bot.id)
    await desk.change(eve, "member")
    said = eve.in_group(desk.chat).send("Me too")
    await desk.rig.deliver()
    assert await desk.person(eve) is None

    await desk.owner.say("/policy", reply_to=said)
    await desk.owner.press("▫️ Eve may ask")

    assert await named(desk, "asks") == [eve.person]
    assert (await desk.person(eve)).state == PersonState.GUEST
