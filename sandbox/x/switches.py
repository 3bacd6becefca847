"""The control API's part for what binds accounts: X's self-serve rules and follows. Not part of X."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.x.accounts import Account
from sandbox.x.control import Endpoint, account_of, body_of, control_routes
from sandbox.x.follows import Follow
from sandbox.x.world import World


class Switches:
    """The control endpoints for rules and follows on one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes under /sandbox/api."""
        table: list[tuple[str, str, Endpoint]] = [
            ("GET", "/rules", self.rules),
            ("POST", "/rules", self.change_rules),
            ("GET", "/follows", self.follows),
            ("POST", "/follows", self.change_follow),
        ]
        return control_routes(table)

    async def rules(self, _request: Request) -> Response:
        """Tell which of X's rules are in force."""
        return JSONResponse({"self_serve": self._world.self_serve})

    async def change_rules(self, request: Request) -> Response:
        """Say whether apps are self-serve ones, which may not follow, like or quote, or Enterprise ones."""
        wanted = (await body_of(request)).get("self_serve")
        if not isinstance(wanted, bool):
            raise ValueError("self_serve is true or false")  # noqa: TRY004 - what was sent is wrong, not our call
        self._world.self_serve = wanted
        return JSONResponse({"self_serve": wanted})

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
