"""Who follows whom: follow, unfollow, and the lists of both. X allows it by API on its Enterprise plan only.

X: "Manage follows" and "Follows lookup", read 2026-08. Both changes may be repeated after Unknown.
"""

from typing import Literal

from twitter import pages, people
from twitter.client import App, Token, X, checked_id
from twitter.errors import Refused, Unknown
from twitter.pages import Page, Size
from twitter.people import Account

#: How many accounts one request may bring (OpenAPI); each is billed.
SIZE = Size(1, 1000)


def follow(x: X, app: App, token: Token, user_id: str, target_id: str) -> Literal["following", "pending"]:
    """Follow an account; a protected one has to agree first. `user_id` is the token's own account.

    Whom it follows, or has asked, already counts as done. Raises Refused yourself, blocked, follow_limit.
    """
    path, body = f"/2/users/{checked_id(user_id)}/following", {"target_user_id": checked_id(target_id)}
    try:
        answer = x.call("POST", path, app=app, token=token, json=body, changes=True)
    except Refused as error:
        if error.code not in ("already", "already_asked"):
            raise
        return "following" if error.code == "already" else "pending"
    follows, asked = answer.item.get("following"), answer.item.get("pending_follow")
    if not isinstance(follows, bool):
        raise Unknown("garbled", status=answer.status)
    if not follows and asked is not True:
        raise Refused("forbidden", status=answer.status)
    return "following" if follows else "pending"


def unfollow(x: X, app: App, token: Token, user_id: str, target_id: str) -> None:
    """Follow an account no more; whom it does not follow, or who is gone, counts as done."""
    path = f"/2/users/{checked_id(user_id)}/following/{checked_id(target_id)}"
    try:
        answer = x.call("DELETE", path, app=app, token=token, changes=True)
    except Refused as error:
        if error.code not in ("already", "not_found", "gone"):
            raise
        return
    follows = answer.item.get("following")
    if not isinstance(follows, bool):
        raise Unknown("garbled", status=answer.status)
    if follows:
        raise Refused("forbidden", status=answer.status)


def followers(
    x: X,
    app: App,
    token: Token,
    user_id: str,
    *,
    most: int = 100,
    page: str | None = None,
) -> Page[Account]:
    """Read who follows an account, the newest follower first."""
    return _listed(x, app, token, f"/2/users/{checked_id(user_id)}/followers", most=most, page=page)


def following(
    x: X,
    app: App,
    token: Token,
    user_id: str,
    *,
    most: int = 100,
    page: str | None = None,
) -> Page[Account]:
    """Read whom an account follows, the newest first."""
    return _listed(x, app, token, f"/2/users/{checked_id(user_id)}/following", most=most, page=page)


def _listed(x: X, app: App, token: Token, path: str, *, most: int, page: str | None) -> Page[Account]:
    params = (
        people.FIELDS | {"max_results": str(SIZE.fit(most))} | ({"pagination_token": page} if page else {})
    )
    return pages.ask(x, app, token, path, params, item=lambda raw, answer: people.account(x, raw, answer))
