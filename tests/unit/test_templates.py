"""Texts with fields: which are asked for, how dates and values come into them."""

from datetime import UTC, datetime

import pytest

from tasks import templates

AT = datetime(2026, 11, 30, 18, 5, tzinfo=UTC)


def test_fields_are_asked_for_once_in_their_order_and_dates_never():
    text = "{band} plays {place} on {date}, doors {time}. {band}!"

    assert templates.fields(text) == ["band", "place"]


def test_a_value_takes_the_place_of_each_of_its_fields():
    assert templates.fill("{a} and {b} and {a}", "a", "one") == "one and {b} and one"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Monday, November 30, 2026, Tuesday next; week 49"),
        ("de", "Montag, 30. November 2026, Dienstag next; week 49"),
        ("xx-nowhere", "Monday, November 30, 2026, Tuesday next; week 49"),
    ],
)
def test_dates_are_written_as_the_reader_writes_them(language, written):
    text = "{weekday}, {date}, {weekday+1} next; week {week}"

    assert templates.fill_dates(text, AT, language) == written


def test_only_dates_are_counted_on_from():
    assert templates.fields("{place+1} and {place}") == ["place"]
    assert templates.fill("{place+1} and {place}", "place", "here") == "{place+1} and here"


def test_what_is_no_field_stays():
    assert templates.fill_dates("{} {a b} {date+1000000} {x}", AT, "en") == "{} {a b} {date+1000000} {x}"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("gig", True), ("über-1", True), ("two words", False), ("", False), ("a" * 33, False)],
)
def test_a_name_is_one_word(name, is_one):
    assert templates.is_name(name) is is_one
