"""Threads from the private chat: built part by part or cut from one text, rearranged, posted in order."""

import pytest

from tests.journeys import pictures

LONG = "The quick brown fox jumps over the lazy dog and then it sleeps. " * 12


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


def chain(rig, ada):
    """Give the texts on X from the first of the thread to its last, held together by their replies."""
    by_answer = {post["reply_to"]: post for post in rig.posts(ada.account)}
    found, last = [], None
    while last in by_answer:
        post = by_answer[last]
        found.append(post["text"])
        last = post["id"]
    return found


async def post(rig, ada):
    await ada.press("Post")
    await rig.posted()


async def test_each_message_becomes_a_part_and_x_has_them_in_order(rig, ada):
    await ada.say("/thread")
    assert "first part" in ada.text
    await ada.say("One")
    assert "next part" in ada.text
    await ada.say("Two")
    await ada.say("Three")
    assert "Thread of 3" in ada.text
    assert "$0.045" in ada.text

    await post(rig, ada)

    assert chain(rig, ada) == ["One", "Two", "Three"]


async def test_a_long_text_is_cut_at_its_sentences_and_numbered_on_wish(rig, ada):
    await ada.say(f"/thread {LONG}")
    assert "Thread of 3" in ada.text

    await ada.press("Number the parts")
    await post(rig, ada)

    texts = chain(rig, ada)
    assert len(texts) >= 3
    assert [text.rsplit(" ", 1)[1] for text in texts] == [
        f"{n}/{len(texts)}" for n in range(1, len(texts) + 1)
    ]
    assert all(text.rsplit(" ", 1)[0].endswith("sleeps.") for text in texts)


async def test_a_tweet_that_is_too_long_offers_to_become_a_thread(rig, ada):
    await ada.say(f"/tweet {LONG}")
    assert "Post" not in ada.buttons

    await ada.press("Make it a thread")
    assert "Thread of 3" in ada.text
    await post(rig, ada)

    assert len(chain(rig, ada)) == 3


async def test_parts_are_edited_moved_and_removed_by_their_buttons(rig, ada):
    await ada.say("/thread One")
    for text in ("Two", "Three", "Four"):
        await ada.say(text)
    await ada.press("3")
    await ada.press("Earlier")
    await ada.press("4")
    await ada.press("Remove")
    await ada.press("1")
    await ada.press("Edit")
    await ada.say("First of all")

    assert "Thread of 3" in ada.text
    await post(rig, ada)

    assert chain(rig, ada) == ["First of all", "Three", "Two"]


async def test_a_photo_belongs_to_the_part_it_came_with_wherever_that_is_moved(rig, ada, tmp_path):
    await ada.say("/thread One")
    await ada.send_photos(*pictures.photos(tmp_path, 1), caption="Two with a picture")
    assert "Thread of 2" in ada.text
    await ada.press("2")
    await ada.press("Earlier")
    await post(rig, ada)

    first, second = rig.posts(ada.account)[::-1]
    assert (first["text"].split(" http")[0], second["text"]) == ("Two with a picture", "One")
    assert [len(each["media"]) for each in (first, second)] == [1, 0]


async def test_a_thread_can_be_planned(rig, ada):
    await ada.say("/timezone Europe/Berlin")
    await ada.say("/thread One")
    await ada.say("Two")
    await ada.press("Later")
    await ada.press("In 1 hour")
    await ada.press("Schedule")
    rig.clock.advance(hours=1, minutes=1)
    await rig.posted()

    assert chain(rig, ada) == ["One", "Two"]


async def test_an_empty_part_is_named_and_stands_in_the_way(rig, ada):
    await ada.say("/thread One")
    await ada.say("\u200b")

    assert "Part 2 is empty" in ada.text
    assert "Post" not in ada.buttons


async def test_more_parts_than_a_thread_may_have_are_refused_and_nothing_is_lost(rig, ada):
    await ada.say("/thread One")
    for _ in range(3):
        await ada.say(LONG * 3)

    assert "25 at most" in ada.text
    await ada.say("One more")
    assert "Thread of 20" in ada.text


async def test_a_redelivered_part_is_one_part(rig, ada):
    await ada.say("/thread One")
    ada.send("Two")
    (update,) = rig.waiting()
    await rig.give(update)
    await rig.give(update)

    await ada.say("Three")
    assert "Thread of 3" in ada.text


async def test_cancel_first_ends_the_asking_then_sets_the_thread_aside(rig, ada):
    await ada.say("/thread One")
    await ada.say("Two")
    await ada.say("/cancel")
    assert "Thread of 2" in ada.text
    assert "Send the next part" not in ada.text

    await ada.say("/cancel")
    assert "Set aside" in ada.text
    await ada.press("Bring it back")
    await post(rig, ada)

    assert chain(rig, ada) == ["One", "Two"]


@pytest.fixture
async def stopped(rig, ada):
    """Give Ada, whose thread stopped at its second part, which X refuses."""
    rig.x.fault("duplicate", {"path": "/2/tweets$", "method": "POST", "username": ada.account}, skip=1)
    await ada.say("/thread One")
    await ada.say("Two")
    await ada.say("Three")
    await post(rig, ada)
    assert "stopped at part 2 of 3" in ada.text
    return ada


async def test_a_thread_that_stopped_goes_on_behind_what_is_out_when_its_part_was_edited(rig, stopped):
    await stopped.press("Edit part 2")
    await stopped.say("Other words")
    await rig.posted()

    texts = [each["text"] for each in rig.posts(stopped.account)][::-1]
    assert texts == ["One", "Other words", "Three"]


async def test_going_on_posts_nothing_again_that_is_out(rig, stopped):
    await stopped.press("Go on")
    await rig.posted()

    assert "Posted" in stopped.text
    assert chain(rig, stopped) == ["One", "Two", "Three"]


async def test_what_is_out_of_a_stopped_thread_can_be_deleted(rig, stopped):
    await stopped.press("Delete what is out")
    await stopped.press("Yes, delete all of it")
    await rig.posted()

    assert rig.posts(stopped.account) == []
    assert "deleted" in stopped.text


async def test_all_parts_of_a_thread_are_deleted_together(rig, ada):
    await ada.say("/thread One")
    await ada.say("Two")
    await ada.say("Three")
    await post(rig, ada)

    await ada.press("Delete")
    assert "all 3 parts" in ada.text
    await ada.press("Yes, delete all of it")
    await rig.posted()

    assert rig.posts(ada.account) == []
    assert "deleted" in ada.text


async def test_the_new_text_of_a_stopped_part_must_be_one_x_takes(rig, stopped):
    await stopped.press("Edit part 2")
    await stopped.say("x" * 300)

    assert "characters too many" in stopped.text
    await stopped.say("Other words")
    await rig.posted()
    assert rig.posts(stopped.account)[0]["text"] == "Three"


async def test_words_for_a_part_that_went_out_meanwhile_are_put_nowhere(rig, stopped):
    await stopped.press("Edit part 2")
    rig.x.fault("duplicate", {"path": "/2/tweets$", "method": "POST", "username": stopped.account}, skip=1)
    await stopped.press("Go on")
    await rig.posted()
    assert any("stopped at part 3 of 3" in text for text in stopped.texts)

    await stopped.say("Words for part 2")

    assert "went on meanwhile" in stopped.text
    await rig.posted()
    assert chain(rig, stopped) == ["One", "Two"]


async def test_a_new_text_of_a_numbered_part_has_to_leave_room_for_its_number(rig, ada):
    rig.x.fault("duplicate", {"path": "/2/tweets$", "method": "POST", "username": ada.account}, skip=1)
    await ada.say("/thread One")
    await ada.say("Two")
    await ada.press("Number the parts")
    await post(rig, ada)
    await ada.press("Edit part 2")

    await ada.say("x" * 279)

    assert "characters too many" in ada.text
