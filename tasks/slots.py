"""Posting into the next free slot: times of day a person or group set aside. Pure."""

from collections.abc import Collection, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo


def read_slots(words: str) -> tuple[time, ...] | None:
    """Read times of day such as `9:00, 13:00 18:00`, sorted, each once. None: not understood."""
    raise NotImplementedError


def next_slot(
    slots: Sequence[time], zone: ZoneInfo, after: datetime, taken: Collection[datetime]
) -> datetime:
    """Find the first slot strictly after that nothing is planned for (UTC). `slots` must not be empty."""
    raise NotImplementedError
