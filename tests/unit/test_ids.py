"""Ids of tasks: by when they were made."""

from datetime import UTC, datetime, timedelta

from storage.ids import sortable_id

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_ids_of_one_millisecond_sort_as_they_were_made():
    made = [sortable_id(NOW) for _ in range(500)]

    assert made == sorted(made)
    assert len(set(made)) == 500


def test_ids_sort_by_time_also_when_the_clock_went_back_meanwhile():
    later = sortable_id(NOW + timedelta(seconds=1))

    assert sortable_id(NOW) < later
    assert len(later) == 26
