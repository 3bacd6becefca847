"""The next free slot of the day, and what is done about what was missed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.lateness import HOURS_MAX, Missed, is_missed, spread
from tasks.slots import SLOTS_MAX, next_slot, read_slots

BERLIN = ZoneInfo("Europe/Berlin")
SLOTS = (time(9), time(13), time(18))
NOW = datetime(2026, 11, 23, 16, 10, tzinfo=UTC)  # 17:10 in Berlin


def test_slots_are_read_sorted_and_each_once():
    assert read_slots("18:00, 9:00  13:00;9:00\n") == SLOTS


@pytest.mark.parametrize("words", ["", " , ", "9", "9:00 x", "24:00", "9:60", "9:00-13:00", "9am", "٩:٠٠"])
def test_what_is_no_list_of_slots_is_none(words):
    assert read_slots(words) is None


def test_too_many_slots_are_none():
    day = [f"{hour}:{minute:02}" for hour in range(24) for minute in (0, 20, 40)]

    assert read_slots(" ".join(day[:SLOTS_MAX])) is not None
    assert read_slots(" ".join(day[: SLOTS_MAX + 1])) is None


def test_the_next_slot_is_the_first_that_nothing_is_planned_for():
    tonight, tomorrow = datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)

    assert next_slot(SLOTS, BERLIN, NOW, []) == tonight
    assert next_slot(SLOTS, BERLIN, NOW, [tonight + timedelta(seconds=20)]) == tomorrow
    assert next_slot(SLOTS, BERLIN, tonight, [tonight]) == tomorrow


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.times(timezones=st.none()).map(lambda at: at.replace(second=0, microsecond=0)),
        min_size=1,
        max_size=6,
    ),
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 20), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds it
    st.integers(1, 30),
)
def test_filling_slots_one_after_the_other_leaves_none_free_and_takes_none_twice(slots, after, count):
    taken: list[datetime] = []
    for _ in range(count):
        taken.append(next_slot(slots, BERLIN, after, taken))

    assert sorted(set(taken)) == taken
    assert next_slot(slots, BERLIN, after, taken[:-1]) == taken[-1]
    assert after < taken[0] <= after + timedelta(days=1, hours=1)


@pytest.mark.parametrize("stored", ["ask", "skip", "late:1", "late:168"])
def test_what_is_done_about_what_was_missed_is_stored_as_a_word(stored):
    assert str(Missed.read(stored)) == stored


@pytest.mark.parametrize(
    "stored", ["", "late", "late:", "late:0", "late:169", "late:x", "late:²", "late:-1", "ask:1", "Skip"]
)
def test_other_words_are_refused(stored):
    with pytest.raises(ValueError):
        Missed.read(stored)


def test_late_posts_go_up_to_their_hours_and_others_never():
    six_late = NOW + timedelta(hours=6)

    assert Missed.read("late:6").still_goes(NOW, six_late)
    assert not Missed.read("late:6").still_goes(NOW, six_late + timedelta(seconds=1))
    assert not Missed.read("ask").still_goes(NOW, NOW)
    assert not Missed.read("skip").still_goes(NOW, NOW)
    assert Missed.read(f"late:{HOURS_MAX}").hours == HOURS_MAX


def test_what_is_reached_within_its_grace_is_not_missed():
    grace = timedelta(minutes=5)

    assert not is_missed(NOW, NOW + grace, grace)
    assert is_missed(NOW, NOW + grace + timedelta(seconds=1), grace)
    assert not is_missed(NOW, NOW - grace, grace)


def test_spacing_out_begins_at_once_and_keeps_its_distance():
    ten = timedelta(minutes=10)

    assert spread(3, NOW, ten) == [NOW, NOW + ten, NOW + 2 * ten]
    assert spread(0, NOW, ten) == []
