"""How replies look in a chat, and what becomes of them when Telegram says no."""

import asyncio

import pytest

from bot.line import Unsaid, make_bot
from bot.speak import Target
from tests import builders
from tests.sandbox.telegram_server import ADA
from texts.reply import Button, Card, Pick, Picks, Reply, Say, Style, Toast

ADA_HERE = Target(chat_id=ADA, language="en")
HELLO = Reply("say.hello", {"name": "<Ada> & نور"})


def from_bot(ada):
    return [m for m in ada.messages() if m["from"]["is_bot"]]


async def test_a_reply_is_html_with_facts_as_they_were_typed(speaker, ada):
    await speaker.say(ADA_HERE, [HELLO])

    said = ada.last()
    assert said["text"] == "Hello \u2068<Ada> & نور\u2069"
    assert [entity["type"] for entity in said["entities"]] == ["bold"]


async def test_buttons_a_link_and_no_preview(speaker, ada, telegram_bot):
    buttons = (
        (Button("say.button", "go:1:1", style=Style.SUCCESS), Button("say.button", url="https://x.com/a")),
    )

    await speaker.say(ADA_HERE, [Reply("say.bye", buttons=buttons, protect=True)])

    said, call = ada.last(), telegram_bot.calls("sendMessage")[-1]
    assert [(b["text"], b.get("data"), b.get("url")) for b in said["inline_keyboard"][0]] == [
        ("Go on", "go:1:1", None),
        ("Go on", None, "https://x.com/a"),
    ]
    assert said["protected"]
    assert "is_disabled" in str(call["params"]["link_preview_options"])


async def test_button_data_longer_than_telegram_takes_is_our_mistake(speaker, ada):
    with pytest.raises(ValueError, match="64 bytes"):
        await speaker.say(ADA_HERE, [Reply("say.bye", buttons=((Button("say.button", "é" * 33),),))])


async def test_a_question_opens_the_keyboard_with_a_hint(speaker, ada):
    await speaker.say(ADA_HERE, [Reply("say.ask", ask="say.placeholder")])

    assert "type it here" in str(ada.page()["reply_keyboard"])


async def test_in_a_group_a_question_is_a_reply_to_who_is_asked(speaker, ada, telegram_server, telegram_bot):
    group = telegram_server.new_group(telegram_bot)
    asked = telegram_server.phone(ADA, group).send("/tweet")
    there = Target(chat_id=group, language="en", said_id=asked)

    await speaker.say(there, [HELLO, Reply("say.ask", ask="say.placeholder")])
    await speaker.say(there, [Reply("say.hello", {"name": "Ada"}, answers=True)])

    told, question, answer = (call["params"] for call in telegram_bot.calls("sendMessage"))
    assert "reply_parameters" not in told
    assert question["reply_parameters"]["message_id"] == answer["reply_parameters"]["message_id"] == asked


async def test_a_group_is_told_what_was_done_in_private(speaker, ada, telegram_server, telegram_bot):
    group = telegram_server.new_group(telegram_bot)

    await speaker.say(ADA_HERE, [Reply("say.hello", {"name": "them"}, to=group, fresh=True), HELLO])

    assert telegram_server.phone(ADA, group).last()["text"] == "Hello them"
    assert "<Ada>" in ada.last()["text"]


async def test_a_group_that_is_closed_keeps_nobody_from_their_answer(
    speaker, ada, telegram_server, telegram_bot, moves
):
    closed = telegram_server.new_group(None)
    old = telegram_server.new_group(telegram_bot, basic=True)
    new = telegram_server.migrate(old)
    there = [Reply("say.hello", {"name": "them"}, to=chat, fresh=True) for chat in (closed, old)]

    await speaker.say(ADA_HERE, [*there, HELLO])

    assert "<Ada>" in ada.last()["text"]
    assert moves == [(old, new)]
    assert telegram_server.phone(ADA, new).last()["text"] == "Hello them"


async def test_telegrams_own_lists_are_opened_by_a_button_and_taken_away(speaker, ada):
    group = Pick("say.button", Picks.GROUP, 7)
    await speaker.say(ADA_HERE, [Reply("say.bye", pick=group, fresh=True)])
    wanted = ada.page()["reply_keyboard"]["keyboard"][0][0]["request_chat"]
    assert (wanted["request_id"], wanted["bot_is_member"], wanted["chat_is_channel"]) == (7, True, False)
    assert not any(wanted["user_administrator_rights"].values())

    await speaker.say(ADA_HERE, [Reply("say.bye", pick=Pick("say.button", Picks.PEOPLE, 8, 10), fresh=True)])
    assert ada.page()["reply_keyboard"]["keyboard"][0][0]["request_users"]["max_quantity"] == 10
    await speaker.say(ADA_HERE, [Reply("say.bye", picked=True, fresh=True)])

    assert not ada.page()["reply_keyboard"]


async def test_a_chat_whose_id_changed_is_written_to_at_its_new_one(
    speaker, telegram_server, telegram_bot, moves
):
    old = telegram_server.new_group(telegram_bot, basic=True)
    new = telegram_server.migrate(old)

    await speaker.say(Target(chat_id=old, language="en"), [HELLO])

    assert moves == [(old, new)]
    assert telegram_bot.calls("sendMessage")[-1]["params"]["chat_id"] == new


async def test_a_long_text_comes_in_several_messages_with_the_buttons_under_the_last(speaker, ada):
    text = ("🙂" * 40 + " ") * 120
    reply = Reply("say.long", {"text": text}, ((Button("say.button", "go:1:1"),),))

    await speaker.say(ADA_HERE, [reply])

    said = from_bot(ada)
    assert "".join(m["text"] for m in said).replace(" ", "") == text.replace(" ", "")
    assert [bool(m["inline_keyboard"]) for m in said] == [False] * (len(said) - 1) + [True]


def draft(text, task, **more):
    facts = {"text": text, "price": "$0.20"}
    return Reply("say.draft", facts, ((Button("say.button", "go:1:1"),),), Card("task", task.id), **more)


@pytest.mark.parametrize("text", ["word " * 900, "🙂" * 2500, "<&>" * 1500, "x" * 4090, "a\n" * 3000])
async def test_a_long_card_is_one_message_with_its_end_and_shows_that_its_middle_is_not(
    speaker, ada, db, text
):
    task = await builders.add_task(db)

    await speaker.say(ADA_HERE, [draft("short", task)])
    await speaker.say(ADA_HERE, [draft("1 " + text + " 2", task)])
    await speaker.say(ADA_HERE, [draft("3 " + text + " 4", task, fresh=True)])
    await speaker.say(ADA_HERE, [draft("5 " + text + " 6", task)])

    shown = ada.last()["text"].replace("\u2068", "").replace("\u2069", "")
    assert shown.startswith("Draft\n\n5 ")
    assert shown.endswith("6\n\nPrice $0.20")
    assert " […] " in shown
    assert 3000 < len(shown.encode("utf-16-le")) / 2 <= 4096
    assert ada.last()["inline_keyboard"]


async def test_a_sentence_that_is_too_long_without_its_texts_is_cut_at_its_end(speaker, ada):
    await speaker.say(ADA_HERE, [Reply("say.ask", buttons=((Button("say.button", "go:1:1"),),))])
    names = tuple(Say("say.hello", {"name": f"somebody {number}"}) for number in range(300))

    await _pressed(speaker, ada, ada.last()["message_id"], [Reply("say.long", {"text": names})])

    assert ada.last()["text"].endswith("…")


async def test_a_file_is_a_message_of_its_own_with_the_sentence_as_its_caption(speaker, ada):
    await speaker.say(ADA_HERE, [Reply("say.ask", buttons=((Button("say.button", "go:1:1"),),))])
    file = ("data.json", b'{"name": "\xd9\x86"}')

    await _pressed(speaker, ada, ada.last()["message_id"], [Reply("say.bye", document=file)])

    asked, sent = from_bot(ada)
    assert (asked["text"], bool(asked["inline_keyboard"])) == ("What now?", True)
    assert (sent["caption"], sent["document"]["name"]) == ("Bye", "data.json")
    assert ada.server.http.get(sent["document"]["url"]).content == file[1]


async def test_a_sentence_too_long_for_a_caption_is_our_mistake(speaker, ada):
    with pytest.raises(ValueError, match="caption"):
        await speaker.say(ADA_HERE, [Reply("say.long", {"text": "a " * 600}, document=("a", b"b"))])


async def test_a_card_is_one_message_that_changes(speaker, ada, db):
    task = await builders.add_task(db)
    card = Card("task", task.id)

    await speaker.say(ADA_HERE, [Reply("say.ask", card=card)])
    await speaker.say(ADA_HERE, [Reply("say.done", card=card)])
    await speaker.say(ADA_HERE, [Reply("say.done", card=card)])

    assert [m["text"] for m in from_bot(ada)] == ["Done"]


async def test_a_fresh_card_moves_to_the_bottom_and_leaves_no_old_one_behind(speaker, ada, db):
    card = Card("task", (await builders.add_task(db)).id)

    await speaker.say(ADA_HERE, [Reply("say.ask", card=card)])
    await speaker.say(ADA_HERE, [Reply("say.done", card=card, fresh=True)])
    await speaker.say(ADA_HERE, [Reply("say.bye", card=card)])

    assert [m["text"] for m in from_bot(ada)] == ["Bye"]


async def test_a_deleted_card_is_sent_anew(speaker, ada, db, telegram_bot):
    card = Card("task", (await builders.add_task(db)).id)
    await speaker.say(ADA_HERE, [Reply("say.ask", card=card)])
    telegram_bot.call("deleteMessage", chat_id=ADA, message_id=ada.last()["message_id"])

    await speaker.say(ADA_HERE, [Reply("say.done", card=card)])
    await speaker.say(ADA_HERE, [Reply("say.bye", card=card)])

    assert [m["text"] for m in from_bot(ada)] == ["Bye"]


async def test_a_card_of_another_chat_is_not_touched(speaker, ada, db, telegram_bot):
    card = Card("task", (await builders.add_task(db)).id)
    await speaker.say(ADA_HERE, [Reply("say.ask", card=card)])
    group = telegram_bot.server.new_group(telegram_bot)

    await speaker.say(Target(chat_id=group, language="en"), [Reply("say.done", card=card)])

    assert [m["text"] for m in from_bot(ada)] == ["What now?"]


async def test_the_message_under_a_pressed_button_changes_and_the_press_is_answered(speaker, ada):
    await speaker.say(ADA_HERE, [Reply("say.ask", buttons=((Button("say.button", "go:1:1"),),))])
    message_id = ada.last()["message_id"]

    answered = await _pressed(speaker, ada, message_id, [Toast("say.bye", alert=True), Reply("say.done")])

    assert (answered["text"], answered["show_alert"]) == ("Bye", True)
    assert [(m["text"], m["inline_keyboard"]) for m in from_bot(ada)] == [("Done", None)]


async def test_a_press_is_answered_even_with_nothing_to_say(speaker, ada):
    await speaker.say(ADA_HERE, [Reply("say.ask", buttons=((Button("say.button", "go:1:1"),),))])

    answered = await _pressed(speaker, ada, ada.last()["message_id"], [])

    assert answered["answered"]


async def test_a_press_answered_too_late_is_no_error(speaker, ada):
    await speaker.say(Target(ADA, "en", press_id="1234567890"), [Reply("say.bye")])

    assert ada.last()["text"] == "Bye"


async def test_a_picture_that_cannot_be_had_leaves_the_sentence(speaker, ada):
    await speaker.say(ADA_HERE, [Reply("say.bye", picture="http://127.0.0.1:9/none.png")])

    assert ada.last()["text"] == "Bye"
    assert not ada.last()["photo"]


async def test_who_blocked_the_bot_is_noted_and_no_error(speaker, ada, left, telegram_bot):
    ada.post("/block", bot=telegram_bot.id)
    try:
        await speaker.say(ADA_HERE, [HELLO])
    finally:
        ada.post("/unblock", bot=telegram_bot.id)

    assert left == [ADA]


@pytest.mark.parametrize("kind", [{"basic": True}, {}])
async def test_a_group_that_takes_nothing_any_more_is_noted_and_whether_it_was_deleted(
    speaker, left, telegram_server, telegram_bot, kind
):
    group = telegram_server.new_group(telegram_bot, **kind)
    telegram_server.delete_group(group)

    await speaker.say(Target(chat_id=group, language="en"), [HELLO])

    assert left == [(group, bool(kind))]


async def test_a_short_wait_telegram_asks_for_is_waited_out(speaker, ada, telegram_bot):
    telegram_bot.server.fault("rate_limited", telegram_bot, seconds=1, match={"method": "sendMessage"})

    await speaker.say(ADA_HERE, [HELLO])

    assert len(from_bot(ada)) == 1


async def test_a_long_wait_is_not_and_the_chat_rests_meanwhile(speaker, ada, telegram_bot):
    telegram_bot.server.fault("rate_limited", telegram_bot, seconds=600, match={"method": "sendMessage"})

    with pytest.raises(Unsaid):
        await speaker.say(ADA_HERE, [HELLO])
    before = len(telegram_bot.calls("sendMessage"))
    with pytest.raises(Unsaid, match="parked"):
        await speaker.say(ADA_HERE, [HELLO])

    assert len(telegram_bot.calls("sendMessage")) == before


async def test_a_server_error_is_tried_again(speaker, ada, telegram_bot):
    telegram_bot.server.fault("server_error", telegram_bot, match={"method": "sendMessage"})

    await speaker.say(ADA_HERE, [HELLO])

    assert len(from_bot(ada)) == 1


async def test_an_answer_lost_on_the_way_is_no_reason_to_send_twice(speaker, ada, telegram_bot):
    telegram_bot.server.fault("drop_after", telegram_bot, match={"method": "sendMessage"})

    with pytest.raises(Unsaid) as unsaid:
        await speaker.say(ADA_HERE, [HELLO])

    assert unsaid.value.maybe
    assert len(from_bot(ada)) == 1
    assert telegram_bot.token not in str(unsaid.value)


async def test_an_edit_lost_on_the_way_is_repeated(speaker, ada, db, telegram_bot):
    card = Card("task", (await builders.add_task(db)).id)
    await speaker.say(ADA_HERE, [Reply("say.ask", card=card)])
    telegram_bot.server.fault("drop_before", telegram_bot, match={"method": "editMessageText"})

    await speaker.say(ADA_HERE, [Reply("say.done", card=card)])

    assert [m["text"] for m in from_bot(ada)] == ["Done"]


async def test_telegram_is_never_called_inside_a_transaction(speaker, db):
    async with db.begin():
        with pytest.raises(RuntimeError, match="transaction"):
            await speaker.say(ADA_HERE, [HELLO])


async def _pressed(speaker, ada, message_id, answer):
    """Press the first button, answer as the bot would, and give what the phone saw."""
    pressing = asyncio.create_task(asyncio.to_thread(ada.press, message_id, row=0, column=0))
    async with make_bot(_token(speaker), ada.server.origin) as bot:
        update = (await bot.get_updates(timeout=5))[-1]
    query = update.callback_query
    await speaker.say(Target(ADA, "en", press_id=query.id, pressed_message_id=message_id), answer)
    return await pressing


def _token(speaker):
    return speaker._bot.token
