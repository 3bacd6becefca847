"""API v2: the posts of a user and the posts that mention them, page by page. Single posts are elsewhere."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sandbox.x import lag, queries
from sandbox.x.errors import not_found
from sandbox.x.fields import wish
from sandbox.x.gate import Call, Operation
from sandbox.x.posts import Post
from sandbox.x.users import presenter_of

DEFAULT_RESULTS = 10
LEAST = 5
MOST = 100


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    return [
        Operation("GET", "/2/users/{id}/tweets", posts_of),
        Operation("GET", "/2/users/{id}/mentions", mentions_of),
    ]


async def posts_of(call: Call) -> tuple[int, dict[str, Any]]:
    """Return a user's posts, newest first."""
    account = call.world.register.account_by_id(queries.path_id(call.request))
    return _listing(call, call.world.posts.by(account) if account else None)


async def mentions_of(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the posts that name a user, newest first."""
    account = call.world.register.account_by_id(queries.path_id(call.request))
    return _listing(call, call.world.posts.mentioning(account) if account else None)


def _listing(call: Call, posts: list[Post] | None) -> tuple[int, dict[str, Any]]:
    presenter = presenter_of(call)
    if posts is None:
        value = call.request.path_params["id"]
        presenter.errors.append(not_found("user", "id", value, newer=wish(call.request).newer))
        return 200, presenter.answer(None)
    most = queries.whole_number(call.request, "max_results", DEFAULT_RESULTS, LEAST, MOST)
    found = list(islice(_selected(call, posts), most + 1))
    shown = found[:most]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if shown:
        meta.update(newest_id=shown[0].id, oldest_id=shown[-1].id)
    if len(found) > most:
        meta["next_token"] = queries.page_token(shown[-1].id)
    return 200, presenter.answer([presenter.post(post) for post in shown], meta)


def _selected(call: Call, posts: list[Post]) -> Iterator[Post]:
    request = call.request
    since, until = queries.optional_id(request, "since_id"), queries.optional_id(request, "until_id")
    start, end = queries.moment(request, "start_time"), queries.moment(request, "end_time")
    before = queries.page_mark(request)
    no_replies = "replies" in request.query_params.get("exclude", "").split(",")
    newest = lag.horizon(call)
    return (
        post
        for post in posts
        if (since is None or int(post.id) > since)
        and (until is None or int(post.id) < until)
        and (before is None or int(post.id) < before)
        and (start is None or post.created_at >= start)
        and (end is None or post.created_at < end)
        and not (no_replies and post.reply_to)
        and post.made_at <= newest
    )
