"""API v2: create, delete and look up posts. What may be posted is decided elsewhere."""

from typing import Any

from sandbox.x import drafts, errors, queries
from sandbox.x.drafts import Draft
from sandbox.x.errors import not_found
from sandbox.x.fields import wish
from sandbox.x.gate import Call, Operation
from sandbox.x.present import Presenter
from sandbox.x.schema import check_post
from sandbox.x.users import presenter_of

# Content manage, of X's price list (x-api/getting-started/pricing.mdx), US dollars.
PRICE_DELETE = 0.005
LABELS = ("made_with_ai", "paid_partnership")


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    return [
        Operation("POST", "/2/tweets", create, writes=True),
        Operation("GET", "/2/tweets", by_ids),
        Operation("GET", "/2/tweets/{id}", by_id),
        Operation("DELETE", "/2/tweets/{id}", delete, writes=True),
    ]


async def create(call: Call) -> tuple[int, dict[str, Any]]:
    """Publish a post or a new version of one; the answer is in the older dialect, as the live API's is."""
    wanted = call.json()
    check_post(wanted)
    _refuse_unserved(wanted)
    post = drafts.publish(call.world, call.account, _draft(wanted))
    call.request.scope["state"]["price"] = post.price
    history = [version.id for version in post.versions]
    return 201, {"data": {"id": post.id, "text": post.rendered.text, "edit_history_tweet_ids": history}}


async def delete(call: Call) -> tuple[int, dict[str, Any]]:
    """Delete an own post."""
    deleted = call.world.posts.delete(call.account, queries.path_id(call.request))
    call.request.scope["state"]["price"] = PRICE_DELETE
    return 200, {"data": {"deleted": deleted}}


async def by_id(call: Call) -> tuple[int, dict[str, Any]]:
    """Return one post, or a partial error."""
    queries.check_names(call.request)
    presenter = presenter_of(call)
    return 200, presenter.answer(_shown(call, presenter, "id", queries.path_id(call.request)))


async def by_ids(call: Call) -> tuple[int, dict[str, Any]]:
    """Return several posts and a partial error for each missing one."""
    queries.check_names(call.request, "ids")
    presenter = presenter_of(call)
    found = [_shown(call, presenter, "ids", post_id) for post_id in queries.id_list(call.request)]
    return 200, presenter.answer([post for post in found if post is not None])


def _shown(call: Call, presenter: Presenter, parameter: str, post_id: str) -> dict[str, Any] | None:
    """Show a post, or note why it is not shown."""
    post, newer = call.world.posts.all.get(post_id), wish(call.request).newer
    if post is None:
        presenter.errors.append(not_found("tweet", parameter, post_id, newer=newer))
        return None
    if not call.world.follows.visible(call.account, post.author):
        presenter.errors.append(errors.not_authorized("tweet", parameter, post_id, newer=newer))
        return None
    return presenter.post(post)


def _draft(wanted: dict[str, Any]) -> Draft:
    return Draft(
        text=wanted.get("text", ""),
        media_ids=wanted.get("media", {}).get("media_ids", []),
        reply_to_id=wanted.get("reply", {}).get("in_reply_to_tweet_id"),
        quote_id=wanted.get("quote_tweet_id"),
        previous_id=wanted.get("edit_options", {}).get("previous_post_id"),
        poll=wanted.get("poll"),
        reply_settings=wanted.get("reply_settings", "everyone"),
        labels={name: wanted[name] for name in LABELS if name in wanted},
    )


def _refuse_unserved(wanted: dict[str, Any]) -> None:
    """Refuse what most accounts and apps may not do on X; nobody in this sandbox may."""
    unserved = {"card_uri", "community_id", "direct_message_deep_link", "for_super_followers_only", "geo"}
    if unserved & set(wanted) or wanted.get("nullcast"):
        raise errors.forbidden(errors.NO_FEATURE)
    if "edit_options" in wanted and "poll" in wanted:
        raise errors.forbidden(errors.NOT_PERMITTED)
