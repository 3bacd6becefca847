"""API v2: follow and unfollow, and lists of who follows whom. Who follows whom is kept in follows.py."""

from collections.abc import Callable
from typing import Any

from sandbox.x import errors, queries
from sandbox.x.accounts import Account
from sandbox.x.errors import not_authorized, not_found
from sandbox.x.fields import wish
from sandbox.x.follows import Follow
from sandbox.x.gate import Call, Operation
from sandbox.x.schema import check_target
from sandbox.x.users import find_user, presenter_of

# OpenAPI 2.167: max_results of these lists is 1 to 1000; x-api/users/follows: 100 when left out.
DEFAULT_RESULTS = 100
LEAST = 1
# X's price list (x-api/getting-started/pricing.mdx), US dollars: user interaction create, interaction delete.
PRICE_FOLLOW = 0.015
PRICE_UNFOLLOW = 0.010
MOST = 1000


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    one = "/2/users/{source_user_id}/following/{target_user_id}"
    return [
        Operation("POST", "/2/users/{id}/following", follow, writes=True),
        Operation("DELETE", one, unfollow, writes=True),
        Operation("GET", "/2/users/{id}/following", following),
        Operation("GET", "/2/users/{id}/followers", followers),
    ]


async def follow(call: Call) -> tuple[int, dict[str, Any]]:
    """Follow somebody, or ask a protected account."""
    queries.own_id(call.request, call.account.id)
    _refuse_self_serve(call)
    target_id = check_target(call.json(), "target_user_id")
    target = call.world.register.account_by_id(target_id)
    if target is None or target.suspended:
        return 200, {"errors": [_missing(call, target_id)]}
    if target is call.account:
        raise errors.forbidden(errors.FOLLOW_YOURSELF)
    call.request.scope["state"]["price"] = PRICE_FOLLOW
    outcome = call.world.follows.ask(call.account, target)
    return 200, {"data": {"following": outcome.following, "pending_follow": outcome.pending}}


async def unfollow(call: Call) -> tuple[int, dict[str, Any]]:
    """Follow somebody no more, or take the request to do so back."""
    queries.own_id(call.request, call.account.id, "source_user_id")
    _refuse_self_serve(call)
    target_id = queries.path_id(call.request, "target_user_id")
    if call.world.register.account_by_id(target_id) is None:
        return 200, {"errors": [_missing(call, target_id)]}
    call.request.scope["state"]["price"] = PRICE_UNFOLLOW
    call.world.follows.end(call.account.id, target_id)
    return 200, {"data": {"following": False}}


async def following(call: Call) -> tuple[int, dict[str, Any]]:
    """Return whom a user follows, newest first."""
    return _listing(call, call.world.follows.followed_by)


async def followers(call: Call) -> tuple[int, dict[str, Any]]:
    """Return who follows a user, newest first."""
    return _listing(call, call.world.follows.followers_of)


def _listing(call: Call, of: Callable[[str], list[Follow]]) -> tuple[int, dict[str, Any]]:
    queries.check_names(call.request, "max_results", "pagination_token")
    most = queries.whole_number(call.request, "max_results", DEFAULT_RESULTS, LEAST, MOST)
    before, presenter = queries.page_mark(call.request), presenter_of(call)
    user_id = queries.path_id(call.request)
    account = find_user(call, presenter, "id", user_id)
    if account is None:
        return 200, presenter.answer(None)
    if not call.world.follows.visible(call.account, account):
        presenter.errors.append(not_authorized("user", "id", user_id, newer=wish(call.request).newer))
        return 200, presenter.answer(None)
    found = _listed(call, of(account.id), before)
    shown = found[:most]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if len(found) > most:
        meta["next_token"] = queries.page_token(str(shown[-1][0]))
    return 200, presenter.answer([presenter.user(one) for _, one in shown], meta)


def _listed(call: Call, follows: list[Follow], before: int | None) -> list[tuple[int, Account]]:
    """Return the page marks and accounts behind a page mark, without those suspended since."""
    accounts = (
        (one.number, call.world.register.account_by_id(one.account_id))
        for one in follows
        if before is None or one.number < before
    )
    return [(number, one) for number, one in accounts if one is not None and not one.suspended]


def _refuse_self_serve(call: Call) -> None:
    """Refuse what X took away from all self-serve apps on 2026-04-20 (changelog of its documentation)."""
    if call.world.self_serve:
        raise errors.forbidden(errors.NO_FEATURE)


def _missing(call: Call, target_id: str) -> dict[str, str]:
    return not_found("user", "target_user_id", target_id, newer=wish(call.request).newer)
