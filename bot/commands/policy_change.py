"""A policy with one choice changed, by what a button carries or by what the owner types."""

import re
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from tasks import zones
from tasks.policy import Approves, Asked, Asks, Policy, Unapproved
from tasks.quiet import read_quiet
from texts.reply import Refusal

Word = TypeVar("Word", bound=StrEnum)

#: What is typed, or pressed, to have none of something.
NONE = "none"
#: Most approvals, posts a day and dollars a month; more is a slip.
VOTES_MOST, QUOTA_MOST, DOLLARS_MOST = 20, 10_000, Decimal(100_000)
#: What can be typed, besides being chosen.
TYPED = ("quota", "cap", "pcap", "quiet", "zone")
_SWITCHES = ("links", "names", "order")
_AMOUNT = re.compile(r"\$?\s*([0-9]{1,6}(?:[.,][0-9]{1,4})?)\s*\$?", re.ASCII)


def chosen(policy: Policy, column: str, value: str) -> Policy | None:
    """Change what a button names. None: no button of ours carries that."""
    if column == "asks":
        return replace(policy, asks=Asks(value)) if value in set(Asks) else None
    if column == "approves":
        return replace(policy, approves=Approves(value)) if value in set(Approves) else None
    if column == "kinds":
        return replace(policy, kinds=_turned(Asked, policy.kinds, value)) if value in set(Asked) else None
    if column == "unapproved":
        if value not in set(Unapproved):
            return None
        return replace(policy, unapproved=_turned(Unapproved, policy.unapproved, value))
    return _number_or_switch(policy, column, value)


def typed(policy: Policy, column: str, words: str, language: str) -> Policy:
    """Change what the owner was asked for, by their words. Raises Refusal."""
    said = words.strip()
    none = said.casefold() == NONE
    if column == "quiet":
        quiet = None if none else read_quiet(said)
        if quiet is None and not none:
            raise Refusal("policy.hours_not_read", words=said[:64])
        return replace(policy, quiet=quiet)
    if column == "zone":
        found = zones.find(said, language)
        if len(found) != 1:
            raise Refusal("zone.unknown", words=said[:64])
        return replace(policy, zone=found[0])
    if column == "quota":
        count = None if none else _count(said, QUOTA_MOST)
        if count is None and not none:
            raise Refusal("policy.quota_not_read", words=said[:64])
        return replace(policy, quota_day=count)
    return _capped(policy, column, None if none else _amount(said))


def _number_or_switch(policy: Policy, column: str, value: str) -> Policy | None:
    if column in _SWITCHES:
        return _switched(policy, column, value)
    if column == "quiet":
        quiet = read_quiet(value)
        return replace(policy, quiet=quiet) if quiet or value == NONE else None
    number = _count(value, 10**9)
    if column == "votes":
        fits = number is not None and 1 <= number <= VOTES_MOST
        return replace(policy, votes_needed=number or 1) if fits else None
    if (number is None and value != NONE) or column not in ("quota", "cap", "pcap"):
        return None
    return replace(policy, quota_day=number) if column == "quota" else _capped(policy, column, number)


def _switched(policy: Policy, column: str, value: str) -> Policy | None:
    if value not in ("yes", "no"):
        return None
    on = value == "yes"
    if column == "order":
        return replace(policy, in_order=on)
    return replace(policy, links=on) if column == "links" else replace(policy, names_author=on)


def _capped(policy: Policy, column: str, cents_100: int | None) -> Policy:
    if column == "pcap":
        return replace(policy, person_cap_cents_100=cents_100)
    return replace(policy, cap_cents_100=cents_100)


def _turned(words: type[Word], chosen_now: frozenset[Word], value: str) -> frozenset[Word]:
    return chosen_now ^ {words(value)}


def _count(said: str, most: int) -> int | None:
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 11 else None
    return number if number is not None and number <= most else None


def _amount(said: str) -> int:
    """Read an amount of US dollars, in hundredths of a cent. Raises Refusal."""
    found = _AMOUNT.fullmatch(said)
    amount = Decimal(found[1].replace(",", ".")) if found else None
    if amount is None or amount > DOLLARS_MOST:
        raise Refusal("limits.not_read", words=said[:64])
    return int(amount * 10_000)
