"""What stands in the way of a draft beside its text: polls that X does not take, and what excludes what."""

import pytest

from tasks.compose import Draft, File, compose
from tasks.parameters import Extras, Poll

PHOTO = File("photo", "image/png", 1000, None)
POLL = Poll(("Tea", "Coffee"), 60)


def problems(**values):
    return [problem.key for problem in compose(Draft(**{"text": "Hello", **values})).problems]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("a", "b"), []),
        (("a", "b", "c", "x" * 25), []),
        (("a",), ["poll.problem_few"]),
        (("a",) * 5, ["poll.problem_many"]),
        (("a", "x" * 26), ["poll.problem_long"]),
        (("x" * 26,) * 5, ["poll.problem_many", *["poll.problem_long"] * 5]),
    ],
)
def test_a_poll_has_as_many_and_as_long_options_as_x_takes(options, expected):
    assert problems(poll=Poll(options, 60)) == expected


def test_files_poll_and_quote_exclude_each_other():
    assert problems(poll=POLL, files=(PHOTO,)) == ["poll.problem_files"]
    assert problems(poll=POLL, quotes=True) == ["poll.problem_quote"]
    assert problems(quotes=True, files=(PHOTO,)) == ["extras.problem_quote_files"]
    assert problems(quotes=True) == problems(poll=POLL) == problems(files=(PHOTO,)) == []


def test_of_a_thread_the_poll_belongs_to_the_first_part():
    two = Draft("Two")
    assert problems(poll=POLL, further=(two,)) == []
    assert problems(poll=Poll(("a",), 60), further=(two,)) == ["thread.problem"]


def test_an_edit_is_one_tweet():
    assert problems(edits=True) == []
    assert problems(edits=True, further=(Draft("Two"),)) == ["edit.problem_thread"]


def test_what_is_set_is_read_as_it_was_written():
    extras = Extras(
        quote="1", poll=POLL, reply_settings="verified", paid_partnership=True, linked="a https://b.com"
    )
    assert Extras.read(extras.written()) == extras
