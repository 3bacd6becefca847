"""The table of served methods is Telegram's, and every one of them answers as Telegram describes it."""

import io
import json

import pytest
from PIL import Image

from sandbox.telegram.derive_methods import SERVED, derive
from sandbox.telegram.methods import METHODS
from sandbox.telegram.spec import table
from tests.sandbox import telegram_answers
from tests.sandbox.telegram_server import ADA

needs_description = pytest.mark.skipif(telegram_answers.api() is None, reason=telegram_answers.ABSENT)


def test_every_method_of_the_table_is_served():
    assert set(METHODS) == set(SERVED) == set(table()["methods"])


@needs_description
def test_the_table_is_what_telegram_describes():
    assert table() == derive(telegram_answers.api())


def jpeg():
    buffer = io.BytesIO()
    Image.new("RGB", (200, 100)).save(buffer, "JPEG")
    return buffer.getvalue()


@needs_description
def test_every_method_answers_as_telegram_describes_it(telegram_server, telegram_bot, ada):
    bot, group = telegram_bot, telegram_server.new_group(telegram_bot)
    telegram_server.set_member(group, bot.id, "administrator")
    here = {"chat_id": ADA}
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}

    number = ada.send("hello @ada https://x.com")
    sent = bot.call(
        "sendMessage", **here, text="<b>x</b>", parse_mode="HTML", reply_parameters={"message_id": number}
    )
    mine = {**here, "message_id": sent["message_id"]}
    photo = bot.upload("sendPhoto", {"photo": ("p.jpg", jpeg())}, **here)
    picture = {**here, "message_id": photo["message_id"]}
    bot.upload("sendDocument", {"document": ("d.txt", b"x")}, **here)
    bot.upload("sendVideo", {"video": ("v.mp4", b"x")}, **here)
    bot.upload("sendAnimation", {"animation": ("a.gif", b"x")}, **here)
    album = [{"type": "photo", "media": photo["photo"][-1]["file_id"]}] * 2
    bot.call("sendMediaGroup", **here, media=album)
    bot.call("sendChatAction", **here, action="typing")
    bot.call("editMessageText", **mine, text="y")
    bot.call("editMessageReplyMarkup", **mine, reply_markup=markup)
    bot.call("editMessageCaption", **picture, caption="c")
    bot.call("editMessageMedia", **picture, media=album[0])
    bot.call("forwardMessage", **mine, from_chat_id=ADA)
    bot.call("copyMessage", **mine, from_chat_id=ADA)
    bot.call("setMessageReaction", **mine, reaction=[{"type": "emoji", "emoji": "👍"}])
    bot.call("pinChatMessage", **mine)
    bot.call("unpinChatMessage", **here)
    ada.press(sent["message_id"], data="x", wait=0)
    query = bot.updates()[-1]["callback_query"]["id"]
    bot.call("answerCallbackQuery", callback_query_id=query, text="ok")
    asked = ada.ask_inline(f"@{bot.username} x", wait=0)
    bot.call("answerInlineQuery", inline_query_id=asked["query_id"], results=[])
    bot.call("deleteMessages", **here, message_ids=[number])
    bot.call("deleteMessage", **mine)
    bot.call("getFile", file_id=photo["photo"][0]["file_id"])
    for name in (
        "getMe",
        "getMyName",
        "getMyDescription",
        "getMyShortDescription",
        "getWebhookInfo",
        "logOut",
        "close",
    ):
        bot.call(name)
    for name, field in (("setMyName", "name"), ("setMyDescription", "description")):
        bot.call(name, **{field: "x"})
    bot.call("setMyShortDescription", short_description="x")
    bot.call("setMyCommands", commands=[{"command": "a", "description": "b"}])
    bot.call("getMyCommands")
    bot.call("deleteMyCommands")
    bot.call("setChatMenuButton", menu_button={"type": "commands"})
    bot.call("getChatMenuButton")
    bot.call("setWebhook", url="http://127.0.0.1:9/hook")
    bot.call("getWebhookInfo")
    bot.call("deleteWebhook")
    for name in ("getChat", "getChatMemberCount", "getChatAdministrators"):
        bot.call(name, chat_id=group)
    for user in (101, 102, 103, 104, bot.id):
        bot.call("getChatMember", chat_id=group, user_id=user)
    bot.call("getChat", **here)
    bot.call("leaveChat", chat_id=group)
    bot.call("getUpdates")

    assert {call["method"] for call in bot.calls()} == set(SERVED)


@needs_description
def test_every_update_is_as_telegram_describes_it(telegram_server, telegram_bot, ada):
    every = json.dumps(
        ["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "inline_query"]
    )
    telegram_bot.call("getUpdates", allowed_updates=every)
    sent = telegram_bot.call(
        "sendMessage",
        chat_id=ADA,
        text="?",
        reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]},
    )
    number = ada.send("one", reply_to=sent["message_id"], quote="?", thread=5)
    ada.post("/edit", message_id=number, text="two")
    ada.press(sent["message_id"], data="x", wait=0)
    ada.press(999_999, data="x", forge=True, wait=0)
    for kind, file in {
        "photo": ("p.jpg", jpeg(), "image/jpeg"),
        "document": ("d.txt", b"x", "text/plain"),
        "video": ("v.mp4", b"x", "video/mp4"),
        "animation": ("a.gif", b"x", "image/gif"),
        "sticker": ("s.webp", b"x", "image/webp"),
        "voice": ("v.ogg", b"x", "audio/ogg"),
    }.items():
        ada.send_files(file, **{"as": kind, "caption": "c"})
    ada.send_poll("Which?", "This", "That", type="quiz", correct_option_ids=[1], open_period=60)
    ada.ask_inline(f"@{telegram_bot.username} x", wait=0)
    group = telegram_server.new_group(telegram_bot)
    for status in ("administrator", "member", "kicked"):
        telegram_server.set_member(group, telegram_bot.id, status)
    ada.post("/block", bot=telegram_bot.id)

    updates = telegram_bot.call("getUpdates")

    kinds = {kind for update in updates for kind in update if kind != "update_id"}
    assert kinds == {"message", "edited_message", "callback_query", "my_chat_member", "inline_query"}
