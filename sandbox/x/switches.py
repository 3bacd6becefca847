"""The control API's part for what binds accounts and apps: X's rules, follows, credit. Not part of X."""

from decimal import Decimal
from math import isfinite
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.x.accounts import Account, App
from sandbox.x.control import Endpoint, account_of, app_of, body_of, control_routes
from sandbox.x.follows import Follow
from sandbox.x.world import World


class Switches:
    """The control endpoints for rules, follows and credit on one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes under /sandbox/api."""
        table: list[tuple[str, str, Endpoint]] = [
            ("GET", "/rules", self.rules),
            ("POST", "/rules", self.change_rules),
            ("GET", "/follows", self.follows),
            ("POST", "/follows", self.change_follow),
            ("GET", "/credit", self.credit),
            ("POST", "/credit", self.change_credit),
            ("GET", "/charges", self.charges),
            ("DELETE", "/charges", self.clear_charges),
        ]
        return control_routes(table)

    async def rules(self, _request: Request) -> Response:
        """Tell which of X's rules are in force."""
        return JSONResponse(self._rules_json())

    async def change_rules(self, request: Request) -> Response:
        """Say whether apps are self-serve ones, and whether a resource is billed once a day."""
        wish = await body_of(request)
        if not wish or not wish.keys() <= _RULES or not all(isinstance(one, bool) for one in wish.values()):
            raise ValueError(f"{' and '.join(sorted(_RULES))} are true or false")
        self._world.self_serve = wish.get("self_serve", self._world.self_serve)
        self._world.ledger.once_a_day = wish.get("once_a_day", self._world.ledger.once_a_day)
        return JSONResponse(self._rules_json())

    async def follows(self, request: Request) -> Response:
        """Tell whom ?username= follows, who follows it and who waits for its answer, newest first."""
        return JSONResponse(self._follows_json(account_of(self._world, dict(request.query_params))))

    async def change_follow(self, request: Request) -> Response:
        """Let `username` follow `target` at once, also a protected one, or with `following` false end it."""
        wish = await body_of(request)
        source = account_of(self._world, wish)
        target = account_of(self._world, wish, "target")
        if wish.get("following", True):
            self._world.follows.set(source.id, target.id)
        else:
            self._world.follows.end(source.id, target.id)
        return JSONResponse(self._follows_json(source))

    async def credit(self, request: Request) -> Response:
        """Tell of ?app= what credit is left (null: without end), who owns it, what it was billed."""
        return JSONResponse(self._credit_json(app_of(self._world, dict(request.query_params))))

    async def change_credit(self, request: Request) -> Response:
        """Set the balance of `app` in US dollars, and the account that owns it; null means none."""
        wish = await body_of(request)
        app = app_of(self._world, wish)
        balance = _dollars(wish["balance"]) if "balance" in wish else app.balance
        if "owner" in wish:
            app.owner_id = account_of(self._world, wish, "owner").id if wish["owner"] is not None else None
        app.balance = balance
        return JSONResponse(self._credit_json(app))

    async def charges(self, request: Request) -> Response:
        """List what was billed, oldest first, and its sum in US dollars: of ?app= and ?username=, or all."""
        asked = request.query_params
        found = [
            one
            for one in self._world.ledger.charges
            if one.app == asked.get("app", one.app)
            and one.username.lower() == asked.get("username", one.username).lower()
        ]
        total = sum((one.dollars for one in found), Decimal(0))
        return JSONResponse({"dollars": float(total), "charges": [one.as_json() for one in found]})

    async def clear_charges(self, _request: Request) -> Response:
        """Forget what was billed; balances stay."""
        self._world.ledger.clear()
        return JSONResponse({"cleared": True})

    def _rules_json(self) -> dict[str, bool]:
        return {"self_serve": self._world.self_serve, "once_a_day": self._world.ledger.once_a_day}

    def _credit_json(self, app: App) -> dict[str, Any]:
        owner = self._world.register.account_by_id(app.owner_id or "")
        left = None if app.balance is None else float(app.balance)
        about = {"app": app.name, "owner": owner.username if owner else None, "balance": left}
        return {**about, "spent": float(self._world.ledger.spent(app))}

    def _follows_json(self, account: Account) -> dict[str, Any]:
        follows = self._world.follows
        return {
            "following": self._usernames(follows.followed_by(account.id)),
            "followers": self._usernames(follows.followers_of(account.id)),
            "requests": self._usernames(follows.requests_to(account.id)),
        }

    def _usernames(self, found: list[Follow]) -> list[str]:
        accounts = (self._world.register.account_by_id(one.account_id) for one in found)
        return [one.username for one in accounts if one is not None]


def _dollars(found: Any) -> Decimal | None:
    """Return an amount as it is kept. Raises ValueError for what is none."""
    if found is None:
        return None
    if type(found) not in (int, float) or not isfinite(found):
        raise ValueError("balance is a number or null")
    return Decimal(str(found))


_RULES = {"self_serve", "once_a_day"}
