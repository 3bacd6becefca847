"""API v2: reposts and likes, and taking them back. What a repost is made of is elsewhere."""

from typing import Any

from sandbox.x import drafts, errors, queries
from sandbox.x.errors import not_found
from sandbox.x.fields import wish
from sandbox.x.gate import Call, Operation
from sandbox.x.posts import Post
from sandbox.x.schema import check_target

# X's price list (x-api/getting-started/pricing.mdx), US dollars: "user interaction create",
# "interaction delete" and "content manage".
PRICE_LIKE = 0.015
PRICE_UNLIKE = 0.010
PRICE_UNREPOST = 0.005


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    return [
        Operation("POST", "/2/users/{id}/retweets", repost, writes=True),
        Operation("DELETE", "/2/users/{id}/retweets/{source_tweet_id}", unrepost, writes=True),
        Operation("POST", "/2/users/{id}/likes", like, writes=True),
        Operation("DELETE", "/2/users/{id}/likes/{tweet_id}", unlike, writes=True),
    ]


async def repost(call: Call) -> tuple[int, dict[str, Any]]:
    """Repost a post; to do so twice is refused."""
    queries.own_id(call.request, call.account.id)
    post_id = check_target(call.json(), "tweet_id")
    source = _target(call, post_id)
    if source is None:
        return 200, _missing(call, "tweet_id", post_id)
    if source.author.protected:
        raise errors.forbidden(errors.NOT_PERMITTED)
    made = drafts.repost(call.world, call.account, source)
    _charge(call, made.price)
    return 200, {"data": {"retweeted": True, "rest_id": made.id}}


async def unrepost(call: Call) -> tuple[int, dict[str, Any]]:
    """Take a repost back; nothing there to be taken back is no error."""
    queries.own_id(call.request, call.account.id)
    source = _target(call, queries.path_id(call.request, "source_tweet_id"))
    if source is not None:
        call.world.posts.unrepost(call.account, source)
    _charge(call, PRICE_UNREPOST)
    return 200, {"data": {"retweeted": False}}


async def like(call: Call) -> tuple[int, dict[str, Any]]:
    """Like a post; to do so twice changes nothing."""
    _check_likes_are_sold(call)
    queries.own_id(call.request, call.account.id)
    post_id = check_target(call.json(), "tweet_id")
    source = _target(call, post_id)
    if source is None:
        return 200, _missing(call, "tweet_id", post_id)
    source.engagement.likers[call.account.id] = call.account
    _charge(call, PRICE_LIKE)
    return 200, {"data": {"liked": True}}


async def unlike(call: Call) -> tuple[int, dict[str, Any]]:
    """Like a post no more; not to have liked it is no error."""
    _check_likes_are_sold(call)
    queries.own_id(call.request, call.account.id)
    source = _target(call, queries.path_id(call.request, "tweet_id"))
    if source is not None:
        source.engagement.likers.pop(call.account.id, None)
    _charge(call, PRICE_UNLIKE)
    return 200, {"data": {"liked": False}}


def _check_likes_are_sold(call: Call) -> None:
    """Refuse likes to self-serve apps, which lost them on 20 April 2026 (changelog.mdx)."""
    if call.world.self_serve:
        raise errors.forbidden(errors.NO_FEATURE)


def _target(call: Call, post_id: str) -> Post | None:
    found = call.world.posts.all.get(post_id)
    if found is None or not call.world.follows.visible(call.account, found.source.author):
        return None
    return found.source


def _missing(call: Call, parameter: str, post_id: str) -> dict[str, Any]:
    return {"errors": [not_found("tweet", parameter, post_id, newer=wish(call.request).newer)]}


def _charge(call: Call, price: float) -> None:
    call.request.scope["state"]["price"] = price
