"""Messages are cut where Telegram's limits are, and what is cut is whole HTML again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.split import plain, split, visible_length


@pytest.mark.parametrize(
    ("text", "length"),
    [("abc", 3), ("<b>a</b>&amp;&lt;", 3), ("🙂", 2), ("👩‍👩‍👧", 8), ("&#x1F642;", 2), ("a < b", 5), ("", 0)],
)
def test_lengths_are_counted_as_telegram_counts(text, length):
    assert visible_length(text) == length


def test_a_short_text_is_one_part():
    assert split("<b>short</b>", 10) == ["<b>short</b>"]


def test_a_cut_closes_and_reopens_tags_and_prefers_a_space():
    parts = split('<blockquote expandable><a href="https://x.com/">one two three four</a></blockquote>', 14)

    assert parts == [
        '<blockquote expandable><a href="https://x.com/">one two three</a></blockquote>',
        '<blockquote expandable><a href="https://x.com/">four</a></blockquote>',
    ]


def test_a_word_longer_than_a_message_is_cut_between_characters_not_in_a_reference():
    assert split("&amp;&amp;&amp;", 2) == ["&amp;&amp;", "&amp;"]
    assert split("🙂🙂🙂", 3) == ["🙂", "🙂", "🙂"]


@given(st.text(alphabet="ab <b></b>&amp;🙂\n", max_size=300), st.integers(min_value=4, max_value=40))
def test_nothing_is_lost_and_every_part_fits(text, limit):
    parts = split(text, limit)

    assert all(visible_length(part) <= limit for part in parts)
    letters = [re.sub(r"\s", "", plain(part)) for part in parts]
    assert "".join(letters) == re.sub(r"\s", "", plain(text))
