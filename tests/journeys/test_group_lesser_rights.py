"""What a lesser right does not give: each button and command asks for the kind of what it does."""

import pytest

from storage.tables import Person, TaskState
from tests.journeys.looking import post
from tests.journeys.test_group_posting import group_of


@pytest.fixture
async def group(make_rig):
    return await group_of(await make_rig())


# deleting what nobody asked for through the bot


async def test_an_admin_deletes_a_post_from_outside_by_the_right_to_delete_alone(group):
    await group.share(kinds="delete")
    outside = post(group.rig, group.ada.account, "Posted in the X app")

    await group.owner.say(f"/delete {outside}")
    await group.rig.posted()
    await group.owner.press("Yes, delete it")
    await group.rig.posted()

    assert group.posts() == []


async def test_by_the_right_to_read_nobody_begins_to_delete(group):
    await group.share(kinds="read post")
    outside = post(group.rig, group.ada.account, "Posted in the X app")

    await group.owner.say(f"/delete {outside}")

    assert "Deleting is not allowed here" in group.owner.text
    assert await group.tasks() == []


async def test_a_member_begins_to_delete_nothing_that_they_did_not_ask_for(group):
    await group.share(kinds="delete read")
    outside = post(group.rig, group.ada.account, "Posted in the X app")

    for words in (f"/delete {outside}", "/delete"):
        await group.ben.say(words)
        assert "only an admin deletes" in group.ben.text

    assert await group.tasks() == []


async def test_only_the_deletion_needs_votes_not_the_look_before_it(group):
    await group.share(kinds="delete", approves="admins")
    dan = await group.rig.phone("Dan")
    group.rig.telegram.set_member(group.chat, dan.person, "administrator")
    outside = post(group.rig, group.ada.account, "Posted in the X app")

    await group.owner.say(f"/delete {outside}")
    await group.rig.posted()
    await group.owner.press("Yes, delete it")
    await group.rig.posted()
    assert group.posts() == ["Posted in the X app"]
    await dan.in_group(group.chat).press("Approve")
    await group.rig.posted()

    assert group.posts() == []


async def test_who_may_plan_with_one_account_and_delete_with_another_plans_no_deletion(group):
    second = group.rig.new_account()
    await group.ada.connect(second)
    await group.share(account=group.ada.account, kinds="post schedule")
    await group.share(account=second, kinds="delete")
    theirs = post(group.rig, second, "Still needed")
    async with group.db.begin() as session:
        (await session.get(Person, group.ada.person)).zone = "Europe/Berlin"
    await group.owner.say(f"/schedule in 2 hours /delete {theirs}")
    await group.owner.press(next(label for label in group.owner.buttons if second in label))
    (task,) = await group.tasks()
    refused = await group.owner.press_data(f"plan:{task.id}:{task.version}", group.owner.last)

    (task,) = await group.tasks()
    assert "does not let you" in refused
    assert (task.kind, task.state) == ("delete", TaskState.DRAFT)


# buttons under what was read


@pytest.fixture
async def messages(group):
    """Give a group in which Ben has read the account's direct messages, with his card."""
    group.grant_row = await group.share(kinds="message read")
    await group.ben.say("/messages")
    await group.rig.posted()
    (group.look,) = await group.tasks()
    assert group.look.state == TaskState.DONE
    return group


async def test_messages_that_were_read_are_no_file_for_who_may_only_read_posts(messages):
    await messages.change(messages.grant_row, kinds="read")
    shown = messages.ben.last

    for verb in ("look_csv", "look_json", "look_page", "look_again"):
        refused = await messages.ben.press_data(f"{verb}:{messages.look.id}:{messages.look.version}", shown)
        assert "does not let you" in refused, verb


async def test_messages_are_looked_at_again_by_their_own_right_alone(messages):
    await messages.change(messages.grant_row, kinds="message")

    refused = await messages.ben.press_data(
        f"look_again:{messages.look.id}:{messages.look.version}", messages.ben.last
    )
    await messages.rig.posted()

    assert "does not let you" not in refused
