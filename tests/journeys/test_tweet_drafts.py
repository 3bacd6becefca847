"""What belongs to one draft and what begins another; nothing joins or leaves a tweet behind its author's back."""

import pytest

from bot.lanes import Held
from tests.journeys import pictures


@pytest.fixture
async def ada(rig):
    """Give Ada, who has connected an account."""
    phone = await rig.phone("Ada")
    phone.account = rig.new_account()
    await phone.connect(phone.account)
    return phone


async def post(rig, ada):
    await ada.press("Post")
    await rig.posted()


async def photo(ada, tmp_path, number=1, **fields):
    return await ada.send_photos(pictures.photos(tmp_path, number)[-1], **fields)


async def test_a_forgotten_photo_does_not_go_out_with_the_next_one(rig, ada, tmp_path):
    await photo(ada, tmp_path, 1)
    await photo(ada, tmp_path, 2, caption="Look at my cat")

    assert "1 photo" in ada.text
    await ada.press("Post")
    await rig.posted()

    assert len(rig.posts(ada.account)[0]["media"]) == 1


async def test_words_after_a_photo_without_caption_are_its_text(rig, ada, tmp_path):
    await photo(ada, tmp_path)

    await ada.say("this is my caption")
    await ada.press("Post")
    await rig.posted()

    (posted,) = rig.posts(ada.account)
    assert (posted["text"], len(posted["media"])) == ("this is my caption", 1)


async def test_tweet_and_a_text_after_a_photo_without_caption_are_one_tweet(rig, ada, tmp_path):
    await photo(ada, tmp_path)

    await ada.say("/tweet this is my caption")

    assert "this is my caption" in ada.text
    assert "1 photo" in ada.text


async def test_an_edited_caption_is_followed_whichever_picture_came_first(rig, ada, tmp_path):
    answer = await ada.send_photos(*pictures.photos(tmp_path, 3), caption="first caption", shuffle=1)
    rig.clock.advance(seconds=3)
    await rig.chores()
    captioned = next(u["message"] for u in rig.history if u.get("message", {}).get("caption"))
    assert captioned["message_id"] in answer["message_ids"]

    ada.raw.post("/edit", message_id=captioned["message_id"], text="second caption")
    await rig.deliver()
    await ada.press("Post")
    await rig.posted()

    assert rig.posts(ada.account)[0]["text"] == "second caption"


async def test_another_account_never_takes_the_defaults_place_in_silence(rig, ada):
    second = rig.new_account(name="Second")
    await ada.connect(second)
    rig.x.control("POST", "/revoke", json={"username": ada.account, "app": "registered"})
    await ada.say("/tweet first try")
    await ada.press("Post")
    await rig.posted()
    assert "goes out by itself" in ada.text

    await ada.say("/tweet from where?")

    assert "From which account?" in ada.text
    await ada.press(f"Second (@{second})")
    assert f"Tweet as @{second}" in ada.text


async def test_with_one_account_left_nobody_is_asked(rig, ada):
    await ada.say("/tweet plain")

    assert f"Tweet as @{ada.account}" in ada.text


async def test_a_kept_draft_comes_back_by_the_button_tweet_something(rig, tmp_path):
    ben = await rig.phone("Ben")
    await ben.send_photos(*pictures.photos(tmp_path, 1), caption="Waiting")
    assert "1 photo" in ben.text
    account = rig.new_account()
    await ben.connect(account)

    await ben.press("Tweet something")

    assert f"Tweet as @{account}" in ben.text
    assert "Waiting" in ben.text


@pytest.mark.parametrize("button", ["Edit text", "Alt text 1"])
async def test_cancel_withdraws_the_question_and_keeps_the_draft(rig, ada, tmp_path, button):
    await photo(ada, tmp_path, caption="Keep me")
    await ada.press(button)

    await ada.say("/cancel")

    assert "Tweet as" in ada.text
    await ada.say("/cancel")
    assert "Set aside" in ada.text
    assert "Keep me" in ada.text
    assert "1 photo" in ada.text


async def test_mixed_files_can_be_taken_off(rig, ada, tmp_path):
    answer = ada.raw.send_files(
        ("a.png", pictures.photos(tmp_path, 1)[0].read_bytes(), "image/png"),
        ("b.mp4", pictures.mp4(), "video/mp4"),
        **{"as": "photo", "caption": "Mixed"},
    )
    await rig.deliver()
    rig.clock.advance(seconds=3)
    await rig.chores()
    assert len(answer["message_ids"]) == 2
    assert "not a mix" in ada.text, ada.text

    await ada.press("Without the files")

    assert "Post" in ada.buttons
    await ada.press("Post")
    await rig.posted()
    assert rig.posts(ada.account)[0]["media"] == []


async def test_a_file_telegram_does_not_give_any_more_can_be_left_out(rig, ada, tmp_path):
    await photo(ada, tmp_path, caption="Words remain")
    rig.telegram.fault("file_missing", rig.bot, times=1)
    await ada.press("Post")
    await rig.posted()
    assert ada.buttons == ["Try again", "Without the files"]

    await ada.press("Without the files")
    await ada.press("Post")
    await rig.posted()

    (posted,) = rig.posts(ada.account)
    assert (posted["text"], posted["media"]) == ("Words remain", [])


async def test_an_account_that_may_only_read_is_not_offered_post(make_rig):
    from pydantic import SecretStr

    rig = await make_rig()
    app = rig.x.app("read_only")
    await rig.restart(
        consumer_key=SecretStr(app["consumer_key"]), consumer_secret=SecretStr(app["consumer_secret"])
    )
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())

    await ada.say("/tweet will not do")

    assert "Post" not in ada.buttons
    assert "may only read" in ada.text


async def test_what_nobody_can_see_is_no_tweet(rig, ada):
    await ada.say("/tweet \u200b\u2060 ")

    assert "What do you want to tweet?" in ada.text


async def test_a_protected_picture_is_not_taken_even_with_words_of_ones_own(rig, ada, tmp_path):
    await photo(ada, tmp_path, caption="secret picture")
    await ada.press("Cancel")
    sent = next(u for u in rig.history if u.get("message", {}).get("photo"))["message"]
    reply = {
        **sent,
        "message_id": sent["message_id"] + 900,
        "text": "/tweet my words",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        "reply_to_message": {**sent, "has_protected_content": True},
    }
    for key in ("photo", "caption"):
        reply.pop(key)

    await rig.give({"update_id": rig.history[-1]["update_id"] + 900, "message": reply})

    assert "my words" in ada.text
    assert "photo" not in ada.text


async def test_a_preview_shown_again_after_a_crash_leaves_the_first_ones_post_button_good(rig, ada):
    rig.telegram.fault("drop_after", rig.bot, match={"method": "sendMessage"})
    ada.send("/tweet Seen twice")
    (update,) = rig.waiting()
    assert isinstance(await rig.give(update), Held)
    first = ada.with_button("Post")
    await rig.give(update)

    await ada.press("Post", message=first)
    await rig.posted()

    assert [each["text"] for each in rig.posts(ada.account)] == ["Seen twice"]


async def test_a_redelivered_tweet_that_filled_an_open_draft_begins_no_second_one(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 1))
    ada.send("/tweet Words for the picture")
    (update,) = rig.waiting()
    rig.telegram.fault("drop_after", rig.bot, match={"method": "sendMessage"})
    await rig.give(update)
    await rig.give(update)

    await post(rig, ada)

    (posted,) = rig.posts(ada.account)
    assert posted["text"] == "Words for the picture"
    assert len(posted["media"]) == 1
