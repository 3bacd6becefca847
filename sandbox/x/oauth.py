"""Are an OAuth 1.0a signature, nonce and time good? oauthlib's server side decides. No answers here."""

from dataclasses import dataclass
from typing import Any

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_TYPE_AUTH_HEADER, RequestValidator
from oauthlib.oauth1.rfc5849.endpoints.base import BaseEndpoint
from oauthlib.oauth1.rfc5849.errors import OAuth1Error
from oauthlib.oauth1.rfc5849.signature import collect_parameters
from oauthlib.oauth1.rfc5849.utils import filter_oauth_params
from starlette.requests import Request

from sandbox.x.accounts import App, Register
from sandbox.x.clock import Clock
from sandbox.x.grants import AccessToken, Grants, RequestToken

# How far a timestamp may be off. X documents no figure; five minutes is the usual allowance.
TIMESTAMP_SECONDS = 300
_FOREVER = 10**10


class SignatureError(Exception):
    """Why a request is not believed: missing, timestamp, client, token, signature or nonce."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Signed:
    """A request whose signature holds: by which app, and its oauth_ parameters."""

    app: App
    token: str | None
    callback: str | None
    verifier: str | None


class _Validator(RequestValidator):
    """Tells oauthlib the secrets; time and nonces are judged by Signatures, on the sandbox's clock."""

    enforce_ssl = False  # the sandbox is on loopback
    timestamp_lifetime = _FOREVER
    allowed_signature_methods = (SIGNATURE_HMAC_SHA1,)

    def __init__(self, register: Register, grants: Grants) -> None:
        super().__init__()
        self._register = register
        self._grants = grants

    def check_client_key(self, client_key: str) -> bool:
        return bool(client_key)

    def check_nonce(self, nonce: str) -> bool:
        return nonce.isascii() and 0 < len(nonce) <= 128

    def get_client_secret(self, client_key: str, _request: Any) -> str:
        app = self._register.app_by_key(client_key)
        return app.consumer_secret if app else ""

    def get_request_token_secret(self, _client_key: str, token: str, _request: Any) -> str:
        found = self._grants.requests.get(token)
        return found.secret if found else ""

    def get_access_token_secret(self, _client_key: str, token: str, _request: Any) -> str:
        found = self._grants.access.get(token)
        return found.secret if found else ""


class Signatures(BaseEndpoint):
    """The checks in X's order. A nonce counts as used only once its signature held."""

    def __init__(self, register: Register, grants: Grants, clock: Clock) -> None:
        super().__init__(_Validator(register, grants))
        self._register = register
        self._grants = grants
        self._clock = clock
        self._nonces: dict[tuple[str, str, str, str], float] = {}

    def check_consumer(self, request: Request, body: bytes, skews: tuple[float, ...] = ()) -> Signed:
        """Check a request signed with consumer key and secret only. Raises SignatureError."""
        signed = self._read(request, body, skews)
        if signed.resource_owner_key:
            raise SignatureError("token")
        return self._finish(signed, token_request=True)

    def check_request_token(
        self, request: Request, body: bytes, skews: tuple[float, ...] = ()
    ) -> tuple[Signed, RequestToken]:
        """Check a request signed with a request token. Raises SignatureError."""
        signed = self._read(request, body, skews)
        found = self._grants.requests.get(signed.resource_owner_key or "")
        if found is None or found.app.consumer_key != signed.client_key:
            raise SignatureError("token" if signed.resource_owner_key else "no_token")
        return self._finish(signed, token_request=True), found

    def check_access_token(self, request: Request, body: bytes, skews: tuple[float, ...] = ()) -> AccessToken:
        """Check a request signed with an access token. Raises SignatureError; the token may be dead."""
        signed = self._read(request, body, skews)
        found = self._grants.access.get(signed.resource_owner_key or "")
        if found is None or found.app.consumer_key != signed.client_key:
            raise SignatureError("token" if signed.resource_owner_key else "missing")
        self._finish(signed, token_request=False)
        return found

    def _get_signature_type_and_params(self, request: Any) -> tuple[str, Any, Any]:
        """Let callback and verifier stand in query or form, as X does; oauthlib wants all in one place."""
        header = collect_parameters(headers=request.headers, exclude_oauth_signature=False, with_realm=True)
        rest = collect_parameters(
            uri_query=request.uri_query, body=request.body, exclude_oauth_signature=False
        )
        params = [*header, *rest]
        if not filter_oauth_params(header) or not filter_oauth_params(rest):
            return super()._get_signature_type_and_params(request)  # type: ignore[misc,no-any-return]
        return SIGNATURE_TYPE_AUTH_HEADER, params, filter_oauth_params(params)

    def _read(self, request: Request, body: bytes, skews: tuple[float, ...]) -> Any:
        try:
            signed = self._create_request(  # type: ignore[attr-defined]
                called_uri(request), request.method, body.decode("utf-8", "replace"), dict(request.headers)
            )
            self._check_mandatory_parameters(signed)  # type: ignore[attr-defined]
        except (OAuth1Error, ValueError) as error:
            raise SignatureError("missing") from error
        self._check_time(int(signed.timestamp), skews or (0.0,))
        if self._register.app_by_key(signed.client_key) is None:
            raise SignatureError("client")
        return signed

    def _check_time(self, stamp: int, skews: tuple[float, ...]) -> None:
        now = self._clock.now()
        if all(abs(now + skew - stamp) > TIMESTAMP_SECONDS for skew in skews):
            raise SignatureError("timestamp")

    def _finish(self, signed: Any, *, token_request: bool) -> Signed:
        good = self._check_signature(signed, is_token_request=token_request)  # type: ignore[attr-defined]
        if not good:
            raise SignatureError("signature")
        self._use_nonce(signed)
        app = self._register.app_by_key(signed.client_key)
        if app is None:
            raise SignatureError("client")
        return Signed(app, signed.resource_owner_key, signed.redirect_uri, signed.verifier)

    def _use_nonce(self, signed: Any) -> None:
        now = self._clock.now()
        used = (signed.client_key, signed.resource_owner_key or "", signed.timestamp, signed.nonce)
        if used in self._nonces:
            raise SignatureError("nonce")
        self._nonces[used] = now
        while self._nonces and now - next(iter(self._nonces.values())) > 4 * TIMESTAMP_SECONDS:
            del self._nonces[next(iter(self._nonces))]


def called_uri(request: Request) -> str:
    """Return the address as the client wrote it, percent signs and all: the signature covers that."""
    path = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope.get("query_string", b"")
    uri = f"http://{request.headers.get('host', '')}{path.decode('latin-1').split('?')[0]}"
    return f"{uri}?{query.decode('latin-1')}" if query else uri


def oauth_parameter(request: Request, name: str) -> str | None:
    """Return an oauth_ parameter of the Authorization header, not believed (for journal and faults)."""
    header = request.headers.get("authorization", "")
    if not header.lower().startswith("oauth "):
        return None
    for part in header[6:].split(","):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value.strip('"')
    return None
