"""The gates of the edge: who gets in, whose words count, which presses and names and texts are hostile."""

import pytest
from sqlalchemy import select

from bot.edge import Outcome
from storage import people
from storage.tables import Person, Task

LATER = 100_000
"""So far above the sandbox's own numbers that a made-up update collides with none."""


@pytest.fixture
async def ada(rig):
    return await rig.phone("Ada")


@pytest.fixture
async def group(rig, ada):
    """Give a group of Ada's with the bot in it."""
    return rig.telegram.new_group(rig.bot, owner=ada.person, members=())


def a_message(phone, text="", **more):
    """Make the raw message a phone would send, changed as wanted."""
    sender = {"id": phone.person, "is_bot": False, "first_name": "Ada"}
    chat = {"id": phone.person, "type": "private", "first_name": "Ada"}
    made = {"message_id": 90_000, "date": 1_795_000_000, "from": sender, "chat": chat, "text": text}
    command, _, _ = text.partition(" ")
    if command.startswith("/"):
        made["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
    return made | more


async def give(rig, kind="message", **event):
    """Give a made-up update to the bot."""
    rig.made_up = getattr(rig, "made_up", 0) + 1
    number = rig.history[-1]["update_id"] + LATER + rig.made_up
    return await rig.give({"update_id": number, kind: event})


async def drafts(rig):
    async with rig.app.db.begin() as session:
        return (await session.scalars(select(Task.text))).all()


async def persons(rig):
    async with rig.app.db.begin() as session:
        return {person.id: person for person in await session.scalars(select(Person))}


# who gets in


async def test_a_stranger_is_kept_out_of_a_closed_bot_whatever_they_try(make_rig):
    rig = await make_rig(open_to_all=False)
    eve = await rig.phone("Eve")
    assert "not open to everybody" in eve.text

    for words in ("/tweet let me", "/connect", "1234567", "/people", "hello"):
        await eve.say(words)
    await eve.press_data("connect:0:0", eve.last)

    assert all("not open to everybody" in said for said in eve.texts)
    assert await persons(rig) == {}
    assert await drafts(rig) == []


async def test_a_stranger_in_a_group_is_met_with_silence(make_rig):
    rig = await make_rig(open_to_all=False)
    eve = await rig.phone("Eve")
    group = rig.telegram.new_group(rig.bot, owner=eve.person, members=())

    await eve.in_group(group).say("/help")
    await eve.in_group(group).say(f"/tweet@{rig.bot.username} hi")

    assert eve.in_group(group).texts == []


async def test_somebody_banned_can_do_nothing_and_is_told_so(rig, ada):
    account = rig.new_account()
    await ada.connect(account)
    await ada.say("/tweet Before the ban")
    card = ada.last
    async with rig.app.db.begin() as session:
        await people.ban(session, ada.person)

    await ada.say("/tweet After the ban")
    said = ada.text
    await ada.press_data(card["inline_keyboard"][0][0]["data"], card)
    await rig.posted()

    assert "cannot use this bot any more" in said
    assert rig.posts(account) == []
    assert "After the ban" not in await drafts(rig)


# who really sent it


@pytest.mark.parametrize(
    "sender",
    [
        {
            "from": {
                "id": 1087968824,
                "is_bot": True,
                "first_name": "Group",
                "username": "GroupAnonymousBot",
            },
            "sender_chat": {"id": -1001, "type": "supergroup", "title": "G"},
        },
        {
            "from": {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"},
            "sender_chat": {"id": -1002, "type": "channel", "title": "C"},
        },
        {
            "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
            "sender_chat": {"id": -1002, "type": "channel", "title": "C"},
            "is_automatic_forward": True,
        },
        {"from": {"id": 4242, "is_bot": True, "first_name": "Another bot", "username": "x_bot"}},
    ],
    ids=["anonymous admin", "as a channel", "from the linked channel", "another bot"],
)
@pytest.mark.parametrize("text", ["/tweet Not a person", "1234567", "/connect"])
async def test_what_no_person_said_is_nobodys_word(rig, ada, group, sender, text):
    chat = {"id": group, "type": "supergroup", "title": "G"}
    before = set(await persons(rig))

    outcome = await give(rig, **(a_message(ada, text, chat=chat) | sender))

    assert outcome is Outcome.DONE
    assert set(await persons(rig)) == before
    assert await drafts(rig) == []
    assert ada.in_group(group).texts == []


ORIGIN = {"type": "hidden_user", "date": 1_795_000_000, "sender_user_name": "Somebody"}
INLINE_BOT = {"id": 4242, "is_bot": True, "first_name": "Inline", "username": "inline_bot"}


@pytest.mark.parametrize("how", [{"forward_origin": ORIGIN}, {"via_bot": INLINE_BOT}])
async def test_a_command_somebody_else_wrote_is_not_run(rig, ada, how):
    outcome = await give(rig, **a_message(ada, "/tweet Not my words", **how))

    assert outcome is Outcome.DONE
    assert await drafts(rig) == []


async def test_a_command_for_another_bot_is_left_to_it(rig, ada, group):
    await ada.in_group(group).say("/tweet@somebody_elses_bot hi")

    assert ada.in_group(group).texts == []
    assert await drafts(rig) == []


async def test_a_command_with_this_bots_name_in_any_case_is_run(rig, ada):
    await ada.say(f"/tweet@{rig.bot.username.upper()} Mine")

    assert await drafts(rig) == ["Mine"]


async def test_an_edited_message_that_has_become_a_command_is_not_run(rig, ada):
    said = await ada.say("hello")

    ada.raw.post("/edit", message_id=said, text="/tweet By edit")
    await rig.deliver()

    assert await drafts(rig) == []


# presses


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        ":::::",
        "post",
        "post:",
        "post::",
        "x" * 64,
        "🎺" * 16,
        "post:01JDABCDEFGHJKMNPQRSTVWXYZ:1",
        "post:'; DROP TABLE tasks; --:1",
        "nobody_knows:1:1",
        "__class__:1:1",
        "people_ban:1:1",
        "post:\x00:1",
        "as:{row}:{version}:999999999999999999999",
        "as:{row}:{version}:",
        "alt:{row}:{version}:-1",
        "alt:{row}:{version}:٣",
        "post:{row}:999999999",
        "post:{row}:9999999999",
        "post:{row}:-1",
        "post:{row}:٣",
        "again:{row}:{version}",
        "there:{row}:{version}",
        "delete2:{row}:{version}",
        "retry:{row}:{version}",
        "connect_yes:{row}:1",
    ],
)
async def test_made_up_callback_data_does_nothing_and_is_answered(rig, ada, data):
    account = rig.new_account()
    await ada.connect(account)
    await ada.say("/tweet Not by a made-up press")
    card = ada.last
    _, row, version = card["inline_keyboard"][0][0]["data"].split(":")
    message = {"message_id": card["message_id"], "date": 1_795_000_000}
    message["chat"] = {"id": ada.person, "type": "private"}
    sender = {"id": ada.person, "is_bot": False, "first_name": "Ada"}
    data = data.replace("{row}", row).replace("{version}", version)
    press = {"id": "4242", "chat_instance": "1", "message": message, "from": sender, "data": data}

    outcome = await give(rig, "callback_query", **press)
    await rig.posted()

    assert outcome is Outcome.DONE
    assert rig.posts(account) == []
    assert rig.bot_calls("answerCallbackQuery")[-1]["callback_query_id"] == "4242"
    assert "Something went wrong" not in ada.text


@pytest.mark.parametrize(
    "verb", ["post", "edit", "drop", "revive", "accounts", "adopt", "first", "show", "delete"]
)
async def test_somebody_elses_row_is_as_if_it_were_not_there(rig, ada, verb):
    await ada.connect(rig.new_account())
    await ada.say("/tweet Adas own")
    card = ada.last
    data = card["inline_keyboard"][0][0]["data"].replace("post:", f"{verb}:")
    ben = await rig.phone("Ben")
    before = ben.texts

    toast = await ben.press_data(data, ben.last)

    assert "older message" in toast
    assert ben.texts == before
    assert "Adas own" in ada.text


async def test_a_press_on_a_message_the_bot_cannot_see_any_more_is_answered_with_a_new_one(rig, ada):
    await ada.connect(rig.new_account())
    await ada.say("/tweet Seen again")
    data = ada.last["inline_keyboard"][0][0]["data"].replace("post:", "show:")
    gone = {"message_id": 5, "date": 0, "chat": {"id": ada.person, "type": "private"}}
    sender = {"id": ada.person, "is_bot": False, "first_name": "Ada"}

    outcome = await give(
        rig, "callback_query", id="77", chat_instance="1", message=gone, data=data, **{"from": sender}
    )

    assert outcome is Outcome.DONE
    assert "Seen again" in ada.text


async def test_a_press_on_a_message_of_an_inline_bot_is_nothing_to_us(rig, ada):
    sender = {"id": ada.person, "is_bot": False, "first_name": "Ada"}
    press = {"id": "78", "chat_instance": "1", "inline_message_id": "abc", "data": "post:1:1", "from": sender}

    assert await give(rig, "callback_query", **press) is Outcome.DONE


async def test_a_stranger_who_presses_in_a_group_is_answered_and_kept_out(make_rig):
    rig = await make_rig(open_to_all=False)
    eve = await rig.phone("Eve")
    group = rig.telegram.new_group(rig.bot, owner=eve.person, members=())
    message = {"message_id": 9, "date": 0, "chat": {"id": group, "type": "supergroup", "title": "G"}}
    sender = {"id": eve.person, "is_bot": False, "first_name": "Eve"}

    await give(
        rig,
        "callback_query",
        id="79",
        chat_instance="1",
        message=message,
        data="post:1:1",
        **{"from": sender},
    )

    assert rig.bot_calls("answerCallbackQuery")[-1]["callback_query_id"] == "79"
    assert eve.in_group(group).texts == []


# from the group to the private chat


@pytest.fixture
async def door(rig, ada, group):
    """Give the payload of the link the bot answers a private command with in a group."""
    await ada.in_group(group).say(f"/connections@{rig.bot.username}")
    return ada.in_group(group).url("Open the private chat").rpartition("start=")[2]


async def test_a_door_leads_its_own_person_to_the_command(rig, ada, door):
    await ada.start(door)

    assert "no X account connected yet" in ada.text


async def test_a_door_is_for_nobody_else_and_still_good_afterwards(rig, ada, door):
    ben = await rig.phone("Ben")

    await ben.start(door)
    refused = ben.text
    await ada.start(door)

    assert "used or has run out" in refused
    assert "no X account connected yet" in ada.text


async def test_a_door_lets_no_stranger_into_a_closed_bot(make_rig):
    rig = await make_rig(open_to_all=True)
    ada = await rig.phone("Ada")
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())
    await ada.in_group(group).say(f"/connect@{rig.bot.username}")
    payload = ada.in_group(group).url("Open the private chat").rpartition("start=")[2]
    await rig.restart(open_to_all=False)
    eve = await rig.phone("Eve")

    await eve.start(payload)

    assert "used or has run out" in eve.text
    assert eve.person not in await persons(rig)


async def test_a_door_closes_after_ten_minutes(rig, ada, door):
    rig.clock.advance(minutes=10)

    await ada.start(door)

    assert "used or has run out" in ada.text


@pytest.mark.parametrize("payload", ["x", "A" * 64, "-_-_", "0" * 22])
async def test_a_made_up_payload_opens_nothing(rig, ada, payload):
    await ada.start(payload)

    assert "used or has run out" in ada.text


@pytest.mark.parametrize("payload", ["<b>&</b>", "'; DROP TABLE people; --", "../../etc", "A" * 4000])
async def test_a_payload_no_client_would_send_opens_nothing_either(rig, ada, payload):
    await give(rig, **a_message(ada, f"/start {payload}"))

    assert "used or has run out" in ada.text


# hostile names


@pytest.mark.parametrize(
    "name",
    [
        "<b>Ada</b> & <i>co",
        "\u202eadA\u202c",
        "\u2067\u2066" * 20 + "Ada",
        "A" + "\u0301" * 500,
        "Ada\n\n\nAdmin ✅",
        "@everyone",
        "{ $first_name }",
        "A" * 3000,
        "نور",
        " ",
        "\x00Ada\ud83d",
    ],
    ids=range(11),
)
async def test_a_hostile_name_is_shown_and_breaks_nothing(rig, ada, name):
    sender = {"id": ada.person, "is_bot": False, "first_name": name, "username": "ada"}

    outcome = await give(rig, **a_message(ada, "/start", **{"from": sender}))

    assert outcome is Outcome.DONE
    assert "Something went wrong" not in ada.text
    assert "Connect your X account first" in ada.text
    assert "\x00" not in ada.text
    assert len(ada.text) < 1500
    assert not [e for e in ada.last["entities"] if e["type"] not in ("bold", "mention")]


# hostile texts


@pytest.mark.parametrize(
    "text",
    [
        "😀" * 2048,
        "👩‍👩‍👧‍👦" * 370,
        "e" + "\u0301" * 3000,
        "\u202e" * 100 + "backwards",
        "a\x00b\ud83dc\udc00d",
        "<b>not bold</b> &amp; _*[x](y)`",
        "\u2067" * 2000 + "x",
        "א" * 4096,
        "$" * 500 + "@" * 500 + "#" * 500,
        "http://" + "a." * 1900,
    ],
    ids=range(10),
)
async def test_a_hostile_text_becomes_a_draft_and_breaks_nothing(rig, ada, text):
    account = rig.new_account()
    await ada.connect(account)
    await ada.say("/tweet")

    outcome = await give(rig, **a_message(ada, text))

    assert outcome is Outcome.DONE
    assert "Something went wrong" not in ada.text
    assert any(f"Tweet as @{account}" in said for said in ada.texts)
    assert "Edit text" in ada.buttons


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "bold", "offset": 0, "length": 9999},
        {"type": "text_link", "offset": 5000, "length": 3, "url": "https://example.com/x"},
        {"type": "text_link", "offset": 1, "length": 1, "url": "https://example.com/x"},
        {"type": "text_link", "offset": 0, "length": 0, "url": "https://example.com/x"},
        {"type": "text_link", "offset": -3, "length": 2, "url": "https://example.com/x"},
        {"type": "text_link", "offset": 0, "length": 2},
        {"type": "text_mention", "offset": 0, "length": 2},
        {"type": "of_tomorrow", "offset": 0, "length": 2},
        {"type": "bot_command", "offset": 0, "length": 9999},
        {"type": "bot_command", "offset": 0, "length": 0},
    ],
    ids=range(10),
)
async def test_entities_that_do_not_fit_the_text_break_nothing(rig, ada, entity):
    await ada.connect(rig.new_account())
    await ada.say("/tweet")

    outcome = await give(rig, **a_message(ada, "😀😀 words", entities=[entity]))

    assert outcome is Outcome.DONE
    assert "Something went wrong" not in ada.text


async def test_a_text_of_nothing_but_invisible_marks_is_asked_for_again(rig, ada):
    await ada.connect(rig.new_account())
    await ada.say("/tweet")

    outcome = await give(rig, **a_message(ada, "\u2067" * 2000))

    assert outcome is Outcome.DONE
    assert "Post" not in ada.buttons


async def test_the_target_of_a_hidden_link_is_kept(rig, ada):
    await ada.connect(rig.new_account())
    link = {"type": "text_link", "offset": 10, "length": 4, "url": "https://example.com/hidden"}
    command = {"type": "bot_command", "offset": 0, "length": 6}

    await give(rig, **a_message(ada, "/tweet 😀 here", entities=[command, link]))

    assert await drafts(rig) == ["😀 here https://example.com/hidden"]


async def test_a_link_that_is_seen_is_not_doubled(rig, ada):
    await ada.connect(rig.new_account())
    link = {"type": "text_link", "offset": 7, "length": 19, "url": "https://example.com"}
    command = {"type": "bot_command", "offset": 0, "length": 6}

    await give(rig, **a_message(ada, "/tweet https://example.com", entities=[command, link]))

    assert await drafts(rig) == ["https://example.com"]
