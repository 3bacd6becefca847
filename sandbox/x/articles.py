"""A post on the public pages: text, pictures, poll, what it reposts and quotes. Serves no page."""

from datetime import datetime

from sandbox.x.html import Markup, html, join
from sandbox.x.media import Media
from sandbox.x.polls import Poll
from sandbox.x.posts import Post
from sandbox.x.render import display_url, expanded_url
from sandbox.x.wording import Span, links, mentions


def article(post: Post) -> Markup:
    """Return a post; of a repost what it reposts, with a line about who did so."""
    source, account = post.source, post.source.author
    return html(
        "<article data-post-id='{id}'>"
        "<img class='small' src='/avatars/{username}.png' alt='' width='44' height='44'>"
        "<div class='post'>{above}<p class='byline'><a href='/{username}'><b dir='auto'>{name}</b> "
        "<span class='muted'>@{username}</span></a> "
        "<a class='muted' href='/{username}/status/{source_id}'>"
        "<time datetime='{iso}' title='{when} UTC'>{when}</time></a></p>"
        "{reply}<p class='text' dir='auto'>{text}</p>{poll}{media}{quote}{below}</div></article>",
        id=post.id,
        source_id=source.id,
        username=account.username,
        name=account.name,
        iso=source.created_at.isoformat(),
        when=_when(source.created_at),
        above=_reposted(post),
        reply=_replying(source),
        text=_linked(source.typed),
        poll=_poll(source.poll),
        media=_media(source.media),
        quote=_quote(source.quote_of),
        below=_remarks(source),
    )


def _reposted(post: Post) -> Markup:
    if post.repost_of is None:
        return Markup("")
    return html("<p class='muted reply'>{name} reposted</p>", name=post.author.name)


def _replying(post: Post) -> Markup:
    if post.reply_to is None:
        return Markup("")
    return html("<p class='muted reply'>Replying to @{name}</p>", name=post.reply_to.author.username)


def _quote(post: Post | None) -> Markup:
    if post is None:
        return Markup("")
    return html(
        "<blockquote class='quote' cite='/{username}/status/{id}'><p><a href='/{username}/status/{id}'>"
        "<b dir='auto'>{name}</b> <span class='muted'>@{username}</span></a></p>"
        "<p class='text' dir='auto'>{text}</p></blockquote>",
        id=post.id,
        username=post.author.username,
        name=post.author.name,
        text=_linked(post.typed),
    )


def _poll(poll: Poll | None) -> Markup:
    if poll is None:
        return Markup("")
    options = join([html("<li dir='auto'>{label}</li>", label=label) for label in poll.options])
    return html(
        "<ul class='poll' aria-label='Poll'>{options}</ul><p class='muted reply'>Until {until} UTC</p>",
        options=options,
        until=_when(poll.ends_at),
    )


def _remarks(post: Post) -> Markup:
    """Return a line on what has become of a post, when there is something to say."""
    seen = post.engagement
    counted = (("reposts", len(seen.reposts)), ("quotes", seen.quotes), ("likes", len(seen.likers)))
    said = [f"{name}: {count}" for name, count in counted if count]
    if len(post.versions) > 1:
        said.append("edited")
    if post.labels.get("paid_partnership"):
        said.append("paid partnership")
    if post.labels.get("made_with_ai"):
        said.append("made with AI")
    return html("<p class='muted reply'>{said}</p>", said=" · ".join(said)) if said else Markup("")


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
