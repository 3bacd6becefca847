"""Connecting with an own app: its keys asked for one by one, checked at X; ready-made tokens; each refusal's words."""

import json

import pytest

OPEN = "Open X and get the PIN"


async def asked_for_key(rig, name="Ada"):
    ada = await rig.phone(name)
    await ada.say("/connect")
    await ada.press("Use my own X app")
    return ada


async def linked(rig, app):
    ada = await asked_for_key(rig)
    await ada.say(app["consumer_key"])
    await ada.say(app["consumer_secret"])
    return ada


async def asked_for_token(rig, app):
    ada = await linked(rig, app)
    await ada.press("I have access tokens")
    return ada


def clocks_that_jump(rig):
    """Let X's clock run ahead, then behind: what the bot corrects after the first answer is wrong again."""
    rig.x_fault("clock_skew", "request_token", seconds=3600)
    rig.x_fault("clock_skew", "request_token", seconds=-3600)


def leaked(ada, *secrets):
    return [secret for secret in secrets if any(secret in text for text in ada.texts)]


async def test_connecting_with_an_own_app(rig):
    app, account = rig.new_app(), rig.new_account()
    ada = await asked_for_key(rig)
    assert "I delete your message at once" in ada.text

    key = await ada.say(app["consumer_key"])
    assert "2 of 2: the consumer secret" in ada.text
    secret = await ada.say(app["consumer_secret"])
    await ada.say(rig.pin(ada.url(OPEN), account))
    await ada.press("Yes, this is mine")

    assert f"is connected: @{account}" in ada.text
    assert "through your own app" in ada.text
    assert not ada.sees(key)
    assert not ada.sees(secret)
    assert leaked(ada, app["consumer_key"], app["consumer_secret"]) == []


async def test_without_a_registered_app_only_the_own_one_is_offered_and_why(make_rig):
    rig = await make_rig(consumer_key=None, consumer_secret=None)
    ada = await rig.phone("Ada")

    await ada.say("/connect")

    assert "has set up no app of its own" in ada.text
    assert ada.buttons == ["Use my own X app", "Cancel"]


async def test_own_apps_can_be_switched_off(make_rig):
    rig = await make_rig(own_apps=False)
    ada = await rig.phone("Ada")

    await ada.say("/connect")
    data = ada.with_button("Use this bot's app")["inline_keyboard"][0][0]["data"]
    toast = await ada.press_data(data.replace("registered", "own"), ada.last)

    assert "switched off people's own apps" in ada.text
    assert ada.buttons == ["Use this bot's app", "Cancel"]
    assert "switched off" in toast


async def test_a_broken_registered_app_offers_no_own_app_where_they_are_switched_off(make_rig):
    rig = await make_rig(own_apps=False)
    ada = await rig.phone("Ada")
    clocks_that_jump(rig)
    await ada.say("/connect")

    await ada.press("Use this bot's app")

    assert "Only whoever runs this bot can put that right" in ada.text
    assert "app of your own" not in ada.text


async def test_no_app_at_all_is_said_in_words(make_rig):
    rig = await make_rig(consumer_key=None, consumer_secret=None, own_apps=False)
    ada = await rig.phone("Ada")

    await ada.say("/connect")

    assert "Tell whoever runs this bot" in ada.text


async def test_wrong_keys_are_asked_for_again(rig):
    app = rig.new_app()
    ada = await asked_for_key(rig)
    await ada.say(app["consumer_key"])
    await ada.say("aB3" * 16 + "zZ")
    refused = ada.text

    await ada.say(app["consumer_key"])
    await ada.say(app["consumer_secret"])

    assert "X does not know this consumer key and secret" in refused
    assert "Now get your PIN" in ada.text


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"callback": None}, "Your app has no callback URL"),
        ({"suspended": True}, "X has suspended this app"),
        ({"enrolled": False}, "This app has no access to X's API"),
    ],
)
async def test_an_app_x_refuses_is_explained_and_can_be_mended(rig, fault, said):
    app = rig.new_app(**fault)
    ada = await linked(rig, app)
    refused = ada.text

    rig.new_app(name=app["name"], callback="http://127.0.0.1/", suspended=False, enrolled=True)
    await ada.press("Try again")

    assert said in refused
    assert "Now get your PIN" in ada.text


async def test_a_wrong_clock_that_cannot_be_corrected_is_explained(rig):
    app = rig.new_app()
    clocks_that_jump(rig)

    ada = await linked(rig, app)

    assert "The clock of this bot's computer is wrong" in ada.text
    assert "Try again" in ada.buttons


async def test_a_wrong_clock_is_corrected_in_silence(rig):
    app = rig.new_app()
    rig.x_fault("clock_skew", "request_token", seconds=3600)

    ada = await linked(rig, app)

    assert "Now get your PIN" in ada.text


async def test_x_not_answering_keeps_the_keys_for_another_try(rig):
    app = rig.new_app()
    rig.x_fault("html_502", "request_token")
    ada = await linked(rig, app)
    away = ada.text

    await ada.press("Try again")

    assert "X is not answering" in away
    assert "Now get your PIN" in ada.text


async def test_the_registered_apps_trouble_is_the_operators(rig):
    ada = await rig.phone("Ada")
    clocks_that_jump(rig)
    await ada.say("/connect")

    await ada.press("Use this bot's app")

    assert "Only whoever runs this bot can put that right" in ada.text
    assert ada.buttons == ["Use this bot's app", "Use my own X app", "Cancel"]


@pytest.mark.parametrize(
    "write",
    [
        lambda app: f"{app['consumer_key']}\n{app['consumer_secret']}",
        lambda app: f"API Key: {app['consumer_key']}\nAPI Key Secret: {app['consumer_secret']}",
        lambda app: json.dumps({k: app[k] for k in ("consumer_key", "consumer_secret")}),
    ],
)
async def test_both_keys_may_be_pasted_at_once(rig, write):
    ada = await asked_for_key(rig)

    sent = await ada.say(write(rig.new_app()))

    assert "Now get your PIN" in ada.text
    assert not ada.sees(sent)


async def test_quotes_around_a_key_do_no_harm(rig):
    app = rig.new_app()
    ada = await asked_for_key(rig)

    await ada.say(f'"{app["consumer_key"]}"')
    await ada.say(f"\u201c{app['consumer_secret']}\u201d")

    assert "Now get your PIN" in ada.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("aB3" * 16 + "zZ", "That was a secret"),
        ("123456-" + "aB3" * 12, "That was an access token"),
        ("AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI", "That was a bearer token"),
        ("what is a consumer key?", "did not look like a key"),
        ("1234567", "did not look like a key"),
    ],
)
async def test_another_value_than_the_key_is_named_and_deleted(rig, sent, said):
    ada = await asked_for_key(rig)

    message = await ada.say(sent)

    assert said in ada.text
    assert "Send the consumer key" in ada.text
    assert not ada.sees(message)
    assert leaked(ada, sent) == []


async def test_ready_made_tokens_stand_in_for_the_pin(rig):
    app, account = rig.new_app(), rig.new_account()
    made = rig.access_token(app, account)
    ada = await asked_for_token(rig, app)

    token = await ada.say(made["token"])
    secret = await ada.say(made["secret"])
    asked = ada.text
    await ada.press("Yes, this is mine")

    assert f"Connect as @{account}?" in asked
    assert f"is connected: @{account}" in ada.text
    assert not ada.sees(token)
    assert not ada.sees(secret)


async def test_all_four_values_may_be_pasted_at_once(rig):
    app, account = rig.new_app(), rig.new_account()
    made = rig.access_token(app, account)
    ada = await asked_for_key(rig)

    await ada.say("\n".join((app["consumer_key"], app["consumer_secret"], made["token"], made["secret"])))

    assert f"Connect as @{account}?" in ada.text


async def test_wrong_tokens_are_asked_for_again(rig):
    app, account = rig.new_app(), rig.new_account()
    made = rig.access_token(app, account)
    ada = await asked_for_token(rig, app)
    await ada.say(made["token"])
    await ada.say("xY9" * 15)
    refused = ada.text

    await ada.say(made["token"])
    await ada.say(made["secret"])

    assert "X does not take these access tokens" in refused
    assert f"Connect as @{account}?" in ada.text


async def test_x_not_answering_keeps_the_tokens_for_another_try(rig):
    app, account = rig.new_app(), rig.new_account()
    made = rig.access_token(app, account)
    ada = await asked_for_token(rig, app)
    await ada.say(made["token"])
    rig.x_fault("html_502", "/2/users/me")
    await ada.say(made["secret"])
    away = ada.text

    await ada.press("Try again")

    assert "X is not answering" in away
    assert f"Connect as @{account}?" in ada.text


async def test_the_pin_can_be_taken_up_again_instead_of_tokens(rig):
    account = rig.new_account()
    ada = await asked_for_token(rig, rig.new_app())

    await ada.press("By PIN instead")
    await ada.say(rig.pin(ada.url(OPEN), account))

    assert f"Connect as @{account}?" in ada.text


async def test_refusing_a_ready_made_token_leaves_it_valid(rig):
    app, account = rig.new_app(), rig.new_account()
    made = rig.access_token(app, account)
    ada = await asked_for_token(rig, app)
    await ada.say(made["token"])
    await ada.say(made["secret"])
    rig.x.control("DELETE", "/requests")

    await ada.press("No, do not connect")

    assert "Nothing was connected" in ada.text
    assert rig.x_requests("/1.1/oauth/invalidate_token") == []


async def test_an_expired_link_asks_for_no_key_again(rig):
    ada = await linked(rig, rig.new_app())
    rig.clock.advance(minutes=11)
    await rig.chores()

    await ada.press("New link")

    assert "Now get your PIN" in ada.text


async def test_forgotten_keys_are_asked_for_anew(rig):
    ada = await linked(rig, rig.new_app())
    rig.clock.advance(minutes=11)
    await rig.chores()
    expired = ada.last
    rig.clock.advance(minutes=31)
    await rig.chores()

    await ada.press("New link", message=expired)

    assert ada.buttons == ["Connect an X account"]


async def test_typing_that_takes_too_long_ends(rig):
    ada = await asked_for_key(rig)

    rig.clock.advance(minutes=15)
    await rig.chores()

    assert "That took too long" in ada.text


async def test_a_tweet_begun_meanwhile_is_not_taken_for_a_key(rig):
    ada = await rig.phone("Ada")
    await ada.connect(rig.new_account())
    await ada.say("/connect")
    await ada.press("Use my own X app")
    rig.clock.advance(seconds=1)

    await ada.say("/tweet")
    sent = await ada.say("Hello")
    drafted = ada.text
    await ada.say(rig.new_app()["consumer_key"])

    assert "Hello" in drafted
    assert ada.sees(sent)
    assert "2 of 2: the consumer secret" in ada.text


async def test_a_key_nobody_asked_for_is_deleted(rig):
    ada = await rig.phone("Ada")
    app = rig.new_app()

    sent = await ada.say(app["consumer_secret"])

    assert "I had not asked for one" in ada.text
    assert not ada.sees(sent)


async def test_a_key_in_a_group_is_not_used(rig):
    ada = await rig.phone("Ada")
    group = rig.telegram.new_group(rig.bot, owner=ada.person, members=())
    rig.telegram.set_member(group, rig.bot.id, "administrator")

    sent = await ada.in_group(group).say(rig.new_app()["consumer_secret"])

    assert "Keys do not belong in a group" in ada.in_group(group).text
    assert not ada.in_group(group).sees(sent)


async def test_no_secret_reaches_the_database_in_clear(rig, tmp_path):
    app, account = rig.new_app(), rig.new_account()
    ada = await linked(rig, app)
    pin = rig.pin(ada.url(OPEN), account)
    await ada.say(pin)
    await ada.press("Yes, this is mine")

    stored = b"".join(path.read_bytes() for path in tmp_path.glob("pinfeather.db*"))
    token = rig.access_token(app, account)
    secrets = [app["consumer_key"], app["consumer_secret"], token["token"], token["secret"]]
    assert [secret for secret in secrets if secret.encode() in stored] == []
