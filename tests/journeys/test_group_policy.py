"""What a group may do: read by everybody there, changed by the owner alone, with buttons, words and names."""

import pytest

from storage import connections, grants
from storage.tables import Grant, GrantState
from tests.journeys.rig import Phone
from tests.journeys.test_group_sharing import acts, newsroom, shared  # noqa: F401 - the fixture


@pytest.fixture
async def shop(newsroom):  # noqa: F811 - the fixture
    """Give a group that uses Ada's account; her private chat shows its page."""
    newsroom.grant_row = await shared(newsroom)
    return newsroom


async def now(shop):
    """Give the grant as it stands."""
    async with shop.db.begin() as session:
        return await session.get(Grant, shop.grant_row.id, populate_existing=True)


async def named(shop, role):
    async with shop.db.begin() as session:
        return await grants.people(session, shop.grant_row.id, role)


async def pick_people(phone, *people, **more):
    """Choose people in Telegram's own list, by the newest button that asks for some."""
    sent = [
        call for call in phone.rig.bot_calls("sendMessage") if "keyboard" in (call.get("reply_markup") or {})
    ]
    asked = sent[-1]["reply_markup"]["keyboard"][0][0]["request_users"]["request_id"]
    phone.raw.share(asked, user_ids=[each.person for each in people], **more)
    await phone.rig.deliver()


# reading


async def test_everybody_in_the_group_reads_what_it_may_do(shop):
    await shop.ben.in_group(shop.chat).say("/policy")

    said = shop.said()[-1]
    assert all(words in said for words in ("shared by Ada", "In use", "May ask: admins", "an admin"))
    assert shop.ben.in_group(shop.chat).buttons == ["❄️ Freeze"]


async def test_a_group_with_nothing_shared_says_so(newsroom):  # noqa: F811 - the fixture
    await newsroom.ben.in_group(newsroom.chat).say("/policy")

    assert "No account is shared" in newsroom.said()[-1]


async def test_in_private_only_the_owner_sees_what_is_shared(shop):
    await shop.ada.say("/policy")
    assert "What you share" in shop.ada.text

    await shop.ben.say("/policy")

    assert "You share no account" in shop.ben.text


# changing


@pytest.mark.parametrize(
    ("section", "button", "column", "value"),
    [
        ("Who may ask", "▫️ Every member", "asks", "members"),
        ("For what", "▫️ planned posts", "kinds", "post reply media schedule"),
        ("For what", "✅ replies", "kinds", "post media"),
        ("Who approves", "▫️ No approval", "approves", "nobody"),
        ("Who approves", "▫️ 2 votes", "votes_needed", 2),
        ("Who approves", "▫️ One after the other", "in_order", True),
        ("Without approval", "▫️ what the owner asks for", "unapproved", "owner"),
        ("Limits", "5 a day", "quota_day", 5),
        ("Limits", "$5, group", "cap_cents_100", 50_000),
        ("Limits", "$1 each", "person_cap_cents_100", 10_000),
        ("Quiet hours", "22:00-07:00", "quiet", "22:00-07:00"),
        (None, "Allow links", "links", True),
        (None, "Show authors in the log only", "names_author", False),
    ],
)
async def test_the_owner_changes_each_part_by_a_button(shop, section, button, column, value):
    if section:
        await shop.ada.press(section)
    (label,) = [each for each in shop.ada.buttons if each == button or each.replace(".00", "") == button]

    assert await shop.ada.press(label) == "Changed."

    assert getattr(await now(shop), column) == value
    assert await acts(shop) == ["shared", "policy_changed"]


@pytest.mark.parametrize(
    ("section", "button", "number", "words", "column", "value"),
    [
        ("Limits", "quota", 0, "7", "quota_day", 7),
        ("Limits", "cap", 1, "$7.50", "cap_cents_100", 75_000),
        ("Limits", "pcap", 2, "none", "person_cap_cents_100", None),
        ("Quiet hours", "quiet", 0, "20:00 - 8:00", "quiet", "20:00-08:00"),
        ("Quiet hours", "zone", None, "Berlin", "zone", "Europe/Berlin"),
    ],
)
async def test_amounts_hours_and_the_zone_can_be_typed(shop, section, button, number, words, column, value):
    await shop.ada.press(section)
    data = [each["data"] for row in shop.ada.last["inline_keyboard"] for each in row]
    (asking,) = [each for each in data if each.startswith("pol_ask:") and each.endswith(f":{button}")]
    await shop.ada.press_data(asking, shop.ada.last)

    await shop.ada.say("what?")
    if column != "person_cap_cents_100":
        assert getattr(await now(shop), column) != value
    await shop.ada.say(words)

    assert getattr(await now(shop), column) == value
    assert "in “Group" in shop.ada.text


async def test_people_are_named_from_telegrams_list_in_their_order_and_struck(shop):
    chen = await shop.rig.phone("Chen")
    await shop.ada.press("Who approves")
    await shop.ada.press("▫️ People I name approve")
    assert "not named yet" in shop.ada.text

    await shop.ada.press("Name people")
    await pick_people(shop.ada, chen, shop.ben)

    assert await named(shop, "approves") == [chen.person, shop.ben.person]
    assert "1 of Chen, Ben" in shop.ada.text
    await shop.ada.press("✖ Chen")
    assert await named(shop, "approves") == [shop.ben.person]


async def test_somebody_the_bot_never_met_can_be_listed(shop):
    eve = shop.rig.telegram.new_person(first_name="Eve")
    await shop.ada.press("Who may ask")
    await shop.ada.press("▫️ Admins and listed people")
    assert "nobody is listed yet" in shop.ada.text

    await shop.ada.press("Name people")
    sent = [
        call for call in shop.rig.bot_calls("sendMessage") if "keyboard" in (call.get("reply_markup") or {})
    ]
    asked = sent[-1]["reply_markup"]["keyboard"][0][0]["request_users"]["request_id"]
    shop.ada.raw.share(asked, user_ids=[eve])
    await shop.rig.deliver()

    assert await named(shop, "asks") == [eve]
    assert "admins of the group, and Eve" in shop.ada.text


async def test_an_old_button_changes_nothing(shop):
    page = shop.ada.last
    await shop.ada.press("Allow links", message=page)
    links = [each["data"] for row in page["inline_keyboard"] for each in row if "links" in each["data"]]

    assert "from before" in await shop.ada.press_data(links[0], page)

    assert (await now(shop)).links is True


@pytest.mark.parametrize("extra", ["links.yes", "asks.members", "quota.none"])
async def test_nobody_else_changes_it_by_made_up_buttons(shop, extra):
    await shop.change(shop.ben, "administrator")
    grant = await now(shop)
    await shop.ben.say("/policy")
    await shop.ben.press_data(f"pol_set:{grant.id}:{grant.version}:{extra}", shop.ben.last)

    await shop.ben.in_group(shop.chat).say("/policy")
    here = shop.ben.in_group(shop.chat)
    await here.press_data(f"pol_set:{grant.id}:{grant.version}:{extra}", here.last)

    assert (await now(shop)).version == grant.version


@pytest.mark.parametrize("extra", ["links", "links.maybe", "votes.0", "votes.9999", "quota.-1", "x.y", ""])
async def test_made_up_choices_change_nothing(shop, extra):
    grant = await now(shop)

    await shop.ada.press_data(f"pol_set:{grant.id}:{grant.version}:{extra}", shop.ada.last)

    assert (await now(shop)).version == grant.version


async def test_an_owner_who_is_no_admin_any_more_changes_nothing(shop):
    shop.rig.telegram.set_member(shop.chat, shop.ben.person, "creator", by=shop.ada.person)
    shop.rig.telegram.set_member(shop.chat, shop.ada.person, "member", by=shop.ben.person)
    await shop.rig.deliver()

    assert "Only an admin" in await shop.ada.press("Allow links")

    assert (await now(shop)).links is False


# freezing


async def frozen_by_ben(shop):
    await shop.change(shop.ben, "administrator")
    await shop.ben.in_group(shop.chat).say("/policy")
    await shop.ben.in_group(shop.chat).press("❄️ Freeze")


async def test_any_admin_freezes_with_one_tap_and_the_group_is_told(shop):
    await frozen_by_ben(shop)

    grant = await now(shop)
    assert (grant.state, grant.frozen_by) == (GrantState.ACTIVE, shop.ben.person)
    assert "Ben" in shop.said()[-1]
    assert "has frozen" in shop.said()[-1]
    assert (await acts(shop))[-1] == "frozen"


async def test_the_message_that_tells_of_the_sharing_stops_it_with_one_tap(shop):
    await shop.change(shop.ben, "administrator")

    await shop.ben.in_group(shop.chat).press("❄️ Freeze")

    assert (await now(shop)).frozen_by == shop.ben.person


async def test_a_member_freezes_nothing(shop):
    await shop.ben.in_group(shop.chat).say("/policy")

    assert "Only an admin" in await shop.ben.in_group(shop.chat).press("❄️ Freeze")

    assert (await now(shop)).frozen_at is None


async def test_the_owner_freezes_from_anywhere(shop):
    shop.rig.telegram.fault("user_not_found", shop.rig.bot, match={"method": "getChatMember"})

    await shop.ada.press("❄️ Freeze")

    assert (await now(shop)).frozen_by == shop.ada.person
    assert "Ada" in shop.said()[-1]


async def test_who_froze_it_or_the_owner_lets_it_go_on_and_no_other_admin(shop):
    chen = await shop.rig.phone("Chen")
    await shop.change(chen, "administrator")
    await frozen_by_ben(shop)

    assert "Only who shared" in await chen.in_group(shop.chat).press("Unfreeze")
    assert (await now(shop)).frozen_at is not None
    await shop.ben.in_group(shop.chat).press("Unfreeze")

    assert (await now(shop)).frozen_at is None
    assert "lets" in shop.said()[-1]
    assert (await acts(shop))[-3:] == ["frozen", "refused", "thawed"]


# suspended, taken back


async def test_a_suspended_account_is_used_again_when_its_owner_says_so_as_an_admin(shop):
    async with shop.db.begin() as session:
        await grants.suspend(session, shop.grant_row.id, "owner_not_admin", now=shop.rig.clock.now)
    await shop.ada.say("/policy")
    (page,) = [label for label in shop.ada.buttons if "@paper" in label]
    await shop.ada.press(page)
    assert "Suspended" in shop.ada.text

    await shop.ada.press("Let it be used again")

    assert (await now(shop)).state == GrantState.ACTIVE
    assert "again" in shop.said()[-1]


async def test_the_owner_takes_it_back_after_being_asked(shop):
    await shop.ada.press("Take it back")
    assert (await now(shop)).state == GrantState.ACTIVE

    await shop.ada.press("Yes, take it back")

    assert (await now(shop)).state == GrantState.ENDED
    assert "has taken" in shop.said()[-1]
    assert await acts(shop) == ["shared", "unshared"]


# handing over


async def offer(shop):
    """Let Ada offer her account to Ben, an admin; gives the token of the offer's link."""
    await shop.change(shop.ben, "administrator")
    await shop.ada.press("Hand over")
    await pick_people(shop.ada, shop.ben)
    return shop.ben.in_group(shop.chat).url("Accept").partition("start=")[2]


async def owner(shop):
    async with shop.db.begin() as session:
        return (await connections.get(session, shop.grant_row.connection_id)).person_id


async def test_an_account_is_handed_over_to_another_admin_who_accepts(shop):
    token = await offer(shop)
    assert await owner(shop) == shop.ada.person

    await shop.ben.start(token)
    assert "Ada offers you" in shop.ben.text
    await shop.ben.press("Yes, I take it")

    assert await owner(shop) == shop.ben.person
    assert "in “Group" in shop.ben.text
    assert "handed" in shop.said()[-1]
    assert "Ben" in shop.ada.text
    assert (await now(shop)).state == GrantState.ACTIVE
    assert (await acts(shop))[-1] == "handed_over"


async def test_an_offer_is_good_for_whom_it_was_made(shop):
    chen = await shop.rig.phone("Chen")
    await shop.change(chen, "administrator")
    token = await offer(shop)

    await chen.start(token)
    grant = await now(shop)
    await chen.press_data(f"g_take:{grant.id}:{grant.version}", chen.last)

    assert await owner(shop) == shop.ada.person


async def test_an_offer_is_to_admins_only_also_when_it_is_accepted(shop):
    await shop.ada.press("Hand over")
    await pick_people(shop.ada, shop.ben)
    assert "Only an admin of the group can become" in shop.ada.text

    token = await offer(shop)
    await shop.ben.start(token)
    await shop.change(shop.ben, "member")
    await shop.ben.press("Yes, I take it")

    assert await owner(shop) == shop.ada.person


async def test_who_does_not_use_the_bot_is_offered_nothing(shop):
    dana = shop.rig.telegram.new_person(first_name="Dana")
    shop.rig.telegram.set_member(shop.chat, dana, "administrator")
    await shop.rig.deliver()
    await shop.ada.press("Hand over")

    await pick_people(shop.ada, Phone(shop.rig, dana, shop.rig.bot.id))

    assert "send me /start in private" in shop.ada.text


async def test_an_offer_is_over_when_somebody_else_owns_it_by_then(shop):
    token = await offer(shop)
    await shop.ben.start(token)
    chen = await shop.rig.phone("Chen")
    await shop.change(chen, "administrator")
    await shop.ada.say("/policy")
    (page,) = [label for label in shop.ada.buttons if "@paper" in label]
    await shop.ada.press(page)
    await shop.ada.press("Hand over")
    await pick_people(shop.ada, chen)
    await chen.start(chen.in_group(shop.chat).url("Accept").partition("start=")[2])
    await chen.press("Yes, I take it")

    assert "does not stand" in await shop.ben.press("Yes, I take it")

    assert await owner(shop) == chen.person


# old cards, other groups, hidden admins


async def test_freezing_asks_for_no_fresh_card(shop):
    await shop.change(shop.ben, "administrator")
    await shop.ben.in_group(shop.chat).say("/policy")
    card = shop.ben.in_group(shop.chat).with_button("❄️ Freeze")
    await shop.ada.press("Allow links")

    await shop.ben.in_group(shop.chat).press("❄️ Freeze", message=card)

    assert (await now(shop)).frozen_by == shop.ben.person


async def test_an_admin_of_another_group_freezes_nothing_from_there(shop):
    other = shop.rig.telegram.new_group(shop.rig.bot, owner=shop.ben.person, members=())
    await shop.ben.in_group(other).say("/policy")
    here, grant = shop.ben.in_group(other), await now(shop)

    refused = await here.press_data(f"g_freeze:{grant.id}:{grant.version}", here.last)

    assert "not shared here" in refused
    assert (await now(shop)).frozen_at is None


async def test_an_anonymous_admin_reads_and_freezes_as_themselves(shop):
    await shop.change(shop.ben, "administrator", anonymous=True)
    await shop.ben.in_group(shop.chat).say("/policy")
    await shop.ben.in_group(shop.chat).press("Continue")

    await shop.ben.in_group(shop.chat).press("❄️ Freeze")

    assert (await now(shop)).frozen_by == shop.ben.person


async def test_the_owner_shows_the_group_what_it_may_do_by_now(shop):
    await shop.ada.press("Allow links")

    await shop.ada.press("Show the group")

    assert "Links: allowed" in shop.said()[-1]
    await shop.change(shop.ben, "administrator")
    await shop.ben.in_group(shop.chat).press("❄️ Freeze")
    assert (await now(shop)).frozen_by == shop.ben.person


async def test_two_groups_with_one_account_have_a_policy_each(shop):
    other = shop.rig.telegram.new_group(shop.rig.bot, owner=shop.ada.person, members=(shop.ben.person,))
    await shop.ada.in_group(other).say("/share")
    await shop.ada.start(shop.ada.in_group(other).url("Open the private chat").partition("start=")[2])
    (choice,) = [label for label in shop.ada.buttons if "@paper" in label]
    await shop.ada.press(choice)

    await shop.ada.press("Allow links")

    assert (await now(shop)).links is False
    await shop.ben.in_group(other).say("/policy")
    assert "Links: allowed" in shop.ben.in_group(other).text
    await shop.ben.in_group(shop.chat).say("/policy")
    assert "Links: not allowed" in shop.said()[-1]


async def test_cancel_takes_the_button_for_people_away(shop):
    await shop.ada.press("Who may ask")
    await shop.ada.press("Name people")

    await shop.ada.say("/cancel")

    assert shop.rig.bot_calls("sendMessage")[-1]["reply_markup"] == {"remove_keyboard": True}
