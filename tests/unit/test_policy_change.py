"""A policy changed by one choice or by typed words; what nobody can have meant changes nothing."""

import pytest

from bot.commands.policy_change import chosen, typed
from tasks.policy import Approves, Asked, Asks, Policy, Unapproved
from texts.reply import Refusal


@pytest.mark.parametrize(
    ("column", "value", "field", "after"),
    [
        ("asks", "members", "asks", Asks.MEMBERS),
        ("approves", "nobody", "approves", Approves.NOBODY),
        ("kinds", "read", "kinds", frozenset({Asked.POST, Asked.REPLY, Asked.MEDIA, Asked.READ})),
        ("kinds", "post", "kinds", frozenset({Asked.REPLY, Asked.MEDIA})),
        ("unapproved", "owner", "unapproved", frozenset({Unapproved.OWNER})),
        ("votes", "3", "votes_needed", 3),
        ("order", "yes", "in_order", True),
        ("links", "yes", "links", True),
        ("names", "no", "names_author", False),
        ("quota", "5", "quota_day", 5),
        ("quota", "none", "quota_day", None),
        ("cap", "0", "cap_cents_100", 0),
        ("pcap", "20000", "person_cap_cents_100", 20_000),
        ("quiet", "none", "quiet", None),
    ],
)
def test_a_choice_changes_its_column_only(column, value, field, after):
    before = Policy()

    changed = chosen(before, column, value)

    assert getattr(changed, field) == after
    others = [name for name in Policy.__dataclass_fields__ if name != field]
    assert all(getattr(changed, name) == getattr(before, name) for name in others)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("asks", "everybody"),
        ("kinds", ""),
        ("votes", "0"),
        ("votes", "21"),
        ("votes", "none"),
        ("order", "1"),
        ("quota", "-1"),
        ("quota", "٣"),
        ("cap", "1.5"),
        ("cap", "9" * 30),
        ("quiet", "late"),
        ("secrets", "yes"),
        ("", ""),
    ],
)
def test_what_no_button_of_ours_carries_changes_nothing(column, value):
    assert chosen(Policy(), column, value) is None


@pytest.mark.parametrize(
    ("column", "words", "field", "after"),
    [
        ("quota", " 7 ", "quota_day", 7),
        ("quota", "None", "quota_day", None),
        ("cap", "$7,50", "cap_cents_100", 75_000),
        ("cap", "none", "cap_cents_100", None),
        ("pcap", "0.0001", "person_cap_cents_100", 1),
        ("zone", "Berlin", "zone", "Europe/Berlin"),
        ("quiet", "NONE", "quiet", None),
    ],
)
def test_typed_words_are_read(column, words, field, after):
    assert getattr(typed(Policy(), column, words, "en"), field) == after


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("quota", "many"),
        ("quota", "99999"),
        ("cap", "-1"),
        ("cap", "1000000"),
        ("pcap", ""),
        ("zone", "Atlantis"),
        ("quiet", "22-7"),
    ],
)
def test_words_that_cannot_be_read_are_refused(column, words):
    with pytest.raises(Refusal):
        typed(Policy(), column, words, "en")
