"""API v2: timelines and mentions, page by page. Single posts are elsewhere."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from sandbox.x import errors, lag, queries
from sandbox.x.accounts import Account
from sandbox.x.fields import wish
from sandbox.x.gate import Call, Operation
from sandbox.x.posts import Post
from sandbox.x.users import presenter_of

# How many a page has when nothing is said, at least, at most (x-openapi 2.167).
PAGE = (10, 5, 100)
HOME_PAGE = (100, 1, 100)
# How far back these lists go (x-api/posts/timelines/introduction.mdx).
NEWEST_POSTS = 3200
NEWEST_WITHOUT_REPLIES = 800
NEWEST_MENTIONS = 800
HOME_DAYS = 7
EXCLUDED = ("replies", "retweets")
_BOUNDS = ("max_results", "pagination_token", "since_id", "until_id", "start_time", "end_time")


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    return [
        Operation("GET", "/2/users/{id}/tweets", posts_of),
        Operation("GET", "/2/users/{id}/mentions", mentions_of),
        Operation("GET", "/2/users/{id}/timelines/reverse_chronological", home_of),
    ]


async def posts_of(call: Call) -> tuple[int, dict[str, Any]]:
    """Return a user's posts and reposts, newest first."""
    queries.check_names(call.request, *_BOUNDS, "exclude")
    account = call.world.register.account_by_id(queries.path_id(call.request))
    if account is None or not call.world.follows.visible(call.account, account):
        return 200, _nobody(call, account)
    excluded = queries.choices(call.request, "exclude", EXCLUDED)
    most = NEWEST_WITHOUT_REPLIES if "replies" in excluded else NEWEST_POSTS
    return 200, _page(call, call.world.posts.by(account)[:most], PAGE, excluded)


async def mentions_of(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the posts that name a user, newest first."""
    queries.check_names(call.request, *_BOUNDS)
    account = call.world.register.account_by_id(queries.path_id(call.request))
    if account is None:
        return 200, _nobody(call, account)
    return 200, _page(call, call.world.posts.mentioning(account)[:NEWEST_MENTIONS], PAGE)


async def home_of(call: Call) -> tuple[int, dict[str, Any]]:
    """Return what the account and those it follows have posted in the last days, newest first."""
    queries.check_names(call.request, *_BOUNDS, "exclude")
    queries.own_id(call.request, call.account.id)
    excluded = queries.choices(call.request, "exclude", EXCLUDED)
    since = call.world.clock.utc() - timedelta(days=HOME_DAYS)
    posts = [post for post in call.world.posts.by_all(_shown_at_home(call)) if post.created_at >= since]
    return 200, _page(call, posts[:NEWEST_POSTS], HOME_PAGE, excluded)


def selected(call: Call, posts: Iterable[Post], before: int | None) -> Iterator[Post]:
    """Return the posts within the bounds of the query that this viewer may see, older than the page before.

    Raises XError 400 for a bound that is none.
    """
    request, follows = call.request, call.world.follows
    since, until = queries.optional_id(request, "since_id"), queries.optional_id(request, "until_id")
    start, end = queries.moment(request, "start_time"), queries.moment(request, "end_time")
    newest = lag.horizon(call)
    return (
        post
        for post in posts
        if (since is None or int(post.id) > since)
        and (until is None or int(post.id) < until)
        and (before is None or int(post.id) < before)
        and (start is None or post.created_at >= start)
        and (end is None or post.created_at < end)
        and post.made_at <= newest
        and not post.author.suspended
        and follows.visible(call.account, post.author)
    )


def listing(
    call: Call, found: list[Post], most: int, excluded: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return a page of at most so many posts; one more among `found` means that there is another page.

    What is excluded leaves its place in the page empty, as on X.
    """
    shown, presenter = _without(found[:most], excluded), presenter_of(call)
    meta: dict[str, Any] = {"result_count": len(shown)}
    if shown:
        ids = [int(post.id) for post in shown]
        meta.update(newest_id=str(max(ids)), oldest_id=str(min(ids)))
    if len(found) > most:
        meta["next_token"] = queries.page_token(found[most - 1].id)
    return presenter.answer([presenter.post(post) for post in shown], meta)


def _without(posts: list[Post], excluded: frozenset[str]) -> list[Post]:
    """Leave out replies, reposts or both."""
    return [
        post
        for post in posts
        if not ("replies" in excluded and post.reply_to) and not ("retweets" in excluded and post.repost_of)
    ]


def _page(
    call: Call,
    posts: Iterable[Post],
    limits: tuple[int, int, int],
    excluded: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    most = queries.whole_number(call.request, "max_results", *limits)
    before = queries.page_mark(call.request)
    return listing(call, list(islice(selected(call, posts, before), most + 1)), most, excluded)


def _shown_at_home(call: Call) -> list[Account]:
    register = call.world.register
    followed = (
        register.account_by_id(one.account_id) for one in call.world.follows.followed_by(call.account.id)
    )
    return [call.account, *(account for account in followed if account is not None)]


def _nobody(call: Call, account: Account | None) -> dict[str, Any]:
    """Return the partial error for an account that is not there, or not to be seen by this one."""
    presenter, value = presenter_of(call), call.request.path_params["id"]
    say = errors.not_found if account is None else errors.not_authorized
    presenter.errors.append(say("user", "id", value, newer=wish(call.request).newer))
    return presenter.answer(None)
