"""A text without its links keeps its words and lines, and no space where a link was."""

import pytest

from twitter.links import links, without


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no link", "no link"),
        ("see example.com today", "see today"),
        ("example.com", ""),
        ("example.com  first", "first"),
        ("one https://a.com\n\nhttps://b.com\n\ntwo", "one\n\ntwo"),
        ("one\nhttps://b.com two", "one\ntwo"),
        ("both https://a.com and b.com.", "both and."),
    ],
)
def test_links_are_left_out_with_the_spaces_before_them(text, left):
    assert without(text) == left
    assert links(without(text)) == ()
