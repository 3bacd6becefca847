"""When a task is tried again, and when an absent tweet is surely absent."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tasks import retry

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SETTLE = timedelta(seconds=120)


def test_the_waits_grow_and_end():
    waits = [retry.wait_after(tries) for tries in range(1, retry.TRIES_MAX)]

    assert waits == sorted(waits)
    assert retry.wait_after(retry.TRIES_MAX) is None


def test_one_look_proves_nothing_however_late():
    assert not retry.surely_absent(1, NOW, NOW + timedelta(days=1), SETTLE)


def test_two_looks_prove_nothing_before_the_timeline_has_settled():
    assert not retry.surely_absent(2, NOW, NOW + timedelta(seconds=119), SETTLE)
    assert retry.surely_absent(2, NOW, NOW + timedelta(seconds=120), SETTLE)


@given(st.integers(0, 1000))
def test_looking_again_always_reaches_certainty_in_a_few_looks(settle_s):
    settle, now, looks = timedelta(seconds=settle_s), NOW + retry.FIRST_LOOK_AFTER, 1
    while not retry.surely_absent(looks, NOW, now, settle):
        later = retry.next_look(NOW, now, settle)
        assert later > now
        now, looks = later, looks + 1

    assert looks <= 5


def test_a_limit_without_a_moment_lasts_longer_each_time_and_not_for_ever():
    longer = [retry.longer_limit(tries) for tries in range(1, 9)]

    assert longer == sorted(longer)
    assert longer[0] == timedelta(0)
    assert longer[-1] <= timedelta(hours=1)
