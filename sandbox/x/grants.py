"""Request tokens, PINs, access tokens: who let which app do what. Checks no signatures, speaks no HTTP."""

from dataclasses import dataclass, field

from sandbox.x.accounts import Account, App, lower_level
from sandbox.x.clock import Clock
from sandbox.x.ids import pin, random_key

# Not documented by X; about 15 minutes is reported (jmathai/twitter-async#32).
REQUEST_TOKEN_SECONDS = 15 * 60


@dataclass
class RequestToken:
    """One authorize link on its way to a PIN."""

    token: str
    app: App
    asked_level: str | None
    issued_at: float
    secret: str = field(repr=False)
    account: Account | None = None
    pin: str | None = field(default=None, repr=False)
    denied: bool = False
    used: bool = False


@dataclass
class AccessToken:
    """What an app may do as an account."""

    token: str
    secret: str = field(repr=False)
    app: App
    account: Account
    level: str
    alive: bool = True


class Grants:
    """Every token, and the one live access token per account and app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.requests: dict[str, RequestToken] = {}
        self.access: dict[str, AccessToken] = {}

    def ask(self, app: App, asked_level: str | None) -> RequestToken:
        """Issue a request token."""
        request = RequestToken(random_key(27), app, asked_level, self._clock.now(), secret=random_key(32))
        self.requests[request.token] = request
        return request

    def pending(self, token: str) -> RequestToken | None:
        """Return a request token a person may still decide on, else None."""
        request = self.requests.get(token)
        if request is None or request.used or request.denied or request.pin or not self.fresh(request):
            return None
        return request

    def fresh(self, request: RequestToken) -> bool:
        """Tell whether a request token is within its life."""
        return self._clock.now() - request.issued_at < REQUEST_TOKEN_SECONDS

    def approve(self, request: RequestToken, account: Account) -> str:
        """Record the person's yes and return the PIN shown to them."""
        request.account, request.pin = account, pin()
        return request.pin

    def exchange(self, request: RequestToken) -> AccessToken:
        """Turn an approved request token into an access token; the request token is then used up."""
        if request.account is None:
            raise ValueError("exchanged before anybody approved it")
        request.used = True
        return self.grant(request.account, request.app, request.asked_level)

    def grant(self, account: Account, app: App, asked_level: str | None = None) -> AccessToken:
        """Return the one live token of this account and app, with the level agreed to now."""
        level = lower_level(app.access_level, asked_level)
        found = self.live(account, app)
        if found is None:
            found = AccessToken(f"{account.id}-{random_key(30)}", random_key(45), app, account, level)
            self.access[found.token] = found
        found.level = level
        return found

    def live(self, account: Account, app: App) -> AccessToken | None:
        """Return the living access token of this account and app."""
        for token in self.access.values():
            if token.alive and token.account is account and token.app is app:
                return token
        return None
