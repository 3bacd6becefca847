"""Connecting by PIN: from /connect to the connection, and every PIN that is not taken."""

import pytest

OPEN = "Open X and get the PIN"


def wrong(pin: str) -> str:
    """Give another PIN of the same length."""
    return "".join(str((int(digit) + 1) % 10) for digit in pin)


async def test_connecting_with_the_registered_app(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account(name="Alice Writes")

    await ada.say("/connect")
    await ada.press("Use this bot's app")
    pin = rig.pin(ada.url(OPEN), account)
    sent = await ada.say(f"PIN {pin}")

    assert not ada.sees(sent)
    assert f"Connect as @{account}?" in ada.text
    assert ada.last["photo"]
    await ada.press("Yes, this is mine")
    assert f"Alice Writes is connected: @{account}" in ada.text
    assert "through this bot's app" in ada.text
    assert ada.last["photo"]
    assert ada.buttons == ["Tweet something", "Rename", "Connect another"]


async def test_start_leads_to_connecting(rig):
    ada = await rig.phone("Ada")

    await ada.press("Connect an X account")

    assert ada.buttons == ["Use this bot's app", "Use my own X app", "Cancel"]


async def test_the_link_is_a_button_only_and_warns(rig):
    ada = await rig.phone("Ada")

    url = await ada.open_link()

    assert url.startswith(f"{rig.x.origin}/oauth/authorize?oauth_token=")
    assert "oauth" not in " ".join(ada.texts)
    assert "not to an admin either" in ada.text
    assert all(
        call["link_preview_options"] == {"is_disabled": True}
        for method in ("sendMessage", "editMessageText")
        for call in rig.bot_calls(method)
    )


@pytest.mark.parametrize("write", ["{}", "pin: {}", " {} ", "my PIN is {}", "PIN\n{}"])
async def test_a_pin_may_have_words_around_it(rig, write):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)

    await ada.say(write.format(pin))

    assert f"Connect as @{account}?" in ada.text


async def test_a_pin_may_be_typed_with_other_digits_and_dashes(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    arabic = pin.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    await ada.say(f"{arabic[:3]}-{arabic[3:]}")

    assert f"Connect as @{account}?" in ada.text


async def test_a_pin_may_come_by_editing_a_message(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)
    message = await ada.say("wait a moment")

    ada.raw.post("/edit", message_id=message, text=pin)
    await rig.deliver()

    assert f"Connect as @{account}?" in ada.text
    assert not ada.sees(message)


async def test_other_words_leave_the_link_alone(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)

    await ada.say("what is a PIN?")
    await ada.say(pin)

    assert f"Connect as @{account}?" in ada.text


async def test_a_wrong_pin_may_be_tried_twice_more(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)

    first = await ada.say(wrong(pin))
    after_first = ada.text
    await ada.say(wrong(wrong(pin)))
    after_second = ada.text
    await ada.say(pin)

    assert not ada.sees(first)
    assert "Two more tries" in after_first
    assert "One more try" in after_second
    assert f"Connect as @{account}?" in ada.text


async def test_the_third_wrong_pin_closes_the_link_and_a_new_one_works(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    pin = rig.pin(await ada.open_link(), account)

    for _ in range(3):
        await ada.say(wrong(pin))
    closed = ada.text
    await ada.press("New link")
    await ada.say(rig.pin(ada.url(OPEN), account))

    assert "this link is closed" in closed
    assert f"Connect as @{account}?" in ada.text


async def test_a_pin_after_the_last_try_is_not_tried_and_told_so(rig):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())
    for _ in range(3):
        await ada.say(wrong(pin))
    before = len(rig.x_requests("/oauth/access_token"))

    await ada.say(pin)

    assert "I did not try this PIN" in ada.text
    assert ada.buttons == ["New link", "Close"]
    assert len(rig.x_requests("/oauth/access_token")) == before


async def test_a_wrong_pin_is_answered_without_the_instructions(rig):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())

    await ada.say(wrong(pin))

    assert ada.text.startswith("✋ That PIN was not right. Two more tries.")
    assert "Authorize app" not in ada.text
    assert "not to an admin either" in ada.text


async def test_a_new_link_works_an_hour_after_connect(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    await ada.open_link()
    rig.clock.advance(minutes=62)
    await rig.chores()

    await ada.press("New link")
    await ada.say(rig.pin(ada.url(OPEN), account))

    assert f"Connect as @{account}?" in ada.text


@pytest.mark.parametrize("ends", [False, True])
async def test_a_new_connect_closes_the_older_card(rig, ends):
    ada = await rig.phone("Ada")
    await ada.open_link()
    older = ada.last["message_id"]
    if ends:
        rig.clock.advance(minutes=11)
        await rig.chores()

    await ada.say("/connect")

    (shown,) = [each for each in ada.messages() if each["message_id"] == older]
    assert "before you began anew" in shown["text"]
    assert not shown["inline_keyboard"]
    assert "Use this bot's app" in ada.buttons


async def test_a_new_link_ends_the_old_one(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    old = await ada.open_link()
    old_pin = rig.pin(old, account)

    await ada.press("New link")
    new = ada.url(OPEN)
    await ada.say(old_pin)

    assert new != old
    assert "That PIN was not right" in ada.text


async def test_the_countdown_is_shown_each_minute(rig):
    ada = await rig.phone("Ada")
    await ada.open_link()
    shown = [ada.text]

    for _ in range(3):
        rig.clock.advance(minutes=1)
        await rig.chores()
        shown.append(ada.text)

    minutes = [next(m for m in (10, 9, 8, 7) if f"{m} minutes left" in text) for text in shown]
    assert minutes == [10, 9, 8, 7]


async def test_a_link_runs_out_after_ten_minutes(rig):
    ada = await rig.phone("Ada")
    account = rig.new_account()
    await ada.open_link()

    rig.clock.advance(minutes=10)
    await rig.chores()
    ran_out = ada.text
    await ada.press("New link")
    await ada.say(rig.pin(ada.url(OPEN), account))

    assert "The link has run out" in ran_out
    assert f"Connect as @{account}?" in ada.text


@pytest.mark.parametrize("chores_first", [True, False])
async def test_a_late_pin_is_told_so_and_never_sent_to_x(rig, chores_first):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())
    rig.clock.advance(minutes=11)
    if chores_first:
        await rig.chores()
    before = len(rig.x_requests("/oauth/access_token"))

    sent = await ada.say(pin)

    assert "That PIN came too late" in ada.text
    assert ada.buttons == ["New link", "Close"]
    assert not ada.sees(sent)
    assert len(rig.x_requests("/oauth/access_token")) == before


async def test_a_used_pin_is_told_so(rig):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())
    await ada.say(pin)

    sent = await ada.say(pin)
    while_asked = ada.text
    await ada.press("Yes, this is mine")
    await ada.say(pin)

    assert "This PIN has done its work already" in while_asked
    assert "This PIN has done its work already" in ada.text
    assert not ada.sees(sent)


async def test_a_pin_without_a_link_is_told_so_and_deleted(rig):
    ada = await rig.phone("Ada")

    sent = await ada.say("1234567")

    assert "no link of yours is open" in ada.text
    assert ada.buttons == ["Connect an X account"]
    assert not ada.sees(sent)


async def test_a_number_may_be_tweeted_when_no_link_is_open(rig):
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    rig.clock.advance(seconds=1)
    await ada.say("/tweet")

    sent = await ada.say("1234567")

    assert "1234567" in ada.text
    assert ada.sees(sent)


async def test_a_pin_in_a_group_is_not_used_and_closes_the_link(rig):
    ada = await rig.phone("Ada")
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())
    rig.telegram.set_member(group, rig.bot.id, "administrator")
    pin = rig.pin(await ada.open_link(), rig.new_account())
    rig.x.control("DELETE", "/requests")

    sent = await ada.in_group(group).say(pin)

    told = ada.in_group(group)
    assert "A PIN does not belong in a group" in told.text
    assert not told.sees(sent)
    assert rig.x_requests("/oauth/access_token") == []
    await ada.say(pin)
    assert "Connect as" not in ada.text


async def test_numbers_in_a_group_are_nobodys_business(rig):
    ada = await rig.phone("Ada")
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())
    rig.telegram.set_member(group, rig.bot.id, "administrator")

    await ada.in_group(group).say("1234567")

    assert ada.in_group(group).texts == []


async def test_connect_in_a_group_leads_to_the_private_chat(rig):
    ada = await rig.phone("Ada")
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())

    await ada.in_group(group).say(f"/connect@{rig.bot.username}")
    door = ada.in_group(group).url("Open the private chat")
    await ada.start(door.rpartition("start=")[2])

    assert ada.buttons == ["Use this bot's app", "Use my own X app", "Cancel"]


async def test_a_way_from_a_group_is_taken_once_and_may_be_delivered_twice(rig):
    ada = await rig.phone("Ada")
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())
    await ada.in_group(group).say("/connect")
    token = ada.in_group(group).url("Open the private chat").rpartition("start=")[2]
    rig.telegram.fault("server_error", rig.bot, 3, {"method": "sendMessage"})

    ada.raw.start(token)
    (update,) = rig.waiting()
    outcomes = [await rig.give(update) for _ in range(2)]
    shown = ada.buttons
    rig.clock.advance(seconds=1)
    await ada.start(token)

    assert [outcome.value for outcome in outcomes] == ["held", "done"]
    assert shown == ["Use this bot's app", "Use my own X app", "Cancel"]
    assert "has been used" in ada.text


async def test_cancel_ends_it_everywhere(rig):
    ada = await rig.phone("Ada")
    pin = rig.pin(await ada.open_link(), rig.new_account())

    await ada.press("Cancel")
    cancelled = ada.text
    await ada.say(pin)

    assert "Nothing was connected" in cancelled
    assert "no link of yours is open" in ada.text


async def test_the_command_cancel_does_the_same(rig):
    ada = await rig.phone("Ada")
    await ada.open_link()
    link = ada.last["message_id"]

    await ada.say("/cancel")

    assert "Nothing was connected" in ada.text
    assert ada.last["message_id"] > link
    assert not any(OPEN in str(each["inline_keyboard"]) for each in ada.messages())


async def test_the_newest_connect_wins_and_older_buttons_say_so(rig):
    ada = await rig.phone("Ada")
    await ada.say("/connect")
    old = ada.last
    await ada.say("/connect")

    toast = await ada.press("Use this bot's app", message=old)

    assert "That button was from before" in toast
    assert OPEN not in ada.buttons
    assert ada.buttons == ["Use this bot's app", "Use my own X app", "Cancel"]


async def test_nobody_can_press_anothers_buttons(rig):
    ada, ben = await rig.phone("Ada"), await rig.phone("Ben")
    await ada.say("/connect")
    data = next(b["data"] for row in ada.last["inline_keyboard"] for b in row if b["text"] == "Cancel")

    toast = await ben.press_data(data, ben.last)

    assert "does not work any more" in toast
    assert "Connect an X account" in ada.text


@pytest.mark.parametrize(
    "data",
    [
        "connect_yes:0:0",
        "connect_yes:999999999999999999999999:1",
        "connect_link:x:y",
        "conn::",
        "connect_cancel:-1:1",
    ],
)
async def test_forged_buttons_change_nothing(rig, data):
    ada = await rig.phone("Ada")

    toast = await ada.press_data(data, ada.last)

    assert "does not work any more" in toast
