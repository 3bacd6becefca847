"""What was approved, and whether a task would still send just that: words, files, target, account and moment."""

from datetime import timedelta

import pytest

from storage.tables import Task, TaskMedia
from tasks import approval
from tests.builders import NOW

HOUR = timedelta(hours=1)
FILE = TaskMedia(part=0, file_unique_id="u1", alt_text=None)


def asked(at=None, **changes):
    """Give a task as it stands once votes on it were asked for, planned for `at`."""
    values = {"kind": "tweet", "connection_id": 1, "promised": at is not None, "due_at": at} | changes
    task = Task(**values)
    task.content_hash = approval.content_hash(task, ["Hello"], [FILE], at=at)
    return task


def is_still(task, *, parts=("Hello",), files=(FILE,), **changes):
    for name, value in changes.items():
        setattr(task, name, value)
    return approval.is_still(task, parts, files)


def test_what_nobody_changed_is_still_what_was_asked_for():
    assert is_still(asked(), due_at=NOW)
    assert is_still(asked(NOW))


@pytest.mark.parametrize(
    "change",
    [
        {"parts": ["Hello!"]},
        {"parts": ["Hello", "more"]},
        {"files": []},
        {"files": [TaskMedia(part=0, file_unique_id="u1", alt_text="A cat")]},
        {"kind": "message"},
        {"connection_id": 2},
        {"target_post_id": "7"},
        {"target_user_id": "7"},
        {"parameters": '{"reply_to": "7"}'},
    ],
)
@pytest.mark.parametrize("at", [None, NOW])
def test_any_change_of_what_goes_out_is_another_content(at, change):
    assert not is_still(asked(at), **change)


def test_a_moved_plan_is_another_content():
    assert not is_still(asked(NOW), due_at=NOW - HOUR)
    assert not is_still(asked(NOW), due_at=NOW + HOUR)
    assert not is_still(asked(), promised=True, due_at=NOW)


def test_tried_again_or_posted_late_it_is_the_same_but_not_before_its_moment():
    assert is_still(asked(NOW), promised=False, due_at=NOW + HOUR)
    assert is_still(asked(NOW), promised=False, due_at=NOW)
    assert not is_still(asked(NOW), promised=False, due_at=NOW - HOUR)
    assert not is_still(asked(NOW), promised=False, due_at=None)


def test_a_name_fits_its_column_and_each_moment_has_a_mark_of_its_own():
    at = NOW.replace(year=2099, microsecond=999_999)
    names = {asked(each).content_hash for each in (None, NOW, NOW + timedelta(microseconds=1), at)}

    assert len({name[:7] for name in names}) == 4
    assert max(map(len, names)) <= Task.content_hash.type.length
    assert is_still(asked(at))


def test_what_votes_were_never_asked_for_is_nothing_asked_for():
    assert not is_still(asked(), content_hash=None)
