"""A PIN or a key never stays in a chat, whatever it was sent with; what is none is left alone."""

import pytest

from tests.journeys import pictures

OPEN = "Open X and get the PIN"


async def linked(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    return ada, rig.pin(await ada.open_link(), account), account


async def asked_for_key(rig):
    ada = await rig.phone("Ada")
    await ada.say("/connect")
    await ada.press("Use my own X app")
    return ada


def group_of(rig, ada, *, may_delete=True):
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())
    if may_delete:
        rig.telegram.set_member(group, rig.bot.id, "administrator")
    return ada.in_group(group)


@pytest.mark.parametrize(
    "write", ["/pin {}", "/start {}", "/connect {}", "/tweet {}", "/help PIN {}", "/cancel {}"]
)
async def test_a_pin_behind_a_command_is_taken_and_deleted(rig, write):
    ada, pin, account = await linked(rig)

    sent = await ada.say(write.format(pin))

    assert f"Connect as @{account}?" in ada.text
    assert not ada.sees(sent)


async def test_a_pin_as_the_caption_of_a_photo_is_taken_and_deleted(rig, tmp_path):
    ada, pin, account = await linked(rig)

    sent = await ada.send_photos(*pictures.photos(tmp_path, 1), caption=pin)

    assert f"Connect as @{account}?" in ada.text
    assert not ada.sees(sent["message_ids"][0])


async def test_a_number_behind_tweet_is_a_tweet_when_no_link_is_open(rig):
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())

    sent = await ada.say("/tweet 1234567")

    assert "1234567" in ada.text
    assert ada.sees(sent)


@pytest.mark.parametrize(
    "write", ["/connect {}", "/key {}", "my consumer key is {}", "export CONSUMER_KEY={}"]
)
async def test_a_key_that_was_asked_for_is_taken_however_it_is_sent(rig, write):
    ada = await asked_for_key(rig)

    sent = await ada.say(write.format(rig.new_app()["consumer_key"]))

    assert "2 of 2: the consumer secret" in ada.text
    assert not ada.sees(sent)


@pytest.mark.parametrize(
    "write", ["{}:{}", "consumer_key={} consumer_secret={}", "API Key:\n{}\nAPI Key Secret:\n{}"]
)
async def test_both_keys_in_one_message_are_taken(rig, write):
    app, ada = rig.new_app(), await asked_for_key(rig)

    sent = await ada.say(write.format(app["consumer_key"], app["consumer_secret"]))

    assert "Now get your PIN" in ada.text
    assert not ada.sees(sent)


@pytest.mark.parametrize("write", ["/tweet {}", "/connect {}", "/nothing {}", "look: consumer secret {}."])
async def test_a_key_nobody_asked_for_is_refused_and_deleted(rig, write, tmp_path):
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    secret = rig.new_app()["consumer_secret"]

    sent = await ada.say(write.format(secret))

    assert "That looked like a key" in ada.text
    assert not ada.sees(sent)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("pinfeather.db*"))
    assert secret.encode() not in stored


async def test_a_key_in_a_message_somebody_wants_to_tweet_is_deleted(rig):
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    quoted = ada.send(rig.new_app()["consumer_secret"])
    rig.waiting()

    await ada.say("/tweet", reply_to=quoted)

    assert "That looked like a key" in ada.text
    assert not ada.sees(quoted)


@pytest.mark.parametrize("write", ["/connect {}", "/pin {}", "/tweet {}", "hey @{bot} here is {}", "{}"])
async def test_a_pin_in_a_group_is_deleted_however_it_is_sent(rig, write):
    ada, pin, _ = await linked(rig)
    group = group_of(rig, ada)

    sent = await group.say(write.replace("{bot}", rig.bot.username).format(pin))

    assert "A PIN does not belong in a group" in group.text
    assert "I deleted the message" in group.text
    assert not group.sees(sent)


async def test_who_sent_a_pin_to_a_group_is_asked_to_delete_it_where_the_bot_may_not(rig):
    ada, pin, _ = await linked(rig)
    group = group_of(rig, ada, may_delete=False)

    await group.say(f"/connect {pin}")

    assert "please delete it yourself" in group.text


async def test_the_link_of_a_pin_sent_to_a_group_is_shown_as_closed(rig):
    ada, pin, _ = await linked(rig)

    await group_of(rig, ada).say(f"/pin {pin}")
    await rig.chores()

    assert "Nothing was connected" in ada.text
    assert OPEN not in ada.buttons


async def test_a_tweet_with_a_number_in_a_group_is_led_to_the_private_chat(rig):
    ada = await rig.phone("Ada")
    group = group_of(rig, ada)

    sent = await group.say("/tweet 1234567")

    assert "No account is shared" in group.text
    assert group.sees(sent)


async def test_a_file_sent_while_a_key_is_asked_for_stays(rig, tmp_path):
    ada = await asked_for_key(rig)

    sent = await ada.send_photos(*pictures.photos(tmp_path, 2))

    assert all(ada.sees(each) for each in sent["message_ids"])
    assert "I am waiting for the consumer key" in ada.text
    assert len([text for text in ada.texts if "I am waiting" in text]) == 1


async def test_an_edit_of_an_older_message_stays_while_a_key_is_asked_for(rig):
    ada = await rig.phone("Ada")
    older = await ada.say("hello")
    await ada.say("/connect")
    await ada.press("Use my own X app")

    ada.raw.post("/edit", message_id=older, text="hello again")
    await rig.deliver()

    assert ada.sees(older)
    assert "I am waiting for the consumer key" in ada.text


async def test_a_key_may_come_by_editing_a_message(rig):
    ada = await rig.phone("Ada")
    older = await ada.say("hello")
    await ada.say("/connect")
    await ada.press("Use my own X app")

    ada.raw.post("/edit", message_id=older, text=rig.new_app()["consumer_key"])
    await rig.deliver()

    assert "2 of 2: the consumer secret" in ada.text
    assert not ada.sees(older)


async def test_a_way_in_is_no_key(rig):
    ada = await rig.phone("Ada")
    group = group_of(rig, ada)
    for _ in range(4):
        await group.say("/connections")
        token = group.url("Open the private chat").rpartition("start=")[2]

        await ada.start(token)

        assert "no X account connected yet" in ada.text


async def test_an_answer_to_a_pin_in_a_group_that_was_not_said_is_said_later(rig):
    ada, pin, _ = await linked(rig)
    group = group_of(rig, ada)
    sent = group.send(pin)
    *_, update = rig.waiting()
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "sendMessage"})

    for _ in range(2):
        await rig.give(update)
        rig.clock.advance(seconds=21)

    assert "A PIN does not belong in a group" in group.text
    assert not group.sees(sent)
