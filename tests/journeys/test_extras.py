"""What a tweet has beside its text: who may reply, the marks X asks for; by the options of a draft's card."""

import pytest

from tests.journeys import pictures
from tests.journeys.planned import at, in_berlin


@pytest.fixture
async def ada(rig):
    """Give Ada in Berlin, who has connected an account."""
    return await in_berlin(rig)


async def post(rig, ada):
    await ada.press("Post")
    await rig.posted()


async def set_all(ada):
    await ada.press("Options")
    await ada.press("Replies: people I follow")
    assert "✓ Replies: people I follow" in ada.buttons
    await ada.press("Paid partnership")
    await ada.press("Made with AI")
    await ada.press("Back")


def labelled(rig, ada):
    """Give each post's text with its marks and who may reply, oldest first."""
    session = rig.x.session(ada.account)
    found = []
    for post in rig.posts(ada.account)[::-1]:
        answer = session.get(f"/2/tweets/{post['id']}?tweet.fields=reply_settings").json()["data"]
        found.append((post["text"], post["labels"], answer["reply_settings"]))
    return found


MARKS = {"paid_partnership": True, "made_with_ai": True}


async def test_what_is_set_stands_in_the_preview_and_is_posted(rig, ada):
    await ada.say("/tweet Hello")
    await set_all(ada)
    assert "Only people the account follows may reply" in ada.text
    assert "paid partnership" in ada.text
    assert "made with AI" in ada.text
    await post(rig, ada)

    assert labelled(rig, ada) == [("Hello", MARKS, "following")]


async def test_what_was_set_is_taken_back_by_the_same_buttons(rig, ada):
    await ada.say("/tweet Hello")
    await set_all(ada)
    await ada.press("Options")
    await ada.press("Replies: everyone")
    await ada.press("✓ Paid partnership")
    await ada.press("✓ Made with AI")
    await ada.press("Back")
    assert "may reply" not in ada.text
    await post(rig, ada)

    assert labelled(rig, ada) == [("Hello", {}, "everyone")]


async def test_an_old_panel_and_made_up_settings_change_nothing(rig, ada):
    await ada.say("/tweet Hello")
    await ada.press("Options")
    stale = next(
        b["data"] for row in ada.last["inline_keyboard"] for b in row if b["text"] == "Paid partnership"
    )
    await ada.press("Made with AI")
    await ada.press_data(stale, ada.last)
    _, row, version = stale.split(":")
    await ada.press_data(f"x_reply:{row}:{int(version) + 1}:nobody", ada.last)
    await ada.press_data(f"show:{row}:{version}", ada.last)
    await post(rig, ada)

    assert labelled(rig, ada) == [("Hello", {"made_with_ai": True}, "everyone")]


async def test_the_marks_stand_on_each_part_of_a_thread_and_who_may_reply_on_the_first(rig, ada):
    await ada.say("/thread One")
    await ada.say("Two")
    await set_all(ada)
    await post(rig, ada)

    assert labelled(rig, ada) == [("One", MARKS, "following"), ("Two", MARKS, "everyone")]


async def test_what_is_set_survives_being_planned_once_and_again_and_again(rig, ada):
    await ada.say("/schedule in 1 hour Once")
    await set_all(ada)
    await ada.press("Schedule")
    await at(rig, 2026, 11, 23, 17, 1)
    assert labelled(rig, ada) == [("Once", MARKS, "following")]

    await ada.say("/schedule every day 9:00 Daily")
    await set_all(ada)
    await ada.press("Add another text")
    await ada.say("Daily too")
    await ada.press("Schedule")
    await at(rig, 2026, 11, 24, 8, 1)
    await at(rig, 2026, 11, 25, 8, 1)

    assert labelled(rig, ada)[1:] == [("Daily", MARKS, "following"), ("Daily too", MARKS, "following")]


async def test_pictures_of_a_thread_are_described_one_by_one(rig, ada, tmp_path):
    one, two = pictures.photos(tmp_path, 2)
    await ada.say("/thread One")
    await ada.send_photos(one, caption="Two")
    await ada.send_photos(two, caption="Three")
    await ada.press("Alt text 2")
    await ada.say("The second picture")
    assert "Alt text 2 ✓" in ada.buttons
    await post(rig, ada)

    media = {each["text"].split(" http")[0]: each["media"] for each in rig.posts(ada.account)}
    assert [each["alt_text"] for each in media["Three"]] == ["The second picture"]
    assert [each.get("alt_text") for each in media["Two"]] in ([None], [""])


async def test_a_premium_account_posts_what_others_have_to_cut(rig):
    ben = await rig.phone("Ben")
    ben.account = rig.new_account(premium=True)
    await ben.connect(ben.account)
    words = "Long words. " * 330
    await ben.say(f"/tweet {words}")
    assert "25,000" in ben.text
    await post(rig, ben)

    assert "Posted" in ben.text
    (made,) = rig.posts(ben.account)
    assert made["text"] == words.strip()
