"""An answer of X, read tolerantly: JSON, XML, plain text or HTML; and what it says about limits and mistakes.

What a mistake means for the caller is decided in translate.py.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from twitter.errors import Scope

_CODE = re.compile(r"""\bcode["']?\s*[=:]\s*["']?(\d{1,5})""")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_DIGITS_MAX = 12
#: Moments outside of these are not believed: no sum of two of them leaves the calendar.
_YEARS = range(2006, 2200)
_LIMITS: tuple[tuple[Scope, str], ...] = (
    ("15min", "x-rate-limit"),
    ("24h_user", "x-user-limit-24hour"),
    ("24h_app", "x-app-limit-24hour"),
)


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of one of X's limits; the moment is by X's clock."""

    remaining: int
    resets_at: datetime
    limit: int | None = None
    """How many there are in all; None when X did not say."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What X answered. `body` is parsed JSON where it was JSON, else text; header names are lower-case."""

    status: int
    body: Any = field(repr=False)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def data(self) -> Any:
        """Return the `data` of a v2 answer: a mapping, a list, or None (X leaves the key out when empty)."""
        return self.body.get("data") if isinstance(self.body, dict) else None

    @property
    def item(self) -> dict[str, Any]:
        """Return `data` as one mapping; empty when there is none."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def items(self) -> list[dict[str, Any]]:
        """Return `data` as a list of mappings."""
        listed = self.data if isinstance(self.data, list) else []
        return [item for item in listed if isinstance(item, dict)]

    @property
    def meta(self) -> dict[str, Any] | None:
        """Return what a list says about itself; None where it says nothing."""
        meta = self.body.get("meta") if isinstance(self.body, dict) else None
        return meta if isinstance(meta, dict) else None

    @property
    def next_page(self) -> str | None:
        """Return the token of the next page; None on the last."""
        token = (self.meta or {}).get("next_token")
        return token if isinstance(token, str) and token else None

    @property
    def access_level(self) -> str | None:
        """What the token may do: read, read-write or read-write-directmessages; None when X did not say."""
        return self.headers.get("x-access-level")

    @property
    def date(self) -> datetime | None:
        """X's clock when it answered; its zone is written GMT or UTC. None when missing or unreadable."""
        try:
            moment = parsedate_to_datetime(self.headers.get("date", ""))
        except ValueError:
            return None
        if moment.year not in _YEARS:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    @property
    def windows(self) -> dict[Scope, Window]:
        """The limits named in the headers (X: "Rate limits"; the 24-hour ones come with posting only)."""
        found = {scope: _window(self.headers, prefix) for scope, prefix in _LIMITS}
        return {scope: window for scope, window in found.items() if window is not None}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What X says is wrong: its number, its kind (the end of the problem's type) and its words."""

    number: int | None
    kind: str
    words: str


def read(status: int, headers: Mapping[str, str], raw: bytes) -> Answer:
    """Take JSON where it is JSON whatever the content type says, else text."""
    text = raw.decode("utf-8", "replace")
    try:
        body: Any = json.loads(text)
    except (ValueError, RecursionError):
        body = text
    if not isinstance(body, dict | list):
        body = text
    return Answer(status, body, {name.lower(): value for name, value in headers.items()})


def complaint(answer: Answer) -> Complaint:
    """Find what X complains about, in whichever of its formats."""
    if isinstance(answer.body, dict):
        return _complaint_in_json(answer.body)
    text = answer.body if isinstance(answer.body, str) else ""
    number = _CODE.search(text)
    is_page = "<html" in text.lower() or "<!doctype" in text.lower()
    words = "" if is_page else _TAG.sub(" ", text).strip()
    return Complaint(int(number[1]) if number else None, "", words)


def _complaint_in_json(body: dict[str, Any]) -> Complaint:
    listed = body.get("errors")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    number = first.get("code", body.get("code"))
    words = (first.get("message"), first.get("detail"), body.get("detail"), listed, body.get("error"))
    kinds = (first.get("type"), body.get("type"), first.get("title"), body.get("title"))
    return Complaint(
        number=number if isinstance(number, int) else None,
        kind=next((kind for kind in map(_kind, kinds) if kind), ""),
        words=next((text for text in words if isinstance(text, str) and text), ""),
    )


def _kind(name: object) -> str:
    """Take the last path segment: the host of problem types changed from api.twitter.com to api.x.com."""
    if not isinstance(name, str) or name == "about:blank":
        return ""
    return name.rstrip("/").rpartition("/")[2]


def _window(headers: Mapping[str, str], prefix: str) -> Window | None:
    try:
        remaining, reset = int(headers[f"{prefix}-remaining"]), int(headers[f"{prefix}-reset"])
        most = headers.get(f"{prefix}-limit", "")
        limit = int(most) if most.isascii() and most.isdigit() and len(most) < _DIGITS_MAX else None
        resets_at = datetime.fromtimestamp(reset, UTC)
        return Window(remaining, resets_at, limit) if resets_at.year in _YEARS else None
    except (KeyError, ValueError, OverflowError, OSError):
        return None
