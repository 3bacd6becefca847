"""What X or the person has against a look is said in one sentence; two presses ask once."""

import asyncio
from datetime import timedelta

import pytest

from storage import pages
from storage.tables import Person, TaskState
from tests.journeys.looking import ada_with, look_at, post
from tests.journeys.planned import tasks_of

MENTIONS = "/mentions$"


@pytest.fixture
async def ada(rig):
    return await ada_with(rig)


async def test_an_empty_list_says_so(rig, ada):
    await look_at(rig, ada, "/mentions")
    assert "X found nothing" in ada.text
    await look_at(rig, ada, "/messages")
    assert "X found nothing" in ada.text
    await look_at(rig, ada, "/get")
    assert "has posted nothing" in ada.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/get no-post-at-all", "no link to a post"),
        ("/get 12345", "gone or hidden"),
        ("/timeline @nobody_has_this", "no account of that name"),
        ("/timeline @not/a/name", "do not understand"),
        ("/mentions max:1000", "from 1 to 100"),
        ("/search lang:de", "filters alone"),
    ],
)
async def test_what_cannot_be_found_is_said(rig, ada, words, said):
    await look_at(rig, ada, words)

    assert said in ada.text


async def test_a_protected_account_is_not_shown(rig, ada):
    bob = rig.new_account(protected=True)
    post(rig, bob, "Private")

    await look_at(rig, ada, f"/timeline @{bob}")

    assert "does not show it" in ada.text
    assert "Private" not in ada.text


async def test_a_limit_of_reading_is_waited_for_and_holds_nothing_else(rig, ada):
    rig.x_fault("rate_limited", MENTIONS, username=ada.account)
    await look_at(rig, ada, "/mentions")
    assert "limit for reading" in ada.text

    await ada.say("/tweet Hello")
    await ada.press("Post")
    await rig.posted()
    assert [each["text"] for each in rig.posts(ada.account)] == ["Hello"]

    rig.clock.now = (await waiting(rig)).wake_at + timedelta(seconds=1)
    await rig.posted()
    assert "X found nothing" in words_of_card(ada, "Mentions of")


async def waiting(rig):
    """Give the one look that waits for a moment."""
    (task,) = [each for each in await tasks_of(rig, TaskState.DUE) if each.wake_at]
    return task


def words_of_card(phone, beginning):
    return next(text for text in reversed(phone.texts) if beginning in text)


async def test_a_look_that_waits_for_a_limit_can_be_dropped(rig, ada):
    rig.x_fault("rate_limited", MENTIONS, username=ada.account)
    await look_at(rig, ada, "/mentions")
    await ada.press("Cancel")
    assert "was not asked" in ada.text

    await ada.press("Look (at most $0.075)")
    await rig.posted()
    assert "X found nothing" in ada.text


async def test_no_credit_holds_a_look_until_there_is_some(rig, ada):
    rig.x_fault("out_of_credit", MENTIONS, username=ada.account)
    await look_at(rig, ada, "/mentions")
    assert "out of credit" in ada.text

    rig.clock.advance(hours=1, minutes=1)
    await rig.app.worker.wake()
    await rig.posted()
    assert "X found nothing" in words_of_card(ada, "Mentions of")


async def test_a_revoked_connection_is_asked_to_be_connected_again(rig, ada):
    rig.x.control("POST", "/revoke", json={"username": ada.account, "app": "registered"})
    await look_at(rig, ada, "/mentions")

    assert "Connect again" in ada.buttons
    assert "Mentions of" in ada.text


async def test_an_outage_is_waited_for(rig, ada):
    rig.x_fault("status_5xx", MENTIONS, username=ada.account)
    await look_at(rig, ada, "/mentions")
    assert "not answering" in ada.text

    rig.clock.advance(minutes=5)
    await rig.posted()
    assert "X found nothing" in ada.text


async def test_what_is_dear_is_asked_for_only_after_a_button(rig, ada):
    await ada.say("/mentions max:50")
    await rig.posted()
    assert "was not asked" in ada.text
    assert rig.x_requests("/2/users/") == [] or not any(
        "mentions" in each["path"] for each in rig.x_requests("/2/users/") if each["username"] == ada.account
    )

    await ada.press("Look (at most $0.75)")
    await rig.posted()
    assert "X found nothing" in ada.text


async def test_a_page_is_gone_after_a_day_and_looked_for_again(rig, ada):
    bob = rig.new_account()
    number = post(rig, bob, "Yesterday's news")
    await look_at(rig, ada, f"/get {number}")
    rig.clock.advance(hours=24, minutes=1)
    await rig.chores()

    await ada.press("Like")
    await look_at(rig, ada, f"/timeline @{bob}")
    rig.clock.advance(hours=24, minutes=1)
    await rig.chores()
    await ada.press("1", message=ada.last)
    assert "kept for a day" in ada.text

    await ada.press("Look again")
    await rig.posted()
    assert "Yesterday's news" in ada.text


async def test_two_presses_of_next_ask_once(rig_on_each):
    rig = rig_on_each
    ada = await ada_with(rig)
    other = await rig.replica() if rig.app.db.kind == "postgresql" else rig.app
    bob = rig.new_account()
    for number in range(7):
        post(rig, bob, f"number {number}")
    await look_at(rig, ada, f"/timeline @{bob}")
    path = f"/2/users/{(await tasks_of(rig))[-1].target_user_id}/tweets"
    asked = len(rig.x_requests(path))
    message = ada.with_button("Next (at most $0.075) ›")
    data = next(b["data"] for row in message["inline_keyboard"] for b in row if b["text"].startswith("Next"))

    def press():
        return ada.raw.press(message["message_id"], data=data, wait=20, forge=True)

    pressing = [asyncio.create_task(asyncio.to_thread(press)) for _ in range(2)]
    updates = []
    while len(updates) < 2:
        updates += rig.waiting()
        await asyncio.sleep(0.02)
    async with rig.working():
        await asyncio.gather(*(rig.give(u, r) for u, r in zip(updates, (rig.app, other), strict=True)))
    await asyncio.gather(*pressing)
    await rig.posted()

    assert len(rig.x_requests(path)) == asked + 1
    assert "number 1" in ada.text


async def test_a_next_that_fails_leads_back_to_what_there_was(rig, ada):
    bob = rig.new_account()
    for number in range(7):
        post(rig, bob, f"number {number}")
    await look_at(rig, ada, f"/timeline @{bob}")
    rig.x.control("POST", "/accounts", json={"username": bob, "protected": True})
    await ada.press("Next (at most $0.075) ›")
    await rig.posted()
    assert "does not show it" in ada.text

    await ada.press("‹ Previous")
    assert "number 6" in ada.text


async def test_hostile_texts_are_shown_and_break_nothing(rig, ada):
    bob = rig.new_account(name="</b><a href='x'>שלום 🏳️‍🌈 \u202eevil")
    texts = ["<b>bold</b> &amp; " + "😀" * 100, "שלום עולם " * 20, "\u202ereversed", "a" * 279, "@x " * 60]
    for text in texts:
        post(rig, bob, text)

    await look_at(rig, ada, f"/timeline @{bob} max:5")

    assert "<b>bold</b> &amp; 😀" in ada.text
    assert "a" * 200 in ada.text
    for number in range(1, 6):
        await ada.press(str(number), message=ada.with_button("CSV"))
    assert "<b>bold</b>" in ada.text


async def test_a_page_without_authors_is_shown(rig, ada):
    """X leaves out what it does not know: a page is shown with what there is."""
    bob = rig.new_account()
    post(rig, bob, "From nobody")
    await look_at(rig, ada, f"/timeline @{bob}")
    task = (await tasks_of(rig))[-1]
    async with rig.app.db.begin() as session:
        page = await pages.get(session, task.id, 0)
        items = [{"id": item["id"], "text": item["text"]} for item in pages.items_of(page)] + [{"id": "1"}]
        await pages.put(session, task.id, 0, items, next_token=None, now=rig.clock.now)

    await ada.press("1", message=ada.with_button("CSV"))
    assert "From nobody" in ada.text
    await ada.press_data(f"look_page:{task.id}:1:a", ada.with_button("CSV"))
    await ada.press("2", message=ada.with_button("CSV"))
    assert ada.url("Open on X").endswith("/1")


async def test_with_several_accounts_and_no_default_it_is_asked_which(rig, ada):
    other = rig.new_account()
    post(rig, rig.new_account(), f"@{other} hello")
    await ada.connect(other)
    async with rig.app.db.begin() as session:
        (await session.get(Person, ada.person)).default_connection_id = None
    await look_at(rig, ada, "/mentions")
    assert "From which account?" in ada.text

    await ada.press(next(label for label in ada.buttons if other in label))
    await rig.posted()
    assert "hello" in ada.text


async def test_without_an_account_one_is_offered(rig):
    bob = await rig.phone("Bob")
    await bob.say("/mentions")
    assert "no X account" in bob.text
    assert bob.buttons == ["Connect an X account"]


async def test_buttons_of_another_person_and_made_up_ones_change_nothing(rig, ada):
    bob = rig.new_account()
    post(rig, bob, "Seen")
    await look_at(rig, ada, f"/timeline @{bob}")
    task = (await tasks_of(rig))[-1]
    eve = await rig.phone("Eve")
    asked = len(rig.x_requests("/2/"))
    for data in (
        f"look_page:{task.id}:{task.version}:a",
        f"look_again:{task.id}:{task.version}",
        f"look_open:{task.id}:{task.version}:0",
        f"look_csv:{task.id}:{task.version}",
    ):
        await eve.press_data(data, eve.last)
    for data in ("a:x", "b", "a", "zzz"):
        await ada.press_data(f"look_page:{task.id}:{task.version}:{data}", ada.last)
    for extra in ("99", "-1", "x", ""):
        await ada.press_data(f"look_open:{task.id}:{task.version}:{extra}", ada.last)
    await ada.press_data(f"look_filter:{task.id}:{task.version}:lang", ada.last)
    await rig.posted()
    assert not [text for text in eve.texts if "Seen" in text]
    assert len(rig.x_requests("/2/")) == asked


async def test_a_command_that_comes_twice_asks_once(rig, ada):
    ada.send("/mentions")
    (update,) = rig.waiting()
    await rig.give(update)
    await rig.posted()
    asked = len(rig.x_requests("/2/users/"))
    await rig.give(update)
    await rig.posted()
    assert len(rig.x_requests("/2/users/")) == asked
    assert len(await tasks_of(rig)) == 1


async def test_a_draft_that_is_open_stays_as_it_is(rig, ada):
    await ada.say("/tweet Being written")
    await look_at(rig, ada, "/mentions")
    await look_at(rig, ada, "/search")
    await ada.say("nothing_like_this_word")
    await rig.posted()
    assert "X found nothing" in ada.text
    await ada.press("Post")
    await rig.posted()
    assert [each["text"] for each in rig.posts(ada.account)] == ["Being written"]
