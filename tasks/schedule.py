"""Schedules that come again and again: their rules, and the moments that follow from them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tasks.wall import Occurrence


@dataclass(frozen=True)
class Rule:
    """When a schedule's tasks are due, again and again. Equal rules have equal canonical words."""

    @property
    def canonical(self) -> str:
        """How it is stored; `Rule.read` takes it back."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.canonical

    @staticmethod
    def read(canonical: str) -> "Rule":
        """Read what `canonical` gave. Raises ValueError for anything else."""
        raise NotImplementedError

    def after(self, moment: datetime, zone: ZoneInfo) -> Iterator[Occurrence]:
        """Yield what follows strictly after the moment, in order, each moment once."""
        raise NotImplementedError


def next_after(rule: Rule, zone: ZoneInfo, after: datetime) -> datetime | None:
    """Say when it is due next, strictly after (UTC). None: never again."""
    return next((found.at for found in rule.after(after, zone)), None)


def upcoming(rule: Rule, zone: ZoneInfo, after: datetime, count: int = 3) -> list[Occurrence]:
    """List the next occurrences strictly after; fewer when the rule ends."""
    raise NotImplementedError


def shifted(rule: Rule, zone: ZoneInfo, after: datetime) -> list[Occurrence]:
    """List the occurrences of the coming year whose time on the wall is skipped or doubled."""
    raise NotImplementedError
