"""Each kind of task in a group, asked for by a member: approved and done, refused by the policy, in the log."""

import pytest
from sqlalchemy import select

from storage import log
from storage.tables import Grant, TaskState
from tests import builders
from tests.journeys import pictures
from tests.journeys.looking import post
from tests.journeys.test_group_posting import Group, group_of

ALL = "post reply media schedule delete repost read message"


@pytest.fixture
async def group(make_rig):
    """Give a group that may ask for everything, which Ada, its owner, has to approve."""
    found = await group_of(await make_rig())
    await found.share(kinds=ALL, approves="admins", links=True)
    return found


async def acts(group: Group):
    """List what the log says was done, without what only the owner did."""
    async with group.db.begin() as session:
        grant = await session.scalar(select(Grant))
        assert await log.check(session, group.rig.app.doors.vault, grant.group_id) is None
        return [entry.act for entry in await log.entries_of(session, grant.group_id)]


async def approve(group: Group):
    """Let the owner say yes to what waits, and let it go out."""
    assert "To be approved" in group.owner.text, group.owner.text
    assert await group.owner.press("Approve") == "Your vote counts."
    await group.rig.posted()


def asked_of_x(group: Group, path: str):
    return [
        (one["method"], one["status"])
        for one in group.rig.x.control("GET", "/requests")
        if one["username"] == group.ada.account and path in one["path"]
    ]


APPROVED = ["asked", "voted_yes", "approved", "sent"]


# what changes something on X


async def test_a_repost_and_its_undo_are_approved_each(group):
    other = post(group.rig, group.rig.new_account(), "Worth repeating")

    for command, method in (("retweet", "POST"), ("unretweet", "DELETE")):
        await group.ben.say(f"/{command} {other}")
        assert other in group.owner.text
        await group.rig.posted()
        before = asked_of_x(group, "/retweets")
        await approve(group)
        assert asked_of_x(group, "/retweets") == [*before, (method, 200)]
        assert "Done as" in group.cleo.text

    assert await acts(group) == APPROVED * 2


@pytest.mark.parametrize("command", ["like", "unlike", "follow", "unfollow"])
async def test_what_x_lets_no_app_do_is_handed_off_to_who_asked(group, command):
    about = group.rig.new_account()
    about = about if "follow" in command else post(group.rig, about, "Nice")

    await group.ben.say(f"/{command} {about}")
    await group.rig.posted()

    assert "In the X app" in group.ben.text
    assert about in group.ben.url("Open in X")
    assert "Approve" not in group.ben.buttons
    (task,) = await group.tasks()
    assert task.state == TaskState.HANDED_OFF


async def test_a_message_is_approved_and_sent_once(group):
    bob = group.rig.new_account()
    await group.ben.say(f"/dm @{bob} Hello Bob")
    await group.ben.press("Send ($0.025)")
    await group.rig.posted()
    assert messages(group) == []

    await approve(group)

    assert messages(group) == ["Hello Bob"]
    assert "Done as" in group.cleo.text
    assert await acts(group) == APPROVED


def messages(group):
    path = f"/messages?username={group.ada.account}"
    return [one["text"] for one in group.rig.x.control("GET", path)]


async def test_a_quote_is_handed_off_and_sends_nothing(group):
    other = post(group.rig, group.rig.new_account(), "Worth reading")

    await group.ben.say(f"/quote {other} Read this")
    assert "Post" not in group.ben.buttons
    await group.cleo.press("Open in X for free")
    assert [task.state for task in await group.tasks()] == [TaskState.DRAFT]
    await group.ben.press("Open in X for free")

    assert other in group.ben.url("Open in X")
    assert group.posts() == []


async def test_where_x_lets_the_app_a_quote_is_approved_and_posted(make_rig):
    rig = await make_rig(x_enterprise=True)
    rig.x.control("POST", "/rules", json={"self_serve": False})
    group = await group_of(rig)
    await group.share(kinds=ALL, approves="admins")
    other = post(rig, rig.new_account(), "Worth reading")
    try:
        await group.ben.say(f"/quote {other} Read this")
        await group.ben.press("Post")
        await approve(group)
    finally:
        rig.x.control("POST", "/rules", json={"self_serve": True})

    (made,) = rig.posts(group.ada.account)
    assert made["text"].startswith("Read this")
    assert await acts(group) == APPROVED


async def test_the_next_free_slot_of_who_asks_is_approved_and_kept(group):
    await builders.add_person(group.db, group.ben.person, "Ben", zone="UTC", slots="09:00")
    group.rig.clock.now = group.rig.clock.now.replace(hour=7, minute=0)

    await group.ben.say("/next In the slot")
    await group.ben.press("Schedule")
    assert "9:00" in group.owner.text
    await approve(group)
    assert group.posts() == []
    group.rig.clock.advance(hours=2, seconds=1)
    await group.rig.posted()

    assert group.posts() == ["In the slot"]
    assert await acts(group) == APPROVED


async def test_a_poll_is_taken_by_a_reply_to_it_approved_and_posted(group):
    sent = group.cleo.raw.send_poll("Tea or coffee?", "Tea", "Coffee")
    await group.ben.say("/tweet", reply_to=sent)
    assert "▫️ Tea" in group.ben.text
    await group.ben.press("Post")
    assert "▫️ Tea" in group.owner.text
    await approve(group)

    (made,) = group.rig.posts(group.ada.account)
    assert (made["text"], made["poll"]["options"]) == ("Tea or coffee?", ["Tea", "Coffee"])


async def test_a_poll_answers_the_question_what_to_tweet(group):
    await group.ben.say("/tweet")
    group.ben.raw.send_poll("Tea or coffee?", "Tea", "Coffee", reply_to=group.ben.last["message_id"])
    await group.rig.deliver()

    assert "▫️ Tea" in group.ben.text
    assert len([task for task in await group.tasks() if task.state == TaskState.DRAFT]) == 1


async def sent_with_a_caption(group, tmp_path):
    """Let Ben send two pictures with /tweet as their caption."""
    await group.ben.send_photos(*pictures.photos(tmp_path, 2), caption="/tweet Two pictures")
    group.rig.clock.advance(seconds=3)
    await group.rig.chores()


async def test_an_album_with_alt_text_is_approved_and_posted(group, tmp_path):
    group.rig.telegram.set_member(group.chat, group.rig.bot.id, "administrator")
    await group.rig.deliver()
    await sent_with_a_caption(group, tmp_path)
    await group.ben.press("Alt text 1")
    question = group.ben.last["message_id"]
    await group.cleo.say("Cleo's words", reply_to=question)
    await group.ben.say("The first picture", reply_to=question)
    await group.ben.press("Post")
    await approve(group)

    (made,) = group.rig.posts(group.ada.account)
    assert made["text"] == "Two pictures"
    assert [each.get("alt_text") or "" for each in made["media"]] == ["The first picture", ""]
    assert await acts(group) == APPROVED


async def test_where_the_bot_sees_one_piece_of_an_album_it_says_how_to_send_all(group, tmp_path):
    await sent_with_a_caption(group, tmp_path)
    assert "only one piece" in group.ben.text

    await group.ben.say("/tweet")
    await group.ben.send_photos(
        *pictures.photos(tmp_path, 2), caption="Both", reply_to=group.ben.last["message_id"]
    )
    group.rig.clock.advance(seconds=3)
    await group.rig.chores()

    assert "2 photos" in group.ben.text
    assert "only one piece" not in group.ben.text


async def test_what_is_posted_is_not_edited_on_x_from_a_group(make_rig):
    group = await group_of(await make_rig(), premium=True)
    await group.share(kinds=ALL)
    await group.ben.say("/tweet Teh text")
    await group.post(group.ben)
    assert not any("Edit" in label for label in group.ben.buttons)

    (task,) = await group.tasks()
    for verb in ("e_look", "e_begin"):
        await group.ben.press_data(f"{verb}:{task.id}:{task.version}", group.ben.last)
    await group.rig.posted()

    assert len(await group.tasks()) == 1


async def test_what_is_answered_by_a_reply_in_a_group_says_so(group):
    answer = "Answer by replying to this message"
    await group.ben.say("/schedule in 2 hours Hello")
    assert "time zone" in group.ben.text
    assert answer in group.ben.text
    await group.ben.say("Berlin", reply_to=group.ben.last["message_id"])
    assert answer not in group.ben.text
    await group.cleo.say("/thread")
    assert group.cleo.text.count(answer) == 1

    await group.cleo.say("The first part", reply_to=group.cleo.last["message_id"])

    assert "To add a part, reply to this message" in group.cleo.text
    assert answer not in group.cleo.text
