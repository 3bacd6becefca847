"""The control API: how tests, panel and sandbox Telegram look behind X's back. Not part of X."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.x.accounts import Account, App, access_level
from sandbox.x.chaos import Chaos
from sandbox.x.clock import rfc3339
from sandbox.x.grants import REQUEST_TOKEN_SECONDS, RequestToken
from sandbox.x.messages import Message
from sandbox.x.posts import Post
from sandbox.x.world import World

PREFIX = "/sandbox/api"
SHOWN_REQUESTS = 10_000
Endpoint = Callable[[Request], Awaitable[Response]]


class Control:
    """The control endpoints on one world; the guard has checked the token already."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes under /sandbox/api."""
        table: list[tuple[str, str, Endpoint]] = [
            ("GET", "/apps", self.apps),
            ("POST", "/apps", self.change_app),
            ("GET", "/accounts", self.accounts),
            ("POST", "/accounts", self.change_account),
            ("POST", "/tokens", self.token),
            ("POST", "/approve", self.approve),
            ("POST", "/expire", self.expire),
            ("POST", "/revoke", self.revoke),
            ("GET", "/posts", self.posts),
            ("GET", "/messages", self.messages),
            ("GET", "/requests", self.requests),
            ("DELETE", "/requests", self.clear_requests),
            ("GET", "/faults", self.faults),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("GET", "/chaos", self.chaos),
            ("POST", "/chaos", self.begin_chaos),
            ("DELETE", "/chaos", self.end_chaos),
            ("PUT", "/clock", self.set_clock),
            ("PUT", "/limits", self.set_limits),
            ("DELETE", "/limits", self.clear_limits),
        ]
        return control_routes(table)

    async def apps(self, _request: Request) -> Response:
        """List the apps with their keys."""
        return JSONResponse([_app_json(app) for app in self._world.register.apps.values()])

    async def change_app(self, request: Request) -> Response:
        """Make or change an app by its name."""
        wish = await body_of(request)
        app = self._world.register.ensure_app(_text(wish, "name"))
        app.title = str(wish.get("title", app.title))
        app.consumer_key = str(wish.get("consumer_key", app.consumer_key))
        app.consumer_secret = str(wish.get("consumer_secret", app.consumer_secret))
        app.access_level = access_level(str(wish.get("access_level", app.access_level)))
        app.callback = wish.get("callback", app.callback)
        app.suspended = bool(wish.get("suspended", app.suspended))
        app.enrolled = bool(wish.get("enrolled", app.enrolled))
        return JSONResponse(_app_json(app))

    async def accounts(self, _request: Request) -> Response:
        """List the accounts."""
        return JSONResponse([_account_json(one) for one in self._world.register.accounts.values()])

    async def change_account(self, request: Request) -> Response:
        """Make or change an account by its username."""
        wish = await body_of(request)
        account = self._world.register.ensure_account(_text(wish, "username"))
        account.name = str(wish.get("name", account.name))
        for flag in ("premium", "locked", "suspended", "takes_messages", "protected"):
            setattr(account, flag, bool(wish.get(flag, getattr(account, flag))))
        return JSONResponse(_account_json(account))

    async def token(self, request: Request) -> Response:
        """Return a ready-made access token, as X's console gives one to an app's owner."""
        wish = await body_of(request)
        grant = self._world.grants.grant(self._account(wish), self._app(wish))
        return JSONResponse({"token": grant.token, "secret": grant.secret})

    async def approve(self, request: Request) -> Response:
        """Do what a person does on the authorize page."""
        wish = await body_of(request)
        token = self._world.grants.pending(self._request_token(wish).token)
        if token is None:
            raise ValueError("this request token is used, denied or expired")
        return JSONResponse({"pin": self._world.grants.approve(token, self._account(wish))})

    async def expire(self, request: Request) -> Response:
        """Make a request token too old."""
        token = self._request_token(await body_of(request))
        token.issued_at = self._world.clock.now() - REQUEST_TOKEN_SECONDS
        return JSONResponse({"expired": True})

    async def revoke(self, request: Request) -> Response:
        """Take an app's access away, as a person does in X's settings."""
        wish = await body_of(request)
        grant = self._world.grants.live(self._account(wish), self._app(wish))
        if grant is not None:
            grant.alive = False
        return JSONResponse({"revoked": grant is not None})

    async def posts(self, request: Request) -> Response:
        """List posts as they are, newest first, with no lag and no dialect."""
        username = request.query_params.get("username")
        if username is None:
            found = self._world.posts.current()
        else:
            found = self._world.posts.by(self._account({"username": username}))
        return JSONResponse([_post_json(post) for post in found])

    async def messages(self, request: Request) -> Response:
        """List messages as they are, newest first, with no lag; those ?username= sent, or all."""
        username = request.query_params.get("username")
        sender = self._account({"username": username}) if username else None
        found = [one for one in reversed(self._world.messages.all) if sender in (None, one.sender)]
        return JSONResponse([_message_json(message) for message in found])

    async def requests(self, request: Request) -> Response:
        """List the newest recorded API requests, ?newest= of them, oldest first."""
        newest = int(request.query_params.get("newest", SHOWN_REQUESTS))
        return JSONResponse(self._world.journal.as_json(newest))

    async def clear_requests(self, _request: Request) -> Response:
        """Forget the recorded requests."""
        self._world.journal.entries.clear()
        return JSONResponse({"cleared": True})

    async def faults(self, _request: Request) -> Response:
        """List the faults in force."""
        return JSONResponse([fault.as_json() for fault in self._world.faults.faults])

    async def add_fault(self, request: Request) -> Response:
        """Ask for a fault."""
        return JSONResponse({"id": self._world.faults.add(await body_of(request)).id})

    async def clear_faults(self, request: Request) -> Response:
        """Forget the fault ?id=, or all."""
        wanted = request.query_params.get("id")
        self._world.faults.clear(int(wanted) if wanted else None)
        return JSONResponse({"cleared": True})

    async def chaos(self, _request: Request) -> Response:
        """Tell the trouble in force, and how often it has struck."""
        return JSONResponse(self._world.chaos.as_json())

    async def begin_chaos(self, request: Request) -> Response:
        """Let trouble strike at random, until it is ended or asked for anew."""
        return self._set_chaos(Chaos.asked(await body_of(request)))

    async def end_chaos(self, _request: Request) -> Response:
        """Let no more trouble strike at random."""
        return self._set_chaos(Chaos())

    def _set_chaos(self, chaos: Chaos) -> Response:
        self._world.chaos = chaos
        self._world.posts.twice_allowed = chaos.same_text_allowed
        return JSONResponse(chaos.as_json())

    async def set_clock(self, request: Request) -> Response:
        """Move X's clock by an offset in seconds from the machine's."""
        self._world.clock.offset = float((await body_of(request)).get("offset", 0))
        return JSONResponse({"offset": self._world.clock.offset})

    async def set_limits(self, request: Request) -> Response:
        """Multiply every rate limit, so that a long test run does not meet them by accident."""
        factor = int((await body_of(request)).get("factor", 1))
        if factor < 1:
            raise ValueError("factor is a number from 1")
        self._world.limits.factor = factor
        return JSONResponse({"factor": factor})

    async def clear_limits(self, _request: Request) -> Response:
        """Start every rate window anew."""
        self._world.limits.clear()
        return JSONResponse({"cleared": True})

    def _account(self, wish: dict[str, Any]) -> Account:
        return account_of(self._world, wish)

    def _app(self, wish: dict[str, Any]) -> App:
        return app_of(self._world, wish)

    def _request_token(self, wish: dict[str, Any]) -> RequestToken:
        query = parse_qs(urlsplit(_text(wish, "authorize_url")).query)
        token = self._world.grants.requests.get(query.get("oauth_token", [""])[0])
        if token is None:
            raise ValueError("there is no such request token")
        return token


def control_routes(table: list[tuple[str, str, Endpoint]]) -> list[Route]:
    """Return the routes of method, path and endpoint; an endpoint's ValueError is 400 and its sentence."""
    return [Route(PREFIX + path, _speaking(endpoint), methods=[method]) for method, path, endpoint in table]


def _speaking(endpoint: Endpoint) -> Endpoint:
    """Turn a ValueError into 400 and its sentence."""

    async def spoken(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)

    return spoken


async def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object that was sent. Raises ValueError when it is none."""
    found = json.loads(await request.body() or b"{}")
    if not isinstance(found, dict):
        raise ValueError("the body is a JSON object")  # noqa: TRY004 - what was sent is wrong, not our call
    return found


def account_of(world: World, wish: dict[str, Any], name: str = "username") -> Account:
    """Return the account a wish names under this key. Raises ValueError when there is none."""
    account = world.register.account(_text(wish, name))
    if account is None:
        raise ValueError(f"there is no account @{wish[name]}")
    return account


def app_of(world: World, wish: dict[str, Any]) -> App:
    """Return the app a wish names. Raises ValueError when there is none."""
    app = world.register.apps.get(_text(wish, "app"))
    if app is None:
        raise ValueError(f"there is no app {wish['app']}")
    return app


def _text(wish: dict[str, Any], name: str) -> str:
    if not isinstance(wish.get(name), str) or not wish[name]:
        raise ValueError(f"{name} is missing")
    return str(wish[name])


def _app_json(app: App) -> dict[str, Any]:
    keys = {
        "name": app.name,
        "title": app.title,
        "consumer_key": app.consumer_key,
        "consumer_secret": app.consumer_secret,
    }
    state = {"callback": app.callback, "suspended": app.suspended, "enrolled": app.enrolled}
    return {**keys, "access_level": app.access_level, **state}


def _account_json(account: Account) -> dict[str, Any]:
    state = {"premium": account.premium, "locked": account.locked, "suspended": account.suspended}
    state.update(takes_messages=account.takes_messages, protected=account.protected)
    return {"id": account.id, "username": account.username, "name": account.name, **state}


def _message_json(message: Message) -> dict[str, Any]:
    about = {"id": message.id, "conversation_id": message.conversation_id, "text": message.typed}
    people = {"username": message.sender.username, "to": message.recipient.username}
    return {**about, **people, "created_at": rfc3339(message.created_at), "media": len(message.media)}


def _post_json(post: Post) -> dict[str, Any]:
    media = [
        {"id": one.id, "type": one.kind, "alt_text": one.alt_text, "bytes": len(one.content or b"")}
        for one in post.media
    ]
    about: dict[str, Any] = {
        "id": post.id,
        "username": post.author.username,
        "text": post.typed,
        "price": post.price,
    }
    reply_to = post.reply_to.id if post.reply_to else None
    about.update(quote_of=post.quote_of.id if post.quote_of else None, labels=post.labels)
    about.update(repost_of=post.repost_of.id if post.repost_of else None, poll=_poll_json(post))
    about.update(versions=[version.id for version in post.versions], likes=len(post.engagement.likers))
    return {**about, "created_at": rfc3339(post.created_at), "media": media, "reply_to": reply_to}


def _poll_json(post: Post) -> dict[str, Any] | None:
    return {"options": post.poll.options, "minutes": post.poll.minutes} if post.poll else None
