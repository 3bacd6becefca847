"""What a person points at: which post or account a link, an id or a name of theirs means. Asks nobody.

How addresses of ours are made stands in posts.py (a post) and intents.py (an action).
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

#: Nobody pastes a longer one; what follows the id is a few tracking parameters.
_LONGEST = 2048
#: X's ids are up to 19 ASCII digits (OpenAPI); 0 stands for the newest post of one's own.
_ID = re.compile(r"0|[1-9][0-9]{0,18}")
_USERNAME = re.compile(r"[@\uff20]?([A-Za-z0-9_]{1,15})")
#: What stands around a link in a sentence, and marks of direction that come along with a copy.
_AROUND = " \t\r\n\u00a0.,;:!?…*~|'\"`\u2018\u2019\u201c\u201d«»()[]{}<>" + "".join(
    map(chr, (0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
_HOST = r"(?:(?:www|mobile|m)\.)?(?:x|twitter)\.com(?::(?:443|80))?"
_STATUS = r"/(?:#!/)?(?:i/web|[A-Za-z0-9_]{1,20})/status(?:es)?/(?P<id>[1-9][0-9]{0,18})(?:[/?#&]\S*)?"
#: The parts of a profile that have addresses of their own; a post's address is nobody's profile.
_TABS = "with_replies|media|likes|followers|following|verified_followers|highlights|articles|photo"
_PROFILE = rf"/(?:#!/)?@?(?P<name>[A-Za-z0-9_]{{1,15}})(?:/(?:{_TABS}))?/?(?:[?#]\S*)?"
#: Pages of X itself, not accounts.
_PAGES = frozenset(
    (
        *("about", "account", "compose", "download", "explore", "hashtag", "help", "home", "i", "intent"),
        *("jobs", "login", "logout", "messages", "notifications", "oauth", "privacy", "search", "settings"),
        *("share", "signup", "tos", "who_to_follow"),
    )
)


def post_id(said: str, *, origin: str | None = None) -> str | None:
    """Return the id in a bare id or in any form of link to a post; None where it is neither.

    "0" is returned as it is. `origin`: one more place whose posts are meant, a sandbox's.
    """
    said = _bare(said)
    if _ID.fullmatch(said):
        return said
    found = _link(_STATUS, origin).fullmatch(said)
    return found["id"] if found else None


def username(said: str, *, origin: str | None = None) -> str | None:
    """Return the name in @name, name or a link to a profile, as it was written; None where it is neither."""
    said = _bare(said)
    if found := _USERNAME.fullmatch(said):
        return found[1]
    found = _link(_PROFILE, origin).fullmatch(said)
    return found["name"] if found and found["name"].lower() not in _PAGES else None


def _bare(said: str) -> str:
    """Take away what surrounds it; what is too long is nothing."""
    return said.strip(_AROUND) if len(said) <= _LONGEST else ""


@lru_cache(maxsize=16)
def _link(path: str, origin: str | None) -> re.Pattern[str]:
    """Match whole links to X, or to the sandbox at `origin`, with or without a scheme."""
    place = re.escape(urlsplit(origin).netloc) if origin else ""
    hosts = f"(?:{_HOST}|{place})" if place else _HOST
    # ASCII: without it a long s would be an s, and digits of other scripts digits.
    return re.compile(rf"(?i:(?:https?://)?{hosts}){path}", re.ASCII)
