"""Who may do what in a group: one table of actions. What it does not give, nobody may. Pure.

docs/permissions.md is made of it: `python -m tests.contracts.permissions_table`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from itertools import takewhile

from tasks.membership import Membership, Standing
from tasks.policy import Approves, Asked, Asks, Policy, Unapproved, goes_unapproved


class Role(StrEnum):
    """What somebody is in a group, towards one connection shared with it."""

    OWNER = "owner"
    """The connection is theirs, and they are an admin there."""
    ADMIN = "admin"
    ANONYMOUS_ADMIN = "anonymous_admin"
    """Writes as the group: nobody in particular, until a press shows who."""
    LISTED = "listed"
    """A member the owner listed as one who may ask."""
    MEMBER = "member"
    LEFT = "left"
    BANNED = "banned"
    OUTSIDER = "outsider"
    """Muted there, or Telegram did not say what they are."""
    CHANNEL = "channel"
    BOT = "bot"


class Action(StrEnum):
    """What somebody may want to do."""

    ASK_POST = "ask_post"
    ASK_REPLY = "ask_reply"
    ASK_MEDIA = "ask_media"
    ASK_SCHEDULE = "ask_schedule"
    ASK_DELETE = "ask_delete"
    """Own: what they had asked for themselves."""
    ASK_REPOST = "ask_repost"
    ASK_READ = "ask_read"
    ASK_MESSAGE = "ask_message"
    EDIT_DRAFT = "edit_draft"
    """Draft, planned or waiting for votes. Own, as in the others about a draft: they asked for it."""
    CANCEL_DRAFT = "cancel_draft"
    SEE_CARD = "see_card"
    APPROVE = "approve"
    REJECT = "reject"
    SEE_POLICY = "see_policy"
    CHANGE_POLICY = "change_policy"
    SHARE = "share"
    """Own, as in all about a grant or a connection: the connection is theirs, whatever they are there."""
    UNSHARE = "unshare"
    FREEZE = "freeze"
    THAW = "thaw"
    """Own: they froze it."""
    HAND_OVER = "hand_over"
    RECEIVE = "receive"
    """Becoming the owner of what is handed over."""
    SEE_LOG = "see_log"
    EXPORT_LOG = "export_log"
    WHO_POSTED = "who_posted"
    SEE_RELATIONS = "see_relations"
    """Which groups, schedules, drafts and people use a connection."""
    CHANGE_CONNECTION = "change_connection"
    """Its name, its cap, its account."""
    DISCONNECT = "disconnect"
    SEE_SECRETS = "see_secrets"


class Who(Enum):
    """Whom a cell of the table means."""

    NOBODY = auto()
    OWNER = auto()
    ADMINS = auto()
    """The owner too."""
    PRESENT = auto()
    """Whoever is there under their own name and may speak."""
    PEOPLE = auto()
    """Whoever has a name of their own, there or not."""
    ASKERS = auto()
    """By the policy: who may ask."""
    APPROVERS = auto()
    """By the policy: admins, or who is named and present."""
    READERS = auto()
    """By the policy: who is present, where the group may know the authors; else admins."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    anybodys: Who
    """Who may, whosever it is."""
    own: Who = Who.NOBODY
    """Who may besides, if it is their own."""
    kind: Asked | None = None
    """What the policy has to allow as well."""
    never_own: bool = False


#: The table. An action that is not in it is denied.
RULES: dict[Action, Rule] = {
    Action.ASK_POST: Rule(Who.ASKERS, kind=Asked.POST),
    Action.ASK_REPLY: Rule(Who.ASKERS, kind=Asked.REPLY),
    Action.ASK_MEDIA: Rule(Who.ASKERS, kind=Asked.MEDIA),
    Action.ASK_SCHEDULE: Rule(Who.ASKERS, kind=Asked.SCHEDULE),
    Action.ASK_DELETE: Rule(Who.ADMINS, own=Who.ASKERS, kind=Asked.DELETE),
    Action.ASK_REPOST: Rule(Who.ASKERS, kind=Asked.REPOST),
    Action.ASK_READ: Rule(Who.ASKERS, kind=Asked.READ),
    Action.ASK_MESSAGE: Rule(Who.ASKERS, kind=Asked.MESSAGE),
    Action.EDIT_DRAFT: Rule(Who.NOBODY, own=Who.ASKERS),
    Action.CANCEL_DRAFT: Rule(Who.ADMINS, own=Who.PRESENT),
    Action.SEE_CARD: Rule(Who.PRESENT),
    Action.APPROVE: Rule(Who.APPROVERS, never_own=True),
    Action.REJECT: Rule(Who.APPROVERS, never_own=True),
    Action.SEE_POLICY: Rule(Who.PRESENT, own=Who.PEOPLE),
    Action.CHANGE_POLICY: Rule(Who.OWNER),
    Action.SHARE: Rule(Who.OWNER, own=Who.ADMINS),
    Action.UNSHARE: Rule(Who.OWNER, own=Who.PEOPLE),
    Action.FREEZE: Rule(Who.ADMINS, own=Who.PEOPLE),
    Action.THAW: Rule(Who.OWNER, own=Who.ADMINS),
    Action.HAND_OVER: Rule(Who.OWNER, own=Who.PEOPLE),
    Action.RECEIVE: Rule(Who.ADMINS),
    Action.SEE_LOG: Rule(Who.READERS, own=Who.PEOPLE),
    Action.EXPORT_LOG: Rule(Who.ADMINS, own=Who.PEOPLE),
    Action.WHO_POSTED: Rule(Who.READERS, own=Who.PEOPLE),
    Action.SEE_RELATIONS: Rule(Who.OWNER, own=Who.PEOPLE),
    Action.CHANGE_CONNECTION: Rule(Who.OWNER, own=Who.PEOPLE),
    Action.DISCONNECT: Rule(Who.OWNER, own=Who.PEOPLE),
    Action.SEE_SECRETS: Rule(Who.NOBODY),
}
#: The action by which something is asked for.
ACTION_OF = {rule.kind: action for action, rule in RULES.items() if rule.kind}

_ADMINS = frozenset({Role.OWNER, Role.ADMIN})
_PRESENT = _ADMINS | {Role.LISTED, Role.MEMBER}
_ROLES: dict[Who, frozenset[Role]] = {
    Who.OWNER: frozenset({Role.OWNER}),
    Who.ADMINS: _ADMINS,
    Who.PRESENT: _PRESENT,
    Who.PEOPLE: _PRESENT | {Role.LEFT, Role.BANNED, Role.OUTSIDER},
}
_ASKERS: dict[Asks, frozenset[Role]] = {
    Asks.ADMINS: _ADMINS,
    Asks.LISTED: _ADMINS | {Role.LISTED},
    Asks.MEMBERS: _PRESENT,
}
_STANDING: dict[Standing, Role] = {
    Standing.MEMBER: Role.MEMBER,
    Standing.LEFT: Role.LEFT,
    Standing.BANNED: Role.BANNED,
}


def role_of(membership: Membership | None, *, owns: bool = False, listed: bool = False) -> Role:
    """Say what a person is towards a grant. `owns`: the connection; `listed`: among those who may ask.

    None, no answer of Telegram: an outsider, who may do nothing there.
    """
    if membership is None:
        return Role.OUTSIDER
    if membership.administers:
        return Role.OWNER if owns else Role.ADMIN
    if listed and membership.present:
        return Role.LISTED
    return _STANDING.get(membership.standing, Role.OUTSIDER)


def may(role: Role, action: Action, policy: Policy, *, own: bool = False, named: bool = False) -> bool:
    """Say whether somebody may. `own`: it is theirs, see `Action`; `named`: among those who approve."""
    rule = RULES.get(action)
    if rule is None or (own and rule.never_own) or (rule.kind and rule.kind not in policy.kinds):
        return False
    given = _is_meant(rule.anybodys, role, policy, named=named)
    return given or (own and _is_meant(rule.own, role, policy, named=named))


def may_ask(role: Role, asked: Collection[Asked], policy: Policy, *, own: bool = False) -> bool:
    """Say whether somebody may ask for something new: each part of it has to be allowed (policy.asked_by).

    `own`: of a deletion, whether the post is theirs.
    """
    return bool(asked) and all(may(role, ACTION_OF[each], policy, own=own) for each in asked)


def needs_votes(policy: Policy, role: Role, asked: Collection[Asked]) -> int:
    """Say how many must approve what somebody in that role asks for; 0: it may go out."""
    if policy.approves is Approves.NOBODY or goes_unapproved(policy, asked):
        return 0
    if role is Role.OWNER and policy.unapproved & {Unapproved.OWNER, Unapproved.ADMINS}:
        return 0
    if role is Role.ADMIN and Unapproved.ADMINS in policy.unapproved:
        return 0
    return policy.votes_needed


def counting(policy: Policy, named: Sequence[int], *, author: int, yes: Collection[int]) -> frozenset[int]:
    """Say whose yes counts, of those who said it. `named`: who approves, in order.

    In order: only while all who stand before have said yes too. The fence says the same in SQL
    (storage/shared.py: has_votes). What Telegram knows of the voters is another matter (`may`).
    """
    if policy.approves is Approves.ADMINS:
        return frozenset(yes) - {author}
    if policy.approves is Approves.NOBODY:
        return frozenset()
    others = [each for each in named if each != author]
    if _in_order(policy):
        others = list(takewhile(lambda each: each in yes, others))
    return frozenset(others) & frozenset(yes)


def is_turn(
    policy: Policy, named: Sequence[int], *, voter: int, author: int, before: Collection[int] = ()
) -> bool:
    """Say whether somebody who may approve may do it now. A no waits for nobody's turn."""
    if not _in_order(policy):
        return True
    return next_voter(policy, named, author=author, before={*before} - {voter}) == voter


def next_voter(
    policy: Policy, named: Sequence[int], *, author: int, before: Collection[int] = ()
) -> int | None:
    """Say whose turn it is to approve. None: nobody's in particular, or all have."""
    if not _in_order(policy):
        return None
    return next((each for each in named if each != author and each not in before), None)


def can_be_approved(policy: Policy, named: Sequence[int], *, author: int) -> bool:
    """Say whether enough named people are there at all: nobody approves their own."""
    return policy.approves is not Approves.NAMED or len({*named} - {author}) >= policy.votes_needed


def _in_order(policy: Policy) -> bool:
    return policy.in_order and policy.approves is Approves.NAMED


def _is_meant(who: Who, role: Role, policy: Policy, *, named: bool) -> bool:
    if who is Who.ASKERS:
        return role in _ASKERS[policy.asks]
    if who is Who.APPROVERS:
        if policy.approves is Approves.NAMED:
            return named and role in _PRESENT
        return policy.approves is Approves.ADMINS and role in _ADMINS
    if who is Who.READERS:
        return role in (_PRESENT if policy.names_author else _ADMINS)
    return role in _ROLES.get(who, frozenset())
