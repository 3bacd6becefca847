"""API v2: search among the posts of the last seven days, page by page. The query language is elsewhere."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sandbox.x import errors, queries
from sandbox.x.gate import Call, Operation
from sandbox.x.ids import SNOWFLAKE_EPOCH_MS
from sandbox.x.posts import Post
from sandbox.x.search_query import compiled
from sandbox.x.search_terms import QueryError, Test
from sandbox.x.timelines import listing, selected

DAYS = 7
PAGE = (10, 10, 100)
# How long a query may be (x-api/posts/search/introduction.mdx).
LENGTH = 512
LENGTH_ENTERPRISE = 4096
# end_time lies at least this far back (x-api/posts/search/recent-search.mdx).
END_SECONDS = 10
ORDERS = ("recency", "relevancy")
_PAGE_NAMES = ("next_token", "pagination_token")
_NAMES = ("query", "max_results", "since_id", "until_id", "start_time", "end_time", "sort_order")


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    return [Operation("GET", "/2/tweets/search/recent", recent)]


async def recent(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the posts that match a query, newest or most noticed first."""
    queries.check_names(call.request, *_NAMES, *_PAGE_NAMES)
    matches = _test(call)
    order = queries.choices(call.request, "sort_order", ORDERS)
    most = queries.whole_number(call.request, "max_results", *PAGE)
    mark = queries.page_mark(call.request, *_PAGE_NAMES)
    _check_bounds(call)
    oldest = call.world.clock.utc() - timedelta(days=DAYS)
    posts = [post for post in call.world.posts.current() if post.created_at >= oldest and matches(post)]
    if "relevancy" in order:
        found = _behind(sorted(selected(call, posts, None), key=_notice, reverse=True), mark)
    else:
        found = list(islice(selected(call, posts, mark), most + 1))
    return 200, listing(call, found[: most + 1], most)


def _test(call: Call) -> Test:
    query = call.request.query_params.get("query", "")
    most = LENGTH if call.world.self_serve else LENGTH_ENTERPRISE
    if not query.strip():
        raise errors.invalid("The `query` query parameter can not be empty", {"query": [query]})
    if len(query) > most:
        message = f"The `query` query parameter value [{query}] is longer than {most} characters"
        raise errors.invalid(message, {"query": [query]})
    try:
        return compiled(query)
    except QueryError as error:
        raise errors.invalid(str(error), {"query": [query]}) from error


def _check_bounds(call: Call) -> None:
    """Refuse what lies outside of the seven days, in X's words."""
    now = call.world.clock.utc()
    oldest = now - timedelta(days=DAYS)
    start, end = queries.moment(call.request, "start_time"), queries.moment(call.request, "end_time")
    since = queries.optional_id(call.request, "since_id")
    if start is not None and start < oldest:
        raise _bound(call, "start_time", f"'start_time' must be on or after {_minute(oldest)}")
    if end is not None and end > now - timedelta(seconds=END_SECONDS):
        words = f"'end_time' must be a minimum of {END_SECONDS} seconds prior to the request time."
        raise _bound(call, "end_time", words)
    if start is not None and end is not None and start >= end:
        raise _bound(call, "end_time", "'end_time' must be after 'start_time'")
    smallest = int(oldest.timestamp() * 1000 - SNOWFLAKE_EPOCH_MS) << 22
    if since is not None and since < smallest:
        words = f"'since_id' must be a tweet id created after {_minute(oldest)}. "
        raise _bound(call, "since_id", words + f"Please use a 'since_id' that is larger than {smallest}")


def _bound(call: Call, name: str, words: str) -> errors.XError:
    value = call.request.query_params[name]
    return errors.invalid(f"Invalid '{name}':'{value}'. {words}", {name: [value]})


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def _notice(post: Post) -> tuple[int, int]:
    """Return how much others have made of a post; of two alike the newer comes first."""
    seen = post.engagement
    return len(seen.likers) + len(seen.reposts) + seen.replies + seen.quotes, int(post.id)


def _behind(posts: list[Post], mark: int | None) -> list[Post]:
    """Return what comes behind the post with this id; nothing when it is not there any more."""
    if mark is None:
        return posts
    places = [place for place, post in enumerate(posts) if int(post.id) == mark]
    return posts[places[0] + 1 :] if places else []
