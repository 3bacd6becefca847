"""One long text becomes parts that X takes: nothing lost, nothing torn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks import threads
from twitter import text
from twitter.links import links

SENTENCE = "The quick brown fox jumps over the lazy dog and then it sleeps. "


def squeezed(written):
    return "".join(written.split())


def test_a_text_that_fits_is_one_part_without_a_number():
    assert threads.split("Hello world", is_numbered=True) == ["Hello world"]
    assert threads.number(["Hello world"]) == ["Hello world"]


def test_parts_end_with_their_sentences():
    parts = threads.split(SENTENCE * 20)

    assert len(parts) == 5
    assert all(part.endswith("sleeps.") and part.startswith("The") for part in parts)


def test_a_paragraph_is_a_better_place_than_a_sentence():
    first, second = SENTENCE * 3, SENTENCE * 3

    assert threads.split(f"{first}\n\n{second}") == [first.strip(), second.strip()]


def test_numbered_parts_fit_with_their_numbers():
    parts = threads.number(threads.split("word " * 1500, is_numbered=True))

    assert len(parts) > 9
    assert parts[0].endswith(f" 1/{len(parts)}")
    assert parts[-1].endswith(f" {len(parts)}/{len(parts)}")
    assert all(text.weigh(part).valid for part in parts)


def test_a_link_is_never_torn_however_long():
    link = "https://example.com/" + "a" * 400
    parts = threads.split(f"{SENTENCE * 4}{link} {SENTENCE * 4}")

    assert sum(part.count(link) for part in parts) == 1
    assert all(text.weigh(part).valid for part in parts)


def test_a_language_without_spaces_is_cut_at_its_full_stops():
    sentence = "これはとても長い文章で、いくつかの部分に分ける必要があります。"
    parts = threads.split(sentence * 12)

    assert all(part.endswith("。") for part in parts)
    assert "".join(parts) == sentence * 12


def test_no_character_is_torn_from_its_marks_or_its_family():
    family = "👩‍👩‍👧‍👦"
    parts = threads.split(family * 200)

    assert "".join(parts) == family * 200
    assert all(len(part) % len(family) == 0 for part in parts)


def test_a_storm_of_marks_ends():
    parts = threads.split("a" + "\u0301" * 2000)

    assert squeezed("".join(parts)) == squeezed(text.normalise("a" + "\u0301" * 2000))


@pytest.mark.parametrize(
    "hostile", ["a." * 12_000, "x" * 25_000, "\n" * 25_000, "https://a.de/" * 1800, "e\u0301\u0301" * 9000]
)
def test_of_a_hostile_text_nothing_is_lost(hostile):
    assert squeezed("".join(threads.split(hostile))) == squeezed(text.normalise(hostile))


@given(st.text(max_size=2000), st.booleans())
def test_nothing_is_lost_and_every_part_is_taken(written, is_numbered):
    parts = threads.split(written, is_numbered=is_numbered)

    assert squeezed("".join(parts)) == squeezed(text.normalise(written))
    shown = threads.number(parts) if is_numbered else parts
    assert all(text.weigh(part).length <= 280 for part in shown)


@given(
    st.lists(
        st.sampled_from(["word", "https://example.com/a?b=c", "main.py", "👍🏽", "日本語。", "\n\n", "end."])
    )
)
def test_links_stay_whole_among_anything(pieces):
    written = " ".join(pieces * 9)
    parts = threads.split(written)

    assert [link.url for part in parts for link in links(part)] == [link.url for link in links(written)]
