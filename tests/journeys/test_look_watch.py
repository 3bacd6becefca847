"""A schedule looks again and again, and tells only what is new."""

import pytest
from sqlalchemy import select

from storage import people
from storage.tables import Connection, ConnectionState, ScheduleState, TaskState
from tests.journeys.looking import ada_with, post
from tests.journeys.planned import planned, tasks_of, the_schedule
from tests.journeys.rig import words


@pytest.fixture
async def ada(rig):
    return await ada_with(rig)


async def go_on(rig, **duration):
    """Let that time pass, and what is due then be done and told."""
    rig.clock.advance(**duration)
    await rig.posted()


async def watch(ada, words):
    """Plan a look again and again."""
    await ada.say(words)
    await ada.press("Schedule")
    assert "Planned" in ada.text, ada.text


async def test_a_watch_tells_what_is_new_and_nothing_else(rig, ada):
    bob = rig.new_account(name="Bob")
    await watch(ada, "/schedule every 15 min /mentions")
    assert f"Mentions of @{ada.account}" in ada.text
    assert "at most $0.15 each time" in ada.text
    said = len(ada.texts)

    await go_on(rig, minutes=15)
    assert len(ada.texts) == said, ada.texts[said:]

    post(rig, bob, f"@{ada.account} first")
    post(rig, bob, f"@{ada.account} second")
    await go_on(rig, minutes=15)
    assert [text for text in ada.texts if "Bob" in text and "first" in text]
    assert "second" in ada.text
    assert "Reply" in ada.buttons
    said = len(ada.texts)

    await go_on(rig, minutes=15)
    assert len(ada.texts) == said


async def test_more_than_five_new_ones_come_as_cards_and_a_list(rig, ada):
    bob = rig.new_account(name="Bob")
    await watch(ada, f"/schedule every 15 min /timeline @{bob}")
    for number in range(8):
        post(rig, bob, f"number {number}")

    await go_on(rig, minutes=15)

    new = [text for text in ada.texts if "number" in text]
    assert sorted(number for text in new for number in range(8) if f"number {number}" in text) == list(
        range(8)
    )
    assert len(new) == 6
    assert [text for text in new if "Posts of" in text and "number 2" in text and "number 0" in text]
    schedule = await the_schedule(rig)
    assert schedule.target_user_id


async def test_the_card_of_a_watch_whose_post_was_shown_alone_says_so(rig, ada):
    bob = rig.new_account(name="Bob")
    await watch(ada, f"/schedule every 15 min /get {post(rig, bob, 'Look at me')}")
    plan_card = ada.last
    await go_on(rig, minutes=15)
    assert "Look at me" in ada.text

    await ada.press("Skip once", message=plan_card)

    assert [text for text in ada.texts if "came as a message of its own" in text]


async def test_a_watch_whose_first_page_was_shown_alone_says_that_there_is_more(rig, ada):
    bob = rig.new_account(name="Bob")
    await watch(ada, f"/schedule every 15 min /timeline @{bob} max:5")
    for number in range(8):
        post(rig, bob, f"number {number}")

    await go_on(rig, minutes=15)

    (shown,) = [message for message in ada.messages() if "There is more behind Next." in words(message)]
    assert not [text for text in ada.texts if "found nothing" in text]
    (next_,) = [label for label in labels(shown) if label.startswith("Next")]
    await ada.press(next_, message=shown)
    await rig.posted()
    assert [text for text in ada.texts if "number 0" in text]


def labels(message):
    return [each["text"] for row in message["inline_keyboard"] or [] for each in row]


async def test_a_watch_that_was_held_up_tells_all_at_once_and_once(rig, ada):
    bob = rig.new_account(name="Bob")
    await watch(ada, "/schedule every 15 min /mentions")
    await ada.say("/connections")
    await ada.press(ada.buttons[0])
    await ada.press("Freeze")
    said = len(ada.texts)
    for number in range(3):
        post(rig, bob, f"@{ada.account} number {number}")
        await go_on(rig, minutes=15)
    assert len(ada.texts) == said, ada.texts[said:]

    await ada.press("Unfreeze")
    asked = len(rig.x_requests("/2/users/"))
    await rig.posted()

    assert [n for text in ada.texts[said:] for n in range(3) if f"number {n}" in text] == [0, 1, 2]
    assert len(rig.x_requests("/2/users/")) == asked + 1


async def test_what_is_missed_is_never_asked_about(rig, ada):
    await watch(ada, "/schedule every 15 min /mentions")
    await go_on(rig, hours=6)

    assert "missed" not in ada.text
    assert await tasks_of(rig, TaskState.MISSED) == []
    assert len(await planned(rig)) == 1


async def test_the_same_refusal_is_told_once(rig, ada):
    bob = rig.new_account(protected=True)
    await watch(ada, f"/schedule every 15 min /timeline @{bob}")
    said = len(ada.texts)
    for _ in range(3):
        await go_on(rig, minutes=15)

    assert len([text for text in ada.texts if "does not show it" in text]) == 1
    assert len(ada.texts) <= said + 1


async def test_nobody_is_asked_for_who_has_left(rig, ada):
    await watch(ada, "/schedule every 15 min /mentions")
    async with rig.app.db.begin() as session:
        await people.leave(session, ada.person)
    asked = len(rig.x_requests("/2/users/"))
    await go_on(rig, minutes=15)
    await go_on(rig, minutes=15)

    assert len(rig.x_requests("/2/users/")) == asked
    assert len(await planned(rig)) == 1


async def test_a_watch_without_its_connection_says_so_once(rig, ada):
    await watch(ada, "/schedule every 15 min /mentions")
    async with rig.app.db.begin() as session:
        (await session.scalars(select(Connection))).one().state = ConnectionState.GONE
    for _ in range(3):
        await go_on(rig, minutes=15)

    assert len([text for text in ada.texts if text.startswith("❌")]) == 1


async def test_messages_of_others_are_told_and_own_ones_are_not(rig, ada):
    bob = rig.new_account(name="Bob")
    ids = {each["username"]: each["id"] for each in rig.x.control("GET", "/accounts")}
    await watch(ada, "/schedule every 15 min /messages")
    assert "bills those of each look" in ada.text or "messages" in ada.text
    message(rig, bob, ids[ada.account], "From Bob")
    message(rig, ada.account, ids[bob], "From Ada")
    await go_on(rig, minutes=15)
    assert "From Bob" in ada.text
    assert "From Ada" not in ada.text
    said = len(ada.texts)

    await go_on(rig, minutes=15)
    assert len(ada.texts) == said


def message(rig, sender, participant_id, text):
    path = f"/2/dm_conversations/with/{participant_id}/messages"
    assert rig.x.session(sender).post(path, json={"text": text}).status_code == 201


async def test_looks_that_found_nothing_leave_no_rows_behind(rig, ada):
    await watch(ada, "/schedule every 6 hours /mentions")
    await ada.say("/tweet Kept")
    await ada.press("Cancel")
    for _ in range(6):
        await go_on(rig, hours=6)
        await rig.chores()

    found = [task for task in await tasks_of(rig, TaskState.DONE) if task.outcome == "nothing_new"]
    assert len(found) <= 5
    assert len(await planned(rig)) == 1
    assert len(await tasks_of(rig, TaskState.CANCELLED)) == 1


async def test_one_look_at_a_moment_is_told_then(rig, ada):
    bob = rig.new_account()
    post(rig, bob, "Evening news")
    await ada.say(f"/schedule in 20 min /timeline @{bob}")
    assert f"Posts of @{bob}" in ada.text
    await ada.press("Schedule")
    planned_card = ada.last["message_id"]
    await go_on(rig, minutes=20, seconds=1)

    assert "Evening news" in ada.text
    assert ada.last["message_id"] > planned_card
    assert not ada.sees(planned_card)


async def test_a_watch_can_be_paused_and_deleted_and_stands_in_the_queue(rig, ada):
    bob = rig.new_account()
    await watch(ada, "/schedule every 15 min /search hello there")
    await ada.say("/queue")
    assert "Search: hello there" in ada.text
    await ada.press(ada.buttons[0])
    await ada.press("Pause")
    assert "Paused" in ada.text
    post(rig, bob, "hello there")
    await go_on(rig, minutes=60)
    assert not rig.x_requests("/2/tweets/search/recent?query=hello")
    await ada.press("Delete")
    await ada.press("Yes, delete the whole schedule")
    assert (await the_schedule(rig)).state == ScheduleState.ENDED


async def test_look_now_shows_what_there_is_in_the_card(rig, ada):
    bob = rig.new_account()
    post(rig, bob, f"@{ada.account} hello")
    await watch(ada, "/schedule every 15 min /mentions")
    said = len(ada.texts)
    await ada.press("Look now")
    await rig.posted()
    assert len(ada.texts) == said
    assert "hello" in ada.text
    assert "What is planned" in ada.buttons

    await go_on(rig, minutes=15)
    assert len(ada.texts) == said
    await ada.press("Look again")
    await rig.posted()
    assert "hello" in ada.text


async def test_the_zone_is_asked_for_first_and_the_command_kept(rig):
    rig.clock.now = rig.clock.now.replace(hour=16, minute=0)
    eve = await rig.phone("Eve")
    await eve.connect(rig.new_account())
    await eve.say("/schedule tomorrow 9:00 /mentions")
    assert "Mentions of" not in eve.text
    await eve.say("Berlin")
    assert "Mentions of" in eve.text
    assert "Schedule" in eve.buttons


@pytest.mark.parametrize("command", ["like", "follow", "unlike", "unfollow"])
async def test_likes_and_follows_cannot_be_planned(ada, command):
    await ada.say(f"/schedule tomorrow 9:00 /{command} 12345")

    assert "X forbids" in ada.text
    assert "Schedule" not in ada.buttons


async def test_the_popular_ones_are_not_watched(ada):
    await ada.say("/schedule every 15 min /search hello sort:popular")
    assert "leave out sort:" in ada.text
    assert "Schedule" not in ada.buttons

    await ada.say("/schedule tomorrow 9:00 /search hello sort:popular")
    await ada.press("Other time")
    await ada.press("Other time")
    await ada.say("every 15 min")
    assert "leave out sort:" in ada.text


async def test_an_open_plan_takes_no_text_or_picture_as_its_own(rig, ada):
    await ada.say("/schedule tomorrow 9:00 /mentions")
    await ada.say("Just some words")
    (draft,) = await tasks_of(rig, TaskState.DRAFT)

    assert (draft.kind, draft.text) == ("mentions", None)


async def test_a_time_given_later_still_plans_the_command(ada):
    await ada.say("/schedule /mentions")
    await ada.say("every 15 min")

    assert "Mentions of" in ada.text
    assert "Schedule" in ada.buttons
