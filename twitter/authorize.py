"""The PIN walk: a link for a person, their PIN for an access token, and giving the token back.

What is stored of it, and who may do it, is decided elsewhere. X: "PIN-based OAuth", read 2026-08.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from twitter.answers import Answer
from twitter.client import App, Token, X
from twitter.errors import NotAuthorized, Unavailable, Unknown
from twitter.translate import ACCESS_TOKEN, REQUEST_TOKEN

#: X's own examples have 7 digits; a zero may lead.
_PIN = re.compile(r"[0-9]{6,8}")
_TOKEN_MAX = 300


@dataclass(frozen=True, slots=True)
class Authorized:
    """What a PIN was exchanged for: X tells the account along with the token."""

    token: Token
    user_id: str
    username: str


def begin(x: X, app: App) -> Token:
    """Ask X for a request token, to which a link and later a PIN belong; that also checks the app's keys.

    Raises NotAuthorized keys_wrong, callback_missing, app_suspended, no_api_access, clock_skew.
    """
    answer = x.call("POST", REQUEST_TOKEN, app=app, oauth={"callback_uri": "oob"}, changes=False)
    form = _form(answer)
    request = _token(form)
    if request is None or form.get("oauth_callback_confirmed") != "true":
        raise Unavailable("garbled", status=answer.status)
    return request


def address(x: X, request: Token) -> str:
    """Where a person allows the app and is shown the PIN (X: GET oauth/authorize)."""
    return f"{x.api_origin}/oauth/authorize?{urlencode({'oauth_token': request.token})}"


def exchange(x: X, app: App, request: Token, pin: str) -> Authorized:
    """Give the PIN for an access token: one request, never repeated here and not to be repeated by callers.

    Raises NotAuthorized wrong_pin or link_dead; Unknown when the PIN may have been used up.
    """
    if not _PIN.fullmatch(pin):
        raise NotAuthorized("wrong_pin")
    answer = x.call(
        "POST", ACCESS_TOKEN, app=app, token=request, oauth={"verifier": pin}, changes=True, once=True
    )
    form = _form(answer)
    token, user_id, username = _token(form), form.get("user_id", ""), form.get("screen_name", "")
    if token is None or not user_id.isdecimal() or not username:
        raise Unknown("garbled", status=answer.status)
    return Authorized(token, user_id, username)


def revoke(x: X, app: App, token: Token) -> None:
    """Make X forget the token; a dead one counts as forgotten. May be repeated after Unknown."""
    try:
        x.call("POST", "/1.1/oauth/invalidate_token", app=app, token=token, changes=True)
    except NotAuthorized as error:
        if error.code != "revoked":
            raise


def _form(answer: Answer) -> dict[str, str]:
    """Read a form-encoded body; X sends it with the content type text/html."""
    text = answer.body if isinstance(answer.body, str) else ""
    try:
        return {name: values[0] for name, values in parse_qs(text.strip(), max_num_fields=20).items()}
    except ValueError:
        return {}


def _token(form: dict[str, str]) -> Token | None:
    token, secret = form.get("oauth_token", ""), form.get("oauth_token_secret", "")
    is_sound = 0 < len(token) <= _TOKEN_MAX and 0 < len(secret) <= _TOKEN_MAX and token.isascii()
    return Token(token, secret) if is_sound else None
