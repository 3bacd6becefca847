"""The pages on which a person lets an app in: account, yes or no, PIN. What programs call is in tokens.py."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandbox.x.accounts import READ, READ_WRITE_DM, Account
from sandbox.x.grants import RequestToken
from sandbox.x.html import Markup, html, join, page
from sandbox.x.world import World

# X's words on the page of a dead request token (reported).
DEAD = (
    "The request token for this page is invalid. It may have already been used, or expired because it is too "
    "old. Please go back to the site or application that sent you here and try again; it was probably just a "
    "mistake."
)
_READS = (
    "See posts from your timeline and who you follow",
    "See your profile information and account settings",
)
_WRITES = (
    "Create and delete posts for you, and engage with posts of others",
    "Follow, mute and block accounts for you",
)
_MESSAGES = ("Send direct messages for you and read, manage and delete them",)
_NEVER = "See your password"


class AuthorizePages:
    """The pages on one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes, under X's paths."""
        return [
            Route("/oauth/authorize", self.show, methods=["GET"]),
            Route("/oauth/authorize", self.answer, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Ask which account it is."""
        token = self._world.grants.pending(request.query_params.get("oauth_token", ""))
        if token is None:
            return _whoa()
        return _html(self._pick_page(token, request.query_params.get("screen_name", "")))

    async def answer(self, request: Request) -> Response:
        """Take one of the two forms."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        token = self._world.grants.pending(form.get("oauth_token", ""))
        if token is None:
            return _whoa()
        account = self._world.register.account(form.get("account", ""))
        if account is None:
            return _html(self._pick_page(token, ""))
        return self._decide(token, account, form.get("step", ""))

    def _decide(self, token: RequestToken, account: Account, step: str) -> Response:
        if step == "authorize":
            return _html(_pin_page(token, account, self._world.grants.approve(token, account)))
        if step == "cancel":
            token.denied = True
            return _html(_denied_page(token))
        return _html(_consent_page(token, account))

    def _pick_page(self, token: RequestToken, wanted: str) -> Markup:
        accounts = list(self._world.register.accounts.values())
        chosen = self._world.register.account(wanted) or accounts[0]
        options = join([_option(account, checked=account is chosen) for account in accounts])
        body = html(
            "<div class='card'>{logo}<h1>Log in to authorize <b dir='auto'>{app}</b></h1>"
            "<p class='muted'>Pick one of the made-up accounts. There are no passwords here.</p>"
            "<form method='post' action='/oauth/authorize'>"
            "<input type='hidden' name='oauth_token' value='{token}'>"
            "<input type='hidden' name='step' value='login'>"
            "<fieldset class='accounts'><legend class='hidden'>Account</legend>{options}</fieldset>"
            "<button class='primary'>Log in</button></form></div>",
            logo=_LOGO,
            app=token.app.title,
            token=token.token,
            options=options,
        )
        return page("Log in to the sandbox X", body, kind="narrow")


def _option(account: Account, *, checked: bool) -> Markup:
    note = "locked" if account.locked else "suspended" if account.suspended else ""
    note = "Premium" if account.premium and not note else note
    return html(
        "<label class='account'><input type='radio' name='account' value='{username}' {checked}>"
        "<img src='/avatars/{username}.png' alt='' width='48' height='48'>"
        "<span class='who'><b dir='auto'>{name}</b><span class='muted'>@{username}</span></span>"
        "{note}</label>",
        username=account.username,
        name=account.name,
        checked=Markup("checked" if checked else ""),
        note=html("<span class='tag'>{note}</span>", note=note) if note else Markup(""),
    )


def _consent_page(token: RequestToken, account: Account) -> Markup:
    level = token.app.access_level if token.asked_level is None else _lowered(token)
    writes, messages = () if level == READ else _WRITES, _MESSAGES if level == READ_WRITE_DM else ()
    can = (*_READS, *writes, *messages)
    cannot = (*(one for one in (*_WRITES, *_MESSAGES) if one not in can), _NEVER)
    body = html(
        "<div class='card'>{logo}<h1>Authorize <b dir='auto'>{app}</b> to access your account?</h1>"
        "<div class='account chosen'>"
        "<img src='/avatars/{username}.png' alt='' width='48' height='48'>"
        "<span class='who'><b dir='auto'>{name}</b><span class='muted'>@{username}</span></span></div>"
        "<form method='post' action='/oauth/authorize' class='buttons'>"
        "<input type='hidden' name='oauth_token' value='{token}'>"
        "<input type='hidden' name='account' value='{username}'>"
        "<button class='primary' name='step' value='authorize'>Authorize app</button>"
        "<button class='quiet' name='step' value='cancel'>Cancel</button></form>"
        "<h2>This app will be able to</h2><ul class='can'>{can}</ul>"
        "<h2>This app will not be able to</h2><ul class='cannot'>{cannot}</ul></div>",
        logo=_LOGO,
        app=token.app.title,
        username=account.username,
        name=account.name,
        token=token.token,
        can=_items(can),
        cannot=_items(cannot),
    )
    return page("Authorize an app", body, kind="narrow")


def _lowered(token: RequestToken) -> str:
    return READ if token.asked_level == "read" or token.app.access_level == READ else "read-write"


def _pin_page(token: RequestToken, account: Account, pin: str) -> Markup:
    """Show the PIN as X does: a kbd element described by the sentence above it."""
    body = html(
        "<div class='card'>{logo}<h1>You've granted access to <b dir='auto'>{app}</b></h1>"
        "<p>as <b>@{username}</b></p>"
        "<p id='code-desc'>Next, return to the app and enter this PIN to complete the authorization "
        "process:</p>"
        "<kbd aria-labelledby='code-desc'><code>{pin}</code></kbd>"
        "<p class='muted'>Only give this PIN to the app you came from, never to a person.</p></div>",
        logo=_LOGO,
        app=token.app.title,
        username=account.username,
        pin=pin,
    )
    return page("Your PIN", body, kind="narrow")


def _denied_page(token: RequestToken) -> Markup:
    body = html(
        "<div class='card'>{logo}<h1>You've cancelled</h1>"
        "<p><b dir='auto'>{app}</b> has no access to your account. You can close this page.</p></div>",
        logo=_LOGO,
        app=token.app.title,
    )
    return page("Cancelled", body, kind="narrow")


def _whoa() -> Response:
    body = html("<div class='card'>{logo}<h1>Whoa there!</h1><p>{dead}</p></div>", logo=_LOGO, dead=DEAD)
    return _html(page("Whoa there!", body, kind="narrow"), 403)


def _items(lines: tuple[str, ...]) -> Markup:
    return join([html("<li>{line}</li>", line=line) for line in lines])


def _html(text: Markup, status: int = 200) -> Response:
    return HTMLResponse(text, status, {"cache-control": "no-store"})


_LOGO = Markup("<img class='logo' src='/static/icon.svg' alt='Sandbox X' width='40' height='40'>")
