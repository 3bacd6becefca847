"""What a group is told: in which topic, and once more when a crash or Telegram kept it from hearing."""

import logging

import pytest

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
    await ada.press("Let it go on")

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
