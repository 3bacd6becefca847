"""API v2: create, delete and look up posts. What may be posted is decided in posts.py."""

from typing import Any

from sandbox.x import errors, queries
from sandbox.x.errors import not_found
from sandbox.x.fields import wish
from sandbox.x.gate import Call, Operation
from sandbox.x.schema import check_post
from sandbox.x.users import presenter_of


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    return [
        Operation("POST", "/2/tweets", create, writes=True),
        Operation("GET", "/2/tweets", by_ids),
        Operation("GET", "/2/tweets/{id}", by_id),
        Operation("DELETE", "/2/tweets/{id}", delete, writes=True),
    ]


async def create(call: Call) -> tuple[int, dict[str, Any]]:
    """Publish a post; the answer is in the older dialect, as the live API's is."""
    wanted = call.json()
    check_post(wanted)
    _refuse_unserved(wanted)
    post = call.world.posts.create(
        call.account,
        wanted.get("text", ""),
        wanted.get("media", {}).get("media_ids", []),
        wanted.get("reply", {}).get("in_reply_to_tweet_id"),
        wanted.get("reply_settings"),
    )
    call.request.scope["state"]["price"] = post.price
    return 201, {"data": {"id": post.id, "text": post.rendered.text, "edit_history_tweet_ids": [post.id]}}


async def delete(call: Call) -> tuple[int, dict[str, Any]]:
    """Delete an own post."""
    deleted = call.world.posts.delete(call.account, queries.path_id(call.request))
    return 200, {"data": {"deleted": deleted}}


async def by_id(call: Call) -> tuple[int, dict[str, Any]]:
    """Return one post, or a partial error."""
    presenter, post_id = presenter_of(call), queries.path_id(call.request)
    post = call.world.posts.all.get(post_id)
    if post is None:
        presenter.errors.append(not_found("tweet", "id", post_id, newer=wish(call.request).newer))
    return 200, presenter.answer(presenter.post(post) if post else None)


async def by_ids(call: Call) -> tuple[int, dict[str, Any]]:
    """Return several posts and a partial error for each missing one."""
    presenter, shown = presenter_of(call), []
    for post_id in queries.id_list(call.request):
        post = call.world.posts.all.get(post_id)
        if post is None:
            presenter.errors.append(not_found("tweet", "ids", post_id, newer=wish(call.request).newer))
        else:
            shown.append(presenter.post(post))
    return 200, presenter.answer(shown)


def _refuse_unserved(wanted: dict[str, Any]) -> None:
    """Refuse what self-serve accounts may not do on X, and what this sandbox does not do."""
    if "quote_tweet_id" in wanted:
        raise errors.forbidden(errors.QUOTE_GATE)
    if {"poll", "community_id", "edit_options", "card_uri", "geo"} & set(wanted):
        raise errors.forbidden(errors.NO_FEATURE)
