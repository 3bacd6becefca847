"""Posts: publish, delete, read, and recognise one of our own. What may be posted is decided elsewhere.

Asked in the `tweet.fields` dialect, read in both: since 2.167 X calls the same things posts (X: changelog).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twitter import compare
from twitter.client import App, Token, X, checked_id
from twitter.errors import Refused, Unavailable, Unknown

_FIELDS = {"tweet.fields": "attachments,author_id,created_at,entities,note_tweet,referenced_tweets"}
_GONE = ("not_found", "not_visible", "gone")
#: X: GET /2/users/{id}/tweets takes 5 to 100 posts a page.
_PAGE_MIN, _PAGE_MAX = 5, 100
#: As far as a look goes back: ten times what an account may post in 24 hours (reported).
_REACH = 1000


@dataclass(frozen=True, slots=True)
class Post:
    """A post as X keeps it. `text` is X's: links shortened, `&`, `<` and `>` escaped; long texts in full."""

    id: str
    text: str
    created_at: datetime | None
    media_count: int
    replied_to: str | None
    """Id of the post it answers."""
    author_id: str | None
    links: tuple[dict[str, object], ...] = ()
    """The post's link entities (url, expanded_url, media_key ...)."""


def address(x: X, username: str, post_id: str) -> str:
    """Where people see the post."""
    return f"{x.web_origin}/{username}/status/{post_id}"


def create(
    x: X, app: App, token: Token, text: str, *, media_ids: Sequence[str] = (), reply_to: str | None = None
) -> str:
    """Publish a post and return its id. Raises Unknown when it may be there; then look, never repeat."""
    body: dict[str, Any] = {"text": text} if text else {}
    if media_ids:
        body["media"] = {"media_ids": [checked_id(media_id) for media_id in media_ids]}
    if reply_to is not None:
        body["reply"] = {"in_reply_to_tweet_id": checked_id(reply_to)}
    answer = x.call("POST", "/2/tweets", app=app, token=token, json=body, changes=True)
    post_id = str(answer.item.get("id", ""))
    if not post_id.isdecimal():
        raise Unknown("garbled", status=answer.status)
    return post_id


def delete(x: X, app: App, token: Token, post_id: str) -> None:
    """Delete a post of the token's account; one that is not there counts as deleted. May be repeated."""
    try:
        answer = x.call("DELETE", f"/2/tweets/{checked_id(post_id)}", app=app, token=token, changes=True)
    except Refused as error:
        if error.code not in ("not_found", "gone"):
            raise
        return
    deleted = answer.item.get("deleted")
    if not isinstance(deleted, bool):
        raise Unknown("garbled", status=answer.status)
    # X answers false for what was not there, and does not say whether only for that: look.
    if not deleted and get(x, app, token, post_id) is not None:
        raise Refused("forbidden", status=answer.status)


def get(x: X, app: App, token: Token, post_id: str) -> Post | None:
    """Return the post; None when it is not there or this account may not see it."""
    path = f"/2/tweets/{checked_id(post_id)}"
    try:
        answer = x.call("GET", path, app=app, token=token, params=_FIELDS, changes=False)
    except Refused as error:
        if error.code not in _GONE:
            raise
        return None
    return _post(answer.item)


def own_recent(
    x: X, app: App, token: Token, user_id: str, *, since: datetime | None = None, limit: int | None = None
) -> list[Post]:
    """Return the account's newest posts, newest first, without reposts; `since` is aware and inclusive.

    With `since` and no `limit` these are all of them: where there are more than X is asked for (1,000)
    Unavailable is raised, for a part would pass for the whole. With neither they are at most 100.
    Every post returned is billed; X returns at least 5 where there are as many.
    """
    most = limit or (_REACH if since else _PAGE_MAX)
    path = f"/2/users/{checked_id(user_id)}/tweets"
    found: list[Post] = []
    page: str | None = None
    while len(found) < most:
        size = min(max(most - len(found), _PAGE_MIN), _PAGE_MAX)
        params = {**_FIELDS, "max_results": str(size), "exclude": "retweets", **_from(since, page)}
        answer = x.call("GET", path, app=app, token=token, params=params, changes=False)
        found += [_post(raw) for raw in answer.items]
        page = answer.next_page
        if page is None:
            return found[:most]
    if since and limit is None:
        raise Unavailable("answer_too_big")
    return found[:most]


def same(ours: str, media_count: int, reply_to: str | None, post: Post) -> bool:
    """Tell whether a post is what we sent, undoing what X does to texts."""
    if (post.media_count, post.replied_to) != (media_count, reply_to):
        return False
    is_reply = reply_to is not None
    theirs = compare.published(post.text, post.links, has_media=media_count > 0)
    return compare.comparable(theirs, post.links, is_reply=is_reply) == compare.comparable(
        ours, post.links, is_reply=is_reply
    )


def _from(since: datetime | None, page: str | None) -> dict[str, str]:
    params = {}
    if since is not None:
        # Whole seconds, rounded down: X refuses fractions in no documented way.
        params["start_time"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if page is not None:
        params["pagination_token"] = page
    return params


def _post(raw: dict[str, Any]) -> Post:
    long = raw.get("note_tweet") or raw.get("note_post") or {}
    links = [*_links(raw), *_links(long)]
    try:
        return Post(
            id=str(raw["id"]),
            text=long.get("text") or raw["text"],
            created_at=_moment(raw.get("created_at")),
            media_count=len((raw.get("attachments") or {}).get("media_keys") or ()),
            replied_to=_replied_to(raw),
            author_id=raw.get("author_id"),
            links=tuple({str(link.get("url")): link for link in links}.values()),
        )
    except (KeyError, AttributeError, TypeError):
        raise Unavailable("garbled") from None


def _links(raw: dict[str, Any]) -> list[dict[str, object]]:
    return list((raw.get("entities") or {}).get("urls") or ())


def _replied_to(raw: dict[str, Any]) -> str | None:
    references = raw.get("referenced_tweets") or raw.get("referenced_posts") or ()
    return next((str(ref["id"]) for ref in references if ref.get("type") == "replied_to"), None)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
