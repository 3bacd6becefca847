"""Photos, files, films and albums, both ways."""

import io

import pytest
from PIL import Image

from tests.sandbox.telegram_server import ADA, BEN, Refusal


def picture(width=400, height=300, form="PNG", colour="teal"):
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, form)
    return buffer.getvalue()


def photo(name="a.png", **more):
    return (name, picture(**more), "image/png")


def test_a_person_s_photo_arrives_in_sizes_the_largest_last(telegram_bot, ada):
    ada.send_files(photo(width=2000, height=1000), **{"as": "photo", "caption": "/tweet look"})

    message = telegram_bot.updates()[0]["message"]

    assert [size["width"] for size in message["photo"]] == [90, 320, 800, 1280]
    assert message["caption"] == "/tweet look"
    assert message["caption_entities"][0] == {"type": "bot_command", "offset": 0, "length": 6}
    assert "media_group_id" not in message


def test_a_photo_is_downloaded_as_the_jpeg_telegram_made_of_it(telegram_bot, ada):
    ada.send_files(photo(), **{"as": "photo"})
    largest = telegram_bot.updates()[0]["message"]["photo"][-1]

    answer = telegram_bot.download(largest["file_id"])

    image = Image.open(io.BytesIO(answer.content))
    assert (image.format, image.size) == ("JPEG", (400, 300))
    assert len(answer.content) == largest["file_size"]


def test_a_file_keeps_its_bytes_and_its_name(telegram_bot, ada):
    ada.send_files(("notes.txt", b"hello", "text/plain"), **{"as": "document"})

    document = telegram_bot.updates()[0]["message"]["document"]

    assert (document["file_name"], document["mime_type"]) == ("notes.txt", "text/plain")
    assert telegram_bot.download(document["file_id"]).content == b"hello"


def test_a_gif_is_an_animation_and_a_document_too(telegram_bot, ada):
    ada.send_files(("cat.gif", picture(form="GIF"), "image/gif"), **{"as": "animation"})

    message = telegram_bot.updates()[0]["message"]

    assert (message["animation"]["width"], message["animation"]["height"]) == (400, 300)
    assert message["document"]["file_id"] == message["animation"]["file_id"]


def test_a_video_says_its_measures(telegram_bot, ada):
    film = ("a.mp4", b"\0\0\0\x18ftypmp42", "video/mp4")
    ada.send_files(film, **{"as": "video", "duration": 7, "width": 720, "height": 1280})

    video = telegram_bot.updates()[0]["message"]["video"]

    assert (video["duration"], video["width"], video["height"]) == (7, 720, 1280)


def test_an_album_is_one_update_for_each_item_with_the_caption_on_the_first(telegram_bot, ada):
    ada.send_files(photo("1.png"), photo("2.png"), photo("3.png"), **{"as": "photo", "caption": "Three"})

    items = [update["message"] for update in telegram_bot.updates()]

    assert len({item["media_group_id"] for item in items}) == 1
    assert [item.get("caption") for item in items] == ["Three", None, None]


def test_a_shuffled_album_arrives_in_another_order_than_it_was_sent(telegram_bot, ada):
    sent = ada.send_files(photo("1.png"), photo("2.png"), photo("3.png"), **{"as": "photo", "shuffle": 1})

    arrived = [update["message"]["message_id"] for update in telegram_bot.updates()]

    assert sorted(arrived) == sent["message_ids"]
    assert arrived != sent["message_ids"]


def test_what_is_no_picture_cannot_be_sent_as_one(telegram_bot, ada):
    with pytest.raises(Refusal, match="IMAGE_PROCESS_FAILED"):
        ada.send_files(("a.png", b"no picture", "image/png"), **{"as": "photo"})
    with pytest.raises(Refusal, match="IMAGE_PROCESS_FAILED"):
        telegram_bot.upload("sendPhoto", {"photo": ("a.png", b"no picture")}, chat_id=ADA)
    with pytest.raises(Refusal, match="PHOTO_INVALID_DIMENSIONS"):
        telegram_bot.upload("sendPhoto", {"photo": ("a.png", picture(2100, 100))}, chat_id=ADA)


def test_a_bot_uploads_a_photo_and_sends_it_again_by_its_id(telegram_bot, ada):
    first = telegram_bot.upload("sendPhoto", {"photo": ("a.png", picture())}, chat_id=ADA, caption="one")

    again = telegram_bot.call("sendPhoto", chat_id=ADA, photo=first["photo"][-1]["file_id"], has_spoiler=True)

    shown = ada.last()
    assert again["has_media_spoiler"] is True
    assert ada.server.http.get(shown["photo"]).headers["content-type"] == "image/jpeg"


def test_a_bot_sends_a_picture_found_on_this_machine_by_its_address(telegram_bot, ada):
    first = telegram_bot.upload("sendPhoto", {"photo": ("a.png", picture())}, chat_id=ADA)
    address = ada.server.origin + ada.last()["photo"]

    sent = telegram_bot.call("sendPhoto", chat_id=ADA, photo=address)

    assert sent["photo"][-1]["width"] == first["photo"][-1]["width"]


def test_a_file_id_is_good_for_one_bot_only(telegram_server, telegram_bot, ada):
    sent = telegram_bot.upload("sendDocument", {"document": ("a.txt", b"hello")}, chat_id=ADA)
    other = telegram_server.new_bot()

    with pytest.raises(Refusal, match="wrong file_id"):
        other.call("getFile", file_id=sent["document"]["file_id"])


def test_a_file_cannot_be_sent_as_another_kind(telegram_bot, ada):
    sent = telegram_bot.upload("sendDocument", {"document": ("a.txt", b"hello")}, chat_id=ADA)

    with pytest.raises(Refusal, match="can't use file of type Document as Photo"):
        telegram_bot.call("sendPhoto", chat_id=ADA, photo=sent["document"]["file_id"])


def test_a_bot_sends_an_album(telegram_bot, ada):
    media = '[{"type":"photo","media":"attach://x","caption":"A"},{"type":"photo","media":"attach://y"}]'
    files = {"x": ("x.png", picture()), "y": ("y.png", picture(colour="red"))}

    sent = telegram_bot.upload("sendMediaGroup", files, chat_id=ADA, media=media)

    assert len({message["media_group_id"] for message in sent}) == 1
    assert [message.get("caption") for message in sent] == ["A", None]


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ([{"type": "photo", "media": "x"}], "there must be 2-10 media"),
        ([{"type": "photo", "media": "x"}, {"type": "document", "media": "y"}], "can't be mixed"),
        ([{"type": "photo", "media": "attach://no"}] * 2, "attached file not found"),
    ],
)
def test_a_bad_album_is_refused(telegram_bot, ada, media, words):
    with pytest.raises(Refusal, match=words):
        telegram_bot.call("sendMediaGroup", chat_id=ADA, media=media)


def test_captions_are_edited_and_limited(telegram_bot, ada):
    sent = telegram_bot.upload("sendPhoto", {"photo": ("a.png", picture())}, chat_id=ADA, caption="one")
    where = {"chat_id": ADA, "message_id": sent["message_id"]}

    edited = telegram_bot.call("editMessageCaption", **where, caption="*two*", parse_mode="MarkdownV2")

    assert (edited["caption"], edited["caption_entities"][0]["type"]) == ("two", "bold")
    with pytest.raises(Refusal, match="message caption is too long"):
        telegram_bot.call("editMessageCaption", **where, caption="x" * 1025)
    with pytest.raises(Refusal, match="there is no text in the message to edit"):
        telegram_bot.call("editMessageText", **where, text="x")


def test_a_photo_is_replaced_by_another(telegram_bot, ada):
    sent = telegram_bot.upload("sendPhoto", {"photo": ("a.png", picture())}, chat_id=ADA)
    media = '{"type":"photo","media":"attach://n","caption":"new"}'

    edited = telegram_bot.upload(
        "editMessageMedia",
        {"n": ("n.png", picture(90, 90))},
        chat_id=ADA,
        message_id=sent["message_id"],
        media=media,
    )

    assert (edited["photo"][-1]["width"], edited["caption"]) == (90, "new")


def test_a_bot_may_not_fetch_files_above_20_megabytes(telegram_bot, ada):
    ada.send_files(("big.bin", bytes(20 * 1024 * 1024 + 1), "application/octet-stream"), **{"as": "document"})
    document = telegram_bot.updates()[0]["message"]["document"]

    with pytest.raises(Refusal, match="file is too big"):
        telegram_bot.call("getFile", file_id=document["file_id"])


def test_a_file_that_a_browser_could_run_is_only_downloaded(telegram_bot, ada):
    ada.send_files(("evil.html", b"<script>alert(1)</script>", "text/html"), **{"as": "document"})

    answer = ada.server.http.get(ada.last()["document"]["url"])

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"


def test_copies_and_forwards_carry_the_media(telegram_server, telegram_bot, ada):
    telegram_server.phone(BEN, telegram_bot.id).start()
    sent = telegram_bot.upload("sendPhoto", {"photo": ("a.png", picture())}, chat_id=ADA, caption="one")
    where = {"chat_id": BEN, "from_chat_id": ADA, "message_id": sent["message_id"]}

    forwarded = telegram_bot.call("forwardMessage", **where)
    telegram_bot.call("copyMessage", **where, caption="two")

    copied = telegram_server.phone(BEN, telegram_bot.id).last()
    assert forwarded["forward_origin"]["sender_user"]["id"] == telegram_bot.id
    assert (copied["caption"], "forward_from" in copied) == ("two", False)
