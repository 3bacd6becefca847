"""What a group looks up on X: who may, whose buttons stand under it, and what the policy refuses, all kinds."""

import pytest
from sqlalchemy import select

from storage.tables import Grant, LogEntry, TaskState
from tests.journeys.looking import post
from tests.journeys.test_group_posting import group_of


@pytest.fixture
async def group(make_rig):
    return await group_of(await make_rig())


async def look_at(group, words, by=None):
    await (by or group.ben).say(words)
    await group.rig.posted()


async def test_each_look_is_a_members_where_reading_needs_no_approval(group):
    await group.share(kinds="read", approves="admins", unapproved="read")
    bob = group.rig.new_account(name="Bob")
    shown = post(group.rig, bob, f"Hello @{group.ada.account}")

    for words, found in (
        (f"/get {shown}", "Hello"),
        (f"/timeline @{bob}", "Hello"),
        ("/mentions", "Hello"),
        ("/search Hello", "Hello"),
        ("/following", "found nothing"),
        ("/followers", "found nothing"),
    ):
        await look_at(group, words)
        assert found in group.cleo.text, (words, group.cleo.text)

    assert {task.state for task in await group.tasks()} == {TaskState.DONE}


async def test_messages_are_read_where_they_are_allowed_and_nobody_has_to_approve(group):
    grant = await group.share(kinds="read", approves="admins", unapproved="read")
    await look_at(group, "/messages")
    assert "does not let you" in group.ben.text
    await group.change(grant, kinds="read message")
    await look_at(group, "/messages")
    assert "have to approve" in group.ben.text

    await group.change(grant, approves="nobody")
    await look_at(group, "/messages")

    (task,) = await group.tasks()
    assert (task.kind, task.state) == ("messages", TaskState.DONE)


async def test_the_pages_of_a_look_are_turned_by_who_asked_for_it(group):
    await group.share(kinds="read post reply repost delete")
    bob = group.rig.new_account()
    for number in range(7):
        post(group.rig, bob, f"@{group.ada.account} number {number}")
    await look_at(group, "/mentions")
    before = group.ben.text

    for label in ("Next (at most $0.075) ›", "1", "CSV"):
        assert "Only who asked" in await group.cleo.press(label)
    await group.rig.posted()
    assert group.ben.text == before
    await group.ben.press("Next (at most $0.075) ›")
    await group.rig.posted()

    assert "number 1" in group.ben.text


async def test_a_shown_post_is_answered_by_who_looked_and_by_nobody_else(group):
    await group.share(kinds="read post reply repost")
    shown = post(group.rig, group.rig.new_account(), "Worth an answer")
    await look_at(group, f"/get {shown}")

    assert "Only who asked" in await group.cleo.press("Repost")
    await group.ben.press("Repost")
    await group.rig.posted()

    assert "Done as" in group.ben.text
    assert [task.kind for task in await group.tasks()] == ["get", "repost"]


async def test_a_search_asks_for_its_words_and_takes_the_reply(group):
    await group.share(kinds="read")
    post(group.rig, group.rig.new_account(), "Rhubarb everywhere")
    await group.ben.say("/search")
    question = group.ben.last["message_id"]
    await group.cleo.say("custard", reply_to=question)
    assert await group.tasks() == []

    await group.ben.say("rhubarb", reply_to=question)
    await group.rig.posted()

    assert "Rhubarb everywhere" in group.ben.text


REFUSED = {
    "post": ("/tweet Hello", "/thread One", "/quote 1 Hello"),
    "reply": ("/reply 1 Hello",),
    "schedule": ("/schedule in 2 hours Hello", "/next Hello"),
    "repost": (
        "/retweet 1",
        "/unretweet 1",
        "/like 1",
        "/unlike 1",
        "/follow @somebody",
        "/unfollow @somebody",
    ),
    "read": ("/get 1", "/timeline", "/mentions", "/search Hello", "/following", "/followers"),
    "message": ("/dm @somebody Hello", "/messages"),
}


@pytest.mark.parametrize("kind", REFUSED)
async def test_what_the_policy_does_not_list_no_member_asks_for(group, kind):
    others = " ".join(set(REFUSED) - {kind} | {"media", "delete"})
    await group.share(kinds=others)

    for words in REFUSED[kind]:
        await group.ben.say(words)
        assert "does not let you" in group.ben.text, words

    assert await group.tasks() == []
    async with group.db.begin() as session:
        entries = list(await session.scalars(select(LogEntry)))
    # The same no is written down once in ten minutes.
    assert [(entry.act, entry.actor_id) for entry in entries] == [("refused", group.ben.person)]


async def test_what_was_refused_by_x_is_not_tried_again_past_a_policy_that_changed(group):
    grant = await group.share()
    await group.ben.say("/tweet Hello")
    group.rig.x_fault("locked", "/2/tweets$", username=group.ada.account, method="POST")
    await group.post(group.ben)
    assert "Not posted" in group.ben.text
    failed = group.ben.with_button("Try again")

    await group.change(grant, approves="admins")
    assert "needs approval first" in await group.ben.press("Try again", message=failed)
    await group.change(grant, approves="nobody", kinds="read")
    assert "does not let you" in await group.ben.press("Try again", message=failed)
    await group.change(grant, kinds="post")
    assert "Only who asked" in await group.cleo.press("Try again", message=failed)
    await group.rig.posted()
    assert group.posts() == []
    await group.ben.press("Try again", message=failed)
    await group.rig.posted()

    assert group.posts() == ["Hello"]


async def test_drafts_are_their_authors_and_templates_of_the_private_chat(group):
    await group.share()
    await group.ben.say("/tweet One for later")
    await group.ben.press("Cancel")
    await group.cleo.say("/drafts")
    assert "One for later" not in group.cleo.text
    await group.ben.say("/drafts")
    listed = group.ben.last
    assert "One for later" in group.ben.text

    data = [each["data"] for row in listed["inline_keyboard"] for each in row]
    for pressed in data:
        await group.cleo.press_data(pressed, listed)
    (kept,) = await group.tasks()
    assert (kept.state, kept.text) == (TaskState.CANCELLED, "One for later")
    await group.cleo.say("/templates")
    assert "between you and me" in group.cleo.text
    await group.ben.press("1", message=listed)
    await group.ben.press("Bring it back")
    await group.post(group.ben)

    assert group.posts() == ["One for later"]
    async with group.db.begin() as session:
        assert (await session.scalar(select(Grant))).state == "active"
