"""Deeds on posts: repost, like, and taking both back. All may be repeated after Unknown.

X: "Manage retweets" and "Manage likes", read 2026-08; likes by API are on its Enterprise plan only.
`user_id` is the token's own account. What is so already, or gone when it is taken back, counts as done.
"""

from twitter.answers import Answer
from twitter.client import App, Token, X, checked_id
from twitter.errors import Refused, Unknown


def repost(x: X, app: App, token: Token, user_id: str, post_id: str) -> None:
    """Repost a post. Raises Refused not_found, gone, blocked, forbidden (a protected account's)."""
    _do(x, app, token, f"/2/users/{checked_id(user_id)}/retweets", post_id=post_id, mark="retweeted")


def undo_repost(x: X, app: App, token: Token, user_id: str, post_id: str) -> None:
    """Take a repost back; `post_id` is the post that was reposted."""
    _undo(x, app, token, f"/2/users/{checked_id(user_id)}/retweets/{checked_id(post_id)}", "retweeted")


def like(x: X, app: App, token: Token, user_id: str, post_id: str) -> None:
    """Like a post. Raises Refused not_found, gone, blocked, and not_in_plan where X sells no likes."""
    _do(x, app, token, f"/2/users/{checked_id(user_id)}/likes", post_id=post_id, mark="liked")


def unlike(x: X, app: App, token: Token, user_id: str, post_id: str) -> None:
    """Take a like back."""
    _undo(x, app, token, f"/2/users/{checked_id(user_id)}/likes/{checked_id(post_id)}", "liked")


def _do(x: X, app: App, token: Token, path: str, *, post_id: str, mark: str) -> None:
    body = {"tweet_id": checked_id(post_id)}
    try:
        answer = x.call("POST", path, app=app, token=token, json=body, changes=True)
    except Refused as error:
        if error.code != "already":
            raise
        return
    _check(answer, mark, wanted=True)


def _undo(x: X, app: App, token: Token, path: str, mark: str) -> None:
    try:
        answer = x.call("DELETE", path, app=app, token=token, changes=True)
    except Refused as error:
        if error.code not in ("already", "not_found", "not_visible", "gone"):
            raise
        return
    _check(answer, mark, wanted=False)


def _check(answer: Answer, mark: str, *, wanted: bool) -> None:
    is_so = answer.item.get(mark)
    if not isinstance(is_so, bool):
        raise Unknown("garbled", status=answer.status)
    if is_so is not wanted:
        raise Refused("forbidden", status=answer.status)
