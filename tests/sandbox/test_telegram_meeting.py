"""How groups and the bot meet: picked from a keyboard, a ?startgroup= link; and who else writes in a group."""

import pytest

from tests.sandbox.telegram_server import ADA, BEN, CHEN, DITA, NOUR, Refusal

CHANNEL_BOT, TELEGRAM = 136817688, 777000
RIGHTS = dict.fromkeys(
    (
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ),
    False,
)


def ask(bot, person, kind, **wish):
    button = {"text": "Choose", kind: {"request_id": 7, **wish}}
    keyboard = {"keyboard": [[button]], "one_time_keyboard": True}
    bot.call("sendMessage", chat_id=person, text="Which?", reply_markup=keyboard)


def shared(bot):
    return [update["message"] for update in bot.updates() if "message" in update][-1]


@pytest.fixture
def group(telegram_server, telegram_bot):
    """Give a group of Ada (owner), Ben, Chen and the bot, whose joining the bot has read."""
    number = telegram_server.new_group(telegram_bot)
    telegram_bot.updates()
    return number


def offered(phone):
    return {chat["id"] for chat in phone.offered(7)["chats"]}


def test_a_picked_group_is_shared_with_its_title(telegram_server, telegram_bot, ada, group):
    telegram_server.set_group(group, title="Desk")
    telegram_bot.updates()
    ask(telegram_bot, ADA, "request_chat", chat_is_channel=False, request_title=True)

    ada.share(7, chat_id=group)

    message = shared(telegram_bot)
    assert message["chat_shared"] == {"request_id": 7, "chat_id": group, "title": "Desk"}
    assert message["from"]["id"] == message["chat"]["id"] == ADA
    assert ada.page()["reply_keyboard"] is None
    assert ada.last()["service"] == "Ada shared the chat Desk"


def test_only_what_the_button_asks_for_is_offered(telegram_server, telegram_bot, ada, group):
    bens = telegram_server.new_group(owner=BEN, members=[ADA])
    strange = telegram_server.new_group(owner=BEN, members=[CHEN])
    forum = telegram_server.new_group(owner=ADA, forum=True)
    channel = telegram_server.new_channel(ADA)

    ask(telegram_bot, ADA, "request_chat", chat_is_channel=False)
    assert offered(ada) >= {group, bens, forum}
    assert strange not in offered(ada)
    ask(telegram_bot, ADA, "request_chat", chat_is_channel=False, user_administrator_rights=RIGHTS)
    assert (group in offered(ada), bens in offered(ada)) == (True, False)
    ask(telegram_bot, ADA, "request_chat", chat_is_channel=False, chat_is_forum=True)
    assert (group in offered(ada), forum in offered(ada)) == (False, True)
    ask(telegram_bot, ADA, "request_chat", chat_is_channel=True)
    assert offered(ada) == {channel}

    with pytest.raises(Refusal, match="not what the button asks for"):
        ada.share(7, chat_id=strange)


def test_picking_brings_the_bot_in_where_it_must_be(telegram_server, telegram_bot, ada):
    group = telegram_server.new_group(owner=ADA)
    ask(telegram_bot, ADA, "request_chat", chat_is_channel=False, bot_is_member=True)

    ada.share(7, chat_id=group)

    kinds = [name for update in telegram_bot.updates() for name in update if name != "update_id"]
    assert kinds == ["message", "my_chat_member", "message"]
    assert telegram_bot.call("getChatMember", chat_id=group, user_id=telegram_bot.id)["status"] == "member"


def test_a_hostile_client_shares_any_chat(telegram_bot, ada):
    ada.share(99, chat_id=-100123, forge=True)

    assert shared(telegram_bot)["chat_shared"] == {"request_id": 99, "chat_id": -100123}


def test_people_are_shared_as_many_as_asked_for(telegram_bot, ada):
    wish = {"user_is_bot": False, "max_quantity": 2, "request_name": True, "request_username": True}
    ask(telegram_bot, ADA, "request_users", **wish)
    assert {BEN, CHEN} < {user["id"] for user in ada.offered(7)["users"]}
    for wrong in ([BEN, CHEN, NOUR], [telegram_bot.id], []):
        with pytest.raises(Refusal, match="not the people"):
            ada.share(7, user_ids=wrong)

    ada.share(7, user_ids=[BEN, CHEN])

    assert shared(telegram_bot)["users_shared"] == {
        "request_id": 7,
        "users": [
            {"user_id": BEN, "first_name": "Ben", "username": "ben"},
            {"user_id": CHEN, "first_name": "Chen", "username": "chen"},
        ],
    }


def test_a_group_s_keyboard_cannot_ask_for_chats(telegram_bot, group):
    with pytest.raises(Refusal, match="can be requested in private chats only"):
        ask(telegram_bot, group, "request_chat", chat_is_channel=False)


def test_a_startgroup_link_adds_the_bot_and_starts_it_there(telegram_server, telegram_bot):
    group = telegram_server.new_group(owner=ADA)

    telegram_server.phone(BEN, group).start_in_group(telegram_bot, "token_1")

    joined, member, started = telegram_bot.updates()
    assert joined["message"]["new_chat_members"][0]["id"] == telegram_bot.id
    assert member["my_chat_member"]["from"]["id"] == BEN
    assert started["message"]["text"] == f"/start@{telegram_bot.username} token_1"


def test_a_startgroup_link_in_a_group_with_the_bot_only_starts_it(telegram_server, telegram_bot, group):
    telegram_server.phone(BEN, group).start_in_group(telegram_bot)

    assert [u["message"]["text"] for u in telegram_bot.updates()] == [f"/start@{telegram_bot.username}"]


def test_a_channel_writes_as_itself(telegram_server, telegram_bot, group):
    channel = telegram_server.new_channel(CHEN, "Chen's news", username="chen_news")

    telegram_server.phone(CHEN, group).send("/tweet hi", as_channel=channel)

    message = telegram_bot.updates()[0]["message"]
    assert message["from"]["id"] == CHANNEL_BOT
    assert message["sender_chat"] == {
        "id": channel,
        "type": "channel",
        "title": "Chen's news",
        "username": "chen_news",
    }
    with pytest.raises(Refusal):
        telegram_server.phone(BEN, group).send("/tweet hi", as_channel=channel)


def test_a_channel_s_post_is_brought_by_telegram(telegram_server, telegram_bot, group):
    channel = telegram_server.new_channel(CHEN)

    telegram_server.post_in_channel(channel, group, "/tweet hi")

    message = telegram_bot.updates()[0]["message"]
    assert (message["from"]["id"], message["is_automatic_forward"]) == (TELEGRAM, True)
    assert message["forward_origin"]["chat"]["id"] == message["sender_chat"]["id"] == channel


def test_other_bots_are_heard_only_by_a_bot_set_to_hear_them(telegram_server, group):
    other, keen, shy = (telegram_server.new_bot(hears_bots=keen) for keen in (False, True, False))
    for bot in (other, keen, shy):
        telegram_server.set_member(group, bot.id, "member")
    for bot in (keen, shy):
        bot.updates()

    other.call("sendMessage", chat_id=group, text=f"/tweet@{keen.username} @{shy.username} hi")
    other.call("sendMessage", chat_id=group, text="among ourselves")

    heard = [update["message"] for update in keen.updates()]
    assert [(m["from"]["id"], m["from"]["is_bot"]) for m in heard] == [(other.id, True)]
    assert shy.updates() == []


def test_a_command_by_way_of_another_bot_forwarded_or_edited_says_so(telegram_server, telegram_bot, group):
    other, chen = telegram_server.new_bot(), telegram_server.phone(CHEN, group)
    asked = chen.ask_inline(f"@{other.username} x", wait=0)
    result = {
        "type": "article",
        "id": "1",
        "title": "x",
        "input_message_content": {"message_text": "/tweet via"},
    }
    other.call("answerInlineQuery", inline_query_id=asked["query_id"], results=[result])
    chen.choose(asked, "1")
    first = chen.send("/tweet one")
    chen.post("/forward", from_chat=group, message_id=first)
    chen.post("/edit", message_id=first, text="/tweet two")

    via, plain, forwarded, edited = telegram_bot.updates()
    assert via["message"]["via_bot"]["id"] == other.id
    assert plain["message"]["text"] == "/tweet one"
    assert forwarded["message"]["forward_origin"]["sender_user"]["id"] == CHEN
    assert edited["edited_message"]["text"] == "/tweet two"


def test_a_forced_reply_is_for_whom_it_answers_and_their_reply_reaches_the_bot(
    telegram_server, telegram_bot, group
):
    chen, ben = telegram_server.phone(CHEN, group), telegram_server.phone(BEN, group)
    asking = chen.send("/tweet")
    telegram_bot.updates()
    markup = {"force_reply": True, "selective": True}
    reply = {"message_id": asking}
    card = telegram_bot.call(
        "sendMessage", chat_id=group, text="What?", reply_markup=markup, reply_parameters=reply
    )

    ben.send("not for the bot")
    chen.send("This text", reply_to=card["message_id"])

    assert ben.page()["reply_keyboard"] is None
    messages = [update["message"] for update in telegram_bot.updates()]
    assert [m["text"] for m in messages] == ["This text"]
    assert messages[0]["reply_to_message"]["message_id"] == card["message_id"]
    assert chen.page()["reply_keyboard"] is None


def test_in_a_topic_a_forced_reply_is_not_for_the_topic_s_maker(telegram_server, telegram_bot):
    forum = telegram_server.new_group(telegram_bot, owner=DITA, members=[CHEN], forum=True)
    topic = telegram_server.topic(forum, name="Press")

    markup = {"force_reply": True, "selective": True}
    telegram_bot.call(
        "sendMessage", chat_id=forum, text="What?", reply_markup=markup, message_thread_id=topic
    )

    assert telegram_server.phone(DITA, forum).page()["reply_keyboard"] is None
