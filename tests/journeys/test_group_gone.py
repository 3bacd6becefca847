"""A group that is deleted, or that the bot is out of, whoever tells it: an update, or Telegram's no to a message."""

import pytest

from storage.tables import GrantState, GroupState, LostGround, TaskState
from tests.journeys.test_group_edge import newsroom_of
from tests.journeys.test_group_posting import group_of
from tests.journeys.test_group_sharing import acts

KINDS = {"a basic group": {"basic": True}, "a supergroup": {}}


@pytest.fixture(params=KINDS)
async def newsroom(make_rig, request):
    newsroom = await newsroom_of(await make_rig(), **KINDS[request.param])
    newsroom.basic = request.param == "a basic group"
    newsroom.grant_row = await newsroom.share()
    return newsroom


async def delete(newsroom):
    newsroom.rig.telegram.delete_group(newsroom.chat)
    return newsroom.rig.waiting()


async def is_over(newsroom):
    """Only of a basic group Telegram says that it was deleted; of another, that the bot is out."""
    grant, group = await newsroom.grant(newsroom.grant_row), await newsroom.group()
    if newsroom.basic:
        return (grant.state, group.state) == (GrantState.ENDED, GroupState.GONE)
    return (grant.suspended_why, group.state) == (LostGround.BOT_REMOVED, GroupState.LEFT)


def told(newsroom):
    words = "was deleted" if newsroom.basic else "I am out of"
    return sum(words in text for text in newsroom.ada.texts)


async def test_with_a_deleted_group_ends_what_was_shared_there_and_the_owner_is_told(newsroom):
    for update in await delete(newsroom):
        await newsroom.rig.give(update)

    assert await is_over(newsroom)
    assert told(newsroom) == 1
    assert (await acts(newsroom)) == ["suspended"]


async def test_the_owner_is_told_again_where_that_was_lost(newsroom):
    newsroom.rig.telegram.fault("drop_before", newsroom.rig.bot, match={"method": "sendMessage"})
    (update,) = await delete(newsroom)

    for _ in range(3):
        await newsroom.rig.give(update)

    assert told(newsroom) == 1


async def test_a_chat_that_telegram_does_not_find_counts_as_one_the_bot_is_out_of(make_rig):
    newsroom = await newsroom_of(await make_rig())
    newsroom.grant_row, newsroom.basic = await newsroom.share(), False
    match = {"method": "sendMessage", "chat": newsroom.chat}
    newsroom.rig.telegram.fault("not_found_chat", newsroom.rig.bot, match=match)

    await newsroom.ada.in_group(newsroom.chat).say("/policy")

    assert await is_over(newsroom)
    assert told(newsroom) == 1


async def asked_for_a_post(group):
    await group.share()
    await group.ben.say("/tweet Hello")
    await group.ben.press("Post")


async def test_a_post_of_a_group_the_bot_was_put_out_of_meanwhile_waits_and_the_owner_reads_why(make_rig):
    group = await group_of(await make_rig())
    await asked_for_a_post(group)
    group.rig.telegram.set_member(group.chat, group.rig.bot.id, "kicked")
    group.rig.waiting()

    await group.rig.posted()

    assert [task.state for task in await group.tasks()] == [TaskState.DUE]
    assert group.posts() == []
    assert any("I am out of" in text for text in group.ada.texts)


async def test_a_post_of_a_group_that_was_deleted_while_the_bot_was_off_ends_and_the_owner_reads_why(
    make_rig,
):
    group = await group_of(await make_rig(), basic=True)
    await asked_for_a_post(group)
    group.rig.telegram.delete_group(group.chat)
    group.rig.waiting()

    await group.rig.posted()
    group.rig.clock.advance(minutes=2)
    await group.rig.posted()

    assert [task.state for task in await group.tasks()] == [TaskState.FAILED]
    assert group.posts() == []
    assert sum("was deleted" in text for text in group.ada.texts) == 1
