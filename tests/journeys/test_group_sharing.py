"""Sharing an account with a group: from the group and from the private chat, by whom, and what is told."""

import pytest

from storage import grants, log
from storage.tables import GrantState
from tests import builders
from tests.journeys.test_group_edge import newsroom_of


@pytest.fixture
async def newsroom(make_rig):
    """Give a group of Ada's with Ben; Ada has connected an account."""
    newsroom = await newsroom_of(await make_rig())
    vault = newsroom.rig.app.doors.vault
    await builders.add_connection(newsroom.db, vault, person_id=newsroom.ada.person, username="paper")
    return newsroom


async def grant_in(newsroom, chat=None):
    """Give the one open grant of the group."""
    group = await newsroom.group(chat)
    async with newsroom.db.begin() as session:
        found = await grants.of_group(session, group.id) if group else []
    return found[0] if found else None


async def acts(newsroom):
    """List what the group's log tells, oldest first; its chain is whole."""
    group = await newsroom.group()
    async with newsroom.db.begin() as session:
        assert await log.check(session, newsroom.rig.app.doors.vault, group.id) is None
        return [entry.act for entry in await log.entries_of(session, group.id)]


async def open_private(phone, chat):
    """Follow the link into the private chat that the group shows."""
    url = phone.in_group(chat).url("Open the private chat")
    await phone.start(url.partition("start=")[2])


async def shared(newsroom):
    """Share Ada's account from the group, to the end; gives the grant."""
    await newsroom.ada.in_group(newsroom.chat).say("/share")
    await open_private(newsroom.ada, newsroom.chat)
    (choice,) = [label for label in newsroom.ada.buttons if "@paper" in label]
    await newsroom.ada.press(choice)
    return await grant_in(newsroom)


# from the group


async def test_the_owner_shares_from_the_group_and_the_group_is_told_once(newsroom):
    grant = await shared(newsroom)

    assert (grant.state, grant.shared_by) == (GrantState.ACTIVE, newsroom.ada.person)
    assert (grant.asks, grant.approves, grant.links) == ("admins", "admins", False)
    told = [said for said in newsroom.said() if "lets this group use" in said]
    assert len(told) == 1
    assert all(words in told[0] for words in ("Ada", "paper", "May ask: admins", "Links: not allowed"))
    assert "in “Group" in newsroom.ada.text
    assert await acts(newsroom) == ["shared"]


async def test_before_the_choice_the_owner_reads_what_making_the_bot_an_admin_adds(newsroom):
    await newsroom.ada.in_group(newsroom.chat).say("/share")
    await open_private(newsroom.ada, newsroom.chat)
    assert "I need not be an admin there" in newsroom.ada.text
    assert "every message of the group" in newsroom.ada.text

    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, "administrator")
    await newsroom.rig.deliver()
    await newsroom.ada.in_group(newsroom.chat).say("/share")
    await open_private(newsroom.ada, newsroom.chat)

    assert "I am an admin there" in newsroom.ada.text


async def test_nobody_but_an_admin_shares(newsroom):

    await newsroom.ben.in_group(newsroom.chat).say("/share")

    assert "Only an admin" in newsroom.said()[-1]
    assert await grant_in(newsroom) is None


async def test_the_link_works_for_nobody_else(newsroom):
    await newsroom.ada.in_group(newsroom.chat).say("/share")
    url = newsroom.ada.in_group(newsroom.chat).url("Open the private chat")

    await newsroom.ben.start(url.partition("start=")[2])

    assert "link" in newsroom.ben.text
    assert "Which account" not in newsroom.ben.text


async def test_an_admin_of_a_second_ago_shares_nothing(newsroom):
    await newsroom.ada.in_group(newsroom.chat).say("/share")
    await open_private(newsroom.ada, newsroom.chat)
    (choice,) = [label for label in newsroom.ada.buttons if "@paper" in label]
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.ben.person, "creator", by=newsroom.ada.person)
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.ada.person, "member", by=newsroom.ben.person)
    await newsroom.rig.deliver()

    refused = await newsroom.ada.press(choice)

    assert "Only an admin" in refused
    assert await grant_in(newsroom) is None


async def test_without_an_answer_of_telegram_nothing_is_shared(newsroom):
    newsroom.rig.telegram.fault("user_not_found", newsroom.rig.bot, match={"method": "getChatMember"})

    await newsroom.ada.in_group(newsroom.chat).say("/share")

    assert "does not tell me" in newsroom.said()[-1]


async def test_what_is_shared_already_is_not_shared_again(newsroom):
    await shared(newsroom)
    await newsroom.ada.in_group(newsroom.chat).say("/share")

    await open_private(newsroom.ada, newsroom.chat)

    assert "all your accounts already" in newsroom.ada.text


async def test_somebody_elses_account_is_not_to_be_shared_by_a_made_up_button(newsroom):
    await newsroom.change(newsroom.ben, "administrator")
    await newsroom.ben.say("/share")
    group = await newsroom.group()

    await newsroom.ben.press_data(f"share_it:1:1:{group.id}", newsroom.ben.last)

    assert await grant_in(newsroom) is None


# from the private chat


async def pick(phone, chat, **more):
    """Choose a group in Telegram's own list, by the newest button that asks for one."""
    sent = [
        call for call in phone.rig.bot_calls("sendMessage") if "keyboard" in (call.get("reply_markup") or {})
    ]
    asked = sent[-1]["reply_markup"]["keyboard"][0][0]["request_chat"]["request_id"]
    phone.raw.share(asked, chat_id=chat, **more)
    await phone.rig.deliver()


async def test_the_owner_shares_from_private_by_telegrams_own_list(newsroom):
    await newsroom.ada.say("/share")
    await pick(newsroom.ada, newsroom.chat)
    (choice,) = [label for label in newsroom.ada.buttons if "@paper" in label]

    await newsroom.ada.press(choice)

    assert (await grant_in(newsroom)).state == GrantState.ACTIVE
    assert "lets this group use" in newsroom.said()[-1]


async def test_a_group_without_the_bot_is_chosen_and_it_comes_along(newsroom):
    other = newsroom.rig.telegram.new_group(None, owner=newsroom.ada.person, members=())
    await newsroom.ada.say("/share")

    await pick(newsroom.ada, other)
    (choice,) = [label for label in newsroom.ada.buttons if "@paper" in label]
    await newsroom.ada.press(choice)

    assert (await grant_in(newsroom, other)).state == GrantState.ACTIVE
    assert await grant_in(newsroom) is None


async def test_a_choice_nobody_asked_for_leads_nowhere(newsroom):
    newsroom.ada.raw.share(99, chat_id=newsroom.chat, forge=True)
    await newsroom.rig.deliver()

    assert "did not ask for that" in newsroom.ada.text


async def test_a_group_a_hostile_client_makes_up_is_asked_about_at_telegram(newsroom):
    vault = newsroom.rig.app.doors.vault
    await builders.add_connection(
        newsroom.db, vault, person_id=newsroom.ben.person, username="ben", x_user_id="77"
    )
    await newsroom.ben.say("/share")

    await pick(newsroom.ben, newsroom.chat, forge=True)
    assert "Only an admin" in newsroom.ben.text
    await pick(newsroom.ben, -100123, forge=True)

    assert "tells me nothing about that group" in newsroom.ben.text


async def test_who_has_no_account_is_led_to_connect_one(newsroom):

    await newsroom.ben.say("/share")

    assert "no X account connected" in newsroom.ben.text


async def test_the_page_of_a_connection_leads_to_where_it_is_shared(newsroom):
    await shared(newsroom)
    await newsroom.ada.say("/connections")
    (page,) = [label for label in newsroom.ada.buttons if "@paper" in label]
    await newsroom.ada.press(page)

    await newsroom.ada.press("Groups")

    assert "What you share" in newsroom.ada.text
    assert any("in Group" in label for label in newsroom.ada.buttons)
