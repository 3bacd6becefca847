"""The way into API v2: believe the signature, find the account, count the request, then answer.

What an endpoint does is not here.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.x import errors
from sandbox.x.accounts import READ, READ_WRITE_DM, Account, App
from sandbox.x.errors import XError
from sandbox.x.faults import AS_ANSWER, Fault, Subject
from sandbox.x.fields import wish
from sandbox.x.grants import AccessToken
from sandbox.x.limits import APP_DAY_POSTS, DAY, QUARTER, USER_DAY_POSTS
from sandbox.x.oauth import SignatureError
from sandbox.x.world import World

# The newest version of the API this sandbox speaks (x-openapi 2.167).
API_VERSION = "2.167"


@dataclass
class Call:
    """An API request whose sender is known."""

    world: World
    request: Request
    body: bytes
    grant: AccessToken
    fault: Fault | None = None

    @property
    def account(self) -> Account:
        """Return the account the request acts as."""
        return self.grant.account

    @property
    def app(self) -> App:
        """Return the app that sent it."""
        return self.grant.app

    def json(self) -> dict[str, Any]:
        """Return the JSON body. Raises XError 400 when it is none."""
        try:
            found = json.loads(self.body or b"{}")
            if b"\\ud" in self.body.lower():
                # Half of a surrogate pair is no character, and none that could be told again.
                json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise errors.invalid("$: request body is not valid JSON") from error
        if not isinstance(found, dict):
            raise errors.invalid("$: object expected")
        return found


Handler = Callable[[Call], Awaitable[tuple[int, dict[str, Any]]]]


@dataclass(frozen=True)
class Operation:
    """One endpoint of API v2."""

    method: str
    path: str
    handler: Handler
    writes: bool = False
    direct: bool = False
    """Whether it is about direct messages, which need an access level of their own."""

    @property
    def name(self) -> str:
        """Return method and path template: the key of its rate window."""
        return f"{self.method} {self.path}"


def subject(request: Request) -> Subject:
    """Return what faults are matched against."""
    state = request.scope.get("state", {})
    return Subject(request.method, request.url.path, state.get("username"), state.get("app"))


def answer_fault(world: World, request: Request) -> Fault | None:
    """Take the fault that is to be this request's answer, the one that chaos has decided on first."""
    state = request.scope.setdefault("state", {})
    fault: Fault | None = state.get("chaos") or world.faults.take(subject(request), AS_ANSWER)
    if fault is not None:
        state["fault"] = fault.name
    return fault


def skews(world: World, request: Request, fault: Fault | None) -> tuple[float, ...]:
    """Return how far, in seconds, X's clock pretends to be away for this request."""
    if fault is not None and fault.name == "clock_skew":
        skew = fault.seconds if fault.seconds is not None else 3600.0
        world.faults.tolerated_skews.add(skew)
        request.scope.setdefault("state", {})["date_skew"] = skew
        return (skew,)
    return (0.0, *world.faults.tolerated_skews)


async def run(world: World, operation: Operation, request: Request) -> Response:
    """Answer one request of API v2."""
    headers = {"api-version": API_VERSION}
    try:
        call = await _admit(world, operation, request, headers)
        status, body = await operation.handler(call)
        _bill(call, operation, body)
    except XError as error:
        return xerror_response(error, headers)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers, media_type=errors.JSON)


async def _admit(world: World, operation: Operation, request: Request, headers: dict[str, str]) -> Call:
    body = await request.body()
    fault = answer_fault(world, request)
    grant = _believe(world, request, body, fault)
    headers["x-access-level"] = grant.level
    if fault is not None and "window" in fault.details:
        used_up = (fault.details["window"], fault.seconds or 0)
        world.limits.use_up(operation.name, grant.account.id, grant.app.name, *used_up)
    headers.update(world.limits.take(operation.name, grant.account.id, grant.app.name))
    if fault is not None and fault.name != "clock_skew":
        raise fault_error(world, fault, headers)
    _check_standing(grant, operation)
    # Pricing: the balance may go slightly below nothing, then all calls are refused.
    if grant.app.balance is not None and grant.app.balance <= 0:
        raise errors.out_of_credit(newer=wish(request).newer)
    return Call(world, request, body, grant, fault)


def _bill(call: Call, operation: Operation, body: dict[str, Any]) -> None:
    """Bill what was answered; a write says its own price, and nothing done or found costs nothing."""
    state, path = call.request.scope["state"], call.request.url.path
    if "data" not in body:
        state.pop("price", None)
    elif operation.method == "GET":
        dollars = call.world.ledger.read(call.app, call.account, operation.name, path, body)
        state["price"] = float(dollars) or None
    elif state.get("price"):
        price = Decimal(str(state["price"]))
        call.world.ledger.write(call.app, call.account, operation.method, path, price)


def _believe(world: World, request: Request, body: bytes, fault: Fault | None) -> AccessToken:
    try:
        grant = world.signatures.check_access_token(request, body, skews(world, request, fault))
    except SignatureError as problem:
        if problem.kind == "timestamp":
            raise errors.coded(401, 135) from problem
        raise errors.unauthorized() from problem
    if not grant.alive or grant.app.suspended:
        raise errors.coded(401, 89)
    return grant


def _check_standing(grant: AccessToken, operation: Operation) -> None:
    if not grant.app.enrolled:
        raise errors.client_forbidden()
    if grant.account.suspended:
        raise errors.coded(403, 64)
    if grant.account.locked:
        raise errors.coded(403, 326)
    if (operation.writes and grant.level == READ) or (operation.direct and grant.level != READ_WRITE_DM):
        raise errors.oauth1_permissions()


def xerror_response(error: XError, headers: dict[str, str] | None = None) -> Response:
    """Turn a refusal into its HTTP answer; None values among its headers take a header away."""
    merged = {**(headers or {}), **error.headers}
    kept = {name: value for name, value in merged.items() if value}
    return Response(error.body, error.status, kept, media_type=error.content_type)


def fault_error(world: World, fault: Fault, headers: dict[str, str]) -> XError:
    """Return the refusal a fault stands for."""
    if fault.name.startswith("rate_limited"):
        return _rate_fault(world, fault, headers)
    if fault.name == "out_of_credit":
        return errors.out_of_credit(newer=fault.details.get("dialect") == "new")
    makers: dict[str, Callable[[], XError]] = {
        "revoked": lambda: errors.coded(401, 89),
        "unauthorized_32": lambda: errors.coded(401, 32),
        "locked": lambda: errors.coded(403, 326),
        "suspended_account": lambda: errors.coded(403, 64),
        "message_refused": lambda: errors.coded(403, int(fault.details.get("code", 349))),
        "duplicate": lambda: errors.forbidden(errors.DUPLICATE),
        "forbidden_bare": lambda: errors.forbidden(errors.NOT_PERMITTED),
        "read_only": errors.oauth1_permissions,
        "unheard_of": lambda: errors.forbidden(str(fault.details.get("says", errors.UNHEARD_OF))),
        "too_long_video": lambda: errors.forbidden(errors.TOO_LONG_VIDEO),
    }
    return makers[fault.name]()


def _rate_fault(world: World, fault: Fault, headers: dict[str, str]) -> XError:
    if fault.name == "rate_limited_bare":
        return errors.too_many_requests({name: "" for name in headers if "limit" in name})
    day = {"rate_limited_day": "user", "rate_limited_app_day": "app"}.get(fault.name)
    seconds = fault.seconds if fault.seconds is not None else float(DAY if day else QUARTER)
    reset = str(ceil(world.clock.now() + seconds))
    if day:
        limit = USER_DAY_POSTS if day == "user" else APP_DAY_POSTS
        used_up = {"limit": str(limit), "remaining": "0", "reset": reset}
        return errors.too_many_requests({f"x-{day}-limit-24hour-{key}": used_up[key] for key in used_up})
    return errors.too_many_requests({"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset})
