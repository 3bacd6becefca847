"""What becomes of a group: moved to another id, deleted, divided into topics."""

import pytest

from tests.sandbox.telegram_server import ADA, BEN, CHEN, GENERAL, Refusal


def updates(bot, *names):
    """Return what a bot was told: for each update its kind, its chat, and those of these fields it has."""
    found = []
    for update in bot.updates():
        kind = next(name for name in update if name != "update_id")
        shown = {name: update[kind][name] for name in names if name in update[kind]}
        found.append((kind, update[kind]["chat"]["id"], shown))
    return found


@pytest.fixture
def basic(telegram_server, telegram_bot):
    """Give a basic group of Ada (owner), Ben, Chen and the bot, whose joining the bot has read."""
    number = telegram_server.new_group(telegram_bot, basic=True)
    telegram_bot.updates()
    return number


def test_a_basic_group_is_a_group_with_a_short_id(telegram_bot, basic):
    chat = telegram_bot.call("getChat", chat_id=basic)

    assert chat["type"] == "group"
    assert not str(basic).startswith("-100")


def test_moving_is_told_in_both_chats_and_the_bot_joins_the_new_one(telegram_server, telegram_bot, basic):
    telegram_server.set_member(basic, BEN, "administrator")
    telegram_bot.updates()

    new = telegram_server.migrate(basic)

    assert updates(telegram_bot, "migrate_to_chat_id", "migrate_from_chat_id") == [
        ("my_chat_member", new, {}),
        ("message", basic, {"migrate_to_chat_id": new}),
        ("message", new, {"migrate_from_chat_id": basic}),
    ]
    assert telegram_bot.call("getChat", chat_id=new)["type"] == "supergroup"
    assert telegram_bot.call("getChatMember", chat_id=new, user_id=BEN)["status"] == "administrator"
    assert telegram_bot.call("getChatMember", chat_id=new, user_id=CHEN)["status"] == "member"


def test_the_old_id_says_where_the_group_is_now(telegram_server, telegram_bot, basic):
    new = telegram_server.migrate(basic)

    for method, more in (("sendMessage", {"text": "x"}), ("getChatMember", {"user_id": ADA})):
        answer = telegram_bot.raw(method, {"chat_id": basic, **more})

        assert answer.status_code == 400
        assert answer.json() == {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": new},
        }


def test_a_group_moves_once_and_nobody_writes_under_the_old_id(telegram_server, basic):
    telegram_server.migrate(basic)

    with pytest.raises(Refusal):
        telegram_server.migrate(basic)
    with pytest.raises(Refusal, match="no more"):
        telegram_server.phone(BEN, basic).send("hello?")


def test_a_button_above_the_move_is_still_pressed_in_the_old_chat(telegram_server, telegram_bot, basic):
    markup = {"inline_keyboard": [[{"text": "Post", "callback_data": "post"}]]}
    card = telegram_bot.call("sendMessage", chat_id=basic, text="?", reply_markup=markup)
    telegram_server.migrate(basic)
    telegram_bot.updates()

    telegram_server.phone(BEN, basic).press(card["message_id"], data="post", wait=0)

    assert telegram_bot.updates()[0]["callback_query"]["message"]["chat"]["id"] == basic


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ({"basic": True}, "Forbidden: the group chat was deleted"),
        ({}, "Forbidden: bot was kicked from the supergroup chat"),
    ],
)
def test_a_deleted_group_puts_the_bot_out(telegram_server, telegram_bot, kind, words):
    group = telegram_server.new_group(telegram_bot, **kind)
    telegram_bot.updates()

    telegram_server.delete_group(group)

    left = telegram_bot.updates()[0]["my_chat_member"]
    assert (left["chat"]["id"], left["new_chat_member"]["status"]) == (group, "left")
    with pytest.raises(Refusal) as refused:
        telegram_bot.call("sendMessage", chat_id=group, text="x")
    assert refused.value.description == words


def test_a_bot_leaves_the_old_group_only_when_the_new_one_is_deleted(telegram_server, telegram_bot, basic):
    new = telegram_server.migrate(basic)
    telegram_bot.updates()

    telegram_server.delete_group(new)

    assert [(kind, chat) for kind, chat, _ in updates(telegram_bot)] == [
        ("my_chat_member", new),
        ("my_chat_member", basic),
    ]


@pytest.fixture
def forum(telegram_server, telegram_bot):
    """Give a forum of Ada (owner), Ben, Chen and the bot."""
    return telegram_server.new_group(telegram_bot, forum=True)


@pytest.fixture
def press(telegram_server, telegram_bot, forum):
    """Give a topic of the forum, whose making the bot has read."""
    number = telegram_server.topic(forum, name="Press")
    telegram_bot.updates()
    return number


def test_a_new_topic_has_the_number_of_its_service_message(telegram_server, telegram_bot, forum):
    telegram_bot.updates()

    topic = telegram_server.topic(forum, name="Press")

    message = telegram_bot.updates()[0]["message"]
    assert message["chat"]["is_forum"]
    assert message["forum_topic_created"]["name"] == "Press"
    assert (message["message_id"], message["message_thread_id"]) == (topic, topic)


def test_a_message_in_a_topic_says_so_and_replies_to_its_beginning(
    telegram_server, telegram_bot, forum, press
):
    telegram_server.phone(BEN, forum).send("/tweet hi", thread=press)

    message = telegram_bot.updates()[0]["message"]
    assert (message["message_thread_id"], message["is_topic_message"]) == (press, True)
    assert "forum_topic_created" in message["reply_to_message"]


def test_a_message_in_general_has_no_topic_but_a_reply_there_has_a_thread(
    telegram_server, telegram_bot, forum
):
    ben = telegram_server.phone(BEN, forum)
    telegram_bot.updates()
    first = ben.send("/tweet hi")
    ben.send("/tweet ho", reply_to=first, thread=GENERAL)

    plain, reply = [update["message"] for update in telegram_bot.updates()]
    assert "message_thread_id" not in plain
    assert (reply["message_thread_id"], reply.get("is_topic_message")) == (first, None)
    with pytest.raises(Refusal, match="message thread not found"):
        telegram_bot.call("sendMessage", chat_id=forum, text="x", message_thread_id=first)


def test_a_bot_writes_into_a_topic_by_its_number_or_by_replying(telegram_server, telegram_bot, forum, press):
    asked = telegram_server.phone(BEN, forum).send("/tweet hi", thread=press)

    named = telegram_bot.call("sendMessage", chat_id=forum, text="x", message_thread_id=press)
    replied = telegram_bot.call(
        "sendMessage", chat_id=forum, text="y", reply_parameters={"message_id": asked}
    )
    general = telegram_bot.call("sendMessage", chat_id=forum, text="z")

    assert [m.get("message_thread_id") for m in (named, replied, general)] == [press, press, None]
    assert [m.get("is_topic_message") for m in (named, replied, general)] == [True, True, None]


def test_a_closed_topic_takes_nothing_until_it_is_open_again(telegram_server, telegram_bot, forum, press):
    telegram_server.topic(forum, "close", topic=press)
    with pytest.raises(Refusal) as refused:
        telegram_bot.call("sendMessage", chat_id=forum, text="x", message_thread_id=press)
    with pytest.raises(Refusal, match="closed"):
        telegram_server.phone(BEN, forum).send("hello", thread=press)
    telegram_server.phone(ADA, forum).send("I may", thread=press)

    telegram_server.topic(forum, "reopen", topic=press)

    assert refused.value.description == "Bad Request: TOPIC_CLOSED"
    assert telegram_bot.call("sendMessage", chat_id=forum, text="x", message_thread_id=press)
    services = [update["message"] for update in telegram_bot.updates() if "message" in update]
    assert [("forum_topic_closed" in m, "forum_topic_reopened" in m) for m in services] == [
        (True, False),
        (False, True),
    ]


def test_general_may_be_closed_too(telegram_server, telegram_bot, forum):
    telegram_server.topic(forum, "close", topic=GENERAL)

    with pytest.raises(Refusal, match="TOPIC_CLOSED"):
        telegram_bot.call("sendMessage", chat_id=forum, text="x")


@pytest.mark.parametrize("number", ["deleted", GENERAL, 999_999])
def test_a_topic_that_is_not_there_is_not_found(telegram_server, telegram_bot, forum, press, number):
    card = telegram_bot.call("sendMessage", chat_id=forum, text="x", message_thread_id=press)
    if number == "deleted":
        telegram_server.topic(forum, "delete", topic=press)
        number = press
        with pytest.raises(Refusal, match="message to edit not found"):
            telegram_bot.call("editMessageText", chat_id=forum, message_id=card["message_id"], text="y")

    with pytest.raises(Refusal) as refused:
        telegram_bot.call("sendMessage", chat_id=forum, text="x", message_thread_id=number)

    assert refused.value.description == "Bad Request: message thread not found"


def test_only_who_may_manage_topics_makes_them(telegram_server, forum):
    with pytest.raises(Refusal, match="may not manage topics"):
        telegram_server.topic(forum, name="Mine", by=CHEN)
