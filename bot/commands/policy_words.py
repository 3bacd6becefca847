"""A policy in words: a list everybody can read, and the word of each choice. Changes nothing."""

from decimal import Decimal

from tasks.permissions import can_be_approved
from tasks.policy import Approves, Asks, Policy
from texts.reply import Fact, Say

Lines = tuple[Say, ...]


def word(column: str, value: str) -> Say:
    """Name a choice of a policy's column."""
    return Say(f"policy.word_{column}_{value}")


def lines(policy: Policy, asking: str, approving: str) -> Lines:
    """Say what a policy allows, point by point; `asking`, `approving`: the names of whom it lists."""
    return (
        _asking(policy, asking),
        *_kinds(policy),
        _approval(policy, approving),
        *(Say("policy.unapproved", {"what": word("unapproved", each)}) for each in sorted(policy.unapproved)),
        *_limits(policy),
        *_hours(policy),
        Say("policy.links", {"allowed": yes(policy.links)}),
        Say("policy.author", {"named": yes(policy.names_author)}),
    )


def yes(value: bool) -> str:  # noqa: FBT001 - one value in, its word out
    """Write a yes or no as texts choose by it."""
    return "yes" if value else "no"


def dollars(cents_100: int) -> Decimal:
    """Write hundredths of a cent as US dollars."""
    return Decimal(cents_100) / 10_000


def cannot_be_approved(policy: Policy, named: list[int], author: int) -> bool:
    """Tell whether a policy asks for more votes than people it names."""
    return policy.approves is Approves.NAMED and not can_be_approved(policy, named, author=author)


def nobody_listed(policy: Policy, listed: list[int]) -> bool:
    """Tell whether a policy lets listed people ask, and lists nobody."""
    return policy.asks is Asks.LISTED and not listed


def _kinds(policy: Policy) -> Lines:
    if not policy.kinds:
        return (Say("policy.nothing"),)
    allowed = tuple(Say("policy.kind", {"what": word("kinds", each)}) for each in sorted(policy.kinds))
    return (Say("policy.kinds"), *allowed)


def _asking(policy: Policy, names: str) -> Say:
    who = policy.asks if names or policy.asks is not Asks.LISTED else Asks.ADMINS
    return Say("policy.asks", {"who": who.value, "names": names})


def _approval(policy: Policy, approving: str) -> Say:
    facts: dict[str, Fact] = {
        "who": "unnamed" if policy.approves is Approves.NAMED and not approving else policy.approves.value,
        "votes": policy.votes_needed,
        "names": approving,
        "in_order": yes(policy.in_order),
    }
    return Say("policy.approval", facts)


def _limits(policy: Policy) -> Lines:
    said = []
    if policy.quota_day is not None:
        said.append(Say("policy.quota", {"count": policy.quota_day}))
    if policy.cap_cents_100 is not None:
        said.append(Say("policy.cap", {"cap": dollars(policy.cap_cents_100)}))
    if policy.person_cap_cents_100 is not None:
        said.append(Say("policy.person_cap", {"cap": dollars(policy.person_cap_cents_100)}))
    return tuple(said)


def _hours(policy: Policy) -> Lines:
    if policy.quiet is None:
        return ()
    return (Say("policy.quiet", {"hours": str(policy.quiet), "zone": policy.zone or "UTC"}),)
