"""Sharing, stopping and handing over at the same moment, at two replicas, on both databases."""

import pytest

from storage import connections, grants
from storage.tables import Grant, GrantState
from tests import builders
from tests.journeys.test_group_edge import newsroom_of
from tests.journeys.test_group_sharing import acts, grant_in, open_private
from tests.journeys.test_races import both, pressed


@pytest.fixture
async def newsroom(rig_on_each):
    """Give a group of Ada's with Ben as an admin; Ada has connected an account; there are two replicas."""
    newsroom = await newsroom_of(rig_on_each)
    await rig_on_each.replica()
    vault = newsroom.rig.app.doors.vault
    await builders.add_connection(newsroom.db, vault, person_id=newsroom.ada.person, username="paper")
    await newsroom.change(newsroom.ben, "administrator")
    await newsroom.ada.in_group(newsroom.chat).say("/share")
    await open_private(newsroom.ada, newsroom.chat)
    return newsroom


@pytest.fixture
async def shop(newsroom):
    """Give the same with the account shared."""
    await newsroom.ada.press(choice(newsroom))
    newsroom.grant_row = await grant_in(newsroom)
    return newsroom


def choice(newsroom):
    (label,) = [label for label in newsroom.ada.buttons if "@paper" in label]
    return label


async def now(shop):
    async with shop.db.begin() as session:
        return await session.get(Grant, shop.grant_row.id, populate_existing=True)


async def at_once(shop, *presses):
    """Let all presses be worked on at both replicas at once."""
    updates, answers = await pressed(shop.rig, *presses)
    await both(shop.rig, *updates)
    return [(await answer).get("text") or "" for answer in answers]


async def test_an_account_is_shared_once_however_often_its_button_is_pressed(newsroom):
    label, card = choice(newsroom), newsroom.ada.last

    await at_once(newsroom, (newsroom.ada, label, card), (newsroom.ada, label, card))

    group = await newsroom.group()
    async with newsroom.db.begin() as session:
        assert len(await grants.of_group(session, group.id)) == 1
    assert await acts(newsroom) == ["shared"]


async def test_of_two_changes_to_a_policy_at_once_the_second_is_of_an_old_page(shop):
    page = shop.ada.last

    await at_once(shop, (shop.ada, "Allow links", page), (shop.ada, "Show authors in the log only", page))

    grant = await now(shop)
    assert grant.version == shop.grant_row.version + 1
    assert grant.links is grant.names_author
    assert await acts(shop) == ["shared", "policy_changed"]


async def test_two_admins_freeze_it_at_once_and_one_of_them_did(shop):
    await shop.ben.in_group(shop.chat).say("/policy")
    ben = shop.ben.in_group(shop.chat)

    await at_once(shop, (ben, "❄️ Freeze", None), (shop.ada, "❄️ Freeze", shop.ada.last))

    assert (await now(shop)).frozen_by in (shop.ben.person, shop.ada.person)
    assert (await acts(shop)).count("frozen") == 1


async def test_freezing_and_taking_back_at_once_leave_it_ended(shop):
    await shop.ada.press("Take it back")
    ben = shop.ben.in_group(shop.chat)
    card = ben.with_button("❄️ Freeze")

    await at_once(shop, (shop.ada, "Yes, take it back", None), (ben, "❄️ Freeze", card))
    if (await now(shop)).state == GrantState.ACTIVE:
        # Freezing came first: the question was about an older version.
        await shop.ada.press("Take it back")
        await shop.ada.press("Yes, take it back")

    assert (await now(shop)).state == GrantState.ENDED
    assert (await acts(shop)).count("unshared") == 1


async def test_an_offer_accepted_twice_at_once_changes_the_owner_once(shop):
    await shop.ada.press("Hand over")
    sent = [c for c in shop.rig.bot_calls("sendMessage") if "keyboard" in (c.get("reply_markup") or {})]
    asked = sent[-1]["reply_markup"]["keyboard"][0][0]["request_users"]["request_id"]
    shop.ada.raw.share(asked, user_ids=[shop.ben.person])
    await shop.rig.deliver()
    await shop.ben.start(shop.ben.in_group(shop.chat).url("Accept").partition("start=")[2])
    card = shop.ben.last

    await at_once(shop, (shop.ben, "Yes, I take it", card), (shop.ben, "Yes, I take it", card))

    async with shop.db.begin() as session:
        owned = await connections.get(session, shop.grant_row.connection_id)
    assert owned.person_id == shop.ben.person
    assert (await acts(shop)).count("handed_over") == 1
