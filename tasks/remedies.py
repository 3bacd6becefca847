"""What helps after each way X, money or the bot says no: its cause, one thing to do, the exact place. Pure.

The sentence of each code stands in the texts (x-<code>), that of each cause too (doctor-cause_<cause>).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Help(StrEnum):
    """The one thing that helps; a button each."""

    EDIT = "edit"
    """Other words."""
    NO_FILES = "no_files"
    """The same without its files."""
    AGAIN = "again"
    """The same once more."""
    ANSWER = "answer"
    """The person looks on X and says whether it is there."""
    HAND_OFF = "hand_off"
    """The person finishes it in the X app."""
    LOOK = "look"
    """The post, or the person, on X."""
    CONNECT = "connect"
    """Authorize the connection again."""
    THAW = "thaw"
    """Let a frozen connection go on."""
    CAP = "cap"
    """What the connection may cost in a month."""
    SETTINGS = "settings"
    """The app's settings at X."""
    CREDIT = "credit"
    """The credits of the app's owner at X."""
    UNLOCK = "unlock"
    """X's page for an account that is locked."""
    APPEAL = "appeal"
    """X's form for an account that is suspended."""
    OPERATOR = "operator"
    """Whoever runs the bot."""


#: Done at X by the app's owner: nobody else gets there.
BY_OWNER = frozenset((Help.SETTINGS, Help.CREDIT))

#: X's own web, for its pages that are no posts and no actions; a sandbox has none of them.
X_WEB = "https://x.com"
#: The console's page of one app has the ids of its owner and of the app in it, which nobody tells us.
#: Sources: docs.x.com, "Developer Console"; where X leads locked and suspended accounts: reported by clients.
_PAGES: Mapping[Help, str] = {
    Help.SETTINGS: "https://console.x.com",
    Help.CREDIT: "https://console.x.com",
    Help.UNLOCK: f"{X_WEB}/account/access",
    Help.APPEAL: "https://help.x.com/forms/account-access/appeals",
}


def page(help_: Help, web_origin: str) -> str | None:
    """Give the address of the exact place at X; None: there is no page of X for that.

    `web_origin` is where people look at posts: a sandbox has one page for everything.
    """
    found = _PAGES.get(help_)
    return found if found is None or web_origin == X_WEB else web_origin


@dataclass(frozen=True, slots=True)
class Remedy:
    """Why it happened, what helps, and what to do then or instead."""

    cause: str
    help: Help
    then: tuple[Help, ...] = ()


#: A code nobody knows: X's own words are shown, with an id that the log has too.
UNKNOWN = Remedy("unknown", Help.OPERATOR, (Help.AGAIN,))

_WORDS = Remedy("words", Help.EDIT)
_RULES = Remedy("rules", Help.HAND_OFF, (Help.AGAIN,))
_GONE = Remedy("gone", Help.LOOK, (Help.AGAIN,))
_SO_ALREADY = Remedy("so_already", Help.LOOK)
_FILE = Remedy("file", Help.NO_FILES, (Help.AGAIN,))
_FETCHED = Remedy("telegram_file", Help.AGAIN, (Help.NO_FILES,))
_PERMISSION = Remedy("permission", Help.SETTINGS, (Help.CONNECT, Help.AGAIN))
_WITHDRAWN = Remedy("withdrawn", Help.CONNECT, (Help.AGAIN,))
_APP = Remedy("app", Help.SETTINGS, (Help.AGAIN,))
_CREDIT = Remedy("credit", Help.CREDIT, (Help.AGAIN,))
_PIN = Remedy("pin", Help.CONNECT)
_LIMIT = Remedy("limit", Help.AGAIN)
_GROUP = Remedy("group", Help.AGAIN)
_OUTAGE = Remedy("outage", Help.AGAIN)
_DOUBT = Remedy("doubt", Help.LOOK, (Help.AGAIN,))

REMEDIES: Mapping[str, Remedy] = {
    "part_unseen": Remedy("doubt", Help.AGAIN),
    # what was to go out
    "duplicate": Remedy("same_text", Help.EDIT),
    **dict.fromkeys(("too_long", "invalid_url", "too_many_cashtags", "invalid_request"), _WORDS),
    "forbidden": Remedy("no_reason", Help.EDIT),
    "looks_automated": Remedy("automated", Help.EDIT),
    "too_old": Remedy("search", Help.EDIT),
    **dict.fromkeys(
        (
            "media_type",
            "media_too_big",
            "media_too_long",
            "media_too_short",
            "media_dimensions",
        ),
        _FILE,
    ),
    "media_invalid": Remedy("file", Help.AGAIN, (Help.NO_FILES,)),
    **dict.fromkeys(("file_gone", "file_too_big"), _FETCHED),
    # X's rules for apps
    **dict.fromkeys(
        (
            "reply_not_allowed",
            "quote_not_allowed",
            "feature_not_allowed",
            "not_in_plan",
            "oauth2_only",
        ),
        _RULES,
    ),
    "dm_not_allowed": Remedy("recipient", Help.LOOK, (Help.AGAIN,)),
    # the post or the other account
    **dict.fromkeys(
        (
            "gone",
            "not_found",
            "not_visible",
            "no_posts",
            "no_such_account",
            "person_suspended",
            "blocked",
        ),
        _GONE,
    ),
    "not_yours": Remedy("not_yours", Help.LOOK),
    **dict.fromkeys(("already", "already_asked", "yourself"), _SO_ALREADY),
    # the account
    "locked": Remedy("account", Help.UNLOCK, (Help.AGAIN,)),
    "suspended_account": Remedy("account", Help.APPEAL, (Help.AGAIN,)),
    **dict.fromkeys(("daily_limit", "follow_limit", "rate_limited"), _LIMIT),
    # the connection and its app
    **dict.fromkeys(("revoked", "keys_wrong"), _WITHDRAWN),
    **dict.fromkeys(("read_only", "no_dm_permission"), _PERMISSION),
    "locked_secrets": Remedy("key_file", Help.CONNECT, (Help.AGAIN,)),
    "no_connection": Remedy("connection", Help.CONNECT, (Help.AGAIN,)),
    "not_sent": Remedy("connection", Help.AGAIN),
    **dict.fromkeys(("author_left", "not_allowed", "link_not_allowed", "voter_gone", "votes_anew"), _GROUP),
    "frozen": Remedy("frozen", Help.THAW),
    **dict.fromkeys(("callback_missing", "pin_not_allowed", "no_api_access"), _APP),
    "app_suspended": Remedy("app_suspended", Help.SETTINGS, (Help.AGAIN,)),
    "clock_skew": Remedy("clock", Help.OPERATOR, (Help.AGAIN,)),
    **dict.fromkeys(("wrong_pin", "link_dead"), _PIN),
    # money
    **dict.fromkeys(("out_of_credit", "usage_cap"), _CREDIT),
    "over_cap": Remedy("cap", Help.CAP, (Help.AGAIN,)),
    # X and the way to it
    **dict.fromkeys(
        (
            *(
                "unavailable",
                "unreachable",
                "timed_out",
                "connection_lost",
                "server_error",
                "garbled",
            ),
            *("answer_too_big", "media_slow", "conflict", "telegram_unreachable"),
        ),
        _OUTAGE,
    ),
    **dict.fromkeys(("unknown", "cannot_look"), Remedy("doubt", Help.ANSWER)),
    **dict.fromkeys(("deletion_unknown", "deed_unknown"), _DOUBT),
    # the bot
    "internal": Remedy("here", Help.AGAIN),
}


def of(code: str) -> Remedy:
    """Give what helps after a code; after one that nobody knows, UNKNOWN."""
    return REMEDIES.get(code, UNKNOWN)


def is_known(code: str) -> bool:
    """Say whether a code has a sentence of its own; what X refused in words nobody knows has none."""
    return code in REMEDIES
