"""What can go wrong at X, branched by what the caller must do next; translate.py tells which is which.

XError
├── Refused         the person must change something; nothing happened
├── NotAuthorized   connect again; nothing happened
├── OutOfCredit     hold until the app's owner has paid; nothing happened
├── SlowDown        wait until a moment; nothing happened
├── Unavailable     nothing was changed: try later
└── Unknown         a change may have happened: look first, never repeat blindly
"""

# ruff: noqa: N818 - each name says what happened; an Error at its end would say nothing more

from datetime import datetime
from typing import Literal

#: Which of X's limits was met. "15min" is per endpoint; the 24-hour ones belong to the account or to the app.
Scope = Literal["15min", "24h_user", "24h_app", "unknown"]

#: Every `code` there is; the texts catalogue has a sentence for each.
CODES: dict[str, frozenset[str]] = {
    "Refused": frozenset(
        (
            *("duplicate", "too_long", "forbidden", "invalid_request", "invalid_url", "too_many_cashtags"),
            *("reply_not_allowed", "quote_not_allowed", "gone", "not_found", "not_visible"),
            *("locked", "suspended_account", "read_only", "feature_not_allowed", "looks_automated"),
            *("daily_limit", "no_dm_permission", "dm_not_allowed"),
            *("media_invalid", "media_type", "media_too_big", "media_too_long", "media_too_short"),
            *(
                "media_dimensions",
                "not_yours",
                "already",
                "already_asked",
                "yourself",
                "blocked",
                "follow_limit",
            ),
            *("person_suspended", "not_in_plan", "oauth2_only", "too_old", "conflict", "unknown_error"),
        )
    ),
    "NotAuthorized": frozenset(
        (
            *("revoked", "keys_wrong", "clock_skew", "wrong_pin", "link_dead"),
            *("callback_missing", "pin_not_allowed", "app_suspended", "no_api_access"),
        )
    ),
    "OutOfCredit": frozenset(("out_of_credit", "usage_cap")),
    "SlowDown": frozenset(("rate_limited",)),
    "Unavailable": frozenset(
        (
            *("unreachable", "timed_out", "connection_lost", "server_error"),
            *("garbled", "answer_too_big", "media_slow"),
        )
    ),
    "Unknown": frozenset(("timed_out", "connection_lost", "server_error", "garbled", "answer_too_big")),
}


class XError(Exception):
    """Something X did not do; `code` is stable and short, its sentence stands in the texts catalogue."""

    def __init__(self, code: str, detail: str = "", status: int | None = None) -> None:
        # All of it goes to `args`, so that an error survives pickling.
        super().__init__(code, detail, status)
        self.code = code
        self.detail = detail
        """X's own words, without secrets, at most 300 characters; "" when X said nothing."""
        self.status = status
        """HTTP status; None when no answer was read."""

    def __str__(self) -> str:
        """Code and status only: X's words may repeat what a person wrote, and this text reaches logs."""
        return self.code if self.status is None else f"{self.code} ({self.status})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


class Refused(XError):
    """X said no, and will say no again until the person changes something."""


class NotAuthorized(XError):
    """X accepts these keys, this token or this PIN no longer: the account has to be connected again."""


class OutOfCredit(XError):
    """The app's credits or its monthly cap are used up: hold the task, its owner has to act."""


class SlowDown(XError):
    """A limit is reached: nothing was done, and asking again before `until` is useless."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        status: int | None = None,
        *,
        until: datetime,
        scope: Scope = "unknown",
    ) -> None:
        super().__init__(code, detail, status)
        self.until = until
        """Aware, UTC, by this machine's clock; a guess (15 minutes) when `scope` is "unknown"."""
        self.scope = scope

    def __reduce__(self) -> tuple[object, ...]:
        return _slow_down, (*self.args, self.until, self.scope)


class Unavailable(XError):
    """X was not reached, or a read failed: nothing was changed, try later."""


class Unknown(XError):
    """The request went out and no answer tells what became of it: look at X before anything else."""


def _slow_down(code: str, detail: str, status: int | None, until: datetime, scope: Scope) -> SlowDown:
    return SlowDown(code, detail, status, until=until, scope=scope)
