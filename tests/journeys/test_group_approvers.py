"""Those who approve hear of it: named people are called, each once, in order one after the other."""

import pytest

from storage.tables import TaskState
from tests.journeys.test_group_approval import voting_of, wait_for


@pytest.fixture
async def group(make_rig):
    return await voting_of(await make_rig())


def called(group):
    """List whom each message of the bot names so that Telegram tells them: of new messages only."""
    sent = group.rig.bot_calls("sendMessage")
    return [
        [phone for phone, person in people(group) if f"tg://user?id={person}" in (call.get("text") or "")]
        for call in sent
        if "tg://user" in (call.get("text") or "")
    ]


def people(group):
    return [("Ada", group.ada.person), ("Ben", group.ben.person)] + [
        (name, phone.person) for name, phone in (("Cleo", group.cleo), ("Dan", group.dan))
    ]


async def test_named_people_are_called_once_when_votes_are_asked_for(group):
    grant = await group.share(approves="named", votes_needed=2)
    await group.named(grant, group.cleo, group.dan, group.ben)

    await group.ask()
    assert called(group) == [["Cleo", "Dan"]]
    assert "Asked to approve: Cleo, Dan" in group.ben.text

    await group.dan.press("Approve")
    assert "1 of 2 votes: Dan" in group.ben.text
    assert called(group) == [["Cleo", "Dan"]]


async def test_in_order_the_next_is_called_when_the_one_before_has_approved(group):
    grant = await group.share(approves="named", votes_needed=3, in_order=True)
    await group.named(grant, group.cleo, group.dan, group.owner)

    await group.ask()
    assert called(group) == [["Cleo"]]
    await group.cleo.press("Approve")
    assert called(group) == [["Cleo"], ["Dan"]]
    await group.cleo.press("Approve")
    assert called(group) == [["Cleo"], ["Dan"]]
    await group.dan.press("Approve")
    assert called(group) == [["Cleo"], ["Dan"], ["Ada"]]
    await group.owner.press("Approve")
    await group.rig.posted()

    assert group.posts() == ["Hello from the group"]


async def test_no_more_than_five_are_called_and_the_others_only_named(group):
    many = [await group.rig.phone(f"Eve{number}") for number in range(1, 7)]
    for phone in many:
        group.rig.telegram.set_member(group.chat, phone.person, "member")
    await group.rig.deliver()
    grant = await group.share(approves="named")
    await group.named(grant, *many)

    await group.ask()

    (text,) = [call["text"] for call in group.rig.bot_calls("sendMessage") if "tg://" in call.get("text", "")]
    assert [str(phone.person) in text for phone in many] == [True] * 5 + [False]


async def test_where_any_admin_approves_nobody_is_called(group):
    await group.share(approves="admins")

    await group.ask()

    assert called(group) == []
    assert "Any admin of this group can approve it" in group.dan.text


async def test_asked_for_on_another_card_its_approvers_are_called_beside_it(group):
    grant = await group.share(approves="named", kinds="post delete", unapproved="")
    await group.named(grant, group.cleo)
    await group.ask()
    await group.cleo.press("Approve")
    await group.rig.posted()

    await group.ben.press("Delete")
    await group.ben.press("Yes, delete it")

    assert called(group) == [["Cleo"], ["Cleo"]]
    assert "waits to be approved" in group.cleo.text


async def test_the_log_says_how_many_of_how_many_had_approved_what_expired(group):
    await group.share(approves="admins", votes_needed=2)
    await group.ask()
    await group.dan.press("Approve")

    group.rig.clock.advance(hours=24, seconds=1)
    async with group.rig.working():
        await wait_for(group, TaskState.EXPIRED)
    await group.dan.say("/log")

    assert "Only 1 of 2 approved it in time" in group.dan.text


async def test_an_anonymous_admin_who_presses_approve_votes_as_themselves(group):
    await group.share(approves="admins", votes_needed=2)
    await group.ask()
    group.rig.telegram.set_member(group.chat, group.dan.person, "administrator", anonymous=True)
    await group.rig.deliver()

    assert await group.dan.press("Approve") == "Your vote counts."

    assert "1 of 2 votes: Dan" in group.ben.text
    await group.owner.press("Approve")
    await group.rig.posted()
    assert group.posts() == ["Hello from the group"]


async def test_who_was_an_anonymous_admin_a_second_ago_approves_nothing(group):
    await group.share(approves="admins")
    group.rig.telegram.set_member(group.chat, group.dan.person, "administrator", anonymous=True)
    await group.rig.deliver()
    await group.ask()
    group.rig.telegram.set_member(group.chat, group.dan.person, "member")
    group.rig.waiting()

    assert "this was no vote" in await group.dan.press("Approve")

    assert (await group.state(), group.posts()) == (TaskState.WAITING, [])
