"""API v2: who am I, and users by id and by name. Timelines are elsewhere."""

from collections.abc import Callable
from typing import Any

from sandbox.x import queries
from sandbox.x.accounts import Account
from sandbox.x.errors import not_found
from sandbox.x.fields import wish
from sandbox.x.gate import Call, Operation
from sandbox.x.present import Presenter
from sandbox.x.serving import origin


def operations() -> list[Operation]:
    """Return the endpoints of this module."""
    return [
        Operation("GET", "/2/users/me", me),
        Operation("GET", "/2/users/by", by_usernames),
        Operation("GET", "/2/users/by/username/{username}", by_username),
        Operation("GET", "/2/users", by_ids),
        Operation("GET", "/2/users/{id}", by_id),
    ]


async def me(call: Call) -> tuple[int, dict[str, Any]]:
    """Return the account of the token."""
    queries.check_names(call.request)
    presenter = presenter_of(call)
    return 200, presenter.answer(presenter.user(call.account))


async def by_id(call: Call) -> tuple[int, dict[str, Any]]:
    """Return one user, or a partial error."""
    queries.check_names(call.request)
    return 200, _one(call, "id", queries.path_id(call.request), call.world.register.account_by_id)


async def by_username(call: Call) -> tuple[int, dict[str, Any]]:
    """Return one user by name, or a partial error."""
    queries.check_names(call.request)
    return 200, _one(call, "username", queries.username(call.request), call.world.register.account)


async def by_ids(call: Call) -> tuple[int, dict[str, Any]]:
    """Return several users and a partial error for each missing one."""
    queries.check_names(call.request, "ids")
    return 200, _several(call, "ids", queries.id_list(call.request), call.world.register.account_by_id)


async def by_usernames(call: Call) -> tuple[int, dict[str, Any]]:
    """Return several users by name and a partial error for each missing one."""
    queries.check_names(call.request, "usernames")
    return 200, _several(call, "usernames", queries.username_list(call.request), call.world.register.account)


def presenter_of(call: Call) -> Presenter:
    """Return a presenter for this call's viewer and wishes."""
    return Presenter(call.world, call.account, wish(call.request), origin(call.request))


def find_user(call: Call, presenter: Presenter, parameter: str, value: str) -> Account | None:
    """Return the user with this id; None, and an error for the answer, where X knows none or suspended it."""
    account = call.world.register.account_by_id(value)
    if account is None or account.suspended:
        presenter.errors.append(_missing(call, parameter, value, account))
        return None
    return account


def _one(call: Call, parameter: str, value: str, find: Callable[[str], Account | None]) -> dict[str, Any]:
    presenter = presenter_of(call)
    account = find(value)
    if account is None or account.suspended:
        presenter.errors.append(_missing(call, parameter, value, account))
        return presenter.answer(None)
    return presenter.answer(presenter.user(account))


def _several(
    call: Call, parameter: str, values: list[str], find: Callable[[str], Account | None]
) -> dict[str, Any]:
    presenter = presenter_of(call)
    shown = []
    for value in values:
        account = find(value)
        if account is None or account.suspended:
            presenter.errors.append(_missing(call, parameter, value, account))
        else:
            shown.append(presenter.user(account))
    return presenter.answer(shown)


def _missing(call: Call, parameter: str, value: str, account: Account | None) -> dict[str, str]:
    error = not_found("user", parameter, value, newer=wish(call.request).newer)
    if account is not None:
        error.update(title="Forbidden", detail=f"User has been suspended: [{value}].")
    return error
