"""The public pages: accounts with their posts, single posts, files. What a post looks like is elsewhere."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from sandbox.x.accounts import Account
from sandbox.x.articles import article
from sandbox.x.html import Markup, html, join, page
from sandbox.x.pictures import avatar
from sandbox.x.world import World

STATIC = Path(__file__).parent / "static"
_STATIC_NAMES = ("x.css", "panel.js", "icon.svg")


class PublicPages:
    """The pages on one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes; the one for a bare username comes last in the app."""
        return [
            Route("/", self.home),
            Route("/static/{name}", self.static),
            Route("/avatars/{username}.png", self.avatar),
            Route("/media/{media_id}", self.media),
            Route("/{username}/status/{post_id}", self.status),
            Route("/{username}", self.account),
        ]

    async def home(self, _request: Request) -> Response:
        """List the accounts."""
        accounts = join([_account_link(one) for one in self._world.register.accounts.values()])
        body = html(
            "<div class='card'><h1>Sandbox X</h1><p class='muted'>A small X on this computer. Nothing here "
            "leaves it.</p><nav aria-label='Accounts' class='accounts'>{accounts}</nav>"
            "<p><a href='/sandbox'>Faults and keys</a></p></div>",
            accounts=accounts,
        )
        return HTMLResponse(page("Sandbox X", body, kind="narrow"))

    async def static(self, request: Request) -> Response:
        """Serve one of the known static files."""
        name = request.path_params["name"]
        if name not in _STATIC_NAMES:
            return _missing("There is no such file.")
        return FileResponse(STATIC / name)

    async def avatar(self, request: Request) -> Response:
        """Draw a profile picture."""
        account = self._world.register.account(request.path_params["username"])
        if account is None:
            return _missing("There is no such account.")
        return Response(avatar(account.username), media_type="image/png")

    async def media(self, request: Request) -> Response:
        """Serve the bytes of an uploaded file."""
        media = self._world.media.all.get(request.path_params["media_id"])
        if media is None or media.content is None:
            return _missing("There is no such picture.")
        return Response(media.content, media_type=media.content_type)

    async def status(self, request: Request) -> Response:
        """Show one post and the answers to it."""
        post = self._world.posts.all.get(request.path_params["post_id"])
        if post is None:
            return _missing("This post does not exist. It may have been deleted.")
        replies = [other for other in reversed(self._world.posts.current()) if other.reply_to is post]
        articles = join([article(one) for one in [post, *replies]])
        body = html("<section class='timeline' aria-label='Post'>{articles}</section>", articles=articles)
        return HTMLResponse(page(f"{post.author.name} in the sandbox X", body))

    async def account(self, request: Request) -> Response:
        """Show an account and its posts."""
        account = self._world.register.account(request.path_params["username"])
        if account is None:
            return _missing("There is no such account.")
        posts = self._world.posts.by(account)
        articles = join([article(post) for post in posts]) or html("<p class='empty muted'>No posts yet.</p>")
        body = html(
            "{header}<section class='timeline' aria-label='Posts'>{articles}</section>",
            header=_account_header(account, len(posts)),
            articles=articles,
        )
        return HTMLResponse(page(f"{account.name} (@{account.username})", body))


def _account_link(account: Account) -> Markup:
    return html(
        "<a class='account' href='/{username}'>"
        "<img src='/avatars/{username}.png' alt='' width='48' height='48'>"
        "<span class='who'><b dir='auto'>{name}</b><span class='muted'>@{username}</span></span></a>",
        username=account.username,
        name=account.name,
    )


def _account_header(account: Account, count: int) -> Markup:
    return html(
        "<header class='profile'><div class='cover'></div>"
        "<img class='face' src='/avatars/{username}.png' alt='Profile picture of {name}' width='112' "
        "height='112'>"
        "<h1 dir='auto'>{name}{badge}</h1><p class='muted'>@{username}</p><p dir='auto'>{description}</p>"
        "<p class='muted count'>{count}</p></header>",
        username=account.username,
        name=account.name,
        description=account.description,
        badge=Markup(" <span class='tag'>Premium</span>" if account.premium else ""),
        count="1 post" if count == 1 else f"{count} posts",
    )


def _missing(text: str) -> Response:
    body = html(
        "<div class='card'><h1>Nothing here</h1><p>{text}</p><p><a href='/'>All accounts</a></p></div>",
        text=text,
    )
    return HTMLResponse(page("Nothing here", body, kind="narrow"), 404)
