"""Which answer of X means which error: tables and pure functions, no network.

Numbers, problem types and phrases: X's "Response codes and errors", and what clients reported (2021 to 2026).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from twitter.answers import Answer, Complaint, complaint
from twitter.errors import NotAuthorized, OutOfCredit, Refused, Scope, SlowDown, Unavailable, Unknown, XError

DETAIL_MAX = 300
#: How long to wait when X names no moment: one window of its 15-minute limits.
BACK_OFF = timedelta(minutes=15)
#: No limit of X lasts longer; a header that claims more is not believed.
LONGEST_WAIT = timedelta(hours=25)

REQUEST_TOKEN = "/oauth/request_token"  # noqa: S105
ACCESS_TOKEN = "/oauth/access_token"  # noqa: S105

_Meaning = tuple[type[Refused] | type[NotAuthorized] | type[OutOfCredit], str]

_NUMBERS: dict[int, _Meaning] = {
    32: (NotAuthorized, "keys_wrong"),
    34: (Refused, "not_found"),
    50: (Refused, "not_found"),
    63: (Refused, "person_suspended"),
    64: (Refused, "suspended_account"),
    87: (Refused, "feature_not_allowed"),
    89: (NotAuthorized, "revoked"),
    93: (Refused, "no_dm_permission"),
    99: (NotAuthorized, "keys_wrong"),
    108: (Refused, "not_found"),
    135: (NotAuthorized, "clock_skew"),
    136: (Refused, "blocked"),
    139: (Refused, "already"),
    144: (Refused, "not_found"),
    150: (Refused, "dm_not_allowed"),
    158: (Refused, "yourself"),
    160: (Refused, "already_asked"),
    161: (Refused, "follow_limit"),
    162: (Refused, "blocked"),
    179: (Refused, "not_visible"),
    185: (Refused, "daily_limit"),
    186: (Refused, "too_long"),
    187: (Refused, "duplicate"),
    215: (NotAuthorized, "keys_wrong"),
    220: (Refused, "feature_not_allowed"),
    226: (Refused, "looks_automated"),
    261: (Refused, "read_only"),
    324: (Refused, "media_invalid"),
    326: (Refused, "locked"),
    327: (Refused, "already"),
    349: (Refused, "dm_not_allowed"),
    354: (Refused, "too_long"),
    385: (Refused, "gone"),
    415: (NotAuthorized, "callback_missing"),
    416: (NotAuthorized, "app_suspended"),
    417: (NotAuthorized, "pin_not_allowed"),
    433: (Refused, "reply_not_allowed"),
    453: (Refused, "not_in_plan"),
}

_KINDS: dict[str, _Meaning] = {
    "credits": (OutOfCredit, "out_of_credit"),
    "credits-depleted": (OutOfCredit, "out_of_credit"),
    "CreditsDepleted": (OutOfCredit, "out_of_credit"),
    "usage-capped": (OutOfCredit, "usage_cap"),
    "UsageCapExceeded": (OutOfCredit, "usage_cap"),
    "oauth1-permissions": (Refused, "read_only"),
    "client-forbidden": (NotAuthorized, "no_api_access"),
    "unsupported-authentication": (Refused, "oauth2_only"),
    "conflict": (Refused, "conflict"),
    "resource-not-found": (Refused, "not_found"),
    "resource-unavailable": (Refused, "not_found"),
    "not-authorized-for-resource": (Refused, "not_visible"),
    "not-authorized-for-field": (Refused, "not_visible"),
    "field-unauthorized": (Refused, "not_visible"),
    "disallowed-resource": (Refused, "not_visible"),
}

#: The first phrase found decides, so the narrower ones stand first.
_PHRASES: tuple[tuple[str, _Meaning], ...] = (
    ("duplicate content", (Refused, "duplicate")),
    ("quoting this post is not allowed", (Refused, "quote_not_allowed")),
    ("reply to this conversation is not allowed", (Refused, "reply_not_allowed")),
    ("only reply to or quote", (Refused, "reply_not_allowed")),
    ("deleted or not visible", (Refused, "gone")),
    ("post a video longer than", (Refused, "media_too_long")),
    ("media ids are invalid", (Refused, "media_invalid")),
    ("invalid url", (Refused, "invalid_url")),
    ("cashtag", (Refused, "too_many_cashtags")),
    ("temporarily locked", (Refused, "locked")),
    ("account is suspended", (Refused, "suspended_account")),
    ("not allowed to access or delete your direct messages", (Refused, "no_dm_permission")),
    ("permission to dm one or more participants", (Refused, "dm_not_allowed")),
    ("not permitted to access this feature", (Refused, "feature_not_allowed")),
    ("looks like it might be automated", (Refused, "looks_automated")),
    ("daily status update limit", (Refused, "daily_limit")),
    ("invalid / suspended application", (NotAuthorized, "app_suspended")),
    ("callback url not approved", (NotAuthorized, "callback_missing")),
    ("subset of x api", (Refused, "not_in_plan")),
    ("only support the oauth_callback value 'oob'", (NotAuthorized, "pin_not_allowed")),
    ("attached to a project", (NotAuthorized, "no_api_access")),
    ("timestamp out of bounds", (NotAuthorized, "clock_skew")),
    ("invalid or expired token", (NotAuthorized, "revoked")),
    ("could not authenticate you", (NotAuthorized, "keys_wrong")),
    ("failed to validate oauth signature", (NotAuthorized, "keys_wrong")),
    ("bad authentication data", (NotAuthorized, "keys_wrong")),
    ("already retweeted", (Refused, "already")),
    ("already favorited", (Refused, "already")),
    ("already liked", (Refused, "already")),
    ("already requested to follow", (Refused, "already_asked")),
    ("follow yourself", (Refused, "yourself")),
    ("unable to follow more people", (Refused, "follow_limit")),
    ("have been blocked", (Refused, "blocked")),
    ("not authorized to delete", (Refused, "not_yours")),
    # A search reaches back seven days, and so must the post or the moment it begins at.
    ("must be a tweet id created after", (Refused, "too_old")),
    ("'start_time' must be on or after", (Refused, "too_old")),
    ("not permitted to perform this action", (Refused, "forbidden")),
)

_STATUSES: dict[int, _Meaning] = {
    400: (Refused, "invalid_request"),
    404: (Refused, "not_found"),
    409: (Refused, "conflict"),
    410: (Refused, "not_found"),
    413: (Refused, "media_too_big"),
    431: (Refused, "media_too_big"),
}
#: X's own outages, whatever the status they come with: over capacity, internal error.
_OUTAGES = (130, 131)
#: Words that say no more than the status does.
_NO_REASON = ("", "forbidden", "unauthorized", "not permitted")

_SECRET_SHAPES = re.compile(
    r"oauth_\w+\s*[=:]\s*\S+"  # a parameter of OAuth with its value
    r"|\b\d+-[A-Za-z0-9]{20,}"  # an access token: user id, dash, letters
    r"|\b(?=[A-Za-z0-9+_-]*\d)(?=[A-Za-z0-9+_-]*[A-Za-z])[A-Za-z0-9+_-]{24,}={0,2}"  # keys, signatures
)


def error_of(
    answer: Answer,
    *,
    path: str,
    has_token: bool,
    changes: bool,
    now: datetime,
    offset: timedelta = timedelta(0),
    secrets: Iterable[str] = (),
) -> XError:
    """Say what an answer that is no success means. `offset` is X's clock minus ours; `secrets` are cut."""
    said = complaint(answer)
    detail = scrub(said.words, secrets)
    status = answer.status
    if status >= 500 or said.number in _OUTAGES:
        return no_outcome("server_error", changes=changes, detail=detail, status=status)
    if status < 400 and said.kind not in _KINDS:
        # Also X's own "field-hydration-failure": it could not put the answer together.
        return no_outcome("garbled", changes=changes, detail=detail, status=status)
    if said.kind not in _KINDS and (status == 429 or said.number == 88):
        until, scope = wait(answer, now, offset)
        return SlowDown("rate_limited", detail, status, until=until, scope=scope)
    if status == 408:
        return Unavailable("server_error", detail, status)
    family, code = _meaning(answer, said, path=path, has_token=has_token)
    return family(code, detail, status)


def no_outcome(
    code: str, *, changes: bool, detail: str = "", status: int | None = None
) -> Unknown | Unavailable:
    """Without a clear answer a change may have happened; a read surely changed nothing."""
    return (Unknown if changes else Unavailable)(code, detail, status)


def scrub(words: str, secrets: Iterable[str] = ()) -> str:
    """Keep X's words on one line, without control characters and anything that is or looks like a secret."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        words = words.replace(secret, "…")
    words = _SECRET_SHAPES.sub("…", words[:2000])
    words = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return words if len(words) <= DETAIL_MAX else words[: DETAIL_MAX - 1] + "…"


def wait(answer: Answer, now: datetime, offset: timedelta = timedelta(0)) -> tuple[datetime, Scope]:
    """Tell until when (by our clock) and for which limit to wait: of those used up, the longest."""
    used_up = {scope: window for scope, window in answer.windows.items() if window.remaining <= 0}
    if used_up:
        scope, window = max(used_up.items(), key=lambda entry: entry[1].resets_at)
        until = window.resets_at - offset
        if now < until <= now + LONGEST_WAIT:
            return until.astimezone(UTC), scope
    seconds = answer.headers.get("retry-after", "")
    if seconds.isascii() and seconds.isdigit() and int(seconds[:9]) <= LONGEST_WAIT.total_seconds():
        return now + timedelta(seconds=int(seconds[:9])), "unknown"
    return now + BACK_OFF, "unknown"


def _meaning(answer: Answer, said: Complaint, *, path: str, has_token: bool) -> _Meaning:
    if path == ACCESS_TOKEN and answer.status == 401:
        return _pin_meaning(said)
    if answer.status == 402:
        is_cap = said.kind in ("usage-capped", "UsageCapExceeded")
        return OutOfCredit, "usage_cap" if is_cap else "out_of_credit"
    known = _NUMBERS.get(said.number or 0) or _by_kind(said, path) or _by_phrase(said)
    if known == (Refused, "not_in_plan") and path == REQUEST_TOKEN:
        return NotAuthorized, "no_api_access"
    return known or _by_status(answer, said, path=path, has_token=has_token)


def _pin_meaning(said: Complaint) -> _Meaning:
    """Tell a wrong PIN, which is named in words only, from a link that is used up or too old."""
    if "oauth_verifier" in said.words:
        return NotAuthorized, "wrong_pin"
    if said.number == 135 or "timestamp" in said.words.lower():
        return NotAuthorized, "clock_skew"
    return NotAuthorized, "link_dead"


def _by_kind(said: Complaint, path: str) -> _Meaning | None:
    if said.kind == "oauth1-permissions" and path.startswith("/2/dm"):
        return Refused, "no_dm_permission"
    return _KINDS.get(said.kind)


def _by_phrase(said: Complaint) -> _Meaning | None:
    words = said.words.lower()
    return next((meaning for phrase, meaning in _PHRASES if phrase in words), None)


def _by_status(answer: Answer, said: Complaint, *, path: str, has_token: bool) -> _Meaning:
    if answer.status == 401:
        return NotAuthorized, "revoked" if has_token else "keys_wrong"
    if answer.status == 403 and path.startswith("/2/dm") and said.words.strip().lower() in ("", "forbidden"):
        may_write = answer.access_level in (None, "read-write-directmessages")
        return Refused, "dm_not_allowed" if may_write else "no_dm_permission"
    if answer.status == 403 and answer.access_level == "read":
        return Refused, "read_only"
    if answer.status == 403 and said.words.strip().lower().rstrip(".") in _NO_REASON:
        return Refused, "forbidden"
    return _STATUSES.get(answer.status, (Refused, "unknown_error"))
