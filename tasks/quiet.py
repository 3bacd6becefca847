"""Quiet hours, and the day a quota counts: both go by the wall clock of a zone. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tasks.wall import Shift, occurrence, on_wall, second_coming

_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-\u2013]\s*([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of day until another, perhaps over midnight; the same twice: all day."""

    begins: time
    ends: time

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


ALWAYS = Quiet(time(0), time(0))


def read_quiet(words: str) -> Quiet | None:
    """Read `22:00-07:00`. None: not understood."""
    found = _HOURS.fullmatch(words.strip())
    if found is None:
        return None
    hour, minute, until_hour, until_minute = map(int, found.groups())
    return Quiet(time(hour, minute), time(until_hour, until_minute))


def is_quiet(quiet: Quiet | None, moment: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the clock on the wall stands within the quiet hours."""
    if quiet is None:
        return False
    shown = on_wall(moment, zone).time()
    if quiet.begins < quiet.ends:
        return quiet.begins <= shown < quiet.ends
    return shown >= quiet.begins or shown < quiet.ends


def quiet_until(quiet: Quiet | None, moment: datetime, zone: ZoneInfo) -> datetime | None:
    """Find when it may be sent (UTC): the moment itself, or the end of the quiet hours. None: never."""
    if quiet is None or not is_quiet(quiet, moment, zone):
        return moment
    if quiet.begins == quiet.ends:
        return None
    today = on_wall(moment, zone).date()
    for days in range(-1, 4):
        end = occurrence(datetime.combine(today + timedelta(days=days), quiet.ends), zone)
        comings = [end.at, second_coming(end, zone)] if end.note is Shift.DOUBLED else [end.at]
        for candidate in comings:
            if candidate > moment and not is_quiet(quiet, candidate, zone):
                return candidate
    return None


def day_of(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the day that moment is in: its first moment, and the first of the next day (UTC)."""
    midnight = datetime.combine(on_wall(moment, zone).date(), time(0))
    return occurrence(midnight, zone).at, occurrence(midnight + _DAY, zone).at
