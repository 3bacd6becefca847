"""Who follows whom, and who has asked to. Works on account ids; speaks no HTTP."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from sandbox.x.accounts import Account


class Follow(NamedTuple):
    """One account on a list of follows; `number` grows with time and marks a page."""

    number: int
    account_id: str


@dataclass(frozen=True)
class Outcome:
    """What X says of a wish to follow; a protected account is only asked."""

    following: bool
    pending: bool


class Follows:
    """Every follow and every request that a protected account has not answered yet."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._following: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._followers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._requests: defaultdict[str, dict[str, int]] = defaultdict(dict)

    def ask(self, source: Account, target: Account) -> Outcome:
        """Follow an account, or ask a protected one; to ask twice changes nothing."""
        if target.protected and not self.follows(source.id, target.id):
            self._requests[target.id].setdefault(source.id, next(self._numbers))
            return Outcome(following=False, pending=True)
        self.set(source.id, target.id)
        return Outcome(following=True, pending=False)

    def set(self, source_id: str, target_id: str) -> None:
        """Let one account follow another, whatever the other thinks of it: accepts a request, too."""
        number = next(self._numbers)
        self._following[source_id].setdefault(target_id, number)
        self._followers[target_id].setdefault(source_id, number)
        self._requests[target_id].pop(source_id, None)

    def end(self, source_id: str, target_id: str) -> None:
        """Let one account follow another no more, and take a request back."""
        self._following[source_id].pop(target_id, None)
        self._followers[target_id].pop(source_id, None)
        self._requests[target_id].pop(source_id, None)

    def follows(self, source_id: str, target_id: str) -> bool:
        """Tell whether one account follows another."""
        return target_id in self._following[source_id]

    def asked(self, source_id: str, target_id: str) -> bool:
        """Tell whether a request waits for the other's answer."""
        return source_id in self._requests[target_id]

    def followed_by(self, account_id: str) -> list[Follow]:
        """Return whom an account follows, newest first."""
        return _newest_first(self._following[account_id])

    def followers_of(self, account_id: str) -> list[Follow]:
        """Return who follows an account, newest first."""
        return _newest_first(self._followers[account_id])

    def requests_to(self, account_id: str) -> list[Follow]:
        """Return who waits for an account's answer, newest first."""
        return _newest_first(self._requests[account_id])

    def counts(self, account_id: str) -> tuple[int, int]:
        """Return how many follow an account and how many it follows."""
        return len(self._followers[account_id]), len(self._following[account_id])

    def visible(self, viewer: Account, author: Account) -> bool:
        """Tell whether an account may see what another writes: all do, unless it is protected."""
        return not author.protected or viewer.id == author.id or self.follows(viewer.id, author.id)


def _newest_first(numbers: dict[str, int]) -> list[Follow]:
    """Return what a list of follows holds; it is kept oldest first."""
    return [Follow(number, account_id) for account_id, number in reversed(numbers.items())]
