"""The rights in full: every role, every action, every policy, against a matrix written by hand beside the code."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.membership import Membership, Standing
from tasks.permissions import (
    RULES,
    Action,
    Role,
    can_be_approved,
    counting,
    is_turn,
    may,
    may_ask,
    needs_votes,
    next_voter,
    role_of,
)
from tasks.policy import Approves, Asked, Asks, Policy, Unapproved

ROLES = (
    *("owner", "admin", "anonymous_admin", "listed", "member", "left", "banned", "outsider"),
    *("channel", "bot"),
)
#: One column for each of ROLES. y: always. o: what is their own. p: where the policy says so, and then anything.
#: q: where the policy says so, their own. n: where the policy names them, not their own. -: never.
#: Two letters: either is enough.
MATRIX = """
ask_post            p  p  -  p  p  -  -  -  -  -
ask_reply           p  p  -  p  p  -  -  -  -  -
ask_media           p  p  -  p  p  -  -  -  -  -
ask_schedule        p  p  -  p  p  -  -  -  -  -
ask_delete          p  p  -  q  q  -  -  -  -  -
ask_repost          p  p  -  p  p  -  -  -  -  -
ask_read            p  p  -  p  p  -  -  -  -  -
ask_message         p  p  -  p  p  -  -  -  -  -
edit_draft          o  o  -  q  q  -  -  -  -  -
cancel_draft        y  y  -  o  o  -  -  -  -  -
see_card            y  y  -  y  y  -  -  -  -  -
approve             n  n  -  n  n  -  -  -  -  -
reject              n  n  -  n  n  -  -  -  -  -
see_policy          y  y  -  y  y  o  o  o  -  -
change_policy       y  -  -  -  -  -  -  -  -  -
share               y  o  -  -  -  -  -  -  -  -
unshare             y  o  -  o  o  o  o  o  -  -
freeze              y  y  -  o  o  o  o  o  -  -
thaw                y  o  -  -  -  -  -  -  -  -
hand_over           y  o  -  o  o  o  o  o  -  -
receive             y  y  -  -  -  -  -  -  -  -
see_log             y  y  -  op op o  o  o  -  -
export_log          y  y  -  o  o  o  o  o  -  -
who_posted          y  y  -  op op o  o  o  -  -
see_relations       y  o  -  o  o  o  o  o  -  -
change_connection   y  o  -  o  o  o  o  o  -  -
disconnect          y  o  -  o  o  o  o  o  -  -
see_secrets         -  -  -  -  -  -  -  -  -  -
"""
CELLS = {
    (role, action): letters
    for action, *row in map(str.split, MATRIX.strip().splitlines())
    for role, letters in zip(ROLES, row, strict=True)
}


def policy_says(role, action, policy, named):
    """Read the policy as its owner would, without the code's table."""
    if action in {"see_log", "who_posted"}:
        return policy.names_author
    if action in {"approve", "reject"}:
        return {"nobody": False, "admins": role in {"owner", "admin"}, "named": named}[policy.approves]
    if action.startswith("ask_") and action.removeprefix("ask_") not in policy.kinds:
        return False
    if role in {"owner", "admin"}:
        return True
    return policy.asks == "members" or (policy.asks == "listed" and role == "listed")


def expected(role, action, policy, own, named):
    says = policy_says(role, action, policy, named)
    cell = {"y": True, "o": own, "p": says, "q": own and says, "n": says and not own, "-": False}
    return any(cell[letter] for letter in CELLS[role, action])


def policies():
    every = frozenset(Asked)
    kinds = [every, frozenset(), *(every - {kind} for kind in Asked), *(frozenset({kind}) for kind in Asked)]
    for asks, approves, names, allowed in product(Asks, Approves, (True, False), kinds):
        yield Policy(asks=asks, approves=approves, names_author=names, kinds=allowed)


def test_the_matrix_has_every_role_and_every_action_and_the_table_too():
    assert set(ROLES) == {role.value for role in Role}
    assert {action for _, action in CELLS} == {action.value for action in Action}
    assert set(RULES) == set(Action)


@pytest.mark.parametrize("role", Role)
def test_every_cell_is_as_the_matrix_says_under_every_policy(role):
    wrong = [
        (action.value, policy, own, named)
        for policy in policies()
        for action, own, named in product(Action, (True, False), (True, False))
        if may(role, action, policy, own=own, named=named)
        is not expected(role.value, action.value, policy, own, named)
    ]

    assert wrong == []


def test_what_is_in_no_table_is_denied():
    assert not any(may(role, "dance", Policy(), own=True, named=True) for role in Role)
    assert not may("king", Action.SEE_CARD, Policy(), own=True, named=True)


ANY_POLICY = st.builds(
    Policy,
    asks=st.sampled_from(Asks),
    kinds=st.frozensets(st.sampled_from(Asked)),
    approves=st.sampled_from(Approves),
    votes_needed=st.integers(1, 5),
    in_order=st.booleans(),
    unapproved=st.frozensets(st.sampled_from(Unapproved)),
    names_author=st.booleans(),
)
NOT_THERE = [role for role in Role if role.value not in {"owner", "admin", "listed", "member"}]
PEOPLE = st.lists(st.integers(1, 6), unique=True)


@given(ANY_POLICY, st.sampled_from(NOT_THERE), st.sampled_from(Asked))
def test_who_is_not_there_under_their_own_name_neither_asks_nor_approves(policy, role, kind):
    assert not may_ask(role, {kind}, policy)
    assert not may(role, Action.APPROVE, policy, named=True)


@given(ANY_POLICY, st.sampled_from(Role), PEOPLE, PEOPLE)
def test_nobody_approves_their_own(policy, role, named, yes):
    assert not may(role, Action.APPROVE, policy, own=True, named=1 in named)
    assert 1 not in counting(policy, named, author=1, yes=yes)


@given(ANY_POLICY, st.sampled_from(Role), st.frozensets(st.sampled_from(Asked), min_size=1))
def test_all_of_what_is_asked_for_must_be_allowed(policy, role, asked):
    assert may_ask(role, asked, policy) is all(may_ask(role, {each}, policy) for each in asked)
    assert not may_ask(role, frozenset(), policy)


@given(ANY_POLICY, PEOPLE, st.integers(1, 6))
def test_in_order_each_waits_for_the_one_before_and_the_author_is_passed_over(policy, named, author):
    policy = replace(policy, approves=Approves.NAMED, in_order=True)
    said_yes = []
    while (voter := next_voter(policy, named, author=author, before=said_yes)) is not None:
        may_now = [
            one
            for one in range(1, 7)
            if one not in said_yes and is_turn(policy, named, voter=one, author=author, before=said_yes)
        ]
        assert may_now == [voter]
        said_yes.append(voter)
        assert counting(policy, named, author=author, yes=said_yes) == {*said_yes}

    assert said_yes == [one for one in named if one != author]


@given(ANY_POLICY, PEOPLE, st.integers(1, 6))
def test_it_can_be_approved_if_the_named_without_the_author_are_enough(policy, named, author):
    policy = replace(policy, approves=Approves.NAMED, in_order=False)
    votes = counting(policy, named, author=author, yes=named)

    assert can_be_approved(policy, named, author=author) is (len(votes) >= policy.votes_needed)


def test_where_admins_approve_the_order_of_a_list_does_not_matter():
    policy = Policy(approves=Approves.ADMINS, in_order=True)

    assert is_turn(policy, [3, 1], voter=1, author=2)
    assert counting(policy, [3, 1], author=2, yes=[1]) == {1}


def test_who_said_yes_before_their_turn_counts_once_all_before_them_have():
    policy = Policy(approves=Approves.NAMED, in_order=True)

    assert counting(policy, [1, 2, 3], author=9, yes=[2]) == frozenset()
    assert counting(policy, [1, 2, 3], author=9, yes=[1, 2]) == {1, 2}
    assert counting(policy, [1, 2, 3], author=1, yes=[2]) == {2}


def test_who_has_approved_in_their_turn_may_say_so_again():
    policy = Policy(approves=Approves.NAMED, in_order=True)

    assert is_turn(policy, [1, 2], voter=1, author=9, before=[1])
    assert not is_turn(policy, [1, 2], voter=2, author=9, before=[2])


POST, REPLY = frozenset({Asked.POST}), frozenset({Asked.REPLY})


@pytest.mark.parametrize(
    ("unapproved", "role", "asked", "votes"),
    [
        ((), Role.OWNER, POST, 2),
        (("owner",), Role.OWNER, POST, 0),
        (("owner",), Role.ADMIN, POST, 2),
        (("admins",), Role.ADMIN, POST, 0),
        (("admins",), Role.OWNER, POST, 0),
        (("admins",), Role.LISTED, POST, 2),
        (("owner", "admins"), Role.MEMBER, POST, 2),
        (("reply",), Role.MEMBER, REPLY, 0),
        (("reply",), Role.MEMBER, REPLY | {Asked.MEDIA, Asked.SCHEDULE}, 0),
        (("reply",), Role.MEMBER, POST, 2),
        (("read",), Role.MEMBER, frozenset({Asked.READ}), 0),
        (("read",), Role.MEMBER, frozenset({Asked.MESSAGE}), 2),
        (("repost",), Role.MEMBER, frozenset({Asked.REPOST}), 0),
        (("repost", "reply", "read"), Role.MEMBER, frozenset({Asked.MEDIA}), 2),
        (("repost", "reply", "read"), Role.MEMBER, frozenset(), 2),
    ],
)
def test_what_needs_no_approval_is_said_by_the_policy(unapproved, role, asked, votes):
    policy = Policy(unapproved=frozenset(map(Unapproved, unapproved)), votes_needed=2)

    assert needs_votes(policy, role, asked) == votes
    assert needs_votes(replace(policy, approves=Approves.NOBODY), role, asked) == 0


@pytest.mark.parametrize("owns", [True, False])
@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("standing", [*Standing, None])
def test_a_role_is_what_telegram_says_and_what_the_grant_says(standing, owns, listed):
    found = role_of(Membership(standing) if standing else None, owns=owns, listed=listed)

    assert (
        found
        is {
            Standing.CREATOR: Role.OWNER if owns else Role.ADMIN,
            Standing.ADMIN: Role.OWNER if owns else Role.ADMIN,
            Standing.MEMBER: Role.LISTED if listed else Role.MEMBER,
            Standing.MUTED: Role.OUTSIDER,
            Standing.LEFT: Role.LEFT,
            Standing.BANNED: Role.BANNED,
            None: Role.OUTSIDER,
        }[standing]
    )
