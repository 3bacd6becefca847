"""The log of a group: who reads it where, what it says, whether it is whole, and whose post a link leads to."""

import pytest
from sqlalchemy import delete, update

from storage import log
from storage.tables import Grant, LogEntry, LogText, TaskState
from tasks import logged
from tasks.acts import Act
from tasks.policy import Policy, columns_of
from tests import builders
from tests.journeys.test_group_edge import newsroom_of


@pytest.fixture
async def desk(make_rig):
    """Give a group with an account of Ada's shared there, in which Ben, an admin, and Cem are."""
    newsroom = await newsroom_of(await make_rig())
    newsroom.cem = await newsroom.rig.phone("Cem")
    newsroom.rig.telegram.set_member(newsroom.chat, newsroom.ben.person, "administrator")
    await newsroom.change(newsroom.cem, "member")
    newsroom.grant_row = await newsroom.share()
    return newsroom


async def note(desk, act, by=None, **more):
    """Write down what somebody did, as if it had been done."""
    async with desk.db.begin() as session:
        grant = await session.get(Grant, desk.grant_row.id)
        vault, now = desk.rig.app.doors.vault, desk.rig.clock.now
        await logged.note(session, vault, grant, act, at=now, by=by and by.person, **more)


async def post(desk, post_id="1234567890123456789", **more):
    """Let a post go out that Cem asked for and Ben approved."""
    task = await builders.add_task(
        desk.db,
        person_id=desk.cem.person,
        chat_id=desk.chat,
        connection_id=desk.grant_row.connection_id,
        text="Rain at noon",
        source_message_id=int(post_id) % 10_000_000,
        **{"state": TaskState.DONE, "id": post_id.zfill(26)} | more,
    )
    await note(desk, Act.ASKED, desk.cem, task=task, text="Rain at noon")
    await note(desk, Act.VOTED_YES, desk.ben, task=task)
    facts = {"post": post_id, "kind": "tweet", "cents_100": 150}
    await note(desk, Act.SENT, task=task, facts=facts)
    return f"https://x.com/desk/status/{post_id}"


async def name_nobody(desk):
    async with desk.db.begin() as session:
        await session.execute(update(Grant).where(Grant.id == desk.grant_row.id).values(names_author=False))


async def test_every_act_has_a_sentence(desk):
    facts = {"to": desk.cem.person, "voter": desk.cem.person, "post": "1", "code": "duplicate"}
    for act in Act:
        await note(desk, act, desk.ben, facts=facts)

    await desk.ben.in_group(desk.chat).say("/log")
    pages = [desk.ben.in_group(desk.chat).text]
    while "Older ›" in desk.ben.in_group(desk.chat).buttons:
        await desk.ben.in_group(desk.chat).press("Older ›")
        pages.append(desk.ben.in_group(desk.chat).text)

    told = "\n".join(pages)
    assert f"{len(Act)} entries" in told
    assert "no words for" not in told
    assert "handed" in told
    assert "Cem" in told


async def test_each_change_of_the_policy_is_told_in_words(desk):
    columns = columns_of(Policy()) | {"asks_people": f"{desk.cem.person}", "approves_people": ""}
    for name, value in columns.items():
        await note(desk, Act.POLICY_CHANGED, desk.ada, facts={name: "none" if value is None else str(value)})
    given = {"cap_cents_100": "50000", "quiet": "22:00-07:00", "asks": "members", "quota_day": "3"}
    await note(desk, Act.POLICY_CHANGED, desk.ada, facts=given)

    await desk.cem.in_group(desk.chat).say("/log")
    told = desk.cem.in_group(desk.chat).text
    while "Older ›" in desk.cem.in_group(desk.chat).buttons:
        await desk.cem.in_group(desk.chat).press("Older ›")
        told += desk.cem.in_group(desk.chat).text

    for words in (
        "every member",
        "$5.00 a month",
        "22:00-07:00",
        "3 a day",
        "listed: Cem",
        "links: no",
        "what for: post, reply, media",
    ):
        assert words in told, words


async def test_a_member_reads_who_asked_who_approved_what_went_out_and_what_it_cost(desk):
    await post(desk)

    await desk.cem.in_group(desk.chat).say("/log")

    told = desk.cem.in_group(desk.chat).text
    assert "3 entries" in told
    assert "Cem asked" in told
    assert "“Rain at noon”" in told
    assert "Ben approved" in told
    assert "posted. It cost $0.015." in told


async def test_the_owner_reads_what_was_done_with_an_account_in_private(desk):
    await post(desk)

    await desk.ada.say("/log")
    await desk.ada.press("@alice_writes")

    assert "in all groups: 3 entries" in desk.ada.text
    assert "Ben approved" in desk.ada.text


async def test_a_member_reads_nothing_where_only_the_log_knows_who_asked(desk):
    await name_nobody(desk)
    await post(desk)

    await desk.cem.in_group(desk.chat).say("/log")
    assert "not yours to read" in desk.cem.in_group(desk.chat).text

    await desk.ben.in_group(desk.chat).say("/log")
    assert "A member asked" in desk.ben.in_group(desk.chat).text
    assert "Cem" not in desk.ben.in_group(desk.chat).text

    await desk.ben.say("/log")
    assert "Cem asked" in desk.ben.text


async def test_somebody_who_is_not_there_reads_nothing_in_private(desk):
    await post(desk)
    await desk.change(desk.cem, "left")

    await desk.cem.say("/log")

    assert "not yours to read" in desk.cem.text


async def test_a_made_up_button_shows_no_other_groups_log(desk):
    await post(desk)
    other = desk.rig.telegram.new_group(desk.rig.bot, owner=desk.ben.person, members=())
    await desk.rig.deliver()
    await desk.ben.in_group(other).say("/help")
    shown, group = desk.ben.in_group(other).last, await desk.group()

    for data in (f"log:g{group.id}:0", f"log_check:g{group.id}:0", f"log:c{desk.grant_row.connection_id}:0"):
        assert "older message" in await desk.ben.in_group(other).press_data(data, shown)

    eve = await desk.rig.phone("Eve")
    for data in (f"log:g{group.id}:0", f"log_file:g{group.id}:0"):
        assert "not yours to read" in await eve.press_data(data, eve.last)


async def test_the_log_is_checked_by_a_button(desk):
    await post(desk)
    await desk.cem.in_group(desk.chat).say("/log")

    assert "The log is whole" in await desk.cem.in_group(desk.chat).press("Check")

    async with desk.db.begin() as session:
        await session.execute(delete(LogEntry).where(LogEntry.seq == 2))
    said = await desk.cem.in_group(desk.chat).press("Check")
    assert "entry 2" in said
    assert "missing" in said


async def test_an_admin_takes_the_log_away_as_a_file_and_that_is_written_down(desk):
    await post(desk)
    await desk.ben.in_group(desk.chat).say("/log")
    link = desk.ben.in_group(desk.chat).url("Open the private chat")

    await desk.ben.start(link.partition("start=")[2])
    await desk.ben.press("Save as a file")

    (sent,) = desk.rig.bot_calls("sendDocument")
    assert sent["chat_id"] == desk.ben.person
    group = await desk.group()
    async with desk.db.begin() as session:
        entries = await log.exported(session, group.id)
        assert await log.check(session, desk.rig.app.doors.vault, group.id) is None
    assert [each["act"] for each in entries] == ["asked", "voted_yes", "sent", "exported"]
    assert entries[-1]["actor_id"] == desk.ben.person


async def test_a_member_takes_no_file_away(desk):
    await post(desk)
    group = await desk.group()

    await desk.cem.say("/log")
    assert "Save as a file" not in desk.cem.buttons
    said = await desk.cem.press_data(f"log_file:g{group.id}:0", desk.cem.last)

    assert "not yours" in said
    assert desk.rig.bot_calls("sendDocument") == []


async def test_who_posted_this_is_answered_by_the_link(desk):
    link = await post(desk)
    await post(desk, post_id="1234567890123456780")

    await desk.cem.in_group(desk.chat).say(f"/who {link}")

    told = desk.cem.in_group(desk.chat).text
    assert "Cem asked" in told
    assert "Ben approved" in told
    assert told.count("asked") == 1


async def test_who_posted_this_is_answered_in_reply_to_the_link_and_in_private(desk):
    link = await post(desk)
    shown = await desk.ben.in_group(desk.chat).say(f"Have you seen {link}?")

    await desk.cem.in_group(desk.chat).say("/who", reply_to=shown)
    assert "Cem asked" in desk.cem.in_group(desk.chat).text

    await desk.ada.say(f"/who {link}")
    assert "Cem asked" in desk.ada.text
    eve = await desk.rig.phone("Eve")
    await eve.say(f"/who {link}")
    assert "no such post" in eve.text


async def test_of_an_id_that_is_only_part_of_one_nobody_is_named(desk):
    await post(desk)

    await desk.cem.in_group(desk.chat).say("/who https://x.com/desk/status/123456789012345678")

    assert "no such post" in desk.cem.in_group(desk.chat).text


async def test_words_that_were_erased_are_gone_from_the_log_and_the_chain_is_whole(desk):
    await post(desk)
    async with desk.db.begin() as session:
        await session.execute(delete(LogText))

    await desk.cem.in_group(desk.chat).say("/log")

    assert "Rain" not in desk.cem.in_group(desk.chat).text
    assert "The log is whole" in await desk.cem.in_group(desk.chat).press("Check")


async def test_a_refusal_is_written_down_once_however_often_it_is_tried(desk):
    for _ in range(3):
        await desk.cem.in_group(desk.chat).say("/tweet Mine")

    await desk.ben.in_group(desk.chat).say("/log")

    assert "one entry" in desk.ben.in_group(desk.chat).text
    assert "Cem was refused: they may not ask for that." in desk.ben.in_group(desk.chat).text
    desk.rig.clock.advance(minutes=11)
    await desk.cem.in_group(desk.chat).say("/tweet Mine")
    await desk.ben.in_group(desk.chat).say("/log")
    assert "2 entries" in desk.ben.in_group(desk.chat).text


async def test_a_vote_that_does_not_count_any_more_is_written_down(desk):
    await note(desk, Act.VOTE_VOID, facts={"voter": desk.ben.person})

    await desk.cem.in_group(desk.chat).say("/log")

    assert "does not count any more" in desk.cem.in_group(desk.chat).text
