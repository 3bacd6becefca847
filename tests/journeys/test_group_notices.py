"""What a group is told: in which topic, and once more when a crash or Telegram kept it from hearing."""

import logging

import pytest

from storage import grants
from storage.tables import GrantState, LostGround
from tests import builders
from tests.journeys.test_group_edge import newsroom_of
from tests.journeys.test_group_posting import group_of
from tests.journeys.test_group_sharing import open_private, pick
from tests.sandbox.telegram_server import GENERAL


@pytest.fixture
async def forum(make_rig):
    """Give a group with topics, in which Ada has connected an account."""
    newsroom = await newsroom_of(await make_rig(), forum=True)
    vault = newsroom.rig.app.doors.vault
    newsroom.connection = await builders.add_connection(
        newsroom.db, vault, person_id=newsroom.ada.person, username="paper"
    )
    newsroom.topic = newsroom.rig.telegram.topic(newsroom.chat, name="Press")
    await newsroom.rig.deliver()
    return newsroom


async def grant_of(newsroom, **changes):
    return await builders.add_grant(newsroom.db, await newsroom.group(), newsroom.connection, **changes)


def heard(newsroom, words):
    """Give the topic in which the group heard some words last; None: General."""
    calls = newsroom.rig.bot_calls("sendMessage")
    here = [call for call in calls if call["chat_id"] == newsroom.chat and words in call["text"]]
    assert here, calls
    return here[-1].get("message_thread_id")


async def choose(phone):
    (choice,) = [label for label in phone.buttons if "@paper" in label]
    await phone.press(choice)


# topics


async def test_what_is_shared_is_told_in_the_topic_in_which_share_was_said(forum):
    await forum.ada.in_group(forum.chat).say("/share", thread=forum.topic)
    await open_private(forum.ada, forum.chat)
    await choose(forum.ada)

    assert heard(forum, "lets this group use") == forum.topic


async def test_what_is_shared_from_the_private_chat_is_told_in_general(forum):
    await forum.ada.say("/share")
    await pick(forum.ada, forum.chat)
    await choose(forum.ada)

    assert heard(forum, "lets this group use") is None


async def test_who_freezes_in_a_topic_is_told_of_there(forum):
    await grant_of(forum)
    ada = forum.ada.in_group(forum.chat)
    await ada.say("/policy", thread=forum.topic)

    await ada.press("❄️ Freeze")
    assert heard(forum, "has frozen") == forum.topic
    await ada.press("Unfreeze")

    assert heard(forum, "lets") == forum.topic


async def test_a_suspension_the_worker_meets_is_told_in_the_topic_of_the_task(make_rig):
    group = await group_of(await make_rig(), forum=True)
    topic = group.rig.telegram.topic(group.chat, name="Press")
    await group.share()
    await group.ben.say("/tweet Hello", thread=topic)
    await group.ben.press("Post")
    group.rig.telegram.set_member(group.chat, group.ada.person, "member")
    group.rig.waiting()

    await group.rig.posted()

    assert heard(group, "is not used here any more") == topic


async def test_where_general_is_closed_it_is_done_all_the_same_and_the_log_says_so(forum, caplog):
    grant = await grant_of(forum)
    forum.rig.telegram.topic(forum.chat, do="close", topic=GENERAL)
    await forum.rig.deliver()
    await forum.ada.say("/policy")
    await choose(forum.ada)

    with caplog.at_level(logging.WARNING):
        await forum.ada.press("❄️ Freeze")

    assert (await forum.grant(grant)).frozen_at is not None
    assert "nothing goes out" in forum.ada.text.lower()
    assert f"chat={forum.chat} takes no message: Topic_closed" in caplog.text


async def test_what_belongs_to_a_closed_topic_is_told_in_general(forum):
    await grant_of(forum)
    ada = forum.ada.in_group(forum.chat)
    await ada.say("/policy", thread=forum.topic)
    forum.rig.telegram.topic(forum.chat, do="close", topic=forum.topic)
    await forum.rig.deliver()

    await ada.press("❄️ Freeze")

    assert heard(forum, "has frozen") is None


# what is lost on the way is said when the update comes again


@pytest.fixture
async def shop(make_rig):
    """Give a group that uses Ada's account, with Ben as an admin."""
    newsroom = await newsroom_of(await make_rig())
    newsroom.grant_row = await newsroom.share()
    await newsroom.change(newsroom.ben, "administrator")
    return newsroom


class Lost:
    """The process dies before the group hears of it; then Telegram delivers the update once more."""

    def __init__(self, newsroom, chat=None):
        self.newsroom, self.rig = newsroom, newsroom.rig
        chat = chat or newsroom.chat
        self.rig.telegram.fault("drop_before", self.rig.bot, match={"method": "sendMessage", "chat": chat})

    async def again(self, words):
        """Deliver it again, and a third time; give how often the group heard the words, and was about to."""
        before = self.heard(words)
        update = self.rig.history[-1]
        await self.rig.give(update)
        once = self.heard(words)
        await self.rig.give(update)
        return before, once, self.heard(words)

    def heard(self, words):
        shown = self.newsroom.ben.in_group(self.newsroom.chat).texts
        return sum(words in text for text in shown)


async def page_of(newsroom):
    await newsroom.ada.say("/policy")
    (page,) = [label for label in newsroom.ada.buttons if " in Group" in label]
    await newsroom.ada.press(page)


def pick_person(newsroom, person):
    """Choose somebody in Telegram's own list, and deliver nothing."""
    markups = [each.get("reply_markup") or {} for each in newsroom.rig.bot_calls("sendMessage")]
    keyboards = [markup["keyboard"] for markup in markups if "keyboard" in markup]
    asked = keyboards[-1][0][0]["request_users"]["request_id"]
    newsroom.ada.raw.share(asked, user_ids=[person])


async def test_a_thaw_nobody_heard_of_is_told_again(shop):
    await page_of(shop)
    await shop.ada.press("❄️ Freeze")
    lost = Lost(shop)

    await shop.ada.press("Unfreeze", message=shop.ada.last)

    assert (await shop.grant(shop.grant_row)).frozen_at is None
    assert await lost.again("go on in this group") == (0, 1, 1)


async def test_what_may_be_used_again_and_nobody_heard_of_is_told_again(shop):
    async with shop.db.begin() as session:
        now = shop.rig.clock.now
        await grants.suspend(session, shop.grant_row.id, LostGround.OWNER_LEFT, now=now)
    await page_of(shop)
    lost = Lost(shop)

    await shop.ada.press("Let it be used again")

    assert (await shop.grant(shop.grant_row)).state == GrantState.ACTIVE
    assert await lost.again("may use @alice_writes again") == (0, 1, 1)


async def test_what_was_taken_back_and_nobody_heard_of_is_told_again(shop):
    await page_of(shop)
    await shop.ada.press("Take it back")
    lost = Lost(shop)

    await shop.ada.press("Yes, take it back")

    assert (await shop.grant(shop.grant_row)).state == GrantState.ENDED
    assert await lost.again("has taken @alice_writes back") == (0, 1, 1)
    assert "cannot use @alice_writes any more" in shop.ada.text


async def test_that_the_bot_is_back_is_told_again(shop):
    for status, by in (("kicked", shop.ben), ("member", shop.ben)):
        lost = Lost(shop) if status == "member" else None
        shop.rig.telegram.set_member(shop.chat, shop.rig.bot.id, status, by=by.person)
        for update in shop.rig.waiting():
            await shop.rig.give(update)

    assert (await shop.grant(shop.grant_row)).state == GrantState.ACTIVE
    shop.rig.history = [update for update in shop.rig.history if "my_chat_member" in update]
    assert await lost.again("I am back") == (0, 1, 1)


async def test_that_the_owner_blocked_the_bot_is_told_again(shop):
    lost = Lost(shop)
    shop.ada.raw.post("/block", bot=shop.rig.bot.id)
    for update in shop.rig.waiting():
        await shop.rig.give(update)

    assert (await shop.grant(shop.grant_row)).suspended_why == LostGround.OWNER_BLOCKED
    assert await lost.again("does not use me any more") == (0, 1, 1)


async def test_an_offer_nobody_heard_of_is_made_again(shop):
    await builders.add_person(shop.db, shop.ben.person, "Ben")
    await page_of(shop)
    await shop.ada.press("Hand over")
    lost = Lost(shop)

    pick_person(shop, shop.ben.person)
    for update in shop.rig.waiting():
        await shop.rig.give(update)

    assert await lost.again("offers @alice_writes to") == (0, 1, 1)
    await shop.ben.start(shop.ben.in_group(shop.chat).url("Accept").partition("start=")[2])
    assert "offers you" in shop.ben.text


# what to do next


@pytest.mark.parametrize(("is_open", "words"), [(True, "send me /start"), (False, "invitation link")])
async def test_who_offers_to_somebody_unknown_reads_how_they_get_to_know_the_bot(make_rig, is_open, words):
    shop = await newsroom_of(await make_rig())
    await shop.share()
    await shop.rig.restart(open_to_all=is_open)
    dana = shop.rig.telegram.new_person(first_name="Dana")
    shop.rig.telegram.set_member(shop.chat, dana, "administrator")
    await shop.rig.deliver()
    await page_of(shop)
    await shop.ada.press("Hand over")

    pick_person(shop, dana)
    await shop.rig.deliver()

    assert words in shop.ada.text
