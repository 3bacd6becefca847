"""Inline mode: who types a bot's name and words sees what the bot offers, and sends one of it."""

import concurrent.futures

import pytest

from tests.sandbox import telegram_answers
from tests.sandbox.telegram_server import ADA, BEN, Refusal


def article(number="1", text="Hello", **more):
    return {
        "type": "article",
        "id": number,
        "title": f"Title {number}",
        "input_message_content": {"message_text": text},
        **more,
    }


def answered(bot, phone, text, **answer):
    """Let somebody type while the bot answers; return what they see."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asking = pool.submit(phone.ask_inline, f"@{bot.username} {text}", wait=25)
        query = awaited(bot)
        bot.call("answerInlineQuery", inline_query_id=query["id"], **answer)
        return asking.result()


def awaited(bot):
    """Wait for an inline query and confirm it."""
    for _ in range(10):
        for update in bot.updates(timeout=3):
            if "inline_query" in update:
                return update["inline_query"]
    raise AssertionError("no inline query came")


def test_a_query_says_who_typed_what_and_where(telegram_server, telegram_bot, ada):
    group = telegram_server.new_group(telegram_bot)

    ada.ask_inline(f"@{telegram_bot.username} hello world", wait=0)
    telegram_server.phone(BEN, group).ask_inline(f"@{telegram_bot.username.upper()} ", wait=0)
    first, second = (u["inline_query"] for u in telegram_bot.updates() if "inline_query" in u)

    assert (first["query"], first["from"]["id"], first["chat_type"]) == ("hello world", ADA, "sender")
    assert (second["query"], second["from"]["id"], second["chat_type"]) == ("", BEN, "supergroup")
    if telegram_answers.api():
        assert telegram_answers.problems_of("InlineQuery", first, "query") == []


def test_a_chosen_result_is_a_message_of_the_person_by_way_of_the_bot(telegram_server, telegram_bot, ada):
    markup = {"inline_keyboard": [[{"text": "More", "url": "https://example.com"}]]}
    seen = answered(
        telegram_bot,
        ada,
        "x",
        results=[article("a", "/tweet <b>me</b>", description="d", reply_markup=markup)],
    )

    ada.choose(seen, "a")
    (update,) = telegram_bot.updates()

    assert seen["results"] == [{"id": "a", "title": "Title a", "description": "d"}]
    message = update["message"]
    assert (message["text"], message["from"]["id"]) == ("/tweet <b>me</b>", ADA)
    assert message["via_bot"]["username"] == telegram_bot.username
    assert message["entities"][0]["type"] == "bot_command"
    assert ada.last()["via"] == telegram_bot.username
    assert ada.last()["inline_keyboard"][0][0]["url"] == "https://example.com"


def test_the_button_above_the_results_carries_its_start_parameter(telegram_bot, ada):
    button = {"text": "Open", "start_parameter": "abc-_1"}

    assert answered(telegram_bot, ada, "x", results=[], button=button)["button"] == button


def test_a_personal_answer_is_kept_for_that_person_only_and_an_uncached_one_for_nobody(
    telegram_server, telegram_bot, ada
):
    ben = telegram_server.phone(BEN, telegram_bot.id)
    typed = f"@{telegram_bot.username} "
    answered(telegram_bot, ada, "mine", results=[article()], is_personal=True)
    answered(telegram_bot, ada, "all", results=[article()], cache_time=300)
    answered(telegram_bot, ada, "none", results=[article()], cache_time=0)

    assert ada.ask_inline(typed + "mine")["kept"]
    assert not ben.ask_inline(typed + "mine", wait=0)["answered"]
    assert ben.ask_inline(typed + "all")["kept"]
    assert not ada.ask_inline(typed + "none", wait=0)["answered"]


def test_a_query_is_answered_by_its_own_bot_and_soon_or_not_at_all(
    telegram_server, telegram_bot, ada, request
):
    first, second = (ada.ask_inline(f"@{telegram_bot.username} {n}", wait=0) for n in range(2))
    request.addfinalizer(lambda: telegram_server.control("PUT", "/clock", json={"offset": 0}))

    with pytest.raises(Refusal, match="query is too old"):
        telegram_server.new_bot().call("answerInlineQuery", inline_query_id=first["query_id"], results=[])
    assert telegram_bot.call("answerInlineQuery", inline_query_id=first["query_id"], results=[])
    telegram_server.control("PUT", "/clock", json={"offset": 31})
    with pytest.raises(Refusal, match="query is too old"):
        telegram_bot.call("answerInlineQuery", inline_query_id=second["query_id"], results=[])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"results": [article("1"), article("1")]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article("x" * 65)]}, "RESULT_ID_INVALID"),
        ({"results": [article(str(n)) for n in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [article(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [article(text="")]}, "message text is empty"),
        ({"results": [article(text="x" * 4097)]}, "message is too long"),
        ({"results": [{"type": "photo", "id": "1", "photo_file_id": "x"}]}, "RESULT_TYPE_INVALID"),
        ({"results": [{"type": "article", "id": "1", "title": "x"}]}, "input_message_content"),
        ({"results": [], "button": {"text": "x", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        ({"results": [], "button": {"text": "x"}}, "exactly one"),
        ({"results": [], "button": {"text": " ", "start_parameter": "a"}}, "SWITCH_PM_TEXT_EMPTY"),
    ],
)
def test_what_telegram_refuses_in_an_answer(telegram_bot, ada, answer, words):
    asked = ada.ask_inline(f"@{telegram_bot.username} x", wait=0)

    with pytest.raises(Refusal, match=words):
        telegram_bot.call("answerInlineQuery", inline_query_id=asked["query_id"], **answer)


def test_a_bot_whose_owner_did_not_switch_it_on_gets_no_query(telegram_server, telegram_bot, ada):
    silent = telegram_server.new_bot(inline=False)

    with pytest.raises(Refusal, match="no inline mode"):
        ada.ask_inline(f"@{silent.username} x")
    assert not silent.call("getMe")["supports_inline_queries"]
    assert telegram_bot.call("getMe")["supports_inline_queries"]


def test_nobody_sends_what_was_offered_to_somebody_else(telegram_server, telegram_bot, ada):
    seen = answered(telegram_bot, ada, "x", results=[article()])

    with pytest.raises(Refusal, match="did not offer"):
        telegram_server.phone(BEN, telegram_bot.id).choose(seen, "1")
    with pytest.raises(Refusal, match="did not offer"):
        ada.choose(seen, "2")


def test_in_a_group_the_bot_sees_its_own_results_and_other_bots_do_not(telegram_server, telegram_bot, ada):
    group = telegram_server.new_group(telegram_bot)
    other = telegram_server.new_bot()
    telegram_server.set_member(group, other.id, "member")
    telegram_bot.updates(), other.updates()
    here = telegram_server.phone(ADA, group)

    here.choose(answered(telegram_bot, here, "x", results=[article()]), "1")

    assert [update["message"]["text"] for update in telegram_bot.updates()] == ["Hello"]
    assert other.updates() == []


def test_a_button_of_an_inline_message_comes_without_the_message(telegram_bot, ada):
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    number = ada.choose(answered(telegram_bot, ada, "x", results=[article(reply_markup=markup)]), "1")

    ada.press(number, data="x", wait=0)
    query = telegram_bot.updates()[-1]["callback_query"]

    assert "inline_message_id" in query
    assert "message" not in query


def test_a_forwarded_result_says_by_way_of_which_bot_it_came(telegram_server, telegram_bot, ada):
    number = ada.choose(answered(telegram_bot, ada, "x", results=[article()]), "1")

    ada.post("/forward", message_id=number, from_chat=ada.chat)

    assert telegram_bot.updates()[-1]["message"]["via_bot"]["username"] == telegram_bot.username


# polls


def test_people_send_polls_and_bots_get_them(telegram_bot, ada):
    ada.send_poll("Which?", "This", "That", is_anonymous=False, allows_multiple_answers=True, open_period=300)
    poll = telegram_bot.updates()[-1]["message"]["poll"]

    assert poll["question"] == "Which?"
    assert [option["text"] for option in poll["options"]] == ["This", "That"]
    assert (poll["is_anonymous"], poll["allows_multiple_answers"], poll["type"]) == (False, True, "regular")
    assert poll["open_period"] == 300
    assert ada.last()["poll"]["options"] == ["This", "That"]


def test_a_forwarded_quiz_keeps_its_answer_to_itself(telegram_bot, ada):
    number = ada.send_poll("Which?", "This", "That", type="quiz", correct_option_ids=[1])
    ada.post("/forward", message_id=number, from_chat=ada.chat)
    sent, forwarded = (update["message"] for update in telegram_bot.updates())

    assert sent["poll"]["correct_option_ids"] == [1]
    assert forwarded["forward_origin"]["type"] == "user"
    assert forwarded["poll"]["type"] == "quiz"
    assert "correct_option_ids" not in forwarded["poll"]


@pytest.mark.parametrize(
    "wish",
    [
        {"question": "", "options": ["a", "b"]},
        {"question": "x" * 301, "options": ["a", "b"]},
        {"question": "x", "options": ["a"]},
        {"question": "x", "options": [str(n) for n in range(13)]},
        {"question": "x", "options": ["a", "b" * 101]},
        {"question": "x", "options": ["a", "b"], "open_period": 4},
        {"question": "x", "options": ["a", "b"], "type": "quiz"},
        {"question": "x", "options": ["a", "b"], "type": "quiz", "correct_option_ids": [2]},
    ],
)
def test_telegrams_apps_send_no_such_poll(telegram_bot, ada, wish):
    with pytest.raises(Refusal):
        ada.post("/poll", **wish)
    assert telegram_bot.updates() == []
