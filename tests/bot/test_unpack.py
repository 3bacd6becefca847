"""Updates as Telegram sends them become our own values."""

import pytest
import telegram

from bot.turn import Inline, Poll
from bot.unpack import PLAIN_START, unpack

ADA = {"id": 101, "is_bot": False, "first_name": "Ada"}
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
