"""Time zones as people name them: by city, in their language, by IANA name or by distance from UTC. Pure."""

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global

#: To choose from without typing: the larger cities of each part of the world, from west to east.
REGIONS = {
    "africa": ("Casablanca", "Lagos", "Algiers", "Cairo", "Johannesburg", "Nairobi"),
    "america": (
        "Anchorage",
        "Los_Angeles",
        "Denver",
        "Mexico_City",
        "Chicago",
        "New_York",
        "Bogota",
        "Halifax",
        "Sao_Paulo",
        "Argentina/Buenos_Aires",
    ),
    "asia": (
        "Jerusalem",
        "Riyadh",
        "Dubai",
        "Karachi",
        "Kolkata",
        "Dhaka",
        "Bangkok",
        "Jakarta",
        "Shanghai",
        "Singapore",
        "Seoul",
        "Tokyo",
    ),
    "australia": ("Perth", "Darwin", "Brisbane", "Adelaide", "Sydney", "Hobart"),
    "europe": (
        "Lisbon",
        "London",
        "Madrid",
        "Paris",
        "Berlin",
        "Rome",
        "Warsaw",
        "Athens",
        "Kyiv",
        "Helsinki",
        "Istanbul",
        "Moscow",
    ),
    "pacific": ("Honolulu", "Guam", "Port_Moresby", "Fiji", "Auckland", "Tongatapu"),
}
#: More candidates are no choice.
MOST = 6
#: Where a language's country has many zones, those in which most of its people live.
_GUESSED = {
    "en": ("Europe/London", "America/New_York", "America/Los_Angeles"),
    "en-us": ("America/New_York", "America/Chicago", "America/Los_Angeles"),
    "pt-br": ("America/Sao_Paulo",),
    "ru": ("Europe/Moscow",),
}
_OFFSET = re.compile(r"(?:utc|gmt)?_*([+-])_*([0-9]{1,2})(?:[:.]?00)?")


def exists(zone: str) -> bool:
    """Say whether this is the IANA name of a zone."""
    return zone in _known()


def city(zone: str) -> str:
    """Name a zone shortly: by its city."""
    return zone.rpartition("/")[2].replace("_", " ")


def in_region(region: str) -> tuple[str, ...]:
    """List the zones to choose from in a part of the world; none for a region there is not."""
    return tuple(f"{region.title()}/{name}" for name in REGIONS.get(region, ()))


def guesses(language: str) -> tuple[str, ...]:
    """Guess where somebody lives who reads this language (BCP 47); up to three zones, perhaps none."""
    tag = language.replace("_", "-").lower()
    if tag in _GUESSED:
        return _GUESSED[tag]
    base, _, rest = tag.partition("-")
    likely = str(get_global("likely_subtags").get(base, ""))
    territory = rest.upper() if len(rest) == 2 else likely.rpartition("_")[2]
    zones = get_global("territory_zones").get(territory, ())
    return tuple(zone for zone in zones if zone in _known())[:3]


def find(words: str, language: str) -> tuple[str, ...]:
    """Find the zones somebody may mean; none when nothing fits, or too much."""
    said = _plain(words)
    if not said:
        return ()
    if offset := _OFFSET.fullmatch(said):
        return _at_offset(offset[1], int(offset[2]))
    names = {zone: {_plain(zone), _plain(city(zone))} for zone in _known()}
    for zone, local in _local_cities(language).items():
        names.setdefault(zone, set()).add(_plain(local))
    exact = sorted(zone for zone, known in names.items() if said in known)
    near = exact or sorted(zone for zone, known in names.items() if any(n.startswith(said) for n in known))
    return tuple(near) if len(near) <= MOST else ()


def _at_offset(sign: str, hours: int) -> tuple[str, ...]:
    """Find the zone without summer time; IANA's names for these count the other way round."""
    name = "UTC" if not hours else f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
    return (name,) if name in _known() else ()


def _plain(words: str) -> str:
    decomposed = unicodedata.normalize("NFKD", words.strip().casefold())
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return "_".join(kept.replace("_", " ").split())


@cache
def _known() -> frozenset[str]:
    """List the names that are places, UTC, or hours from it; the old ones kept for compatibility left out."""
    places = {*(region.title() for region in REGIONS), "Atlantic", "Indian", "Antarctica", "Arctic"}
    names = available_timezones()
    return frozenset(
        name
        for name in names
        if name == "UTC" or name.partition("/")[0] in places or re.fullmatch(r"Etc/GMT[+-][0-9]+", name)
    )


@cache
def _local_cities(language: str) -> dict[str, str]:
    try:
        zones = Locale.parse(language.replace("-", "_")).time_zones
    except (UnknownLocaleError, ValueError):
        return {}
    return {zone: str(names["city"]) for zone, names in zones.items() if "city" in names and zone in _known()}
