"""Who is what in a group and how it changes: roles, rights, anonymity, and what bots are told of it."""

import time

import httpx
import pytest

from tests.sandbox.telegram_server import ADA, BEN, CHEN, FESTIVAL, NEWSROOM, NOUR, Refusal

GROUP_ANONYMOUS_BOT = 1087968824
CHANGES = ["message", "my_chat_member", "chat_member"]


@pytest.fixture
def group(telegram_server, telegram_bot):
    """Give a group of Ada (owner), Ben, Chen and the bot, whose joining the bot has read."""
    number = telegram_server.new_group(telegram_bot)
    telegram_bot.updates(allowed_updates=CHANGES)
    return number


def told(bot, kind):
    """Return the changes a bot is told of, as (who, before, after, by whom)."""
    found = [update[kind] for update in bot.updates() if kind in update]
    return [
        (
            one["new_chat_member"]["user"]["id"],
            one["old_chat_member"]["status"],
            one["new_chat_member"]["status"],
            one["from"]["id"],
        )
        for one in found
    ]


def test_every_role_is_told_with_what_belongs_to_it(telegram_server, telegram_bot, group):
    def now(person):
        return telegram_bot.call("getChatMember", chat_id=group, user_id=person)

    telegram_server.set_member(group, BEN, "administrator", rights={"can_pin_messages": False})
    telegram_server.set_member(group, CHEN, "restricted", rights={"can_send_messages": True})
    telegram_server.set_member(group, NOUR, "kicked")

    assert now(ADA)["status"] == "creator"
    assert (now(BEN)["can_pin_messages"], now(BEN)["can_delete_messages"]) == (False, True)
    assert (now(CHEN)["is_member"], now(CHEN)["can_send_messages"], now(CHEN)["can_pin_messages"]) == (
        True,
        True,
        False,
    )
    assert now(NOUR) == {"status": "kicked", "user": now(NOUR)["user"], "until_date": 0}


def test_somebody_restricted_may_be_out_of_the_group(telegram_server, telegram_bot, group):
    telegram_server.set_member(group, CHEN, "restricted", inside=False)

    chen = telegram_bot.call("getChatMember", chat_id=group, user_id=CHEN)

    assert (chen["status"], chen["is_member"]) == ("restricted", False)
    assert telegram_bot.call("getChatMemberCount", chat_id=group) == 3


def test_somebody_restricted_cannot_write(telegram_server, group):
    telegram_server.set_member(group, CHEN, "restricted")

    with pytest.raises(Refusal, match="may not write"):
        telegram_server.phone(CHEN, group).send("/tweet hi")


def test_changes_of_others_are_told_to_a_bot_only_while_it_is_admin(telegram_server, telegram_bot, group):
    telegram_server.set_member(group, BEN, "administrator")
    assert told(telegram_bot, "chat_member") == []

    telegram_server.set_member(group, telegram_bot.id, "administrator")
    telegram_server.set_member(group, BEN, "member")
    telegram_server.set_member(group, CHEN, "kicked", by=BEN)

    assert told(telegram_bot, "chat_member") == [
        (BEN, "administrator", "member", ADA),
        (CHEN, "member", "kicked", BEN),
    ]


def test_a_bot_follows_its_own_rise_and_fall(telegram_server, telegram_bot, group):
    for status in ("administrator", "member", "left", "member", "kicked"):
        telegram_server.set_member(group, telegram_bot.id, status, by=ADA)

    changes = told(telegram_bot, "my_chat_member")

    assert [after for _, _, after, _ in changes] == ["administrator", "member", "left", "member", "kicked"]
    assert [before for _, before, _, _ in changes] == ["member", "administrator", "member", "left", "member"]


def test_a_new_owner_makes_the_one_before_an_admin(telegram_server, telegram_bot, group):
    telegram_server.set_member(group, telegram_bot.id, "administrator")
    telegram_bot.updates()

    telegram_server.set_member(group, BEN, "creator")

    updates = telegram_bot.call("getUpdates")
    changed = [update["message"]["chat_owner_changed"] for update in updates if "message" in update]
    assert [change["new_owner"]["id"] for change in changed] == [BEN]
    assert [(who, after) for who, _, after, _ in told(telegram_bot, "chat_member")] == [
        (BEN, "creator"),
        (ADA, "administrator"),
    ]


def test_what_an_anonymous_admin_does_is_done_by_the_group(telegram_server, telegram_bot, group):
    telegram_server.set_member(group, telegram_bot.id, "administrator")
    telegram_server.set_member(group, BEN, "administrator", anonymous=True)
    telegram_bot.updates()

    telegram_server.set_member(group, NOUR, "member", by=BEN)

    message, change = telegram_bot.updates()
    assert message["message"]["from"]["id"] == GROUP_ANONYMOUS_BOT
    assert message["message"]["sender_chat"]["id"] == group
    assert change["chat_member"]["from"]["id"] == GROUP_ANONYMOUS_BOT


def test_who_joins_by_themselves_is_told_as_doing_it(telegram_server, telegram_bot, group):
    telegram_server.set_member(group, NOUR, "member", by=NOUR)

    message = telegram_bot.updates()[0]["message"]

    assert (message["from"]["id"], message["new_chat_members"][0]["id"]) == (NOUR, NOUR)


def test_a_group_that_hides_its_members_tells_a_plain_bot_only_of_admins(telegram_server, telegram_bot):
    group = telegram_server.new_group(telegram_bot, hides_members=True)

    def status(person):
        return telegram_bot.call("getChatMember", chat_id=group, user_id=person)["status"]

    assert (status(ADA), status(telegram_bot.id)) == ("creator", "member")
    with pytest.raises(Refusal) as refused:
        status(BEN)
    assert refused.value.description == "Bad Request: member list is inaccessible"
    telegram_server.set_member(group, telegram_bot.id, "administrator")
    assert status(BEN) == "member"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("member_inaccessible", "Bad Request: member list is inaccessible"),
        ("user_not_found", "Bad Request: user not found"),
    ],
)
def test_telegram_may_not_tell_of_one_person(telegram_server, telegram_bot, group, fault, words):
    telegram_server.fault(fault, telegram_bot, match={"user": BEN})

    assert telegram_bot.call("getChatMember", chat_id=group, user_id=ADA)["status"] == "creator"
    with pytest.raises(Refusal) as refused:
        telegram_bot.call("getChatMember", chat_id=group, user_id=BEN)
    assert refused.value.description == words
    assert telegram_bot.call("getChatMember", chat_id=group, user_id=BEN)["status"] == "member"


def test_asking_for_a_member_may_end_without_an_answer(telegram_server, telegram_bot, group):
    telegram_server.fault("hang", telegram_bot, match={"method": "getChatMember"}, seconds=0.3)
    before = time.monotonic()

    with pytest.raises(httpx.RemoteProtocolError):
        telegram_bot.raw("getChatMember", {"chat_id": group, "user_id": BEN})

    assert time.monotonic() - before >= 0.3


@pytest.mark.parametrize(
    "wish", [{"status": "king"}, {"status": "administrator", "rights": {"can_fly": True}}]
)
def test_a_role_or_right_there_is_not_is_refused(telegram_server, group, wish):
    with pytest.raises(Refusal) as refused:
        telegram_server.set_member(group, BEN, **wish)

    assert refused.value.status == 400


def test_there_are_groups_to_rehearse_in_from_the_start(telegram_server):
    chats = telegram_server.control("GET", f"/chats?person={ADA}")
    groups = {chat["title"]: chat for chat in chats if chat["type"] != "private"}

    assert groups["Newsroom"]["id"] == NEWSROOM
    assert [topic["name"] for topic in groups["Festival"]["topics"]] == ["General", "Press desk"]
    assert groups["Festival"]["id"] == FESTIVAL
    assert groups["Old friends"]["type"] == "group"
