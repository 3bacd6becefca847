"""The public pages: accounts with posts and pictures, single posts, files. Authorizing is elsewhere."""

from datetime import datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from sandbox.x.accounts import Account
from sandbox.x.html import Markup, html, join, page
from sandbox.x.media import Media
from sandbox.x.pictures import avatar
from sandbox.x.posts import Post
from sandbox.x.render import display_url, expanded_url
from sandbox.x.wording import Span, links, mentions
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
        articles = join([_article(one) for one in [post, *replies]])
        body = html("<section class='timeline' aria-label='Post'>{articles}</section>", articles=articles)
        return HTMLResponse(page(f"{post.author.name} in the sandbox X", body))

    async def account(self, request: Request) -> Response:
        """Show an account and its posts."""
        account = self._world.register.account(request.path_params["username"])
        if account is None:
            return _missing("There is no such account.")
        posts = self._world.posts.by(account)
        articles = join([_article(post) for post in posts]) or html(
            "<p class='empty muted'>No posts yet.</p>"
        )
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


def _article(post: Post) -> Markup:
    account = post.author
    reply = Markup("")
    if post.reply_to is not None:
        reply = html("<p class='muted reply'>Replying to @{name}</p>", name=post.reply_to.author.username)
    return html(
        "<article data-post-id='{id}'>"
        "<img class='small' src='/avatars/{username}.png' alt='' width='44' height='44'>"
        "<div class='post'><p class='byline'><a href='/{username}'><b dir='auto'>{name}</b> "
        "<span class='muted'>@{username}</span></a> "
        "<a class='muted' href='/{username}/status/{id}'>"
        "<time datetime='{iso}' title='{when} UTC'>{when}</time></a></p>"
        "{reply}<p class='text' dir='auto'>{text}</p>{media}</div></article>",
        id=post.id,
        username=account.username,
        name=account.name,
        iso=post.created_at.isoformat(),
        when=_when(post.created_at),
        reply=reply,
        text=_linked(post.typed),
        media=_media(post.media),
    )


def _when(moment: datetime) -> str:
    return f"{moment.day} {moment:%b, %H:%M}"


def _linked(typed: str) -> Markup:
    parts, end = [], 0
    for link in links(typed):
        parts.append(_with_mentions(typed[end : link.start]))
        parts.append(
            html(
                "<a href='{address}' rel='noopener noreferrer nofollow' target='_blank'>{shown}</a>",
                address=expanded_url(link.text),
                shown=display_url(link.text),
            )
        )
        end = link.end
    return join([*parts, _with_mentions(typed[end:])])


def _with_mentions(piece: str) -> Markup:
    parts, end = [], 0
    for span in mentions(piece):
        parts += [html("{text}", text=piece[end : span.start]), _mention(piece, span)]
        end = span.end
    return join([*parts, html("{text}", text=piece[end:])])


def _mention(piece: str, span: Span) -> Markup:
    return html("<a href='/{name}'>{shown}</a>", name=span.text, shown=piece[span.start : span.end])


def _media(files: list[Media]) -> Markup:
    if not files:
        return Markup("")
    shown = join([_file(one) for one in files])
    return html("<div class='media n{count}'>{shown}</div>", count=len(files), shown=shown)


def _file(media: Media) -> Markup:
    alt = media.alt_text or ""
    if media.kind == "photo" or media.content_type == "image/gif":
        tag = html("<span class='alt' title='{alt}'>ALT</span>", alt=alt) if alt else Markup("")
        return html(
            "<figure><a href='/media/{id}'><img src='/media/{id}' alt='{alt}'></a>{tag}</figure>",
            id=media.id,
            alt=alt,
            tag=tag,
        )
    return html(
        "<figure><video controls src='/media/{id}' aria-label='{alt}'></video></figure>", id=media.id, alt=alt
    )


def _missing(text: str) -> Response:
    body = html(
        "<div class='card'><h1>Nothing here</h1><p>{text}</p><p><a href='/'>All accounts</a></p></div>",
        text=text,
    )
    return HTMLResponse(page("Nothing here", body, kind="narrow"), 404)
