"""Groups: who a bot hears, who may do what, what it is told of members."""

import pytest

from tests.sandbox.telegram_server import ADA, BEN, CHEN, NEWSROOM, NOUR, Refusal

GROUP_ANONYMOUS_BOT = 1087968824


@pytest.fixture
def group(telegram_server, telegram_bot):
    """Give a group of Ada (owner), Ben, Chen and the bot, whose joining the bot has read."""
    number = telegram_server.new_group(telegram_bot)
    telegram_bot.updates()
    return number


def heard(bot):
    return [update["message"].get("text") for update in bot.updates() if "message" in update]


def test_a_bot_that_is_added_is_told_so(telegram_server, telegram_bot):
    group = telegram_server.new_group(telegram_bot)

    service, member = telegram_bot.updates()

    assert service["message"]["new_chat_members"][0]["id"] == telegram_bot.id
    assert member["my_chat_member"]["chat"]["id"] == group
    assert member["my_chat_member"]["from"]["id"] == ADA
    assert member["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert member["my_chat_member"]["new_chat_member"]["status"] == "member"


def test_privacy_mode_keeps_ordinary_talk_from_the_bot(telegram_server, telegram_bot, group):
    chen = telegram_server.phone(CHEN, group)
    for text in ("good morning", "/tweet hi", f"/tweet@{telegram_bot.username} ho", "/tweet@other_bot no"):
        chen.send(text)
    chen.send(f"what do you think, @{telegram_bot.username}?")

    assert heard(telegram_bot) == [
        "/tweet hi",
        f"/tweet@{telegram_bot.username} ho",
        f"what do you think, @{telegram_bot.username}?",
    ]


def test_replies_meant_for_the_bot_reach_it(telegram_server, telegram_bot, group):
    chen, ben = telegram_server.phone(CHEN, group), telegram_server.phone(BEN, group)
    asked = telegram_bot.call("sendMessage", chat_id=group, text="Which photo?")["message_id"]
    command = chen.send("/tweet")
    ordinary = ben.send("hello all")

    chen.send("this one", reply_to=asked)
    ben.send("no, that one", reply_to=command)
    ben.send("to nobody", reply_to=ordinary)

    assert heard(telegram_bot) == ["/tweet", "this one", "no, that one"]


def test_a_bot_that_is_admin_hears_everything(telegram_server, telegram_bot, group):
    telegram_server.set_member(group, telegram_bot.id, "administrator")
    telegram_bot.updates()

    telegram_server.phone(CHEN, group).send("good morning")

    assert heard(telegram_bot) == ["good morning"]


def test_of_several_bots_an_unaddressed_command_goes_to_the_last_that_wrote(
    telegram_server, telegram_bot, group
):
    other = telegram_server.new_bot()
    telegram_server.set_member(group, other.id, "member")
    for bot in (other, telegram_bot):
        bot.call("sendMessage", chat_id=group, text="hello")
        bot.updates()

    telegram_server.phone(CHEN, group).send("/help")

    assert (heard(telegram_bot), heard(other)) == (["/help"], [])


def test_an_anonymous_admin_writes_as_the_group_but_presses_as_themselves(
    telegram_server, telegram_bot, group
):
    telegram_server.set_member(group, BEN, "administrator", anonymous=True)
    ben = telegram_server.phone(BEN, group)
    ben.send("/tweet secret")
    message = telegram_bot.updates()[-1]["message"]
    markup = {"inline_keyboard": [[{"text": "Go on", "callback_data": "go"}]]}
    card = telegram_bot.call("sendMessage", chat_id=group, text="?", reply_markup=markup)

    ben.press(card["message_id"], data="go", wait=0)

    assert message["from"]["id"] == GROUP_ANONYMOUS_BOT
    assert message["sender_chat"]["id"] == group
    assert telegram_bot.updates()[0]["callback_query"]["from"]["id"] == BEN


def test_a_bot_deletes_other_people_s_messages_only_with_the_right(telegram_server, telegram_bot, group):
    number = telegram_server.phone(CHEN, group).send("/tweet key")
    with pytest.raises(Refusal, match="message can't be deleted"):
        telegram_bot.call("deleteMessage", chat_id=group, message_id=number)

    telegram_server.set_member(group, telegram_bot.id, "administrator")

    assert telegram_bot.call("deleteMessage", chat_id=group, message_id=number)


def test_roles_are_told_as_they_are_now(telegram_server, telegram_bot, group):
    telegram_server.set_member(group, BEN, "administrator")
    roles = {
        person: telegram_bot.call("getChatMember", chat_id=group, user_id=person)["status"]
        for person in (ADA, BEN, CHEN, NOUR)
    }

    telegram_server.set_member(group, BEN, "member")

    assert roles == {ADA: "creator", BEN: "administrator", CHEN: "member", NOUR: "left"}
    assert telegram_bot.call("getChatMember", chat_id=group, user_id=BEN)["status"] == "member"
    assert telegram_bot.call("getChatMemberCount", chat_id=group) == 4
    admins = telegram_bot.call("getChatAdministrators", chat_id=group)
    assert [admin["user"]["id"] for admin in admins] == [ADA]


def test_a_bot_that_is_removed_can_no_longer_write(telegram_server, telegram_bot, group):
    telegram_server.set_member(group, telegram_bot.id, "kicked")

    with pytest.raises(Refusal) as refused:
        telegram_bot.call("sendMessage", chat_id=group, text="Hello?")

    assert refused.value.description == "Forbidden: bot was kicked from the supergroup chat"
    assert telegram_bot.updates()[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


def test_a_bot_may_leave(telegram_server, telegram_bot, group):
    telegram_bot.call("leaveChat", chat_id=group)

    with pytest.raises(Refusal, match="bot is not a member of the supergroup chat"):
        telegram_bot.call("sendMessage", chat_id=group, text="Hello?")
    assert telegram_server.phone(ADA, group).last()["service"] == "Test bot left"


def test_members_coming_and_going_are_told_to_a_bot_that_is_admin_and_asked(
    telegram_server, telegram_bot, group
):
    telegram_server.set_member(group, telegram_bot.id, "administrator")
    telegram_bot.updates()
    telegram_bot.call("getUpdates", allowed_updates=["chat_member"])

    telegram_server.set_member(group, NOUR, "member")
    telegram_server.set_member(group, NOUR, "left")

    changes = [update["chat_member"] for update in telegram_bot.updates()]
    assert [change["new_chat_member"]["status"] for change in changes] == ["member", "left"]
    assert changes[1]["from"]["id"] == NOUR


def test_a_stranger_cannot_see_or_write_in_a_group(telegram_server, group):
    nour = telegram_server.phone(NOUR, group)

    for attempt in (lambda: nour.send("hi"), nour.messages):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.status in {403, 404}


def test_the_newsroom_is_there_from_the_start(telegram_server, telegram_bot):
    telegram_server.set_member(NEWSROOM, telegram_bot.id, "member")

    chat = telegram_bot.call("getChat", chat_id=NEWSROOM)
    ben = telegram_bot.call("getChatMember", chat_id=NEWSROOM, user_id=BEN)

    assert (chat["title"], chat["type"]) == ("Newsroom", "supergroup")
    assert (ben["status"], ben["can_delete_messages"], ben["can_promote_members"]) == (
        "administrator",
        True,
        False,
    )
    telegram_server.set_member(NEWSROOM, telegram_bot.id, "left")


def test_the_command_menu_follows_scope_and_language(telegram_server, telegram_bot, group):
    def commands(name, **more):
        telegram_bot.call("setMyCommands", commands=[{"command": name, "description": name}], **more)

    commands("default")
    commands("private", scope={"type": "all_private_chats"})
    commands("arabic", scope={"type": "all_private_chats"}, language_code="ar")
    commands("admins", scope={"type": "all_chat_administrators"})
    commands("chens", scope={"type": "chat_member", "chat_id": group, "user_id": CHEN})

    def menu(person, chat):
        found = telegram_server.control("GET", f"/commands?person={person}&chat={chat}")
        return found[0]["commands"][0]["command"]

    assert menu(ADA, telegram_bot.id) == "private"
    assert menu(NOUR, telegram_bot.id) == "arabic"
    assert [menu(person, group) for person in (ADA, BEN, CHEN)] == ["admins", "default", "chens"]
