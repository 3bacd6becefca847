"""The edge in groups: whose words count there, who is let in as a guest, and what happens to a group."""

import pytest

from bot.budget import IN_GROUPS
from bot.edge import Outcome
from storage import groups, people, start_links
from storage.tables import Grant, GrantState, GroupState, Person, PersonState
from tests import builders


class Newsroom:
    """A group of Ada's, who is let in, with Ben, whom the bot does not know, and an account of hers shared there."""

    def __init__(self, rig, ada, ben, chat):
        self.rig, self.ada, self.ben, self.chat = rig, ada, ben, chat

    @property
    def db(self):
        return self.rig.app.db

    async def share(self):
        """Let the group use an account of Ada's, as if she had said so."""
        vault = self.rig.app.doors.vault
        connection = await builders.add_connection(self.db, vault, person_id=self.ada.person)
        return await builders.add_grant(self.db, await self.group(), connection)

    async def group(self, chat=None):
        async with self.db.begin() as session:
            return await groups.find(session, chat or self.chat)

    async def grant(self, grant):
        async with self.db.begin() as session:
            return await session.get(Grant, grant.id, populate_existing=True)

    async def person(self, phone):
        async with self.db.begin() as session:
            return await session.get(Person, phone.person, populate_existing=True)

    async def change(self, phone, status, **more):
        """Change what somebody is in the group, and let the bot deal with it."""
        self.rig.telegram.set_member(self.chat, phone.person, status, **more)
        await self.rig.deliver()

    def said(self):
        """List what the bot said in the group, newest last."""
        calls = self.rig.bot_calls("sendMessage")
        return [call["text"] for call in calls if call["chat_id"] == self.chat]


async def newsroom_of(rig, **kind):
    ada, ben = await rig.phone("Ada"), await rig.phone("Ben")
    await builders.add_person(rig.app.db, ada.person)
    chat = rig.telegram.new_group(rig.bot, owner=ada.person, members=(ben.person,), **kind)
    await rig.deliver()
    return Newsroom(rig, ada, ben, chat)


@pytest.fixture
async def newsroom(make_rig):
    """Give a group with a bot that is closed to strangers."""
    return await newsroom_of(await make_rig(open_to_all=False))


# guests


async def test_a_stranger_is_a_guest_where_something_is_shared_and_a_stranger_elsewhere(newsroom):
    other = newsroom.rig.telegram.new_group(newsroom.rig.bot, owner=newsroom.ben.person, members=())
    ben = newsroom.ben.in_group(newsroom.chat)
    await ben.say("/help")
    assert newsroom.said() == []

    await newsroom.share()
    await ben.say("/help")
    await newsroom.ben.in_group(other).say("/help")
    await newsroom.ben.say("/help")

    assert len(newsroom.said()) == 1
    assert (await newsroom.person(newsroom.ben)).state == PersonState.GUEST
    assert newsroom.ben.in_group(other).texts == []
    assert "not open to everybody" in newsroom.ben.text


async def test_a_guest_is_led_to_no_private_chat(newsroom):
    await newsroom.share()

    await newsroom.ben.in_group(newsroom.chat).say("/connections")

    assert "not open to everybody" in newsroom.said()[-1]
    assert newsroom.ben.in_group(newsroom.chat).last["inline_keyboard"] is None


async def test_a_press_where_something_is_shared_makes_a_guest_too(newsroom):
    await newsroom.share()
    await newsroom.ada.in_group(newsroom.chat).say("/help")
    shown = newsroom.ada.in_group(newsroom.chat).last

    await newsroom.ben.in_group(newsroom.chat).press_data("nothing:1:1", shown)

    assert (await newsroom.person(newsroom.ben)).state == PersonState.GUEST


async def test_mere_talk_makes_nobody_a_guest(newsroom):
    await newsroom.share()
    await newsroom.ada.in_group(newsroom.chat).say("/help")
    ours = newsroom.ada.in_group(newsroom.chat).last

    await newsroom.ben.in_group(newsroom.chat).say("Nice!", reply_to=ours["message_id"])

    assert await newsroom.person(newsroom.ben) is None


async def test_a_guest_is_a_stranger_again_when_it_is_not_shared_any_more(newsroom):
    grant = await newsroom.share()
    await newsroom.ben.in_group(newsroom.chat).say("/help")
    async with newsroom.db.begin() as session:
        (await session.get(Grant, grant.id)).state = GrantState.ENDED

    await newsroom.ben.in_group(newsroom.chat).say("/help")

    assert len(newsroom.said()) == 1


async def test_an_invitation_lets_a_guest_in_for_good(newsroom):
    await newsroom.share()
    await newsroom.ben.in_group(newsroom.chat).say("/help")
    now = newsroom.rig.clock.now
    async with newsroom.db.begin() as session:
        token = await start_links.make(
            session, "invite", expires_at=now + start_links.PRIVATE_DOOR_FOR, made_by=newsroom.ada.person
        )

    await newsroom.ben.start(token)

    assert (await newsroom.person(newsroom.ben)).state == PersonState.ACTIVE


async def test_somebody_banned_is_no_guest(newsroom):
    await newsroom.share()
    await builders.add_person(newsroom.db, newsroom.ben.person, "Ben")
    async with newsroom.db.begin() as session:
        await people.ban(session, newsroom.ben.person)

    await newsroom.ben.in_group(newsroom.chat).say("/help")

    assert newsroom.said() == []
    assert (await newsroom.person(newsroom.ben)).state == PersonState.BANNED


# words that are nobody's


async def test_what_is_not_typed_by_somebody_themselves_does_nothing(newsroom):
    await newsroom.share()
    here, bot = newsroom.ben.in_group(newsroom.chat), newsroom.rig.bot.username
    channel = newsroom.rig.telegram.control(
        "POST", "/channels", json={"owner": newsroom.ben.person, "title": "C"}
    )["id"]
    written = here.send(f"/help@{bot}")
    newsroom.rig.waiting()
    harmless = here.send(f"hello @{bot}")

    here.raw.post("/forward", from_chat=newsroom.chat, message_id=written)
    here.raw.post("/edit", message_id=harmless, text=f"/help@{bot}")
    here.send(f"/help@{bot}", as_channel=channel)
    newsroom.rig.telegram.control(
        "POST", "/channels/post", json={"chat": newsroom.chat, "channel": channel, "text": f"/help@{bot}"}
    )
    taken = newsroom.rig.waiting()
    for update in taken:
        assert await newsroom.rig.give(update) is Outcome.DONE

    assert len(taken) >= 4
    assert newsroom.said() == []
    assert await newsroom.person(newsroom.ben) is None


async def test_a_flood_of_one_member_keeps_nobody_else_waiting_and_hides_nothing(newsroom):
    grant = await newsroom.share()
    flooding = newsroom.ben.in_group(newsroom.chat)
    for _ in range(IN_GROUPS.burst + 10):
        flooding.send("/nothing")
    await newsroom.rig.deliver()

    await flooding.say("/help")
    assert newsroom.said() == []
    await newsroom.ada.in_group(newsroom.chat).say("/help")
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.ben.person, "administrator")
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, "left", by=newsroom.ben.person)
    await newsroom.rig.deliver()

    assert len(newsroom.said()) == 1
    assert (await newsroom.grant(grant)).suspended_why == "bot_removed"


# anonymous admins


@pytest.fixture
async def masked(newsroom):
    """Give a group with something shared, in which Ben, an anonymous admin, has asked for help."""
    await newsroom.share()
    await newsroom.change(newsroom.ben, "administrator", anonymous=True)
    await newsroom.ben.in_group(newsroom.chat).say("/help")
    return newsroom


async def test_an_anonymous_admin_goes_on_as_themselves(masked):
    ben = masked.ben.in_group(masked.chat)
    assert "cannot see who you are" in masked.said()[-1]
    assert masked.rig.bot_calls("sendMessage")[-1]["reply_parameters"]["message_id"]
    assert await masked.person(masked.ben) is None

    await ben.press("Continue")

    assert "private chat" in masked.said()[-1]
    assert (await masked.person(masked.ben)).state == PersonState.GUEST
    with pytest.raises(AssertionError, match="no button"):
        ben.with_button("Continue")


async def test_nobody_but_an_admin_goes_on_with_what_an_admin_wrote(masked):
    eve = await masked.rig.phone("Eve")
    await masked.change(eve, "member")

    refused = await eve.in_group(masked.chat).press("Continue")

    assert "only an admin" in refused
    assert "cannot see who you are" in masked.said()[-1]


async def test_an_admin_of_a_second_ago_does_not_go_on(masked):
    card = masked.ben.in_group(masked.chat).with_button("Continue")
    masked.rig.telegram.set_member(masked.chat, masked.ben.person, "member")

    refused = await masked.ben.in_group(masked.chat).press("Continue", message=card)

    assert "only an admin" in refused
    assert "cannot see who you are" in masked.said()[-1]


async def test_without_an_answer_of_telegram_nobody_goes_on(masked):
    masked.rig.telegram.fault("user_not_found", masked.rig.bot, match={"method": "getChatMember"})

    refused = await masked.ben.in_group(masked.chat).press("Continue")

    assert "does not tell me" in refused
    assert "cannot see who you are" in masked.said()[-1]


@pytest.mark.parametrize("data", ["continue:1:0", "continue::", "continue:99999999999999999999:0"])
async def test_a_made_up_continue_is_an_old_button(masked, data):
    card = masked.ben.in_group(masked.chat).with_button("Continue")

    assert "older message" in await masked.ben.in_group(masked.chat).press_data(data, card)
    assert "cannot see who you are" in masked.said()[-1]


async def test_an_anonymous_admin_is_asked_only_about_what_there_is(masked):
    before = masked.said()

    for words in ("/nothing", "/people", "hello", f"/help@{masked.rig.bot.username}x"):
        await masked.ben.in_group(masked.chat).say(words)

    assert masked.said() == before


# topics


async def test_a_command_in_a_topic_is_answered_there(make_rig):
    newsroom = await newsroom_of(await make_rig(), forum=True)
    topic = newsroom.rig.telegram.control(
        "POST", "/topics", json={"chat": newsroom.chat, "do": "create", "name": "Sports"}
    )["topic"]

    await newsroom.ada.in_group(newsroom.chat).say("/help", thread=topic)
    assert newsroom.rig.bot_calls("sendMessage")[-1]["message_thread_id"] == topic
    await newsroom.ada.in_group(newsroom.chat).say("/help")

    assert "message_thread_id" not in newsroom.rig.bot_calls("sendMessage")[-1]


# what happens to a group


async def test_the_bot_put_out_of_a_group_suspends_what_is_shared_whoever_did_it(newsroom):
    grant = await newsroom.share()
    await newsroom.change(newsroom.ben, "administrator", anonymous=True)

    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, "kicked", by=newsroom.ben.person)
    await newsroom.rig.deliver()

    assert (await newsroom.group()).state == GroupState.LEFT
    assert (await newsroom.grant(grant)).suspended_why == "bot_removed"
    assert await newsroom.person(newsroom.ben) is None


async def test_the_bot_knows_whether_it_is_an_admin(newsroom):
    assert (await newsroom.group()).bot_is_admin is False

    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, "administrator")
    await newsroom.rig.deliver()

    assert (await newsroom.group()).bot_is_admin is True


@pytest.mark.parametrize("bot_is", ["member", "administrator"])
async def test_an_owner_who_leaves_takes_the_ground_from_what_they_share(newsroom, bot_is):
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, bot_is)
    grant = await newsroom.share()

    await newsroom.change(newsroom.ada, "left")

    suspended = await newsroom.grant(grant)
    assert (suspended.state, suspended.suspended_why) == (GrantState.SUSPENDED, "owner_left")
    assert sum("is not used here any more" in said for said in newsroom.said()) == 1


async def test_an_owner_who_is_no_admin_any_more_takes_the_ground_too(newsroom):
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, "administrator")
    grant = await newsroom.share()

    await newsroom.change(newsroom.ben, "creator", by=newsroom.ada.person)
    assert (await newsroom.grant(grant)).state == GrantState.ACTIVE
    await newsroom.change(newsroom.ada, "member")

    assert (await newsroom.grant(grant)).suspended_why == "owner_not_admin"


async def test_somebody_else_who_leaves_changes_nothing_of_it(newsroom):
    grant = await newsroom.share()

    await newsroom.change(newsroom.ben, "left")

    assert (await newsroom.grant(grant)).state == GrantState.ACTIVE


async def test_a_group_that_becomes_a_supergroup_stays_the_same_group(make_rig):
    newsroom = await newsroom_of(await make_rig(open_to_all=False), basic=True)
    grant, before = await newsroom.share(), await newsroom.group()

    new = newsroom.rig.telegram.migrate(newsroom.chat)
    updates = newsroom.rig.waiting()
    for update in [*reversed(updates), *updates]:
        assert await newsroom.rig.give(update) is Outcome.DONE

    after = await newsroom.group(new)
    assert (after.id, after.state) == (before.id, GroupState.ACTIVE)
    assert (await newsroom.grant(grant)).state == GrantState.ACTIVE
    await newsroom.ben.in_group(new).say("/help")
    assert (await newsroom.person(newsroom.ben)).state == PersonState.GUEST


async def test_a_new_title_is_kept(newsroom):
    newsroom.rig.telegram.set_group(newsroom.chat, title="The desk")
    await newsroom.rig.deliver()

    assert (await newsroom.group()).title == "The desk"
