"""Reading posts: one or several, timelines, mentions, search. Every post that comes is billed.

Asked in the `tweet.fields` dialect. X: "Posts lookup", "Timelines", "Search posts", read 2026-08.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal

from twitter import pages, post
from twitter.client import App, Token, X, checked_id
from twitter.errors import Refused, Unavailable
from twitter.pages import Page, Size
from twitter.post import Post

_FIELDS = {
    "tweet.fields": "attachments,author_id,created_at,edit_controls,edit_history_tweet_ids,entities,lang,"
    "note_tweet,public_metrics,referenced_tweets,reply_settings"
}
#: Names the authors; each of them is billed as a user read, once per UTC day.
_AUTHORS = {"expansions": "author_id", "user.fields": "name,username"}
_GONE = ("not_found", "not_visible", "gone")
#: X: GET /2/tweets takes up to 100 ids.
IDS_MAX = 100
#: How many posts one request may bring (OpenAPI); `fit` tells what a wish becomes, and so the highest price.
SIZES: Mapping[str, Size] = MappingProxyType(
    {"timeline": Size(5, 100), "home": Size(1, 100), "mentions": Size(5, 100), "search": Size(10, 100)}
)
#: X's pages hold what is left after leaving reposts out, so a page may be empty though there are posts. They
#: stay small: all that stands on the page where there is one is billed.
_LATEST_PAGES = 10


@dataclass(frozen=True, slots=True)
class Reach:
    """Which part of a list to read: one page, from where to where. Moments are aware.

    X takes ids or moments, not both: with an id given, moments are applied to the page that came.
    """

    most: int = 10
    """How many are wanted; X's own least may be more."""
    page: str | None = None
    """The `next_token` of the page before."""
    since_id: str | None = None
    """Only what is newer than this post."""
    until_id: str | None = None
    """Only what is older than this post, itself left out."""
    start: datetime | None = None
    """From this second on."""
    end: datetime | None = None
    """Up to this second, itself left out."""
    authors: bool = True
    """Name the authors, which is billed."""


def get(x: X, app: App, token: Token, post_id: str, *, authors: bool = True) -> Post | None:
    """Return the post; None when it is not there or this account may not see it."""
    path, params = f"/2/tweets/{checked_id(post_id)}", _FIELDS | (_AUTHORS if authors else {})
    try:
        answer = x.call("GET", path, app=app, token=token, params=params, changes=False)
    except Refused as error:
        if error.code not in _GONE:
            raise
        return None
    return post.read(answer.item, answer.body)


def several(x: X, app: App, token: Token, post_ids: Sequence[str], *, authors: bool = True) -> list[Post]:
    """Return those of up to 100 posts that are there and visible, in the order asked."""
    if not post_ids:
        return []
    if len(post_ids) > IDS_MAX:
        raise Refused("invalid_request")
    params = _FIELDS | (_AUTHORS if authors else {}) | {"ids": ",".join(map(checked_id, post_ids))}
    try:
        found = pages.ask(
            x, app, token, "/2/tweets", params, item=lambda raw, answer: post.read(raw, answer.body)
        )
    except Refused as error:
        if error.code not in _GONE:
            raise
        return []
    by_id = {one.id: one for one in found.items}
    return [by_id[post_id] for post_id in dict.fromkeys(post_ids) if post_id in by_id]


def latest(x: X, app: App, token: Token, user_id: str, *, authors: bool = False) -> Post | None:
    """Return an account's newest post that is no repost; None when it has none. X bills up to five."""
    reach = Reach(most=1, authors=authors)
    for _ in range(_LATEST_PAGES):
        page = timeline(x, app, token, user_id, reach, reposts=False)
        if page.items:
            return page.items[0]
        if page.next_token is None:
            return None
        reach = Reach(most=1, page=page.next_token, authors=authors)
    raise Unavailable("answer_too_big")


def timeline(
    x: X,
    app: App,
    token: Token,
    user_id: str,
    reach: Reach,
    *,
    replies: bool = True,
    reposts: bool = True,
) -> Page[Post]:
    """Read what an account posted. X reaches back 3,200 posts, without replies 800.

    Raises Refused not_visible for a protected account, not_found for none.
    """
    path = f"/2/users/{checked_id(user_id)}/tweets"
    return _page(x, app, token, path, reach, look="timeline", more=_without(replies=replies, reposts=reposts))


def home(
    x: X,
    app: App,
    token: Token,
    user_id: str,
    reach: Reach,
    *,
    replies: bool = True,
    reposts: bool = True,
) -> Page[Post]:
    """Read what the token's own account sees at X, by time; `user_id` is that account.

    X reaches back 7 days or 3,200 posts.
    """
    path = f"/2/users/{checked_id(user_id)}/timelines/reverse_chronological"
    return _page(x, app, token, path, reach, look="home", more=_without(replies=replies, reposts=reposts))


def mentions(x: X, app: App, token: Token, user_id: str, reach: Reach) -> Page[Post]:
    """Read the posts that name an account. X reaches back 800 posts."""
    path = f"/2/users/{checked_id(user_id)}/mentions"
    return _page(x, app, token, path, reach, look="mentions", more={})


def search(
    x: X,
    app: App,
    token: Token,
    query: str,
    reach: Reach,
    *,
    sort: Literal["recency", "relevancy"] = "recency",
) -> Page[Post]:
    """Search the posts of seven days; X takes 512 characters of query.

    A `since_id` older than that is left out: all that X can find is newer. Raises Refused
    invalid_request with X's words about the query.
    """
    more = {"query": query, "sort_order": sort}
    path = "/2/tweets/search/recent"
    try:
        return _page(x, app, token, path, reach, look="search", more=more)
    except Refused as error:
        if error.code != "too_old" or reach.since_id is None:
            raise
    return _page(x, app, token, path, replace(reach, since_id=None), look="search", more=more)


def _page(
    x: X, app: App, token: Token, path: str, reach: Reach, *, look: str, more: dict[str, str]
) -> Page[Post]:
    params = _FIELDS | (_AUTHORS if reach.authors else {}) | more | _reaching(reach, SIZES[look])
    if look == "search" and (token_of_page := params.pop("pagination_token", None)):
        params["next_token"] = token_of_page  # X takes both, and documents this one
    page = pages.ask(x, app, token, path, params, item=lambda raw, answer: post.read(raw, answer.body))
    return replace(page, items=tuple(one for one in page.items if _is_between(one, reach)))


def _is_between(found: Post, reach: Reach) -> bool:
    """Take a post whose moment X does not tell for meant."""
    if found.created_at is None:
        return True
    is_late_enough = reach.start is None or found.created_at >= reach.start.replace(microsecond=0)
    return is_late_enough and (reach.end is None or found.created_at < reach.end)


def _reaching(reach: Reach, size: Size) -> dict[str, str]:
    has_ids = reach.since_id or reach.until_id
    wishes = {
        "max_results": str(size.fit(reach.most)),
        "pagination_token": reach.page,
        "since_id": checked_id(reach.since_id) if reach.since_id else None,
        "until_id": checked_id(reach.until_id) if reach.until_id else None,
        "start_time": at(reach.start) if reach.start and not has_ids else None,
        "end_time": at(reach.end) if reach.end and not has_ids else None,
    }
    return {name: value for name, value in wishes.items() if value is not None}


def _without(*, replies: bool, reposts: bool) -> dict[str, str]:
    left_out = [name for name, wanted in (("replies", replies), ("retweets", reposts)) if not wanted]
    return {"exclude": ",".join(left_out)} if left_out else {}


def at(moment: datetime) -> str:
    """Write a moment as X takes it: in whole seconds, rounded down; about fractions X says nothing."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
