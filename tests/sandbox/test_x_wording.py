"""The sandbox X's own counting of length and links, held to twitter-text's conformance files where it aims at them."""

import time
import unicodedata

import pytest
import yaml

from sandbox.x.render import render
from sandbox.x.wording import links, weight
from tests.sandbox.x_contract import DATA


def cases():
    path = DATA / "twitter-text" / "validate.yml"
    if not path.exists():
        return [pytest.param("", 0, marks=pytest.mark.skip(f"{path} is not there"))]
    found = yaml.safe_load(path.read_text())["tests"]["WeightedTweetsWithDiscountedEmojiCounterTest"]
    return [
        pytest.param(
            case["text"], case["expected"]["weightedLength"], id=f"{number} {case['description'][:40]}"
        )
        for number, case in enumerate(found)
    ]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_weights_are_those_of_config_v3(text, expected):
    assert weight(unicodedata.normalize("NFC", text)) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see example.com.", ["example.com"]),
        ("https://example.com/a_(b)?c=d#e, and", ["https://example.com/a_(b)?c=d#e"]),
        ("(http://example.com/)", ["http://example.com/"]),
        ("main.py README.md test.zip", ["main.py", "README.md", "test.zip"]),
        ("someone@example.com", []),
        ("file.unknownending 1.5 e.g. v1.2.3", []),
        ("日本語example.com日本語", ["example.com"]),
        ("HTTPS://EXAMPLE.COM/X", ["HTTPS://EXAMPLE.COM/X"]),
    ],
)
def test_links_are_found_with_and_without_scheme(text, found):
    assert [link.text for link in links(text)] == found


@pytest.mark.parametrize("piece", ["a.", "a-", "x.com/((", "http://ä.", "@a.", "👨‍👩‍👧", "1.com"])
def test_hostile_texts_of_25000_signs_take_little_time(piece):
    text = piece * (25_000 // len(piece))
    began = time.process_time()

    render(text, [])

    assert time.process_time() - began < 3
