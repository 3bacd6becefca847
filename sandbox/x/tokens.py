"""The OAuth endpoints programs call: request token, access token, invalidate. Pages are elsewhere."""

import json
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.x import errors
from sandbox.x.accounts import App
from sandbox.x.errors import XError
from sandbox.x.faults import Fault
from sandbox.x.gate import answer_fault, fault_error, skews, xerror_response
from sandbox.x.grants import RequestToken
from sandbox.x.oauth import SignatureError, Signed
from sandbox.x.world import World


class TokenEndpoints:
    """The endpoints on one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes, under X's paths."""
        revoke = self.invalidate_token
        return [
            Route("/oauth/request_token", self.request_token, methods=["POST"]),
            Route("/oauth/access_token", self.access_token, methods=["POST"]),
            Route("/1.1/oauth/invalidate_token", revoke, methods=["POST"]),
            Route("/1.1/oauth/invalidate_token.json", revoke, methods=["POST"]),
        ]

    async def request_token(self, request: Request) -> Response:
        """Step 1 of the PIN walk."""
        try:
            body, fault = await request.body(), answer_fault(self._world, request)
            asked = self._world.signatures.check_consumer(request, body, skews(self._world, request, fault))
            self._raise(fault)
            _check_app(asked.app)
            _check_callback(asked)
        except SignatureError as problem:
            return xerror_response(_signature_error(problem))
        except XError as error:
            return xerror_response(error)
        token = self._world.grants.ask(asked.app, _asked_level(request, body))
        answer = {"oauth_token": token.token, "oauth_token_secret": token.secret}
        return _form({**answer, "oauth_callback_confirmed": "true"})

    async def access_token(self, request: Request) -> Response:
        """Step 4 of the PIN walk: the PIN for an access token."""
        try:
            body, fault = await request.body(), answer_fault(self._world, request)
            signed, token = self._world.signatures.check_request_token(
                request, body, skews(self._world, request, fault)
            )
            self._raise(fault)
            self._check_pin(signed, token)
        except SignatureError as problem:
            return xerror_response(_exchange_error(problem))
        except XError as error:
            return xerror_response(error)
        grant = self._world.grants.exchange(token)
        answer = {"oauth_token": grant.token, "oauth_token_secret": grant.secret}
        return _form({**answer, "user_id": grant.account.id, "screen_name": grant.account.username})

    async def invalidate_token(self, request: Request) -> Response:
        """Kill the access token the request is signed with."""
        try:
            body, fault = await request.body(), answer_fault(self._world, request)
            grant = self._world.signatures.check_access_token(
                request, body, skews(self._world, request, fault)
            )
            self._raise(fault)
        except SignatureError as problem:
            wrong_token = problem.kind == "token"
            return xerror_response(errors.coded(401, 89) if wrong_token else _signature_error(problem))
        except XError as error:
            return xerror_response(error)
        if not grant.alive:
            return xerror_response(errors.coded(401, 89))
        grant.alive = False
        return Response(json.dumps({"access_token": grant.token}), media_type=errors.JSON)

    def _raise(self, fault: Fault | None) -> None:
        if fault is not None and fault.name != "clock_skew":
            raise fault_error(self._world, fault, {})

    def _check_pin(self, signed: Signed, token: RequestToken) -> None:
        if token.app.suspended:
            raise errors.coded(403, 416)
        if not self._world.grants.fresh(token):
            raise errors.plain(401, errors.DEAD_REQUEST_TOKEN)
        if token.used or token.pin is None or signed.verifier != token.pin:
            raise errors.plain(401, errors.WRONG_PIN)


def _check_app(app: App) -> None:
    if app.suspended:
        raise errors.coded(403, 416)
    if not app.enrolled:
        raise errors.client_forbidden()


def _check_callback(asked: Signed) -> None:
    if not asked.app.callback:
        raise errors.coded(403, 415)
    if asked.callback != "oob":
        raise errors.coded_xml(403, 417)


def _asked_level(request: Request, body: bytes) -> str | None:
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    return request.query_params.get("x_auth_access_type") or form.get("x_auth_access_type")


def _signature_error(problem: SignatureError) -> XError:
    if problem.kind == "timestamp":
        return errors.coded(401, 135)
    if problem.kind == "missing":
        return errors.coded(400, 215)
    return errors.coded(401, 32)


def _exchange_error(problem: SignatureError) -> XError:
    if problem.kind == "token":
        return errors.plain(401, errors.DEAD_REQUEST_TOKEN)
    if problem.kind == "no_token":
        return errors.plain(401, errors.NO_REQUEST_TOKEN)
    return _signature_error(problem)


def _form(values: dict[str, str]) -> Response:
    return Response(urlencode(values), media_type=errors.TEXT)
