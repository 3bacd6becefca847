"""Accounts of X: who a token belongs to, and whether a name is somebody's. Who follows whom is in follows.py.

X: "Users lookup", read 2026-08; each user returned is billed as a user read, once per UTC day.
"""

import re
from dataclasses import dataclass
from typing import Any

from twitter.answers import Answer
from twitter.client import App, Token, X
from twitter.errors import Refused, Unavailable

_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
FIELDS = {"user.fields": "profile_image_url,protected,subscription_type,verified_type"}


@dataclass(frozen=True, slots=True)
class Account:
    """An account as X shows it. `username` is without the @."""

    id: str
    username: str
    name: str
    picture: str | None
    """URL of the picture in 400 by 400 pixels."""
    access_level: str | None
    """What the asking token may do (read, read-write, read-write-directmessages); None when X did not say."""
    premium: bool
    """Pays X, so may post long texts; X tells the kind of subscription only about the asking account."""
    protected: bool = False
    """Only its followers see its posts, and it decides who follows it."""


def who_am_i(x: X, app: App, token: Token) -> Account:
    """Return the account that the token belongs to."""
    answer = x.call("GET", "/2/users/me", app=app, token=token, params=FIELDS, changes=False)
    return account(x, answer.item, answer)


def find(x: X, app: App, token: Token, username: str) -> Account | None:
    """Return the account of this name, without the @; None when it is nobody's, or suspended."""
    if not _USERNAME.fullmatch(username):
        return None
    try:
        answer = x.call(
            "GET", f"/2/users/by/username/{username}", app=app, token=token, params=FIELDS, changes=False
        )
    except Refused as error:
        if error.code not in ("not_found", "not_visible"):
            raise
        return None
    return account(x, answer.item, answer)


def account(x: X, raw: dict[str, Any], answer: Answer) -> Account:
    """Read one account of an answer. Raises Unavailable garbled where it has no id or no name."""
    user_id, username = raw.get("id"), raw.get("username")
    if not isinstance(user_id, str) or not isinstance(username, str):
        raise Unavailable("garbled", status=answer.status)
    subscription = raw.get("subscription_type") or "None"
    return Account(
        id=user_id,
        username=username,
        name=str(raw.get("name") or username),
        picture=_picture(x, raw.get("profile_image_url")),
        access_level=answer.access_level,
        premium=subscription != "None" or raw.get("verified_type") == "blue",
        protected=raw.get("protected") is True,
    )


def _picture(x: X, url: object) -> str | None:
    """Take the larger file beside the 48-pixel one (X: "User profile images and banners")."""
    if not isinstance(url, str) or not url.startswith(("https://", x.api_origin + "/")):
        return None
    return re.sub(r"_normal(\.\w{3,4})$", r"_400x400\1", url)
