"""What X lets an app on its self-serve plans do: allowed, or handed off, why and since when. Pure.

Source: X, changelog of February and April 2026, "Create Post", read 2026-08.
"""

from dataclasses import dataclass
from datetime import date

from tasks.kinds import Kind

#: Follows, likes and quotes were taken from all self-serve plans (changelog, 16 April 2026).
ENTERPRISE_SINCE = date(2026, 4, 20)
#: Answers only where the author named the account, or quoted it (changelog, February 2026).
SUMMONED_SINCE = date(2026, 2, 23)


@dataclass(frozen=True, slots=True)
class HandOff:
    """X does not let the app do it: the person finishes it in the X app."""

    why: str
    """Names the sentence: `enterprise` or `summoned`."""
    since: date


def of_kind(kind: Kind, *, x_enterprise: bool) -> HandOff | None:
    """Say whether a kind of task has to be handed off. None: the app may do it."""
    if kind.enterprise and not x_enterprise:
        return HandOff("enterprise", ENTERPRISE_SINCE)
    return None


def of_quote(*, x_enterprise: bool) -> HandOff | None:
    """Say whether a quote has to be handed off. None: the app may do it."""
    return None if x_enterprise else HandOff("enterprise", ENTERPRISE_SINCE)


def of_reply(*, x_enterprise: bool, is_asked_for: bool | None) -> HandOff | None:
    """Say whether an answer is better handed off: X would refuse it, or may. None: the app may do it.

    `is_asked_for`: the author named the account or quoted a post of its own, or is the account itself; None:
    nobody has looked.
    """
    if x_enterprise or is_asked_for:
        return None
    return HandOff("summoned", SUMMONED_SINCE)
