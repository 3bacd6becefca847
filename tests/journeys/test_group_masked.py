"""An anonymous admin replies to something: pressed *Continue*, it runs as it was written."""

import pytest

from storage.tables import TaskState
from tests.journeys import pictures
from tests.journeys.looking import post
from tests.journeys.test_group_posting import group_of


@pytest.fixture
async def group(make_rig):
    """Give a group that uses Ada's account, in which Dan is an anonymous admin."""
    group = await group_of(await make_rig())
    await group.share(kinds="post reply read delete")
    dan = await group.rig.phone("Dan")
    group.rig.telegram.set_member(group.chat, dan.person, "administrator", anonymous=True)
    await group.rig.deliver()
    group.dan = dan.in_group(group.chat)
    return group


async def test_what_somebody_said_is_tweeted_in_reply_to_it(group):
    said = await group.ben.say("A <b>good</b> & short line")

    await group.dan.say(f"/tweet@{group.rig.bot.username}", reply_to=said)
    await group.dan.press("Continue")
    await group.dan.press("Post")
    await group.rig.posted()

    assert group.posts() == ["A <b>good</b> & short line"]


async def test_a_reply_to_a_shown_post_answers_that_post(group):
    shown = post(group.rig, group.ada.account, "What do you think?")
    await group.ben.say(f"/get {shown}")
    await group.rig.posted()

    await group.dan.say("/reply Nothing", reply_to=group.dan.last["message_id"])
    await group.dan.press("Continue")

    draft = (await group.tasks())[-1]
    assert (draft.state, draft.text) == (TaskState.DRAFT, "Nothing")
    assert shown in draft.parameters


async def test_words_that_answer_a_question_of_the_bots_answer_it(group):
    await group.dan.say("/tweet")
    await group.dan.press("Continue")
    question = group.dan.last["message_id"]

    await group.dan.say("Said as the group", reply_to=question)
    await group.dan.press("Continue")

    assert [task.text for task in await group.tasks()] == ["Said as the group"]


async def test_what_has_files_is_to_be_replied_to_as_oneself(group, tmp_path):
    sent = await group.ben.send_photos(*pictures.photos(tmp_path, 1), caption="Look")
    picture = sent["message_ids"][0]

    await group.dan.say("/tweet", reply_to=picture)

    assert "files" in group.dan.text
    assert group.dan.buttons == []
