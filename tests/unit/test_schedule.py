"""Rules of schedules, against another way to find their moments: every minute of a week, looked at one by one."""

# ruff: noqa: DTZ001 - times on a wall are naive

import calendar
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import days
from tasks.schedule import AtTimes, Cron, Interval, Rule, next_after, shifted, upcoming
from tasks.wall import Occurrence, Shift, change_after, occurrence, on_wall

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
unhurried = settings(deadline=None, max_examples=80)
#: A day near which clocks change, by zone: put forward and back, by an hour, half of one, 15 minutes, a day.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Santiago", date(2026, 4, 5)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Apia", date(2011, 4, 2)),
    ("Asia/Kathmandu", date(1986, 1, 1)),
    ("Asia/Kathmandu", date(2026, 3, 29)),
]
WEEK = 7 * 24 * 60


@dataclass(frozen=True)
class Minute:
    """One minute as a watcher of the wall sees it go by."""

    at: datetime
    wall: datetime
    jumped: tuple[datetime, ...]
    """Times the clock has just jumped over."""
    first: bool
    """The clock has not shown this time before."""
    again: bool
    """It shows it more than once."""


@lru_cache
def minutes_around(zone: str, day: date) -> list[Minute]:
    """List every minute of the week around that day."""
    start = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(days=4)
    moments = [start + number * MINUTE for number in range(WEEK)]
    walls = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in moments]
    often = Counter(walls)
    found, seen, expected = [], set(), walls[0]
    for at, wall in zip(moments, walls, strict=True):
        jumped = tuple(expected + number * MINUTE for number in range(max(0, (wall - expected) // MINUTE)))
        found.append(Minute(at, wall, jumped, wall not in seen, often[wall] > 1))
        seen.add(wall)
        expected = wall + MINUTE
    return found


def scanned(
    zone: str, day: date, wanted: Callable[[datetime], bool], *, always: bool = False
) -> list[tuple[datetime, Shift | None]]:
    """Find when a watcher of the wall acts: once for each wanted time, or at the end of the gap it is in.

    `always`: a watcher who acts whenever a wanted time is shown, and never for one that was jumped over.
    """
    found: list[tuple[datetime, Shift | None]] = []
    for minute in minutes_around(zone, day):
        if not always and any(map(wanted, minute.jumped)):
            found.append((minute.at, Shift.SKIPPED))
        elif (always or minute.first) and wanted(minute.wall):
            found.append((minute.at, Shift.DOUBLED if minute.again and not always else None))
    return found


def followed(rule: Rule, zone: str, day: date, after: datetime) -> list[tuple[datetime, Shift | None]]:
    """Ask the rule for the same week. The last day is left out: a change may be waiting behind it."""
    end = minutes_around(zone, day)[-1].at
    found = takewhile(lambda one: one.at <= end, rule.after(after, ZoneInfo(zone)))
    return [(one.at, one.note) for one in found]


#: Often at night, when clocks change, and at the borders of the day.
times_of_day = st.one_of(
    st.builds(time, st.integers(0, 3), st.sampled_from([0, 1, 15, 29, 30, 31, 45, 59])),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
some_times = st.lists(times_of_day, min_size=1, max_size=4).map(tuple)
some_weekdays = st.frozensets(st.integers(0, 6), min_size=1)
changes = st.sampled_from(CHANGES)
offsets = st.integers(0, WEEK * 60)


def test_the_days_of_these_tests_do_see_clocks_change():
    unmoved = {
        (zone, day)
        for zone, day in CHANGES
        if len({at.astimezone(ZoneInfo(zone)).utcoffset() for at in _moments(zone, day)}) == 1
    }

    assert unmoved == {("Asia/Kathmandu", date(2026, 3, 29))}


@unhurried
@given(changes, some_weekdays, some_times, offsets)
def test_times_on_weekdays_come_as_a_watcher_of_the_wall_sees_them(change, weekdays, times, seconds):
    zone, day = change
    after = minutes_around(zone, day)[0].at + timedelta(seconds=seconds)
    rule = AtTimes(days.OnWeekdays(weekdays), times)

    expected = scanned(zone, day, lambda wall: wall.weekday() in weekdays and wall.time() in times)

    assert followed(rule, zone, day, after) == [one for one in expected if one[0] > after]


@unhurried
@given(changes, st.integers(1, 40), st.integers(-60, 60), some_times)
def test_every_few_days_come_as_a_watcher_of_the_wall_sees_them(change, number, shift, times):
    zone, day = change
    start = day + timedelta(days=shift)
    rule = AtTimes(days.EveryDays(number, start), times)
    first = minutes_around(zone, day)[0].at - MINUTE

    def wanted(wall: datetime) -> bool:
        counted = wall.toordinal() - start.toordinal()
        return counted in range(0, 400, number) and wall.time() in times

    assert followed(rule, zone, day, first) == scanned(zone, day, wanted)


@unhurried
@given(
    changes,
    st.sets(st.integers(0, 59), min_size=1, max_size=5),
    st.sets(st.integers(0, 23), min_size=1, max_size=6),
    some_weekdays,
    offsets,
)
def test_cron_at_named_hours_comes_as_a_watcher_of_the_wall_sees_it(
    change, minutes, hours, weekdays, seconds
):
    zone, day = change
    after = minutes_around(zone, day)[0].at + timedelta(seconds=seconds)
    rule = Cron(f"{_listed(minutes)} {_listed(hours)} * * {_listed({(one + 1) % 7 for one in weekdays})}")

    def wanted(wall: datetime) -> bool:
        return wall.minute in minutes and wall.hour in hours and wall.weekday() in weekdays

    assert followed(rule, zone, day, after) == [one for one in scanned(zone, day, wanted) if one[0] > after]


@unhurried
@given(changes, st.sets(st.integers(0, 59), min_size=1, max_size=5), st.integers(1, 12), offsets)
def test_cron_at_every_hour_follows_the_hand_of_the_clock(change, minutes, step, seconds):
    zone, day = change
    after = minutes_around(zone, day)[0].at + timedelta(seconds=seconds)
    rule = Cron(f"{_listed(minutes)} */{step} * * *")

    expected = scanned(zone, day, lambda wall: wall.minute in minutes and wall.hour % step == 0, always=True)

    assert followed(rule, zone, day, after) == [one for one in expected if one[0] > after]


@unhurried
@given(changes, st.integers(1, 3000), st.integers(0, 10_000), offsets)
def test_intervals_are_real_minutes_whatever_clocks_do(change, minutes, ago, seconds):
    zone, day = change
    first = minutes_around(zone, day)[0].at
    start, after = first - ago * MINUTE, first + timedelta(seconds=seconds)
    found = list(islice(Interval(minutes, start).after(after, ZoneInfo(zone)), 5))

    assert after < found[0].at <= max(after, start) + minutes * MINUTE
    assert all(((one.at - start) / MINUTE) % minutes == 0 and one.note is None for one in found)
    assert {later.at - one.at for one, later in pairwise(found)} == {minutes * MINUTE}


def test_the_first_interval_passes_before_the_first_post():
    made = datetime(2026, 11, 23, 16, 10, 59, tzinfo=UTC)

    assert next_after(Interval(120, made), BERLIN, made) == datetime(2026, 11, 23, 18, 10, tzinfo=UTC)
    assert next_after(Interval(120, made), BERLIN, made - timedelta(days=9)) == datetime(
        2026, 11, 23, 18, 10, tzinfo=UTC
    )


def test_a_hundred_years_of_first_mondays():
    rule = AtTimes(days.NthWeekday(1, 0), (time(10),))
    found = islice(rule.after(datetime(2026, 1, 1, tzinfo=UTC), BERLIN), 1200)

    expected = [
        datetime(year, month, next(week[0] for week in calendar.monthcalendar(year, month) if week[0]), 10)
        for year in range(2026, 2126)
        for month in range(1, 13)
    ]
    assert [one.shown(BERLIN) for one in found] == expected


@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5, days.LAST])
def test_nth_weekdays_are_those_of_the_calendar(nth):
    for year in (2024, 2026, 2027):
        for month in range(1, 13):
            for weekday in range(7):
                column = [week[weekday] for week in calendar.monthcalendar(year, month) if week[weekday]]
                wanted = column[-1:] if nth == days.LAST else column[nth - 1 : nth]
                assert _days_of(days.NthWeekday(nth, weekday), year, month) == wanted


@pytest.mark.parametrize("number", [1, 28, 29, 30, 31, days.LAST])
def test_days_of_the_month_skip_the_months_without_them_and_the_last_is_always_there(number):
    for year in (1900, 2000, 2024, 2026, 2100):
        for month in range(1, 13):
            there = range(1, calendar.monthrange(year, month)[1] + 1)
            wanted = [there[-1]] if number == days.LAST else [number] if number in there else []
            assert _days_of(days.MonthDay(number), year, month) == wanted


def test_a_leap_day_comes_in_leap_years_alone():
    found = Cron("0 12 29 2 *").after(datetime(2026, 1, 1, tzinfo=UTC), BERLIN)

    leap_years = [year for year in range(2026, 2126) if calendar.isleap(year)]
    assert [one.wall for one in islice(found, len(leap_years))] == [
        datetime(year, 2, 29, 12) for year in leap_years
    ]


def test_every_second_week_counts_weeks_from_monday_and_begins_at_its_start():
    rule = days.EveryWeeks(2, date(2026, 11, 25), frozenset({0, 3}))  # a Wednesday

    assert [day for day in _following(date(2026, 11, 20), 30) if rule.on(day)] == [
        date(2026, 11, 26),
        date(2026, 12, 7),
        date(2026, 12, 10),
    ]


def test_a_rule_that_never_comes_true_ends():
    after = datetime(2026, 1, 1, tzinfo=UTC)

    assert next_after(Cron("0 0 * 2 1#5"), BERLIN, after) == datetime(2044, 2, 28, 23, tzinfo=UTC)
    assert next_after(Cron("0 0 */30 2 1#5"), BERLIN, after) is None
    assert upcoming(Cron("0 * */30 2 1#5"), BERLIN, after) == []


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_what_clocks_will_do_to_a_daily_post_is_known_a_year_ahead(zone):
    daily = AtTimes(days.OnWeekdays(frozenset(range(7))), (time(1, 45), time(2, 15), time(12)))
    after = datetime(2026, 1, 1, tzinfo=UTC)
    year = takewhile(lambda one: one.at < after + timedelta(days=360), daily.after(after, ZoneInfo(zone)))

    found = shifted(daily, ZoneInfo(zone), after)

    assert found
    assert found == [one for one in year if one.note]


def test_what_only_follows_real_time_is_never_shifted():
    after = datetime(2026, 1, 1, tzinfo=UTC)

    assert shifted(Cron("*/10 * * * *"), BERLIN, after) == []
    assert shifted(Interval(30, after), BERLIN, after) == []


@pytest.mark.parametrize(
    ("stored", "first"),
    [
        ("on mon,tue,wed,thu,fri at 08:30", "2026-11-24 08:30"),
        ("on mon,tue,wed,thu,fri,sat,sun at 09:00,17:15", "2026-11-23 17:15"),
        ("every 3 days from 2026-11-24 at 09:00", "2026-11-24 09:00"),
        ("every 2 weeks from 2026-11-24 on mon,thu at 09:00", "2026-11-26 09:00"),
        ("every 120 minutes from 2026-11-23T16:10Z", "2026-11-23 19:10"),
        ("monthly first mon at 10:00", "2026-12-07 10:00"),
        ("monthly last day at 12:00", "2026-11-30 12:00"),
        ("monthly day 31 at 12:00", "2026-12-31 12:00"),
        ("cron 0 9 * * 1-5", "2026-11-24 09:00"),
        ("cron 0 9 LW * *", "2026-11-30 09:00"),
    ],
)
def test_rules_are_stored_as_words_and_come_back(stored, first):
    rule = Rule.read(stored)

    assert str(rule) == rule.canonical == stored
    [one] = upcoming(rule, BERLIN, datetime(2026, 11, 23, 16, 10, tzinfo=UTC), 1)
    assert f"{one.wall:%Y-%m-%d %H:%M}" == first


dates = st.dates(date(2015, 1, 1), date(2030, 1, 1))
some_days = st.one_of(
    st.builds(days.OnWeekdays, some_weekdays),
    st.builds(days.EveryDays, st.integers(1, days.EVERY_DAYS_MAX), dates),
    st.builds(days.EveryWeeks, st.integers(1, 100), dates, some_weekdays),
    st.builds(days.NthWeekday, st.sampled_from(list(days.NTH.values())), st.integers(0, 6)),
    st.builds(days.MonthDay, st.one_of(st.just(days.LAST), st.integers(1, 31))),
)
moments = st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
rules = st.one_of(
    st.builds(AtTimes, some_days, some_times),
    st.builds(Interval, st.integers(1, 100_000), moments),
    st.builds(
        "{} {} {} * {}".format, st.integers(0, 59), st.integers(0, 23), st.integers(1, 31), st.just("*")
    ).map(Cron),
)


@unhurried
@given(rules)
def test_whatever_is_stored_comes_back_the_same(rule):
    assert Rule.read(str(rule)) == rule
    assert str(Rule.read(str(rule))) == str(rule)


@unhurried
@given(rules, moments, st.sampled_from([zone for zone, _ in CHANGES]))
def test_the_next_of_the_next_is_the_one_after(rule, after, zone):
    """A schedule that asks anew after each post meets the same moments as one that looked ahead."""
    ahead = upcoming(rule, ZoneInfo(zone), after, 4)

    assert after < ahead[0].at
    for one, later in pairwise(ahead):
        assert one.at < later.at
        assert next_after(rule, ZoneInfo(zone), one.at) == later.at


@pytest.mark.parametrize(
    "words",
    [
        "", "x", "on", "on at 09:00", "on mon at", "on mon at 9", "on xyz at 09:00", "on mon at 09:00:30",
        "every 0 days from 2026-11-24 at 09:00", "every 1 days from x at 09:00", "every 0 minutes from 2026-11-23T16:10Z",
        "every 5 minutes from 2026-11-23T16:10", "every 99999999 minutes from 2026-11-23T16:10Z", "monthly sixth mon at 10:00",
        "monthly day 32 at 10:00", "monthly day 0 at 10:00", "cron", "cron 0 9 * *", "cron 0 9 * * * *", "cron 60 9 * * *",
        "cron 0 0 30 2 *", "cron 0 0 * * 5L/2", "cron 0 0 * * 1#2/3", "cron @daily", "cron */0 * * * *",
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(words):
    with pytest.raises(ValueError):
        Rule.read(words)


@pytest.mark.parametrize(
    ("stored", "minutes"),
    [
        ("on mon at 09:00", 24 * 60),
        ("on mon at 09:00,09:04,12:00", 4),
        ("on mon at 00:01,23:59", 2),
        ("every 7 minutes from 2026-11-23T16:10Z", 7),
        ("cron * * * * *", 1),
        ("cron */7 3 * * *", 7),
        ("cron */7 * * * *", 4),
    ],
)
def test_how_close_posts_may_come_is_known(stored, minutes):
    assert Rule.read(stored).closest == minutes * MINUTE


def test_a_skipped_time_comes_right_after_the_gap_and_those_of_one_gap_together():
    rule = AtTimes(days.OnWeekdays(frozenset(range(7))), (time(2, 15), time(2, 30), time(3), time(4)))
    after = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)

    assert upcoming(rule, BERLIN, after, 2) == [
        Occurrence(datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 2, 15), Shift.SKIPPED),
        Occurrence(datetime(2026, 3, 29, 2, tzinfo=UTC), datetime(2026, 3, 29, 4)),
    ]
    assert upcoming(rule, BERLIN, after)[0].shown(BERLIN) == datetime(2026, 3, 29, 3)


def test_a_doubled_time_comes_once_also_when_asked_between_its_two_comings():
    rule = AtTimes(days.OnWeekdays(frozenset(range(7))), (time(2, 30),))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert next_after(rule, BERLIN, first - MINUTE) == first
    assert next_after(rule, BERLIN, first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)
    assert next_after(rule, BERLIN, first + 30 * MINUTE) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@unhurried
@given(st.sampled_from(CHANGES), st.integers(0, WEEK * 60), st.integers(0, 3 * 3600))
def test_a_later_time_on_the_wall_is_never_an_earlier_moment(change, seconds, later):
    zone, day = change
    wall = datetime.combine(day, time(0)) - timedelta(days=4) + timedelta(seconds=seconds)

    first = occurrence(wall, ZoneInfo(zone))
    second = occurrence(wall + timedelta(seconds=later), ZoneInfo(zone))

    assert first.at <= second.at
    assert (first.shown(ZoneInfo(zone)) != wall) == (first.note == Shift.SKIPPED)


def test_the_moment_of_a_change_is_found_to_the_second():
    before, after = datetime(2026, 10, 24, 7, 3, 11, tzinfo=UTC), datetime(2026, 10, 25, 19, tzinfo=UTC)

    assert change_after(before, after, BERLIN) == datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert on_wall(change_after(before, after, BERLIN), BERLIN) == datetime(2026, 10, 25, 2)


def _moments(zone: str, day: date) -> list[datetime]:
    return [minute.at for minute in minutes_around(zone, day)]


def _listed(numbers: set[int]) -> str:
    return ",".join(map(str, sorted(numbers)))


def _following(day: date, count: int) -> list[date]:
    return [day + timedelta(days=number) for number in range(count)]


def _days_of(which: days.Days, year: int, month: int) -> list[int]:
    return [day.day for day in _following(date(year, month, 1), 31) if day.month == month and which.on(day)]
