"""Who somebody is in a group, asked of Telegram: every answer it gives, and none."""

import asyncio

import pytest
import telegram

from bot.line import Line
from bot.members import Members, membership_of
from tasks.membership import Membership, Standing
from tests.sandbox.telegram_server import ADA, BEN, CHEN

NOBODY = 999_999


@pytest.fixture
def members(bot):
    return Members(Line(bot))


@pytest.fixture
def group(telegram_server, telegram_bot):
    return telegram_server.new_group(telegram_bot, owner=ADA, members=(BEN,))


@pytest.mark.parametrize(
    ("status", "membership"),
    [
        ("member", Membership(Standing.MEMBER)),
        ("administrator", Membership(Standing.ADMIN)),
        ("left", Membership(Standing.LEFT)),
        ("kicked", Membership(Standing.BANNED)),
    ],
)
async def test_telegram_says_how_somebody_stands(telegram_server, members, group, status, membership):
    telegram_server.set_member(group, BEN, status)

    assert await members.of(group, BEN) == membership
    assert await members.of(group, ADA) == Membership(Standing.CREATOR)
    assert await members.of(group, CHEN) == Membership(Standing.LEFT)


async def test_it_is_asked_each_time(telegram_server, members, group):
    telegram_server.set_member(group, BEN, "administrator")
    assert (await members.of(group, BEN)).administers

    telegram_server.set_member(group, BEN, "member")

    assert not (await members.of(group, BEN)).administers


async def test_an_anonymous_admin_is_an_admin_who_is_not_to_be_named(telegram_server, members, group):
    telegram_server.set_member(group, BEN, "administrator", anonymous=True)

    assert await members.of(group, BEN) == Membership(Standing.ADMIN, anonymous=True)


async def test_no_answer_is_none(telegram_server, telegram_bot, members, group):
    other = telegram_server.new_group(None, owner=ADA, members=(BEN,))
    assert await members.of(other, BEN) is None

    telegram_server.fault("forbidden_blocked", telegram_bot, match={"method": "getChatMember"})
    assert await members.of(group, BEN) is None


@pytest.mark.parametrize("fault", ["member_inaccessible", "user_not_found", "rate_limited"])
async def test_telegram_s_not_knowing_is_no_answer_either(
    telegram_server, telegram_bot, members, group, fault
):
    telegram_server.fault(fault, telegram_bot, match={"method": "getChatMember"}, seconds=30)

    assert await members.of(group, BEN) is None


async def test_an_answer_that_is_late_is_none(telegram_server, telegram_bot, members, group):
    telegram_server.fault("slow", telegram_bot, match={"method": "getChatMember"}, seconds=6)

    began = asyncio.get_running_loop().time()

    assert await members.of(group, BEN) is None
    assert asyncio.get_running_loop().time() - began < 5.5


async def test_asking_takes_no_message_s_place(members, group):
    began = asyncio.get_running_loop().time()

    for _ in range(20):
        assert await members.of(group, BEN)

    assert asyncio.get_running_loop().time() - began < 3


RESTRICTED = {
    **dict.fromkeys(telegram.ChatPermissions.no_permissions().to_dict(), False),
    "status": "restricted",
    "user": {"id": BEN, "is_bot": False, "first_name": "Ben"},
    "until_date": 0,
}


@pytest.mark.parametrize(
    ("says", "standing"),
    [
        ({"is_member": True, "can_send_messages": True}, Standing.MEMBER),
        ({"is_member": True, "can_send_messages": False}, Standing.MUTED),
        ({"is_member": False, "can_send_messages": True}, Standing.LEFT),
    ],
)
def test_who_is_restricted_is_there_if_they_may_speak(says, standing):
    member = telegram.ChatMember.de_json({**RESTRICTED, **says}, None)

    assert membership_of(member) == Membership(standing)
    assert membership_of(member).present is (standing is Standing.MEMBER)


def test_a_status_of_a_later_telegram_is_no_answer():
    ben = {"id": BEN, "is_bot": False, "first_name": "Ben"}

    assert membership_of(telegram.ChatMember.de_json({"status": "emeritus", "user": ben}, None)) is None
