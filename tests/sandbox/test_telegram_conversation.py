"""A person and a bot talk: updates, messages, edits, deletions, pressed buttons."""

import threading
import time

import pytest

from tests.sandbox.telegram_server import ADA, BEN, Refusal

PRESS_ME = {"inline_keyboard": [[{"text": "Press me", "callback_data": "v1:go", "style": "success"}]]}
HOURS = 3600


@pytest.fixture
def later(telegram_server):
    """Move the sandbox's clock; it is set right again afterwards."""
    yield lambda seconds: telegram_server.control("PUT", "/clock", json={"offset": seconds})
    telegram_server.control("PUT", "/clock", json={"offset": 0})


def answering(bot, **answer):
    """Answer the next pressed button in the background."""

    def work():
        update = bot.call("getUpdates", timeout=25, allowed_updates=["callback_query"])[0]
        bot.call("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], **answer)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_bot_cannot_write_first(telegram_bot):
    with pytest.raises(Refusal) as refused:
        telegram_bot.call("sendMessage", chat_id=ADA, text="Hello")

    assert refused.value.status == 403
    assert refused.value.description == "Forbidden: bot can't initiate conversation with a user"


def test_a_started_bot_sees_the_deep_link_s_payload(telegram_server, telegram_bot):
    telegram_server.phone(ADA, telegram_bot.id).start("claim-abc")

    message = telegram_bot.updates()[0]["message"]

    assert message["text"] == "/start claim-abc"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["chat"] == {"id": ADA, "type": "private", "first_name": "Ada", "username": "ada"}


def test_an_answer_is_seen_on_the_phone_with_its_buttons(telegram_bot, ada):
    sent = telegram_bot.call(
        "sendMessage", chat_id=ADA, text="<b>Hi</b> &amp; go", parse_mode="HTML", reply_markup=PRESS_ME
    )

    shown = ada.last()

    assert shown["message_id"] == sent["message_id"]
    assert shown["text"] == "Hi & go"
    assert shown["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert shown["inline_keyboard"] == [
        [{"text": "Press me", "kind": "callback", "data": "v1:go", "style": "success"}]
    ]
    assert shown["out"] is False


def test_updates_stay_until_a_later_offset_confirms_them(telegram_bot, ada):
    for text in ("one", "two", "three"):
        ada.send(text)
    first = telegram_bot.call("getUpdates", limit=1)
    again = telegram_bot.call("getUpdates")

    rest = telegram_bot.call("getUpdates", offset=first[0]["update_id"] + 1)

    assert [u["message"]["text"] for u in again] == ["one", "two", "three"]
    assert [u["message"]["text"] for u in rest] == ["two", "three"]
    assert telegram_bot.server.control("GET", f"/pending?bot={telegram_bot.id}")["updates"] == [
        u["update_id"] for u in rest
    ]


def test_a_negative_offset_keeps_only_the_last_updates(telegram_bot, ada):
    for text in ("one", "two", "three"):
        ada.send(text)

    kept = telegram_bot.call("getUpdates", offset=-1)

    assert [u["message"]["text"] for u in kept] == ["three"]
    assert len(telegram_bot.call("getUpdates")) == 1


def test_a_long_poll_returns_as_soon_as_somebody_writes(telegram_bot, ada):
    threading.Timer(0.3, ada.send, ("now",)).start()
    began = time.monotonic()

    found = telegram_bot.call("getUpdates", timeout=20)

    assert found[0]["message"]["text"] == "now"
    assert time.monotonic() - began < 5


def test_only_the_kinds_asked_for_arrive_and_the_wish_lasts(telegram_bot, ada):
    telegram_bot.call("getUpdates", allowed_updates=["edited_message"])
    number = ada.send("first")

    ada.post("/edit", message_id=number, text="second")

    found = telegram_bot.call("getUpdates")
    assert [set(update) - {"update_id"} for update in found] == [{"edited_message"}]
    assert found[0]["edited_message"]["text"] == "second"


def test_of_two_pollers_the_earlier_is_told_of_the_conflict(telegram_bot, ada):
    answers = []
    first = threading.Thread(target=lambda: answers.append(telegram_bot.raw("getUpdates", {"timeout": 10})))
    first.start()

    # However late the first one comes to poll, a later one ends it.
    while first.is_alive():
        telegram_bot.call("getUpdates", timeout=0)
        first.join(0.3)

    assert answers[0].status_code == 409
    assert "terminated by other getUpdates request" in answers[0].json()["description"]


def test_an_edit_changes_the_message_and_takes_the_buttons_away(telegram_bot, ada):
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="Working", reply_markup=PRESS_ME)

    telegram_bot.call("editMessageText", chat_id=ADA, message_id=sent["message_id"], text="Done")

    shown = ada.last()
    assert (shown["text"], shown["inline_keyboard"]) == ("Done", None)
    assert shown["edit_date"] is not None


def test_an_edit_that_changes_nothing_is_refused(telegram_bot, ada):
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="Same", reply_markup=PRESS_ME)

    with pytest.raises(Refusal, match="message is not modified: specified new message content"):
        telegram_bot.call(
            "editMessageText", chat_id=ADA, message_id=sent["message_id"], text="Same", reply_markup=PRESS_ME
        )


@pytest.mark.parametrize(
    ("whose", "words"), [("person", "message can't be edited"), ("nobody", "message to edit not found")]
)
def test_only_a_bot_s_own_message_can_be_edited(telegram_bot, ada, whose, words):
    number = ada.send("mine") if whose == "person" else 999_999_999

    with pytest.raises(Refusal, match=f"Bad Request: {words}"):
        telegram_bot.call("editMessageText", chat_id=ADA, message_id=number, text="x")


def test_a_bot_deletes_a_person_s_message_in_a_private_chat(telegram_bot, ada):
    number = ada.send("secret")

    assert telegram_bot.call("deleteMessage", chat_id=ADA, message_id=number) is True

    assert number not in [message["message_id"] for message in ada.messages()]
    with pytest.raises(Refusal, match="message to delete not found"):
        telegram_bot.call("deleteMessage", chat_id=ADA, message_id=number)


def test_after_48_hours_a_message_can_no_longer_be_deleted(telegram_bot, ada, later):
    number = ada.send("old secret")
    later(49 * HOURS)

    with pytest.raises(Refusal, match="message can't be deleted for everyone"):
        telegram_bot.call("deleteMessage", chat_id=ADA, message_id=number)


def test_deleting_several_messages_skips_what_is_gone(telegram_bot, ada):
    numbers = [ada.send("one"), ada.send("two")]
    telegram_bot.call("deleteMessage", chat_id=ADA, message_id=numbers[0])

    assert telegram_bot.call("deleteMessages", chat_id=ADA, message_ids=numbers) is True

    assert not set(numbers) & {message["message_id"] for message in ada.messages()}


def test_updates_are_forgotten_after_a_day(telegram_bot, ada, later):
    ada.send("yesterday")

    later(25 * HOURS)

    assert telegram_bot.call("getUpdates") == []


def test_a_press_brings_the_bot_s_answer_to_the_person(telegram_bot, ada):
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="?", reply_markup=PRESS_ME)
    work = answering(telegram_bot, text="Right", show_alert=True)

    answer = ada.press(sent["message_id"], data="v1:go")

    work.join()
    assert answer == {"answered": True, "text": "Right", "show_alert": True, "url": None}


def test_a_press_tells_the_bot_who_pressed_what_on_which_message(telegram_bot, ada):
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="?", reply_markup=PRESS_ME)

    unanswered = ada.press(sent["message_id"], row=0, column=0, wait=0)

    query = telegram_bot.updates()[0]["callback_query"]
    assert unanswered["answered"] is False
    assert (query["from"]["id"], query["data"]) == (ADA, "v1:go")
    assert query["message"]["message_id"] == sent["message_id"]


def test_a_press_of_a_button_that_is_not_there_needs_a_forger(telegram_bot, ada):
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="?", reply_markup=PRESS_ME)
    with pytest.raises(Refusal, match="no such button"):
        ada.press(sent["message_id"], data="v1:other", wait=0)

    ada.press(sent["message_id"], data="v1:other", forge=True, wait=0)
    ada.press(987_654, data="x" * 100, forge=True, wait=0)

    known, unknown = [update["callback_query"] for update in telegram_bot.updates()]
    assert known["data"] == "v1:other"
    assert unknown["message"] == {"chat": known["message"]["chat"], "message_id": 987_654, "date": 0}


def test_a_query_can_be_answered_only_for_a_while_and_only_if_it_exists(telegram_bot, ada, later):
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="?", reply_markup=PRESS_ME)
    ada.press(sent["message_id"], data="v1:go", wait=0)
    query = telegram_bot.updates()[0]["callback_query"]["id"]
    later(151)

    for identifier in (query, "123"):
        with pytest.raises(
            Refusal, match="query is too old and response timeout expired or query ID is invalid"
        ):
            telegram_bot.call("answerCallbackQuery", callback_query_id=identifier)


def test_url_and_copy_buttons_do_their_work_without_the_bot(telegram_bot, ada):
    row = [{"text": "Open", "url": "http://127.0.0.1:8101/x"}, {"text": "Copy", "copy_text": {"text": "abc"}}]
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="?", reply_markup={"inline_keyboard": [row]})

    opened, copied = (ada.press(sent["message_id"], row=0, column=number) for number in (0, 1))

    assert opened["url"] == "http://127.0.0.1:8101/x"
    assert copied["copied"] == "abc"
    assert telegram_bot.updates() == []


def test_a_reply_carries_the_message_it_answers_and_the_quoted_part(telegram_bot, ada):
    asked = telegram_bot.call("sendMessage", chat_id=ADA, text="Which one, left or right?")["message_id"]

    ada.send("this one", reply_to=asked, quote="right")

    message = telegram_bot.updates()[0]["message"]
    assert message["reply_to_message"]["message_id"] == asked
    assert message["quote"] == {"text": "right", "position": 19, "is_manual": True}


def test_a_bot_replies_to_a_message_or_without_it_when_it_is_gone(telegram_bot, ada):
    number = ada.send("question")
    reply = telegram_bot.call("sendMessage", chat_id=ADA, text="a", reply_parameters={"message_id": number})
    telegram_bot.call("deleteMessage", chat_id=ADA, message_id=number)

    alone = {"message_id": number, "allow_sending_without_reply": True}
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="b", reply_parameters=alone)

    assert reply["reply_to_message"]["text"] == "question"
    assert "reply_to_message" not in sent
    with pytest.raises(Refusal, match="message to be replied not found"):
        telegram_bot.call("sendMessage", chat_id=ADA, text="c", reply_parameters={"message_id": number})


def test_a_long_text_arrives_in_parts_as_the_apps_send_it(telegram_bot, ada):
    ada.send("x" * 5000)

    parts = [update["message"]["text"] for update in telegram_bot.updates()]

    assert [len(part) for part in parts] == [4096, 904]


def test_a_forwarded_message_names_its_first_sender(telegram_server, telegram_bot, ada):
    number = ada.send("/tweet hello")
    ben = telegram_server.phone(BEN, telegram_bot.id)
    ben.start()

    ada.server.control(
        "POST",
        "/forward",
        json={"person": ADA, "from_chat": ada.chat, "message_id": number, "chat": ada.chat},
    )

    forwarded = telegram_bot.updates()[-1]["message"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == ADA
    assert forwarded["text"] == "/tweet hello"


def test_protected_content_cannot_be_forwarded(telegram_bot, ada):
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text="secret", protect_content=True)

    with pytest.raises(Refusal, match="cannot be forwarded"):
        ada.post("/forward", from_chat=ada.chat, message_id=sent["message_id"])
    with pytest.raises(Refusal, match="can't be forwarded"):
        telegram_bot.call("forwardMessage", chat_id=ADA, from_chat_id=ADA, message_id=sent["message_id"])

    assert sent["has_protected_content"] is True


def test_a_reply_keyboard_stays_until_it_is_removed(telegram_bot, ada):
    keyboard = {"keyboard": [[{"text": "Yes"}, {"text": "No"}]], "resize_keyboard": True}
    telegram_bot.call("sendMessage", chat_id=ADA, text="?", reply_markup=keyboard)
    ada.send("Yes")
    shown = ada.page()["reply_keyboard"]

    telegram_bot.call("sendMessage", chat_id=ADA, text="ok", reply_markup={"remove_keyboard": True})

    assert shown["keyboard"] == keyboard["keyboard"]
    assert ada.page()["reply_keyboard"] is None


def test_a_forced_reply_is_done_once_the_person_wrote(telegram_bot, ada):
    wish = {"force_reply": True, "input_field_placeholder": "7-digit PIN"}
    telegram_bot.call("sendMessage", chat_id=ADA, text="PIN?", reply_markup=wish)
    before = ada.page()["reply_keyboard"]

    ada.send("1234567")

    assert before["input_field_placeholder"] == "7-digit PIN"
    assert ada.page()["reply_keyboard"] is None


def test_a_person_who_blocks_the_bot_is_out_of_its_reach(telegram_bot, ada):
    ada.post("/block", bot=telegram_bot.id)

    with pytest.raises(Refusal) as refused:
        telegram_bot.call("sendMessage", chat_id=ADA, text="Hello?")

    change = telegram_bot.updates()[0]["my_chat_member"]
    assert refused.value.description == "Forbidden: bot was blocked by the user"
    assert change["new_chat_member"]["status"] == "kicked"
    with pytest.raises(Refusal, match="blocked this bot"):
        ada.send("hm")


def test_starting_a_blocked_bot_again_unblocks_it(telegram_bot, ada):
    ada.post("/block", bot=telegram_bot.id)
    telegram_bot.updates()

    ada.start()

    kinds = [next(kind for kind in update if kind != "update_id") for update in telegram_bot.updates()]
    assert kinds == ["my_chat_member", "message"]
    assert telegram_bot.call("sendMessage", chat_id=ADA, text="Welcome back")


def test_every_call_is_recorded_with_its_outcome_and_without_the_token(telegram_bot, ada):
    telegram_bot.call("sendMessage", chat_id=ADA, text="hello")
    telegram_bot.raw("sendMessage", {"chat_id": ADA})

    good, bad = telegram_bot.calls("sendMessage")

    assert (good["ok"], good["params"]["text"]) == (True, "hello")
    assert (bad["ok"], bad["description"]) == (False, "Bad Request: message text is empty")
    assert telegram_bot.token not in str(telegram_bot.calls())


def test_what_happens_is_told_live_to_a_watching_phone(telegram_server, telegram_bot, ada):
    path = f"/phone/api/events?person={ADA}&token={telegram_server.token}"
    kinds = []
    with telegram_server.http.stream("GET", path) as stream:
        lines = (line for line in stream.iter_lines() if line)
        next(lines)

        telegram_bot.call("sendChatAction", chat_id=ADA, action="typing")
        sent = telegram_bot.call("sendMessage", chat_id=ADA, text="one")["message_id"]
        telegram_bot.call("editMessageText", chat_id=ADA, message_id=sent, text="two")
        telegram_bot.call("deleteMessage", chat_id=ADA, message_id=sent)
        kinds = [next(lines) for _ in range(4)]

    wanted = ("action", "message", "edited", "deleted")
    assert all(f'"kind": "{word}"' in line for word, line in zip(wanted, kinds, strict=True))
    assert '"by": "bot"' in kinds[3]
