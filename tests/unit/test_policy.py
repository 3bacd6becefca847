"""A grant's policy: its words, quiet hours and days by the wall clock, also where clocks change."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.kinds import KINDS
from tasks.policy import Approves, Asked, Asks, Policy, Unapproved, asked_by, changed, columns_of, read_policy
from tasks.quiet import ALWAYS, Quiet, day_of, is_quiet, quiet_until, read_quiet

VIENNA, UTC_ZONE = ZoneInfo("Europe/Vienna"), ZoneInfo("UTC")
ZONES = (
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Havana",
)
NIGHT = Quiet(time(22), time(7))
TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))
MOMENTS = st.integers(0, 6 * 366 * 86_400).map(
    lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)
IN_ZONES = st.sampled_from(ZONES).map(ZoneInfo)
SUMS = st.none() | st.integers(0, 10**9)

POLICIES = st.builds(
    Policy,
    asks=st.sampled_from(Asks),
    kinds=st.frozensets(st.sampled_from(Asked)),
    approves=st.sampled_from(Approves),
    votes_needed=st.integers(1, 9),
    in_order=st.booleans(),
    unapproved=st.frozensets(st.sampled_from(Unapproved)),
    quota_day=st.none() | st.integers(0, 99),
    cap_cents_100=SUMS,
    person_cap_cents_100=SUMS,
    quiet=st.none() | st.builds(Quiet, TIMES, TIMES),
    zone=st.none() | st.sampled_from(ZONES),
    links=st.booleans(),
    names_author=st.booleans(),
)


def local(words, zone=VIENNA, fold=0):
    return datetime.fromisoformat(words).replace(tzinfo=zone, fold=fold).astimezone(UTC)


# words


@given(POLICIES)
def test_a_policy_is_read_from_its_columns_as_it_was_written(policy):
    assert read_policy(columns_of(policy)) == policy


@given(POLICIES, POLICIES)
def test_what_changed_is_told_by_column(before, after):
    told = changed(before, after)

    assert (told == {}) is (before == after)
    new = {name: value for name, (_, value) in told.items()}
    assert read_policy(columns_of(before) | new) == after


def test_without_a_word_of_the_owner_little_is_allowed():
    assert columns_of(Policy()) == {
        "asks": "admins",
        "kinds": "post reply media",
        "approves": "admins",
        "votes_needed": 1,
        "in_order": False,
        "unapproved": "",
        "quota_day": None,
        "cap_cents_100": None,
        "person_cap_cents_100": None,
        "quiet": None,
        "zone": None,
        "links": False,
        "names_author": True,
    }


@pytest.mark.parametrize(
    ("column", "written", "strictest"),
    [
        ("asks", "everybody", {"asks": Asks.ADMINS}),
        ("kinds", "post dance", {"kinds": frozenset({Asked.POST})}),
        ("approves", "a quorum", {"approves": Approves.NAMED}),
        ("votes_needed", 0, {"votes_needed": 1}),
        ("unapproved", "everything", {"unapproved": frozenset()}),
        ("quiet", "at night", {"quiet": ALWAYS}),
    ],
)
def test_a_word_nobody_knows_permits_nothing(column, written, strictest):
    assert read_policy(columns_of(Policy()) | {column: written}) == replace(Policy(), **strictest)


def test_a_zone_nobody_knows_counts_as_utc():
    assert Policy().clock == Policy(zone="Mars/Olympus").clock == UTC_ZONE
    assert Policy(zone="../etc").clock == UTC_ZONE
    assert Policy(zone="Europe/Vienna").clock == VIENNA


# what a task asks for


def test_each_kind_of_task_asks_for_something():
    assert {name for name in KINDS if asked_by(name) is None} == set()
    assert asked_by("dance") is None


@pytest.mark.parametrize(
    ("kind", "more", "asked"),
    [
        ("tweet", {}, {"post"}),
        ("tweet", {"replies": True}, {"reply"}),
        ("tweet", {"replies": True, "has_media": True, "planned": True}, {"reply", "media", "schedule"}),
        ("delete", {"planned": True}, {"delete", "schedule"}),
        ("follow", {}, {"repost"}),
        ("mentions", {}, {"read"}),
        ("message", {"has_media": True}, {"message", "media"}),
        ("messages", {}, {"message"}),
    ],
)
def test_a_task_asks_for_what_it_is_and_what_comes_on_top(kind, more, asked):
    assert asked_by(kind, **more) == asked


# quiet hours


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("22:00-07:00", NIGHT),
        (" 22:00 \u2013 7:00 ", NIGHT),
        ("0:30-05:05", Quiet(time(0, 30), time(5, 5))),
        ("22-7", None),
        ("24:00-07:00", None),
        ("22:00-07:60", None),
        ("٢٢:٠٠-٠٧:٠٠", None),
        ("", None),
    ],
)
def test_quiet_hours_are_read(words, read):
    assert read_quiet(words) == read


@pytest.mark.parametrize(
    ("shown", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_go_over_midnight_by_the_clock_of_their_zone(shown, quiet):
    assert is_quiet(NIGHT, local(f"2026-11-23T{shown}"), VIENNA) is quiet


@pytest.mark.parametrize(
    ("hours", "moment", "until"),
    [
        ("22:00-07:00", local("2026-11-23T23:00"), local("2026-11-24T07:00")),
        ("22:00-07:00", local("2026-11-24T03:00"), local("2026-11-24T07:00")),
        ("22:00-07:00", local("2026-11-24T12:00"), local("2026-11-24T12:00")),
        ("09:00-17:00", local("2026-11-24T12:00"), local("2026-11-24T17:00")),
        # Clocks are put forward, over the end: right after the gap.
        ("22:00-02:30", local("2027-03-28T01:00"), local("2027-03-28T03:00")),
        # Clocks are put back: the end comes twice. It is over the first time, and begins anew.
        ("22:00-02:30", local("2026-10-25T01:00"), local("2026-10-25T02:30")),
        ("22:00-02:30", local("2026-10-25T02:10", fold=1), local("2026-10-25T02:30", fold=1)),
        ("00:00-00:00", local("2026-11-24T12:00"), None),
    ],
)
def test_quiet_hours_end_when_the_clock_shows_it(hours, moment, until):
    assert quiet_until(read_quiet(hours), moment, VIENNA) == until


@given(st.builds(Quiet, TIMES, TIMES), MOMENTS, IN_ZONES)
def test_quiet_hours_end_within_a_day_and_a_bit_unless_they_are_all_day(quiet, moment, zone):
    until = quiet_until(quiet, moment, zone)

    if quiet.begins == quiet.ends:
        assert until is None
        return
    assert until is not None
    assert not is_quiet(quiet, until, zone)
    assert (until == moment) is not is_quiet(quiet, moment, zone)
    assert timedelta() <= until - moment <= timedelta(hours=25)


# the day of the quota


@given(MOMENTS, IN_ZONES)
def test_a_day_begins_and_ends_by_the_clock_of_its_zone(moment, zone):
    begins, ends = day_of(moment, zone)

    assert begins <= moment < ends
    assert begins.astimezone(zone).date() == moment.astimezone(zone).date() != ends.astimezone(zone).date()
    assert day_of(ends, zone)[0] == ends
    assert timedelta(hours=23) <= ends - begins <= timedelta(hours=25)


def test_a_day_is_longer_where_clocks_are_put_back():
    begins, ends = day_of(local("2026-10-25T12:00"), VIENNA)

    assert ends - begins == timedelta(hours=25)
