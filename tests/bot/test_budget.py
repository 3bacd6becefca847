"""A person gets so much of the bot's time; who is too fast, or not let in, is told once and then ignored."""

import pytest

from bot.budget import IN_GROUPS, STARTS, TALK, TYPING, Budget, Caller, Verdict, caller_of
from bot.pace import GROUP, PRIVATE

ADA = Caller(101, private=True)
IN_A_GROUP = Caller(101, private=False)
TYPES = Caller(101, private=False, typing=True)
WELCOME, TOO_FAST, SILENCE = Verdict.WELCOME, Verdict.TOO_FAST, Verdict.SILENCE


@pytest.fixture
def budget():
    return Budget()


def spend_all(budget, caller=ADA, now=0.0):
    return [budget.spend(caller, now) for _ in range(TALK.burst)]


def test_a_burst_is_welcome_then_it_is_too_fast_said_once(budget):
    assert spend_all(budget) == [WELCOME] * TALK.burst
    assert [budget.spend(ADA, 0.5) for _ in range(3)] == [TOO_FAST, SILENCE, SILENCE]


def test_a_pause_earns_one_more_and_a_minute_another_word(budget):
    spend_all(budget)

    assert [budget.spend(ADA, TALK.every_s), budget.spend(ADA, 2.0)] == [WELCOME, TOO_FAST]
    assert [budget.spend(ADA, 4.0), budget.spend(ADA, 4.0)] == [WELCOME, SILENCE]
    assert TOO_FAST in [budget.spend(ADA, 63.0) for _ in range(TALK.burst + 1)]


def test_waiting_for_telegram_earns_no_flood_its_budget_back():
    assert TALK.every_s > PRIVATE.every_s


def test_one_member_of_a_group_leaves_half_of_its_answers_to_the_others():
    assert IN_GROUPS.every_s >= 2 * GROUP.every_s


def test_nobody_pays_for_somebody_else(budget):
    spend_all(budget)

    assert budget.spend(Caller(102, private=True), 0.0) is WELCOME


def test_in_a_group_nothing_is_said_about_it(budget):
    spend_all(budget, IN_A_GROUP)

    assert budget.spend(IN_A_GROUP, 0.0) is SILENCE
    assert budget.spend(ADA, 0.0) is WELCOME


def test_but_over_a_pressed_button(budget):
    presses = Caller(101, private=False, presses=True)
    spend_all(budget, presses)

    assert budget.spend(presses, 60.0) is WELCOME
    spend_all(budget, presses, 61.0)
    assert [budget.spend(presses, 200.0) for _ in range(14)][-2:] == [TOO_FAST, SILENCE]


def test_what_looks_secret_is_taken_a_while_longer(budget):
    spend_all(budget)
    secret = Caller(101, private=True, secret=True)

    verdicts = [budget.spend(secret, 0.0) for _ in range(12)]

    assert verdicts == [WELCOME] * 10 + [TOO_FAST, SILENCE]


def test_who_is_not_let_in_is_told_once_a_minute_and_ignored_meanwhile(budget):
    assert budget.turned_away(ADA, 0.0)
    assert [budget.spend(ADA, 1.0), budget.spend(ADA, 59.0), budget.spend(ADA, 60.0)] == [
        SILENCE,
        SILENCE,
        WELCOME,
    ]
    assert budget.turned_away(ADA, 60.0)


def test_but_may_come_back_with_another_invitation_a_few_times(budget):
    budget.turned_away(ADA, 0.0)
    start = Caller(101, private=True, starts=True)

    assert [budget.spend(start, 1.0) for _ in range(6)] == [WELCOME] * 5 + [SILENCE]
    assert not budget.turned_away(ADA, 1.0), "told a second ago"


def test_who_was_let_in_after_all_is_listened_to_and_told_when_it_ends(budget):
    budget.turned_away(ADA, 0.0)
    budget.let_in(ADA)

    assert budget.spend(ADA, 1.0) is WELCOME
    assert budget.turned_away(ADA, 1.0)


def test_the_books_do_not_grow_for_ever(budget):
    for number in range(10_100):
        budget.spend(Caller(number, private=True), 0.0)

    assert len(budget._books) == 10_000


@pytest.mark.parametrize(
    ("update", "caller"),
    [
        ({"message": {"from": {"id": 7}, "chat": {"id": 7}, "text": "Hello"}}, Caller(7, private=True)),
        (
            {"message": {"from": {"id": 7}, "chat": {"id": 7}, "text": "PIN 1234567"}},
            Caller(7, private=True, secret=True),
        ),
        (
            {"message": {"from": {"id": 7}, "chat": {"id": 7}, "text": "/start abc"}},
            Caller(7, private=True, starts=True),
        ),
        ({"message": {"from": {"id": 7}, "chat": {"id": -5}, "text": "/start"}}, Caller(7, private=False)),
        (
            {"callback_query": {"from": {"id": 7}, "message": {"chat": {"id": 7}, "text": "1234567"}}},
            Caller(7, private=True, presses=True),
        ),
        ({"my_chat_member": {"from": {"id": 7}, "chat": {"id": 7}}}, Caller(7, private=True)),
        ({"my_chat_member": {"from": {"id": 7}, "chat": {"id": -5}}}, None),
        ({"chat_member": {"from": {"id": 7}, "chat": {"id": -5}}}, None),
        ({"message": {"from": {"id": 7}, "chat": {"id": -5}, "left_chat_member": {"id": 7}}}, None),
        ({"message": {"from": {"id": 7}, "chat": {"id": -5}, "migrate_to_chat_id": -6}}, None),
        (
            {"message": {"from": {"id": 8}, "chat": {"id": -5}, "sender_chat": {"id": -5}}},
            Caller(-5, private=False),
        ),
        ({"message": {"from": {"id": "7"}}}, None),
        ({"message": "garbage"}, None),
        ({"channel_post": {"chat": {"id": -5}}}, None),
    ],
)
def test_who_caused_an_update_is_read_from_what_telegram_sent(update, caller):
    assert caller_of({"update_id": 1, **update}) == caller


def test_who_types_has_a_budget_apart_and_is_never_told_so(budget):
    assert [budget.spend(TYPES, 0.0) for _ in range(TYPING.burst)] == [WELCOME] * TYPING.burst
    assert budget.spend(TYPES, 0.0) is SILENCE
    assert [budget.spend(ADA, 0.0), budget.spend(IN_A_GROUP, 0.0)] == [WELCOME, WELCOME]


def test_who_is_turned_away_while_typing_is_looked_at_a_few_times_more(budget):
    budget.turned_away(TYPES, 0.0)

    assert [budget.spend(TYPES, 0.0) for _ in range(STARTS.burst + 1)] == [WELCOME] * STARTS.burst + [SILENCE]


def test_an_inline_query_is_typing_wherever_it_is():
    assert caller_of({"update_id": 1, "inline_query": {"from": {"id": 101}, "query": "1234567"}}) == TYPES
