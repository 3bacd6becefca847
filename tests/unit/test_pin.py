"""A PIN is recognised however people write it, and nothing else is taken for one."""

import pytest

from bot import pin


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1234567", "1234567"),
        ("0012345", "0012345"),
        ("123456", "123456"),
        ("12345678", "12345678"),
        (" 1234567\n", "1234567"),
        ("123 45 67", "1234567"),
        ("123-4567", "1234567"),
        ("123\u20134567", "1234567"),
        ("123\u00a04567", "1234567"),
        ("PIN 1234567", "1234567"),
        ("pin: 1234567", "1234567"),
        ("PIN=1234567.", "1234567"),
        ("1234567 is my PIN", "1234567"),
        ("my pin is 0234567", "0234567"),
        ("(1234567)", "1234567"),
        ("１２３４５６７", "1234567"),
        ("١٢٣٤٥٦٧", "1234567"),
        ("۱۲۳۴۵۶۷", "1234567"),
        ("\u202a1234567\u202c", "1234567"),
        ("\u200b1234567", "1234567"),
        ("ＰＩＮ　１２３４５６７", "1234567"),
    ],
)
def test_a_pin_is_found(written, read):
    assert pin.find(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "hello",
        "12345",
        "123456789",
        "1234567 1234567",
        "2026-11-23",
        "23-11-2026",
        "+49 1234567",
        "€1234567",
        "1234567 likes",
        "call me at 1234567",
        "spinning 1234567",
        "https://x.com/a/status/1234567",
        "12:34:56",
        "1234567.89",
        "pin this post for ever and ever 1234567",
        "1" * 100_000,
        "PIN",
        "x" * 100_000,
    ],
)
def test_nothing_else_is_a_pin(written):
    assert pin.find(written) is None


def test_a_bare_number_is_not_called_a_pin():
    assert not pin.names_a_pin("1234567")
    assert pin.names_a_pin("PIN 1234567")
    assert not pin.names_a_pin("spin 1234567")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("hey @pinfeather_bot here is 1707267", "1707267"),
        ("@pinfeather_1234567_bot 1707267!", "1707267"),
        ("the code: (0707267).", "0707267"),
        ("1707267 or 1707268", None),
        ("https://x.com/a/status/1234567", None),
        ("on 23.11.2026 at 10:15", None),
        ("#1234567", None),
        ("nothing here", None),
        ("1707267 " + "x" * 1000, None),
    ],
)
def test_a_number_of_a_pins_size_is_found_among_other_words(written, read):
    assert pin.within(written) == read
