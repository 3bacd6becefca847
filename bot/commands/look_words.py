"""The words after a reading command: names, numbers, dates and filters, read into what to look for. Pure.

What is none of ours goes to X as it is, for it may be an operator of its search.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tasks import looks
from tasks.kinds import Kind
from tasks.parameters import Look
from tasks.wall import occurrence
from texts.reply import Refusal
from twitter import addresses

#: X: recent search takes so many characters on self-serve tiers ("Search posts").
QUERY_MAX = 512
#: X takes a radius of at most 25 miles ("Search operators", point_radius).
_RADIUS_MAX = {"km": 40.0, "mi": 25.0}
_ID = re.compile(r"[1-9][0-9]{0,18}")
_GEO = re.compile(r"(-?\d{1,2}(?:\.\d{1,8})?),(-?\d{1,3}(?:\.\d{1,8})?),(\d{1,3}(?:\.\d{1,3})?)(km|mi)")
#: The newest post of one's own.
_LATEST = ("", "0", "latest")
#: A phrase in quotes is one word.
_WORDS = re.compile(r'[^\s"]*"[^"]*"[^\s]*|\S+')
_SORTS = {"popular": "relevancy", "mixed": "relevancy", "recent": None}
#: Words X leaves out replies and reposts by, of a timeline and of a search.
_WITHOUT = {"-replies": "replies", "-retweets": "retweets", "-reposts": "retweets"}
_AS_OPERATOR = {"replies": "-is:reply", "retweets": "-is:retweet"}
#: Parameters that each kind has; `max:` and `only:ids` have all.
_HAS = {
    "timeline": ("since_id", "max_id", "since", "until", "without"),
    "mentions": ("since_id", "max_id", "since", "until"),
    "search": ("since_id", "max_id", "since", "until", "without", "sort", "geo"),
    "messages": ("since_id", "max_id", "since", "until"),
    "following": (),
    "followers": (),
}
#: How many are asked for unless somebody says how many; X's own least may be more.
_USUAL = {"following": 10, "followers": 10, "search": 10}
_USUALLY = 5
#: Operators that X takes beside another one only ("Search operators", conjunction required).
_BESIDE = re.compile(
    r"-?(?:lang|is|has|sample|followers_count|tweets_count|following_count|listed_count):\S+|-\S+"
)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Who reads: the kind, the reader's zone and the moment."""

    kind: Kind
    zone: ZoneInfo
    now: datetime
    origin: str
    rest: list[str] = field(default_factory=list)
    """Words that are no parameter."""


def post_of(words: str, *, origin: str) -> str | None:
    """Read which post is meant, by id or link. None: the newest of one's own. Raises Refusal."""
    said = words.strip()
    if said.lower() in _LATEST:
        return None
    found = addresses.post_id(said, origin=origin)
    if found is None:
        raise Refusal("look.bad_post")
    return None if found == "0" else found


def link_in(text: str, *, origin: str) -> str:
    """Give the first link to a post that stands in a text; the text itself where there is none."""
    words = (word for word in text.split() if "/" in word)
    return next((word for word in words if addresses.post_id(word, origin=origin)), text)


def read(
    kind: Kind, words: str, *, zone: ZoneInfo, now: datetime, origin: str, usually: int | None = None
) -> Look:
    """Read what to look for. Raises Refusal.

    `origin`: one more place whose links are meant, a sandbox's; `usually`: how many, unless the words say.
    """
    reading = _Reading(kind, zone, now, origin)
    values: dict[str, Any] = {}
    for word in _WORDS.findall(words):
        values |= _parameter(reading, word, values)
    look = replace(Look(most=usually or _USUAL.get(kind.name, _USUALLY)), **values)
    _refuse_contrary(look)
    look = _searched(reading, look) if kind.name == "search" else _named(reading, look)
    bounded = look.since_id or look.max_id or look.since or look.until or look.sort
    return replace(look, only_new=kind.name in looks.BY_TIME and not bounded)


def _parameter(reading: _Reading, word: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Read one word: what it changes. What is no parameter is kept for the query or the name."""
    if word.lower() == "only:ids":
        return {"only_ids": True}
    if without := _WITHOUT.get(word.lower()):
        _refuse_unless_it_has(reading, "without", word)
        return {"without": tuple(sorted({*said.get("without", ()), without}))}
    name, colon, value = word.partition(":")
    reader = _READERS.get(name.lower()) if colon else None
    if reader is None:
        reading.rest.append(word)
        return {}
    return reader(reading, name.lower(), value)


def _most(reading: _Reading, _name: str, value: str) -> dict[str, Any]:
    size = looks.size_of(reading.kind.name, Look(username="x"))
    most = min(size.most, 100)
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= most):
        raise Refusal("look.bad_max", most=most)
    return {"most": int(value)}


def _an_id(reading: _Reading, name: str, value: str) -> dict[str, Any]:
    _refuse_unless_it_has(reading, name, f"{name}:")
    found = addresses.post_id(value, origin=reading.origin) or ""
    if not _ID.fullmatch(found):
        raise Refusal("look.bad_id", word=f"{name}:{value}")
    return {name: found}


def _a_day(reading: _Reading, name: str, value: str) -> dict[str, Any]:
    """Read a day as its first moment on the reader's clock, as X's own search does."""
    _refuse_unless_it_has(reading, name, f"{name}:")
    try:
        day = date.fromisoformat(value)
        at = occurrence(datetime(day.year, day.month, day.day), reading.zone).at  # noqa: DTZ001 - a wall clock's
    except (ValueError, OverflowError):
        raise Refusal("look.bad_day", word=f"{name}:{value}", example=f"{reading.now:%Y-%m-%d}") from None
    if name == "since" and at > reading.now:
        raise Refusal("look.day_to_come", word=f"{name}:{value}")
    begins = reading.now - timedelta(days=7)
    if reading.kind.name == "search" and at < (begins - timedelta(days=1) if name == "since" else begins):
        raise Refusal("look.week_only")
    return {name: at.astimezone(UTC)}


def _a_sort(reading: _Reading, name: str, value: str) -> dict[str, Any]:
    _refuse_unless_it_has(reading, "sort", f"{name}:")
    if value.lower() not in _SORTS:
        raise Refusal("look.bad_sort", word=f"{name}:{value}")
    return {"sort": _SORTS[value.lower()]}


def _a_place(reading: _Reading, name: str, value: str) -> dict[str, Any]:
    """Write latitude, longitude and radius as X's operator has them: the other way round."""
    _refuse_unless_it_has(reading, "geo", f"{name}:")
    found = _GEO.fullmatch(value)
    if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        raise Refusal("look.bad_geo", word=f"{name}:{value}")
    if not 0 < float(found[3]) <= _RADIUS_MAX[found[4]]:
        raise Refusal("look.bad_radius", word=f"{name}:{value}")
    reading.rest.append(f"point_radius:[{found[2]} {found[1]} {found[3]}{found[4]}]")
    return {}


_READERS: dict[str, Callable[[_Reading, str, str], dict[str, Any]]] = {
    "max": _most,
    "since_id": _an_id,
    "max_id": _an_id,
    "since": _a_day,
    "until": _a_day,
    "sort": _a_sort,
    "type": _a_sort,
    "geo": _a_place,
}


def _refuse_unless_it_has(reading: _Reading, parameter: str, word: str) -> None:
    if parameter not in _HAS[reading.kind.name]:
        raise Refusal("look.no_such_parameter", word=word, command=reading.kind.commands[0])


def _refuse_contrary(look: Look) -> None:
    if look.since and look.until and look.since >= look.until:
        raise Refusal("look.days_turned_round")
    if look.since_id and look.max_id and int(look.since_id) >= int(look.max_id):
        raise Refusal("look.ids_turned_round")


def _searched(reading: _Reading, look: Look) -> Look:
    """Make the rest the query, with what X's search has as operators."""
    query = " ".join([*reading.rest, *(_AS_OPERATOR[each] for each in look.without)])
    refuse_bad_query(query)
    return replace(look, query=query, without=())


def refuse_bad_query(query: str) -> None:
    """Refuse a query that X surely takes not: too long, or nothing but filters."""
    if len(query) > QUERY_MAX:
        raise Refusal("look.query_too_long", length=len(query), limit=QUERY_MAX)
    if all(_BESIDE.fullmatch(word) for word in _WORDS.findall(query)):
        raise Refusal("look.only_filters")


def _named(reading: _Reading, look: Look) -> Look:
    """Take the one name that may be said."""
    if not reading.rest:
        return look
    if reading.kind.name == "mentions":
        raise Refusal("look.bad_word", word=reading.rest[0], command="mentions")
    name = addresses.username(reading.rest[0], origin=reading.origin)
    if name is None or len(reading.rest) > 1:
        word = reading.rest[0] if name is None else reading.rest[1]
        raise Refusal("look.bad_word", word=word, command=reading.kind.commands[0])
    return replace(look, username=name)
