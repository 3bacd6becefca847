"""Time zones by the words people use for them."""

from zoneinfo import ZoneInfo

import pytest

from tasks import zones


@pytest.mark.parametrize(
    ("words", "language", "zone"),
    [
        ("Berlin", "en", "Europe/Berlin"),
        (" europe/berlin ", "en", "Europe/Berlin"),
        ("new york", "en", "America/New_York"),
        ("Wien", "de", "Europe/Vienna"),
        ("São Paulo", "en", "America/Sao_Paulo"),
        ("UTC", "en", "UTC"),
        ("UTC+2", "en", "Etc/GMT-2"),
        ("gmt -5", "en", "Etc/GMT+5"),
        ("+0", "en", "UTC"),
    ],
)
def test_a_zone_is_found_by_city_name_or_offset(words, language, zone):
    assert zones.find(words, language)[:1] == (zone,)


@pytest.mark.parametrize("words", ["", "   ", "Nowhere", "a", "UTC+99", "x" * 5000, "/", "../../etc/passwd"])
def test_what_is_no_zone_or_too_many_finds_none(words):
    assert zones.find(words, "en") == ()


@pytest.mark.parametrize("region", zones.REGIONS)
def test_every_zone_that_is_offered_exists(region):
    assert zones.in_region(region)
    for zone in zones.in_region(region):
        assert zones.exists(zone)
        assert ZoneInfo(zone).key == zone


@pytest.mark.parametrize("language", ["en", "en-US", "de", "pt-br", "ru", "ja", "xx", "", "zh-hans", "ar"])
def test_guesses_are_few_and_exist(language):
    guessed = zones.guesses(language)
    assert len(guessed) <= 3
    assert all(zones.exists(zone) for zone in guessed)


def test_a_region_there_is_not_has_no_zones():
    assert zones.in_region("atlantis") == ()
    assert not zones.exists("../../etc/passwd")
