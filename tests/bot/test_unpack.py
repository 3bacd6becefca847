"""Updates as Telegram sends them become our own values."""

import pytest
import telegram

from bot.turn import (
    BotChange,
    Chat,
    Inline,
    MemberChange,
    Moved,
    PickedChat,
    PickedPeople,
    PickedPerson,
    Poll,
    Titled,
)
from bot.unpack import PLAIN_START, Masked, Witnessed, unpack
from tasks.membership import Membership, Standing

ADA = {"id": 101, "is_bot": False, "first_name": "Ada"}
BEN = {"id": 102, "is_bot": False, "first_name": "Ben"}
OTHER_BOT = {"id": 5, "is_bot": True, "first_name": "Pic", "username": "pic"}
HERE = {"id": 101, "type": "private", "first_name": "Ada"}


def unpacked(**fields):
    return unpack(telegram.Update.de_json({"update_id": 1, **fields}, None), "our_bot")


def said(**fields):
    return unpacked(message={"message_id": 7, "date": 1, "chat": HERE, "from": ADA, **fields})


def command(text):
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}


def poll(**fields):
    options = [{"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate("ab")]
    return {
        "id": "1",
        "question": "Which?",
        "options": options,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
        **fields,
    }


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({}, Poll("Which?", ("a", "b"))),
        ({"open_period": 600, "close_date": 601}, Poll("Which?", ("a", "b"), open_period_s=600)),
        ({"type": "quiz", "correct_option_ids": [1]}, Poll("Which?", ("a", "b"), is_quiz=True)),
        ({"allows_multiple_answers": True}, Poll("Which?", ("a", "b"), multiple=True)),
    ],
)
def test_a_poll_is_read(fields, read):
    assert said(poll=poll(**fields)).message.poll == read


def test_a_forwarded_poll_is_read_as_well():
    origin = {"type": "user", "date": 1, "sender_user": ADA}

    assert said(poll=poll(), forward_origin=origin).message.poll == Poll("Which?", ("a", "b"))


def test_a_place_is_latitude_and_longitude():
    assert said(location={"latitude": 48.2, "longitude": 16.4}).message.location == (48.2, 16.4)
    assert said(text="x").message.location is None


@pytest.mark.parametrize("kind", ["message", "edited_message"])
@pytest.mark.parametrize("content", [command("/tweet x"), {"text": "1234567"}, {"poll": poll()}])
def test_what_came_through_an_inline_bot_is_nobodys_words(kind, content):
    message = {"message_id": 7, "date": 1, "chat": HERE, "from": ADA, "via_bot": OTHER_BOT, **content}

    assert unpacked(**{kind: message}) is None


def test_an_inline_query_has_its_text_and_no_chat():
    found = unpacked(inline_query={"id": "9", "from": ADA, "query": "/tweet x", "offset": ""})

    assert (found.inline, found.command, found.chat.private) == (Inline("9", "/tweet x"), None, False)
    assert found.user.id == ADA["id"]


def test_a_start_that_only_leads_into_the_private_chat_is_a_start_without_a_word():
    found = said(**command(f"/start {PLAIN_START}"))

    assert (found.command, found.argument) == ("start", "")
    assert said(**command("/tweet inline")).argument == "inline"


# groups: who wrote, in which topic, and what happened

GROUP = {"id": -1001, "type": "supergroup", "title": "Newsroom"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
US = {"id": 77, "is_bot": True, "first_name": "Ours", "username": "our_bot"}
AS_THE_GROUP = {"from": ANONYMOUS, "sender_chat": GROUP, "chat": GROUP}


def member(user, status, **more):
    return {"user": user, "status": status, **more}


def admin(user):
    rights = (
        *(
            "can_be_edited",
            "is_anonymous",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
        ),
        *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
        *("can_post_stories", "can_edit_stories", "can_delete_stories"),
    )
    return member(user, "administrator", **dict.fromkeys(rights, False))


def changed(kind, old, new, *, by=ADA, chat=GROUP):
    change = {"chat": chat, "from": by, "date": 1, "old_chat_member": old, "new_chat_member": new}
    return unpacked(**{kind: change})


def in_a_topic(**fields):
    return said(chat=GROUP, message_thread_id=5, is_topic_message=True, **fields)


def test_a_topic_is_kept_and_a_thread_of_replies_is_none():
    assert in_a_topic(**command("/tweet x")).chat.thread_id == 5
    assert said(chat=GROUP, message_thread_id=5, **command("/tweet x")).chat.thread_id is None
    assert in_a_topic(**command("/tweet x")).chat.title == "Newsroom"


def test_a_press_in_a_topic_is_answered_there():
    message = {"message_id": 8, "date": 1, "chat": GROUP, "from": US, "text": "A card"}
    query = {"id": "1", "from": ADA, "chat_instance": "1", "data": "post:1:1"}

    there = unpacked(
        callback_query={**query, "message": {**message, "message_thread_id": 5, "is_topic_message": True}}
    )
    thread_of_replies = unpacked(callback_query={**query, "message": {**message, "message_thread_id": 5}})

    assert (there.chat.thread_id, thread_of_replies.chat.thread_id) == (5, None)


def test_words_in_a_topic_are_no_reply_to_what_made_it():
    root = {"message_id": 5, "date": 1, "chat": GROUP, "from": ADA}
    made = root | {"forum_topic_created": {"name": "News", "icon_color": 7322096}}

    assert in_a_topic(reply_to_message=made, **command("/tweet")).message.reply_to is None
    assert (
        in_a_topic(reply_to_message=root | {"text": "Hi"}, **command("/tweet")).message.reply_to.text == "Hi"
    )


@pytest.mark.parametrize("fields", [command("/tweet x"), command("/tweet@our_bot x")])
def test_a_command_of_an_anonymous_admin_is_nobody_s_until_they_show_who_they_are(fields):
    found = said(**AS_THE_GROUP, **fields)

    assert (found.message_id, found.command, found.chat.id) == (7, "tweet", GROUP["id"])
    assert isinstance(found, Masked)


def test_an_anonymous_admin_may_answer_us_without_a_command():
    asked = {"message_id": 6, "date": 1, "chat": GROUP, "from": US, "text": "What is the text?"}

    assert isinstance(said(**AS_THE_GROUP, text="This", reply_to_message=asked), Masked)
    assert said(**AS_THE_GROUP, text="This") is None
    assert said(**AS_THE_GROUP, text="This", reply_to_message=asked | {"from": OTHER_BOT}) is None


FORWARDED = {"forward_origin": {"type": "user", "date": 1, "sender_user": ADA}}
AS_A_CHANNEL = {"from": CHANNEL_BOT, "sender_chat": {"id": -1002, "type": "channel", "title": "C"}}
FROM_ITS_CHANNEL = {**AS_A_CHANNEL, "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}}


@pytest.mark.parametrize(
    "fields",
    [
        AS_THE_GROUP | FORWARDED,
        AS_THE_GROUP | {"via_bot": OTHER_BOT},
        {"chat": GROUP} | AS_A_CHANNEL,
        {"chat": GROUP} | FROM_ITS_CHANNEL | {"is_automatic_forward": True},
        {"chat": GROUP, "from": OTHER_BOT},
    ],
    ids=["forwarded", "via a bot", "as a channel", "from the linked channel", "a bot"],
)
def test_what_no_person_of_the_group_wrote_is_nobody_s_word(fields):
    assert said(**fields, **command("/tweet x")) is None


def test_an_anonymous_admin_s_edit_is_no_command():
    message = {"message_id": 7, "date": 1, "edit_date": 2, **AS_THE_GROUP, **command("/tweet x")}

    assert unpacked(edited_message=message) is None


def continued(written=None, *, data="continue:7:0", asked_by=US, **query):
    written = {"message_id": 7, "date": 1, **AS_THE_GROUP, **command("/tweet Hello")} | (written or {})
    asked = {"message_id": 8, "date": 1, "chat": GROUP, "from": asked_by, "text": "Who are you?"}
    asked |= {"reply_to_message": written, "message_thread_id": 5, "is_topic_message": True}
    return unpacked(
        callback_query={"id": "9", "from": ADA, "chat_instance": "1", "message": asked, "data": data, **query}
    )


def test_continue_makes_the_command_that_of_who_pressed():
    found = continued({"message_thread_id": 5, "is_topic_message": True})

    assert (found.user.id, found.command, found.argument) == (ADA["id"], "tweet", "Hello")
    assert (found.message.id, found.continued, found.press_id, found.press) == (7, 8, "9", None)
    assert (found.chat.id, found.chat.thread_id) == (GROUP["id"], 5)


@pytest.mark.parametrize(
    "forged",
    [
        {"data": "continue:6:0"},
        {"data": "continue:x:0"},
        {"data": "continue::"},
        {"asked_by": OTHER_BOT},
        {"written": {"from": ADA, "sender_chat": None}},
        {"written": AS_A_CHANNEL},
        {"written": {"edit_date": 2}},
        {"written": {"via_bot": OTHER_BOT}},
        {"written": FORWARDED},
    ],
)
def test_continue_stands_for_nothing_but_what_an_anonymous_admin_wrote(forged):
    found = continued(**forged)

    assert (found.command, found.continued) == (None, None)
    assert found.press.verb == "continue"


def test_what_was_picked_is_read():
    chat = said(chat_shared={"request_id": 3, "chat_id": -1001, "title": "Newsroom"}).message.picked
    ben = {"user_id": 102, "first_name": "Ben", "username": "ben"}
    people = said(users_shared={"request_id": 4, "users": [ben, {"user_id": 103}]}).message.picked

    assert chat == PickedChat(3, -1001, "Newsroom")
    assert people == PickedPeople(4, (PickedPerson(102, "Ben", "ben"), PickedPerson(103)))


def test_what_the_bot_was_in_a_group_and_is_now():
    found = changed("my_chat_member", admin(US), member(US, "kicked", until_date=0))

    assert found.what == BotChange(Membership(Standing.ADMIN), Membership(Standing.BANNED), by=ADA["id"])
    assert found.chat == Chat(GROUP["id"], private=False, title="Newsroom")
    assert changed("my_chat_member", admin(US), member(US, "left"), by=ANONYMOUS).what.by is None


def test_in_private_the_bot_s_membership_is_that_person_s_doing():
    barred = member(US, "kicked", until_date=0)

    found = changed("my_chat_member", member(US, "member"), barred, chat=HERE)

    assert (found.user.id, found.membership) == (ADA["id"], "kicked")


def test_a_channel_the_bot_is_put_into_is_nothing_to_us():
    channel = {"id": -1002, "type": "channel", "title": "C"}

    assert changed("my_chat_member", member(US, "left"), admin(US), chat=channel) is None
    assert changed("chat_member", admin(BEN), member(BEN, "left"), chat=channel) is None


def test_what_somebody_else_was_and_is_now():
    found = changed("chat_member", admin(BEN), member(BEN, "member"))

    assert found.what == MemberChange(102, Membership(Standing.ADMIN), Membership(Standing.MEMBER))
    assert changed("chat_member", member(OTHER_BOT, "member"), member(OTHER_BOT, "left")) is None


def test_who_leaves_is_told_by_telegram_s_message_too():
    assert said(chat=GROUP, left_chat_member=BEN).what == MemberChange(102, None, Membership(Standing.LEFT))
    assert not isinstance(said(chat=GROUP, left_chat_member=OTHER_BOT), Witnessed)


@pytest.mark.parametrize("sender", [{"from": ADA}, {"from": ANONYMOUS, "sender_chat": GROUP}])
def test_a_group_s_title_and_id_change_whoever_does_it(sender):
    assert said(chat=GROUP, **sender, new_chat_title="Desk").what == Titled("Desk")
    assert said(chat=GROUP, **sender, migrate_to_chat_id=-1005).what == Moved(-1001, -1005)
    assert said(chat=GROUP, **sender, migrate_from_chat_id=-5).what == Moved(-5, -1001)
