"""What a link that opens X carries arrives there as it was written."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twitter import intents
from twitter.client import X
from twitter.errors import Refused


@pytest.fixture(scope="module")
def door():
    x = X()
    yield x
    x.close()


def _said(link):
    parts = urlsplit(link)
    return parts.path, {
        name: values[0]
        for name, values in parse_qs(parts.query, strict_parsing=True, errors="strict").items()
    }


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_any_text_arrives_as_it_was_written(door, text):
    link = intents.tweet(door, text, reply_to="20", url="https://example.com/a?b=1&c=2#d")

    assert link.isascii()
    assert " " not in link
    assert "+" not in link
    assert _said(link) == (
        "/intent/tweet",
        {"in_reply_to": "20", "text": text, "url": "https://example.com/a?b=1&c=2#d"},
    )
    assert _said(intents.message(door, "30", text)) == (
        "/messages/compose",
        {"recipient_id": "30", "text": text},
    )


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧 🇨🇭", "two\n\nlines & more", "שלום \u200fعليكم", "100% + #tag @name; a=b"]
)
def test_emoji_lines_and_right_to_left_arrive(door, text):
    assert _said(intents.tweet(door, text))[1] == {"text": text}


def test_half_a_character_does_not_break_the_link(door):
    assert intents.tweet(door, "a\ud83d") == "https://x.com/intent/tweet?text=a%3F"


def test_each_deed_has_its_address(door):
    assert intents.reply(door, "20") == "https://x.com/intent/tweet?in_reply_to=20"
    assert intents.like(door, "20") == "https://x.com/intent/like?tweet_id=20"
    assert intents.repost(door, "20") == "https://x.com/intent/retweet?tweet_id=20"
    assert intents.follow(door, "alice_1") == "https://x.com/intent/follow?screen_name=alice_1"
    assert intents.message(door, "30") == "https://x.com/messages/compose?recipient_id=30"


def test_a_sandbox_opens_its_own_pages():
    assert intents.like(X("http://127.0.0.1:8082"), "20") == "http://127.0.0.1:8082/intent/like?tweet_id=20"


def test_only_an_id_comes_into_an_address(door):
    with pytest.raises(Refused):
        intents.like(door, "20&x=1")


def test_a_link_too_long_for_a_button_is_told_apart(door):
    assert intents.fits_a_button(intents.tweet(door, "a" * 280))
    assert intents.fits_a_button(intents.tweet(door, "é" * 280))
    assert not intents.fits_a_button(intents.tweet(door, "👩‍👩‍👧" * 140))
