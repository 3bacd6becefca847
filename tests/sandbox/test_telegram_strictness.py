"""What the sandbox Telegram refuses, in Telegram's words."""

import json

import pytest

from tests.sandbox.telegram_server import ADA, Refusal, running_telegram


def button(**fields):
    return {"inline_keyboard": [[{"text": "x", **fields}]]}


BAD_MESSAGES = [
    ({"text": ""}, "message text is empty"),
    ({"text": "   \n "}, "message text is empty"),
    ({"text": "x" * 4097}, "message is too long"),
    ({"text": "<b>" + "x" * 4097 + "</b>", "parse_mode": "HTML"}, "message is too long"),
    ({"text": "x", "txt": "y"}, 'unknown parameter "txt"'),
    ({"text": "x", "disable_web_page_preview": True}, 'unknown parameter "disable_web_page_preview"'),
    ({"text": 5}, 'invalid value of parameter "text": a String is expected'),
    ({"text": "x", "protect_content": "maybe"}, 'invalid value of parameter "protect_content": a Boolean'),
    ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag",
    ),
    (
        {"text": "<x>x", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "x" at byte offset 0',
    ),
    ({"text": "é<b>x</i>", "parse_mode": "HTML"}, "can't parse entities: Unmatched end tag at byte offset 6"),
    ({"text": "a.b", "parse_mode": "MarkdownV2"}, "can't parse entities: Character '.' is reserved"),
    (
        {"text": "ab *c", "parse_mode": "MarkdownV2"},
        "can't parse entities: Can't find end of Bold entity at byte offset 3",
    ),
    ({"text": "ab", "entities": [{"type": "bold", "offset": 1, "length": 2}]}, "can't parse entities"),
    ({"text": "x", "entities": [{"type": "bold", "offset": 0}]}, "can't parse entities JSON object"),
    ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object: an Object is expected"),
    ({"text": "x", "reply_markup": button()}, "Text buttons are unallowed in the inline keyboard"),
    ({"text": "x", "reply_markup": button(callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": button(callback_data="")}, "BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": button(url="nowhere")}, "inline keyboard button URL 'nowhere' is invalid"),
    ({"text": "x", "reply_markup": button(callback_data="a", style="pink")}, "Unsupported button style"),
    (
        {"text": "x", "reply_markup": button(callback_data="a", url="http://a.de")},
        "Exactly one of the optional",
    ),
    (
        {"text": "x", "reply_markup": button(callback_data="a", colour="red")},
        'InlineKeyboardButton has no field "colour"',
    ),
    ({"text": "x", "reply_markup": button(copy_text={"text": "x" * 257})}, "BUTTON_COPY_TEXT_INVALID"),
    ({"text": "x", "reply_markup": {"keyboard": [[{"text": ""}]]}}, "keyboard button text must be non-empty"),
    ({"text": "x", "reply_parameters": {"message_id": 1}}, "message to be replied not found"),
    ({"text": "x", "chat_id": 77}, "chat not found"),
    ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
    ({"text": "x", "chat_id": True}, 'invalid value of parameter "chat_id"'),
]


@pytest.mark.parametrize(("params", "words"), BAD_MESSAGES, ids=[words[:40] for _, words in BAD_MESSAGES])
def test_a_bad_message_is_refused_in_telegram_s_words(telegram_bot, ada, params, words):
    with pytest.raises(Refusal) as refused:
        telegram_bot.call("sendMessage", **{"chat_id": ADA, **params})

    assert refused.value.status == 400
    assert refused.value.description.startswith("Bad Request: ")
    assert words in refused.value.description


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 4096, "<b>" + "x" * 4096 + "</b>"])
def test_a_text_of_4096_characters_after_parsing_is_taken(telegram_bot, ada, text):
    sent = telegram_bot.call("sendMessage", chat_id=ADA, text=text, parse_mode="HTML")

    assert len(sent["text"]) == 4096


def test_callback_data_of_64_bytes_is_taken(telegram_bot, ada):
    sent = telegram_bot.call(
        "sendMessage", chat_id=ADA, text="x", reply_markup=button(callback_data="é" * 32)
    )

    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "é" * 32


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("editMessageText", {"chat_id": ADA, "text": "x"}, "message identifier is not specified"),
        ("sendChatAction", {"chat_id": ADA, "action": "dancing"}, "wrong parameter action in request"),
        ("setMyCommands", {"commands": [{"command": "Über", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            "setMyCommands",
            {"commands": [{"command": "a", "description": ""}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "moon"}},
            "can't parse BotCommandScope JSON object",
        ),
        ("getFile", {"file_id": "nonsense"}, "wrong file_id or the file is temporarily unavailable"),
        ("sendPhoto", {"chat_id": ADA, "photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
        (
            "sendPhoto",
            {"chat_id": ADA, "photo": "https://example.org/x.png"},
            "failed to get HTTP URL content",
        ),
        ("sendPhoto", {"chat_id": ADA}, "there is no photo in the request"),
        ("deleteMessages", {"chat_id": ADA, "message_ids": []}, "there must be 1-100 message identifiers"),
        ("answerCallbackQuery", {}, 'parameter "callback_query_id" is required'),
        ("setMessageReaction", {"chat_id": ADA, "message_id": 1}, "message to react not found"),
        ("setWebhook", {"url": "https://example.org/hook"}, "bad webhook"),
        (
            "setWebhook",
            {"url": "http://127.0.0.1:1/", "secret_token": "a b"},
            "secret token contains unallowed",
        ),
    ],
)
def test_bad_calls_are_refused_in_telegram_s_words(telegram_bot, ada, method, params, words):
    with pytest.raises(Refusal) as refused:
        telegram_bot.call(method, **params)

    assert refused.value.status == 400
    assert words in refused.value.description


def test_an_emoji_that_is_no_reaction_is_refused(telegram_bot, ada):
    number = ada.send("done?")

    with pytest.raises(Refusal, match="REACTION_INVALID"):
        telegram_bot.call(
            "setMessageReaction", chat_id=ADA, message_id=number, reaction=[{"type": "emoji", "emoji": "✅"}]
        )
    telegram_bot.call(
        "setMessageReaction", chat_id=ADA, message_id=number, reaction=[{"type": "emoji", "emoji": "👀"}]
    )

    assert ada.last()["reactions"] == [{"type": "emoji", "emoji": "👀"}]


def test_an_unknown_method_and_a_wrong_token_are_told_apart(telegram_server, telegram_bot):
    unknown = telegram_bot.raw("sendTelepathy")
    wrong = telegram_server.http.get("/bot5000000001:SANDBOX-wrong/getMe")

    assert (unknown.status_code, unknown.json()["description"]) == (404, "Not Found")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")


@pytest.mark.parametrize("way", ["query", "form", "multipart", "json"])
def test_parameters_come_in_every_way_telegram_takes_them(telegram_server, telegram_bot, ada, way):
    path = f"/bot{telegram_bot.token}/SENDMESSAGE"
    markup = button(callback_data="a")
    fields = {
        "chat_id": str(ADA),
        "text": "hi",
        "protect_content": "true",
        "reply_markup": json.dumps(markup),
    }
    http = telegram_server.http

    answer = {
        "query": lambda: http.get(path, params=fields),
        "form": lambda: http.post(path, data=fields),
        "multipart": lambda: http.post(path, files={name: (None, value) for name, value in fields.items()}),
        "json": lambda: http.post(path, json=fields | {"reply_markup": markup, "chat_id": ADA}),
    }[way]()

    sent = answer.json()["result"]
    assert (sent["text"], sent["has_protected_content"], sent["reply_markup"]) == ("hi", True, markup)


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff", b'{"\\ud800": 1}'])
def test_a_body_that_is_no_json_object_is_refused(telegram_bot, body):
    answer = telegram_bot.raw("getMe", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400


def test_too_many_messages_at_once_are_told_to_wait():
    with running_telegram(SANDBOX_FLOOD="1") as server:
        bot = server.new_bot()
        server.phone(ADA, bot.id).start()
        answers = [bot.raw("sendMessage", {"chat_id": ADA, "text": str(number)}) for number in range(70)]

    refused = next(answer for answer in answers if answer.status_code == 429)
    wait = refused.json()["parameters"]["retry_after"]
    assert refused.json()["description"] == f"Too Many Requests: retry after {wait}"
    assert refused.headers["Retry-After"] == str(wait)


def test_a_group_may_get_twenty_messages_a_minute():
    with running_telegram(SANDBOX_FLOOD="1") as server:
        bot = server.new_bot()
        group = server.new_group(bot)
        answers = [bot.raw("sendMessage", {"chat_id": group, "text": "x"}).status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Host": "evil.example"}, False),
        ({"Host": "127.0.0.1.evil.example"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://127.0.0.1:8101"}, True),
    ],
)
def test_only_this_machine_s_own_pages_are_answered(telegram_server, headers, allowed):
    answer = telegram_server.http.get("/phone/api/me", headers=headers)

    assert answer.status_code == (200 if allowed else 403)


def test_control_calls_need_the_token(telegram_server):
    for path in ("/phone/api/me", "/phone/api/calls", "/phone/api/faults", f"/phone/api/chats?person={ADA}"):
        assert telegram_server.http.get(path, headers={"X-Sandbox-Token": "guess"}).status_code == 403


def test_pages_carry_a_strict_content_policy(telegram_server):
    policy = telegram_server.http.get("/sandbox/ready").headers["content-security-policy"]

    assert policy.startswith("default-src 'self'")
