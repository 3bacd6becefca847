"""Before an account goes: who uses it is shown; groups that lose it are told, and their logs say so."""

import pytest

from storage import log
from storage.tables import Grant, GrantState, Person, TaskState
from tests import builders
from tests.journeys.test_group_edge import newsroom_of


@pytest.fixture
async def used(make_rig):
    """Give a group with Ada's account, for which Ben has a draft there and something planned."""
    newsroom = await newsroom_of(await make_rig())
    newsroom.grant_row = await newsroom.share()
    values = {"connection_id": newsroom.grant_row.connection_id, "person_id": newsroom.ben.person}
    for number, state in enumerate((TaskState.DRAFT, TaskState.WAITING, TaskState.SCHEDULED)):
        place = {"id": f"{number:026d}", "chat_id": newsroom.chat, "source_message_id": number}
        await builders.add_task(newsroom.db, **values, **place, state=state)
    return newsroom


async def opened(used):
    await used.ada.say("/connections")
    await used.ada.press("alice_writes (@alice_writes)")


async def test_an_account_says_who_uses_it(used):
    await opened(used)

    await used.ada.press("Who uses it")

    assert "by the group" in used.ada.text
    assert "by 2 drafts" in used.ada.text
    assert "one of Ben's in Group" in used.ada.text
    assert used.ada.text.count("“Hello”") == 2
    assert "by one task that waits to go out" in used.ada.text
    assert "by one person beside you\n– Ben" in used.ada.text
    await used.ada.press("Back")
    assert "✅ Works" in used.ada.text


async def test_a_schedule_is_said_by_its_rule_its_next_run_and_its_first_words(make_rig):
    newsroom = await newsroom_of(await make_rig())
    ada, vault = newsroom.ada, newsroom.rig.app.doors.vault
    await builders.add_connection(newsroom.db, vault, person_id=ada.person)
    async with newsroom.db.begin() as session:
        (await session.get(Person, ada.person)).zone = "Europe/Berlin"
    await ada.say("/schedule every day at 9:00 Good morning to all of you")
    await ada.press("Schedule")
    await ada.say("/tweet My own words")
    await opened(newsroom)

    await ada.press("Who uses it")

    assert "by one schedule" in ada.text
    assert "9:00" in ada.text
    assert "next" in ada.text
    assert "“Good morning to all of you”" in ada.text
    assert "“My own words”" in ada.text
    assert "waits to go out" not in ada.text


async def test_of_many_the_first_are_named_and_the_rest_is_counted(used):
    values = {"connection_id": used.grant_row.connection_id, "person_id": used.ada.person}
    for number in range(10, 17):
        place = {"id": f"{number:026d}", "chat_id": used.ada.person, "source_message_id": number}
        text = f"Text {number}"
        await builders.add_task(used.db, **values, **place, state=TaskState.WAITING, text=text)
    await opened(used)

    await used.ada.press("Who uses it")

    assert "by 9 drafts" in used.ada.text
    assert "“Text 12”" in used.ada.text
    assert "“Text 13”" not in used.ada.text
    assert "and 4 more" in used.ada.text


async def test_disconnecting_asks_with_all_that_is_at_stake_and_tells_the_group(used):
    await opened(used)

    await used.ada.press("Disconnect")
    assert "by the group" in used.ada.text
    assert "by 2 drafts" in used.ada.text
    await used.ada.press("Yes, disconnect")

    assert "<b>Ada</b> has taken" in used.said()[-1]
    async with used.db.begin() as session:
        assert (await session.get(Grant, used.grant_row.id)).state == GrantState.ENDED
        (entry,) = await log.entries_of(session, used.grant_row.group_id)
    assert (entry.act, entry.actor_id) == ("unshared", used.ada.person)


async def test_erasing_everything_asks_with_all_that_is_at_stake_and_tells_the_group(used):
    await used.ada.say("/forget")

    await used.ada.press("Erase everything")
    assert "by the group" in used.ada.text
    await used.ada.press("Yes, erase everything")

    assert "<b>Ada</b> has taken" in used.said()[-1]
    async with used.db.begin() as session:
        assert await log.check(session, used.rig.app.doors.vault, used.grant_row.group_id) is None
        (entry,) = await log.entries_of(session, used.grant_row.group_id)
    assert entry.act == "unshared"


async def test_of_an_account_that_nobody_uses_nothing_is_at_stake(make_rig):
    newsroom = await newsroom_of(await make_rig())
    await builders.add_connection(newsroom.db, newsroom.rig.app.doors.vault, person_id=newsroom.ada.person)
    await opened(newsroom)

    await newsroom.ada.press("Who uses it")
    assert "Nothing waits" in newsroom.ada.text
    await newsroom.ada.press("Back")
    await newsroom.ada.press("Disconnect")

    assert "In use" not in newsroom.ada.text
