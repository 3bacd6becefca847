"""What a group is not told, and what is asked for in one chat is not done by the rights of another."""

import pytest
from sqlalchemy import select

from storage import grants
from storage.tables import Connection, Task, TaskState
from tests.journeys.test_group_approval import voting_of


@pytest.fixture
async def group(make_rig):
    return await voting_of(await make_rig())


async def set_cap(group, cents_100):
    async with group.db.begin() as session:
        (await session.scalars(select(Connection))).one().cap_cents_100 = cents_100


async def deletions(group):
    async with group.db.begin() as session:
        return list(await session.scalars(select(Task).where(Task.kind == "delete").order_by(Task.id)))


async def deleted_by(phone, post):
    """Let somebody ask for a post to be deleted, by its id."""
    await phone.say(f"/delete {post['id']}")
    await phone.rig.posted()
    await phone.press("Yes, delete it")
    await phone.rig.posted()


async def test_what_an_owners_account_may_cost_is_told_to_them_and_not_to_the_group(group):
    await group.share(approves="admins")
    await group.ask()
    await set_cap(group, 120)
    await group.dan.press("Approve")
    await group.rig.posted()

    assert (await group.task()).outcome == "over_cap"
    assert "Its owner can raise what it may cost" in group.ben.text
    await group.ben.say("/log")
    assert "Its owner can raise what it may cost" in group.ben.text
    assert not any("/limits" in text or "spent or set aside" in text for text in group.ben.texts)

    await group.ada.say("/tweet Mine")
    await set_cap(group, None)
    await group.ada.press("Post")
    await group.rig.posted()
    assert group.posts() == ["Mine"]


async def test_what_failed_in_a_private_chat_is_not_deleted_by_that_from_a_group_without_votes(group):
    grant = await group.share(kinds="post delete")
    await group.owner.say("/tweet To be kept")
    await group.post(group.owner)
    (post,) = group.rig.posts(group.ada.account)
    group.rig.x.fault("unheard_of", {"path": f"/2/tweets/{post['id']}", "method": "DELETE"}, 1)
    await deleted_by(group.ada, post)
    assert [task.state for task in await deletions(group)] == [TaskState.FAILED]
    async with group.db.begin() as session:
        await grants.change_policy(session, await grants.get(session, grant.id), approves="admins")

    await group.owner.press("Delete")
    await group.owner.press("Yes, delete it")
    await group.rig.posted()

    private, here = await deletions(group)
    assert (private.state, private.chat_id) == (TaskState.FAILED, group.ada.person)
    assert (here.state, here.chat_id) == (TaskState.WAITING, group.chat)
    assert group.posts() == ["To be kept"]
    await group.dan.press("Approve")
    await group.rig.posted()
    assert group.posts() == []


async def test_an_author_the_group_may_not_know_stays_unnamed_where_nothing_is_shared_any_more(group):
    grant = await group.share(approves="admins", names_author=False)
    await group.ask()
    async with group.db.begin() as session:
        await grants.end(session, grant.id, now=group.rig.clock.now)

    await group.dan.press("Cancel")

    assert await group.state() == TaskState.CANCELLED
    assert not any("Ben" in text for text in group.cleo.texts)


async def test_a_key_is_asked_for_in_the_private_chat_alone_whatever_is_edited_in_the_group(group):
    await group.share()
    said = await group.owner.say("/tweet Hello")
    await group.ada.say("/connect")
    await group.ada.press("Use my own X app")
    group.rig.clock.advance(seconds=1)
    before = group.owner.texts

    group.owner.raw.post("/edit", message_id=said, text="/tweet  Hello")
    await group.rig.deliver()

    assert group.owner.texts == before
    assert not any("key" in text.lower() for text in group.owner.texts)
