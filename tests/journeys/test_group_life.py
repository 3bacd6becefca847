"""What becomes of what is shared, and of what was asked for, when people or the bot come and go."""

import pytest

from storage import tasks, votes
from storage.tables import Grant, GrantState, Task, TaskState, Verdict, Vote
from tests import builders
from tests.journeys.test_group_edge import newsroom_of
from tests.journeys.test_group_sharing import acts


@pytest.fixture
async def newsroom(make_rig):
    """Give a group that uses Ada's account, with Ben as a member and Chen as an admin."""
    newsroom = await newsroom_of(await make_rig())
    newsroom.grant_row = await newsroom.share()
    newsroom.chen = await newsroom.rig.phone("Chen")
    await newsroom.change(newsroom.chen, "administrator")
    return newsroom


async def grant_of(newsroom):
    async with newsroom.db.begin() as session:
        return await session.get(Grant, newsroom.grant_row.id, populate_existing=True)


async def put_out(newsroom, by):
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, "kicked", by=by.person)
    await newsroom.rig.deliver()


async def put_in(newsroom, by):
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, "member", by=by.person)
    await newsroom.rig.deliver()


async def task_of(newsroom, phone, **changes):
    """Put a task of somebody's into the group."""
    values = {"chat_id": newsroom.chat, "connection_id": newsroom.grant_row.connection_id, **changes}
    return await builders.add_task(newsroom.db, person_id=phone.person, **values)


async def state_of(newsroom, task):
    async with newsroom.db.begin() as session:
        return (await tasks.get(session, task.id)).state


# the bot


async def test_the_owner_is_told_in_private_that_the_bot_is_out(newsroom):
    await put_out(newsroom, newsroom.chen)

    assert (await grant_of(newsroom)).suspended_why == "bot_removed"
    assert "I am out of" in newsroom.ada.text
    assert (await acts(newsroom))[-1] == "suspended"


async def test_put_in_again_by_an_admin_it_goes_on_and_the_group_is_told(newsroom):
    await put_out(newsroom, newsroom.chen)

    await put_in(newsroom, newsroom.chen)

    assert (await grant_of(newsroom)).state == GrantState.ACTIVE
    assert "I am back" in newsroom.said()[-1]
    assert (await acts(newsroom))[-2:] == ["suspended", "resumed"]


async def test_put_in_again_by_a_member_it_stays_suspended(newsroom):
    await put_out(newsroom, newsroom.chen)

    await put_in(newsroom, newsroom.ben)

    assert (await grant_of(newsroom)).state == GrantState.SUSPENDED


async def test_it_stays_suspended_where_the_owner_is_no_admin_by_then(newsroom):
    await put_out(newsroom, newsroom.chen)
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.chen.person, "creator", by=newsroom.ada.person)
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.ada.person, "member", by=newsroom.chen.person)

    await put_in(newsroom, newsroom.chen)

    assert (await grant_of(newsroom)).state == GrantState.SUSPENDED


async def test_a_deleted_group_holds_what_was_shared(newsroom):
    newsroom.rig.telegram.delete_group(newsroom.chat)
    await newsroom.rig.deliver()

    assert (await grant_of(newsroom)).state == GrantState.SUSPENDED
    assert "I am out of" in newsroom.ada.text


# the owner


async def test_an_owner_who_blocks_the_bot_suspends_what_they_share_and_the_group_is_told(newsroom):
    newsroom.ada.raw.post("/block", bot=newsroom.rig.bot.id)
    await newsroom.rig.deliver()

    assert (await grant_of(newsroom)).suspended_why == "owner_blocked"
    assert "does not use me any more" in newsroom.said()[-1]


async def test_the_group_reads_how_it_is_used_again(newsroom):
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.rig.bot.id, "administrator")
    await newsroom.change(newsroom.chen, "creator", by=newsroom.ada.person)
    await newsroom.change(newsroom.ada, "member")

    assert "is no admin of this group now" in newsroom.said()[-1]
    assert "/policy in our private chat" in newsroom.said()[-1]


# a member


@pytest.mark.parametrize("state", [TaskState.DRAFT, TaskState.WAITING, TaskState.SCHEDULED])
async def test_what_a_member_who_leaves_had_asked_for_ends(newsroom, state):
    task = await task_of(newsroom, newsroom.ben, state=state)
    others = await task_of(newsroom, newsroom.chen, state=TaskState.DRAFT, source_message_id=2)

    await newsroom.change(newsroom.ben, "left")

    assert await state_of(newsroom, task) == TaskState.CANCELLED
    assert await state_of(newsroom, others) == TaskState.DRAFT


async def test_what_they_asked_for_elsewhere_stays(newsroom):
    private = await builders.add_task(newsroom.db, person_id=newsroom.ben.person)

    await newsroom.change(newsroom.ben, "left")

    assert await state_of(newsroom, private) == TaskState.DRAFT


async def test_a_vote_of_theirs_counts_no_more(newsroom):
    task = await task_of(newsroom, newsroom.ben, state=TaskState.WAITING, content_hash="c" * 64)
    async with newsroom.db.begin() as session:
        for phone in (newsroom.chen, newsroom.ada):
            session.add(
                Vote(
                    task_id=task.id,
                    person_id=phone.person,
                    content_hash="c" * 64,
                    verdict=Verdict.YES,
                    voted_at=newsroom.rig.clock.now,
                )
            )

    await newsroom.change(newsroom.chen, "left")

    async with newsroom.db.begin() as session:
        task = await session.get(Task, task.id)
        assert [vote.person_id for vote in await votes.of_task(session, task)] == [newsroom.ada.person]


# the id


async def test_the_log_says_once_that_the_group_moved(make_rig):
    newsroom = await newsroom_of(await make_rig(), basic=True)
    await newsroom.share()

    new = newsroom.rig.telegram.migrate(newsroom.chat)
    await newsroom.rig.deliver()
    newsroom.chat = new

    assert await acts(newsroom) == ["moved"]
