"""Tweeting from the private chat: from /tweet to the post on X, its link, and its deletion."""

import pytest

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


async def test_a_text_is_shown_before_it_goes_out_and_ends_with_its_link(rig, ada):
    await ada.say("/tweet Hello from my phone")

    assert f"Tweet as @{ada.account}" in ada.text
    assert "19 of 280 characters" in ada.text
    assert "$0.015" in ada.text
    assert rig.posts(ada.account) == []
    await post(rig, ada)

    (posted,) = rig.posts(ada.account)
    assert posted["text"] == "Hello from my phone"
    assert "Posted" in ada.text
    assert ada.url("Open on X") == f"{rig.x.origin}/{ada.account}/status/{posted['id']}"
    assert ada.buttons == ["Open on X", "Delete"]


async def test_one_living_message_carries_a_tweet_from_preview_to_link(rig, ada):
    await ada.say("/tweet One card")
    card = ada.last["message_id"]

    await post(rig, ada)

    assert ada.last["message_id"] == card


async def test_tweet_alone_asks_for_the_text(rig, ada):
    await ada.say("/tweet")
    assert "What do you want to tweet?" in ada.text

    await ada.say("Line one\n\n  line   two")
    await post(rig, ada)

    assert rig.posts(ada.account)[0]["text"] == "Line one\n\n  line   two"


async def test_tweet_in_reply_to_a_message_takes_its_text(rig, ada):
    said = await ada.say("A thought worth keeping")

    await ada.say("/tweet", reply_to=said)

    assert "A thought worth keeping" in ada.text
    assert "Post" in ada.buttons


async def test_words_after_the_command_win_over_the_replied_to_text(rig, ada):
    said = await ada.say("Old words")

    await ada.say("/tweet New words", reply_to=said)

    assert "New words" in ada.text
    assert "Old words" not in ada.text


async def test_the_caption_tweet_takes_its_photo(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 1), caption="/tweet With a picture")

    assert "1 photo" in ada.text
    await post(rig, ada)
    (posted,) = rig.posts(ada.account)
    assert posted["text"] == "With a picture"
    assert len(posted["media"]) == 1


async def test_tweet_in_reply_to_a_photo_takes_the_photo(rig, ada, tmp_path):
    answer = await ada.send_photos(*pictures.photos(tmp_path, 1), caption="look")
    await ada.press("Cancel")

    await ada.say("/tweet", reply_to=answer["message_ids"][0])
    await post(rig, ada)

    (posted,) = rig.posts(ada.account)
    assert (posted["text"], len(posted["media"])) == ("look", 1)


@pytest.mark.parametrize("shuffle", [0, 1])
async def test_an_album_is_gathered_whatever_order_it_comes_in(rig, ada, tmp_path, shuffle):
    await ada.send_photos(*pictures.photos(tmp_path, 4), caption="/tweet Four of them", shuffle=shuffle)
    previews = [text for text in ada.texts if "Tweet as" in text]
    assert previews == [], "the preview waits for the album"
    rig.clock.advance(seconds=3)
    await rig.chores()

    assert "4 photos" in ada.text
    await post(rig, ada)
    (posted,) = rig.posts(ada.account)
    assert (posted["text"], len(posted["media"])) == ("Four of them", 4)
    assert len([text for text in ada.texts if "Posted" in text]) == 1


async def test_five_photos_are_one_too_many_and_the_first_four_may_be_kept(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 5), caption="Five")
    rig.clock.advance(seconds=3)
    await rig.chores()
    assert "5 photos; X takes 4" in ada.text
    assert "Post" not in ada.buttons

    await ada.press("Keep the first 4")
    await post(rig, ada)

    assert len(rig.posts(ada.account)[0]["media"]) == 4


async def test_a_late_album_picture_is_not_posted_twice_nor_lost_in_silence(rig, ada, tmp_path):
    answer = await ada.send_photos(*pictures.photos(tmp_path, 2), caption="Album")
    rig.clock.advance(seconds=3)
    await rig.chores()
    await post(rig, ada)

    album = next(u["message"] for u in rig.history if u.get("message", {}).get("media_group_id"))
    late = {**album, "message_id": max(answer["message_ids"]) + 500}
    await rig.give({"update_id": rig.history[-1]["update_id"] + 1000, "message": late})

    assert "not part of that tweet" in ada.text
    assert len(rig.posts(ada.account)) == 1


async def test_each_picture_may_be_described(rig, ada, tmp_path):
    await ada.send_photos(*pictures.photos(tmp_path, 2), caption="Described")
    rig.clock.advance(seconds=3)
    await rig.chores()

    await ada.press("Alt text 2")
    await ada.say("A blue field with the words Picture 2")
    assert "Alt text 2 ✓" in ada.buttons
    await post(rig, ada)

    alts = [media["alt_text"] for media in rig.posts(ada.account)[0]["media"]]
    assert alts == [None, "A blue field with the words Picture 2"]


@pytest.mark.parametrize(
    ("name", "mime", "content", "sent_as", "type_at_x"),
    [
        ("a.gif", "image/gif", pictures.gif(), "animation", "animated_gif"),
        ("b.mp4", "video/mp4", pictures.mp4(), "animation", "video"),
        ("c.mp4", "video/mp4", pictures.mp4(), "video", "video"),
    ],
)
async def test_a_gif_and_a_video_go_out(rig, ada, name, mime, content, sent_as, type_at_x):
    ada.raw.send_files((name, content, mime), **{"as": sent_as, "caption": "It moves"})
    await rig.deliver()
    await post(rig, ada)

    assert "Posted" in ada.text
    (posted,) = rig.posts(ada.account)
    assert [media["type"] for media in posted["media"]] == [type_at_x]


async def test_what_x_takes_no_tweet_with_is_said_at_once(rig, ada):
    ada.raw.send_files(("v.ogg", b"OggS" + b"\0" * 100, "audio/ogg"), **{"as": "voice"})
    await rig.deliver()

    assert "X takes photos, GIFs and videos" in ada.text


async def test_too_long_a_text_shows_where_it_overflows_and_cannot_be_posted(rig, ada):
    await ada.say("/tweet " + "a" * 275 + " overflow")

    assert "4 characters too many" in ada.text
    assert "Post" not in ada.buttons
    await ada.press("Edit text")
    await ada.say("Short enough")
    assert "Post" in ada.buttons


async def test_a_made_up_press_on_post_does_not_send_what_the_card_would_not_offer(rig, ada):
    await ada.say("/tweet " + "a" * 300)
    data = next(b["data"] for row in ada.last["inline_keyboard"] for b in row if b["text"] == "Edit text")

    toast = await ada.press_data(data.replace("edit:", "post:"), ada.last)
    await rig.posted()

    assert "cannot go out" in toast
    assert rig.posts(ada.account) == []


async def test_a_bare_domain_makes_it_dear_and_says_so(rig, ada):
    await ada.say("/tweet read example.com today")

    assert "$0.20" in ada.text
    assert "X charges for the link" in ada.text


async def test_a_telegram_name_draws_a_warning(rig, ada):
    await ada.say("/tweet thanks @ben")

    assert "@ben: on X this may be somebody else" in ada.text


async def test_two_taps_on_post_make_one_tweet(rig, ada):
    await ada.say("/tweet Once only")
    card = ada.with_button("Post")
    data = card["inline_keyboard"][0][0]["data"]

    await ada.press_data(data, card)
    await ada.press_data(data, card)
    await rig.posted()
    await ada.press_data(data, card)
    await rig.posted()

    assert len(rig.posts(ada.account)) == 1


async def test_an_update_delivered_twice_makes_one_tweet(rig, ada):
    await ada.say("/tweet Delivered twice")
    await ada.press("Post")
    for update in rig.history[-2:]:
        await rig.give(update)
    await rig.posted()

    assert len(rig.posts(ada.account)) == 1
    assert len([text for text in ada.texts if "Delivered twice" in text]) == 1


async def test_editing_the_message_before_posting_changes_the_draft(rig, ada):
    said = await ada.say("/tweet Frist")

    ada.raw.post("/edit", message_id=said, text="/tweet First")
    await rig.deliver()

    assert "First" in ada.text
    await post(rig, ada)
    assert rig.posts(ada.account)[0]["text"] == "First"


async def test_editing_the_message_afterwards_posts_nothing_twice(rig, ada):
    said = await ada.say("/tweet As posted")
    await post(rig, ada)

    ada.raw.post("/edit", message_id=said, text="/tweet Changed")
    await rig.deliver()
    await rig.posted()

    assert "stays as it was posted" in ada.text
    assert [p["text"] for p in rig.posts(ada.account)] == ["As posted"]


async def test_delete_asks_and_takes_the_tweet_from_x(rig, ada):
    await ada.say("/tweet To be deleted")
    await post(rig, ada)

    await ada.press("Delete")
    assert "cannot be undone" in ada.text
    assert len(rig.posts(ada.account)) == 1
    await ada.press("Yes, delete it")
    await rig.posted()

    assert "is deleted from X" in ada.text
    assert rig.posts(ada.account) == []


async def test_a_cancelled_draft_can_be_brought_back(rig, ada):
    await ada.say("/tweet Not lost")
    await ada.press("Cancel")
    assert "nothing was posted" in ada.text

    await ada.press("Bring it back")
    await post(rig, ada)

    assert rig.posts(ada.account)[0]["text"] == "Not lost"


async def test_a_new_draft_sets_the_open_one_aside_and_nothing_is_lost(rig, ada):
    await ada.say("/tweet The first")
    first = ada.last
    await ada.say("/tweet The second")

    assert "Set aside" in next(m["text"] for m in ada.messages() if m["message_id"] == first["message_id"])
    await ada.press("Post", message=first)
    await rig.posted()
    assert rig.posts(ada.account) == []
    await ada.press("Bring it back")
    await post(rig, ada)

    assert [p["text"] for p in rig.posts(ada.account)] == ["The first"]


async def test_cancel_says_what_it_cancelled(rig, ada):
    await ada.say("/tweet Something")

    await ada.say("/cancel")

    assert "Set aside" in ada.text
    await ada.say("/cancel")
    assert "nothing to cancel" in ada.text


async def test_with_several_connections_the_account_can_be_chosen(rig, ada):
    second = rig.new_account(name="Second")
    await ada.connect(second)
    await ada.say("/tweet From the other one")
    assert f"Tweet as @{ada.account}" in ada.text

    await ada.press("Other account")
    await ada.press(f"Second (@{second})")
    await post(rig, ada)

    assert rig.posts(ada.account) == []
    assert len(rig.posts(second)) == 1


async def test_without_a_connection_the_draft_waits_for_one(rig):
    ben = await rig.phone("Ben")
    await ben.say("/tweet I was first")
    assert "Your draft is kept" in ben.text
    card = ben.last

    account = rig.new_account()
    await ben.connect(account)
    await ben.press("I am connected: go on", message=card)
    await ben.press("Post")
    await rig.posted()

    assert rig.posts(account)[0]["text"] == "I was first"


async def test_somebody_elses_button_does_nothing(rig, ada):
    await ada.say("/tweet Mine")
    data = ada.with_button("Post")["inline_keyboard"][0][0]["data"]
    ben = await rig.phone("Ben")

    toast = await ben.press_data(data, ben.last)
    await rig.posted()

    assert "older message" in toast
    assert rig.posts(ada.account) == []


async def test_a_draft_survives_a_restart(rig, ada):
    await ada.say("/tweet Across a restart")

    await rig.restart()
    await post(rig, ada)

    assert len(rig.posts(ada.account)) == 1


async def test_a_post_pressed_on_one_replica_is_run_by_another(rig, ada):
    await ada.say("/tweet Two replicas")
    second = await rig.replica()
    await ada.press("Post", replica=second)
    await rig.stop()
    await rig.replica()
    await rig.posted()

    assert len(rig.posts(ada.account)) == 1
    assert "Posted" in ada.text


@pytest.mark.parametrize(
    "text", ["<b>bold</b> & co", "مرحبا بالعالم hello", "👩‍👩‍👧‍👦 family", "*_`[x](y)`_*"]
)
async def test_hostile_and_foreign_text_is_shown_and_posted_as_it_is(rig, ada, text):
    await ada.say(f"/tweet {text}")
    assert text in ada.text.replace("\u2068", "").replace("\u2069", "")

    await post(rig, ada)

    assert rig.posts(ada.account)[0]["text"] == text
