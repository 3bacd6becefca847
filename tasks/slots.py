"""Posting into the next free slot: times of day a person or group set aside. Pure."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from tasks.days import OnWeekdays
from tasks.schedule import AtTimes

#: More in a day are no plan.
SLOTS_MAX = 48

_BETWEEN = re.compile(r"[\s,;]+")
_SLOT = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_DAILY = OnWeekdays(frozenset(range(7)))


def read_slots(words: str) -> tuple[time, ...] | None:
    """Read times of day such as `9:00, 13:00 18:00`, sorted, each once. None: not understood, or too many."""
    found = [_SLOT.fullmatch(word) for word in _BETWEEN.split(words.strip(" ,;\n"))]
    read = {time(int(slot[1]), int(slot[2])) for slot in found if slot}
    return tuple(sorted(read)) if all(found) and len(found) <= SLOTS_MAX else None


def next_slot(
    slots: Sequence[time], zone: ZoneInfo, after: datetime, taken: Collection[datetime]
) -> datetime:
    """Find the first slot strictly after that nothing is planned for (UTC). `slots` must not be empty."""
    planned = frozenset(moment.replace(second=0, microsecond=0) for moment in taken)
    rule = AtTimes(_DAILY, tuple(slots))
    return next(slot.at for slot in rule.after(after, zone) if slot.at not in planned)
