"""What a draft lacks, weighs, costs, and what stands in its way."""

from decimal import Decimal

import pytest

from tasks import compose, price
from tasks.compose import Draft, File


def keys(draft: Draft) -> list[str]:
    return [problem.key for problem in compose.compose(draft).problems]


def photo(**changes) -> File:
    return File(**{"kind": "photo", "mime": "image/jpeg", "size": 1000, "duration_s": None} | changes)


def video(**changes) -> File:
    return File(**{"kind": "video", "mime": "video/mp4", "size": 1000, "duration_s": 10} | changes)


def test_a_draft_without_a_connection_lacks_the_connection_first():
    assert compose.missing(Draft(text="", connected=False)) == "connection"


def test_a_draft_without_words_and_files_lacks_a_text():
    assert compose.missing(Draft(text="")) == "text"


def test_a_photo_alone_is_enough():
    assert compose.missing(Draft(text="", files=[photo()])) is None


def test_a_plain_tweet_costs_the_plain_price():
    composed = compose.compose(Draft(text="Hello"))

    assert (composed.length, composed.limit, composed.price.dollars) == (5, 280, price.LIST.post)
    assert composed.problems == ()


@pytest.mark.parametrize("text", ["see https://example.com", "see example.com", "run main.py"])
def test_a_link_or_a_bare_domain_makes_it_dear(text):
    composed = compose.compose(Draft(text=text))

    assert composed.price.dollars == Decimal("0.200")
    assert composed.price.for_a_link


def test_each_description_is_charged():
    composed = compose.compose(Draft(text="x", files=[photo(alt_text="a"), photo(alt_text="b"), photo()]))

    assert composed.price.dollars == price.LIST.post + 2 * price.LIST.alt_text


def test_too_long_a_text_shows_where_it_overflows():
    composed = compose.compose(Draft(text="a" * 280 + "bc"))

    (problem,) = composed.problems
    assert problem.key == "tweet.problem_too_long"
    assert problem.facts == {"over": 2, "before": "a" * 20, "after": "bc"}


def test_an_account_with_premium_may_write_25_000_characters():
    assert keys(Draft(text="a" * 25_000, premium=True)) == []
    assert keys(Draft(text="a" * 25_001, premium=True)) == ["tweet.problem_too_long"]


def test_two_cashtags_are_one_too_many():
    assert keys(Draft(text="$AAA and $BBB")) == ["tweet.problem_cashtags"]


def test_a_character_x_refuses_is_named_before_the_send():
    assert "tweet.problem_characters" in keys(Draft(text="a\ufffeb"))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([photo()] * 4, []),
        ([photo()] * 5, ["tweet.problem_too_many"]),
        ([video()], []),
        ([video(), video()], ["tweet.problem_one_video"]),
        ([photo(), video()], ["tweet.problem_mixed"]),
        ([File("gif", "video/mp4", 1000, 3)], []),
        ([File("other", None, None, None)], ["tweet.problem_file_kind"]),
        ([video(size=21 * 1024 * 1024)], ["tweet.problem_telegram_size"]),
        ([photo(size=6 * 1024 * 1024)], ["x.media_too_big"]),
        ([video(duration_s=3600)], ["x.media_too_long"]),
        ([photo(mime="image/tiff")], ["x.media_type"]),
        ([photo(mime=None, size=None)], []),
    ],
)
def test_files_are_checked_before_they_are_fetched(files, expected):
    assert keys(Draft(text="x", files=files)) == expected


def test_names_are_listed_once_each():
    assert compose.compose(Draft(text="@ada and @bob and @ada")).mentions == ("ada", "bob")
