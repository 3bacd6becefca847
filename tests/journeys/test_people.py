"""People: who uses the bot, who is invited, and who is shut out."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.edge import Outcome
from storage import people, personal_data, start_links
from storage.tables import StartLink, Task, TaskState

CLOSED = "not open to everybody"


@pytest.fixture
async def club(make_rig):
    """Give a bot that nobody gets into uninvited, and whoever comes first runs."""
    return await make_rig(demo=True, open_to_all=False)


async def the_operator(rig):
    return await rig.phone("Olga", username=f"olga_{rig.bot.id}")


async def invited(rig, operator, name="Ben"):
    """Invite somebody and let them come."""
    guest = await rig.phone(name)
    await operator.say("/people")
    await operator.press("Invite one")
    await guest.start(token_in(operator.text))
    return guest


def token_in(text):
    return re.search(r"\?start=(\S+)", text)[1]


async def state_of(rig, person):
    async with rig.app.db.begin() as session:
        found = await people.get(session, person)
    return found.state if found else None


async def test_who_is_not_invited_does_not_get_in(club):
    await the_operator(club)

    ben = await club.phone("Ben")

    assert CLOSED in ben.text
    assert await state_of(club, ben.person) is None


async def test_an_invitation_lets_as_many_in_as_it_says(club):
    olga = await the_operator(club)
    ben, chen = await club.phone("Ben"), await club.phone("Chen")
    await olga.say("/people")
    await olga.press("Invite one")
    token = token_in(olga.text)

    await ben.start(token)
    await chen.start(token)

    assert "Welcome, Ben" in ben.text
    assert "has been used" in chen.text


async def test_who_is_in_already_takes_no_invitation_from_a_guest(club):
    olga = await the_operator(club)
    ben, chen = await invited(club, olga), await club.phone("Chen")
    await olga.say("/people")
    await olga.press("Invite one")
    token = token_in(olga.text)

    await ben.start(token)
    await olga.start(token)
    await chen.start(token)

    assert "Welcome, Ben" in ben.text
    assert "Welcome, Olga" in olga.text
    assert "Welcome, Chen" in chen.text


async def test_an_invitation_is_good_for_a_week(club):
    olga, ben, chen = await the_operator(club), await club.phone("Ben"), await club.phone("Chen")
    await olga.say("/people")
    await olga.press("Invite 5")
    token = token_in(olga.text)

    club.clock.advance(days=7, seconds=-1)
    await ben.start(token)
    club.clock.advance(seconds=2)
    await chen.start(token)

    assert "Welcome, Ben" in ben.text
    assert "has run out" in chen.text


async def test_an_invitation_can_be_withdrawn_from_the_message_and_from_the_list(club):
    olga = await the_operator(club)
    tokens = []
    for _ in range(2):
        await olga.say("/people")
        await olga.press("Invite 20")
        tokens.append(token_in(olga.text))

    await olga.press("Withdraw this invitation")
    await olga.say("/people")
    await olga.press("Open invitations (1)")
    (label,) = [each for each in olga.buttons if each.startswith("Withdraw")]
    toast = await olga.press(label)

    assert "Withdrawn" in toast
    assert "No invitation is open" in olga.text
    for token in tokens:
        guest = await club.phone("Ben")
        await guest.start(token)
        assert "has been used" in guest.text


async def test_an_invitation_that_could_not_be_told_is_not_made_twice(club):
    olga, ben = await the_operator(club), await club.phone("Ben")
    await olga.say("/people")
    club.telegram.fault("drop_before", club.bot, times=3, match={"method": "editMessageText"})
    await olga.press("Invite 5")
    update = club.history[-1]

    await club.restart()
    outcome = await club.give(update)
    await ben.start(token_in(olga.text))

    async with club.app.db.begin() as session:
        links = (await session.scalars(select(StartLink))).all()
    assert outcome is Outcome.DONE
    assert [link.uses_left for link in links] == [4]
    assert "Welcome, Ben" in ben.text


async def test_the_list_names_people_their_state_and_their_accounts(make_rig):
    bot = await make_rig(demo=True)
    olga, ben = await the_operator(bot), await bot.phone("Ben <b>")
    await ben.connect(bot.new_account())

    await olga.say("/people")

    assert "2 people use this bot" in olga.text
    assert f"Olga @olga_{bot.bot.id}, runs this bot – no X account" in olga.text
    assert "Ben <b> – 1 X account" in olga.text
    assert "Everybody may come in" in olga.text


async def test_a_long_list_has_pages(club):
    olga = await the_operator(club)
    async with club.app.db.begin() as session:
        for number in range(20):
            await people.let_in(
                session,
                9000 + number,
                f"Guest {number}",
                None,
                now=club.clock.now + timedelta(seconds=number + 1),
            )

    await olga.say("/people")
    first = olga.text
    await olga.press("Later ›")
    await olga.press("Later ›")
    last = olga.text
    await olga.press("‹ Earlier")

    assert "page 1 of 3" in first
    assert re.findall(r"Guest \d+", first) == [f"Guest {number}" for number in range(7)]
    assert "page 3 of 3" in last
    assert "Guest 19 " in last
    assert "page 2 of 3" in olga.text


async def test_a_banned_person_is_answered_no_more_until_the_ban_is_lifted(club):
    olga = await the_operator(club)
    ben = await invited(club, olga)

    await olga.say("/people")
    await olga.press("Ben")
    await olga.press("Ban")
    assert await state_of(club, ben.person) == "active"
    toast = await olga.press("Yes, ban")
    await ben.say("/tweet Hello")
    assert (toast, ben.text) == (
        "Banned.",
        "You cannot use this bot any more: whoever runs it has banned you from it.",
    )
    await olga.press("Lift the ban")
    await ben.say("/start")

    assert "Welcome, Ben" in ben.text


async def test_an_invitation_does_not_lift_a_ban(club):
    olga = await the_operator(club)
    ben = await invited(club, olga)
    async with club.app.db.begin() as session:
        await people.ban(session, ben.person)
    await olga.say("/people")
    await olga.press("Invite one")

    await ben.start(token_in(olga.text))

    assert "cannot use this bot" in ben.text


async def test_a_ban_ends_an_open_authorization_and_cancels_what_is_due(club):
    olga = await the_operator(club)
    ben = await invited(club, olga)
    account = club.new_account()
    await ben.connect(account)
    await ben.say("/tweet Not any more")
    await ben.press("Post")
    await ben.open_link()

    await olga.say("/people")
    await olga.press("Ben")
    await olga.press("Ban")
    await olga.press("Yes, ban")
    await club.posted()

    async with club.app.db.begin() as session:
        states = set(await session.scalars(select(Task.state).where(Task.person_id == ben.person)))
        exported = await personal_data.export(session, ben.person)
    assert states == {TaskState.CANCELLED}
    assert {row["state"] for row in exported["authorizations"]} == {"done", "cancelled"}
    assert club.posts(account) == []


async def test_the_operator_cannot_be_banned(club):
    olga = await the_operator(club)
    await olga.say("/people")
    await olga.press("Olga")

    buttons = olga.buttons
    toasts = [await olga.press_data(f"{verb}:{olga.person}:0", olga.last) for verb in ("ban", "ban_yes")]

    assert buttons == ["All people"]
    assert set(toasts) == {"Whoever runs the bot cannot be banned."}
    assert await state_of(club, olga.person) == "active"


async def test_a_button_that_others_pressed_first_changes_nothing(club):
    olga = await the_operator(club)
    ben = await invited(club, olga)
    await olga.say("/people")
    await olga.press("Ben")
    page = olga.last
    await olga.press_data(f"ban_yes:{ben.person}:0", page)

    toast = await olga.press_data(f"ban_yes:{ben.person}:0", page)

    assert "That button was from before" in toast
    assert "Banned" in olga.text


@pytest.mark.parametrize(
    "verb", ["people", "person", "ban", "ban_yes", "unban", "invite", "invites", "invite_off"]
)
async def test_a_made_up_press_by_somebody_else_is_refused(club, verb):
    olga = await the_operator(club)
    ben, chen = await invited(club, olga), await invited(club, olga, "Chen")
    row = {"invite": 5, "invite_off": "0" * 32}.get(verb, chen.person)

    toast = await ben.press_data(f"{verb}:{row}:0", ben.last)
    await ben.say("/people")

    assert toast == ben.text == "Only whoever runs this bot can do that."
    assert await state_of(club, chen.person) == "active"


@pytest.mark.parametrize(
    "data",
    [
        "person:99999:0",
        "person:x:0",
        "person::0",
        "invite:7:0",
        "invite:-1:0",
        "invite_off:%:0",
        "people:²:0",
    ],
)
async def test_a_made_up_press_by_the_operator_is_harmless(club, data):
    olga = await the_operator(club)
    await olga.say("/people")
    await olga.press("Invite one")
    token = token_in(olga.text)

    await olga.press_data(data, olga.last)

    async with club.app.db.begin() as session:
        links = await start_links.still_open(session, "invite", now=club.clock.now)
    assert [start_links.short_name(link) for link in links] == [start_links.short_name_of(token)]
