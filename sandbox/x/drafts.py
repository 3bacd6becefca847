"""From what an account asks to be posted to the post, by X's rules for texts. Keeps no posts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.x import errors, permits
from sandbox.x.accounts import Account
from sandbox.x.ids import Snowflakes
from sandbox.x.languages import language
from sandbox.x.media import Media
from sandbox.x.polls import Poll
from sandbox.x.posts import Post
from sandbox.x.render import render, render_repost, render_whole
from sandbox.x.wording import FORBIDDEN, LIMIT, PREMIUM_LIMIT, cashtags, links, mentions, tidy, weight
from sandbox.x.world import World

# X's price list (x-api/getting-started/pricing.mdx), US dollars.
PRICE = 0.015
PRICE_WITH_LINK = 0.20
PRICE_SUMMONED = 0.010
PRICE_REPOST = 0.015


@dataclass(frozen=True)
class Draft:
    """The body of POST /2/tweets whose shape has been checked; ids are not looked up yet."""

    text: str = ""
    media_ids: list[str] = field(default_factory=list)
    reply_to_id: str | None = None
    quote_id: str | None = None
    previous_id: str | None = None
    poll: dict[str, Any] | None = None
    reply_settings: str = "everyone"
    labels: dict[str, bool] = field(default_factory=dict)


def publish(world: World, author: Account, draft: Draft) -> Post:
    """Publish a post. Raises XError with X's refusal."""
    parts = _parts(world, author, draft)
    typed = tidy(draft.text)
    _check_text(author, typed, parts.media)
    post = _made(world, author, draft, _with_mention(author, typed, parts.reply_to), parts)
    world.posts.add(post)
    return post


def repost(world: World, author: Account, source: Post) -> Post:
    """Repost a post. Raises XError when the account has done so already."""
    if author.id in source.engagement.reposts:
        raise errors.forbidden(errors.REPOSTED_ALREADY)
    rendered = render_repost(source.author.username, source.rendered)
    post = Post(
        world.snowflakes.next(),
        author,
        typed=f"RT @{source.author.username}: {source.typed}",
        created_at=world.clock.utc(),
        media=[],
        reply_to=None,
        price=PRICE_REPOST,
        rendered=rendered,
        whole=None,
        conversation_id="",
        lang=source.lang,
        made_at=world.clock.now(),
        repost_of=source,
    )
    post.conversation_id = post.id
    world.posts.add(post)
    return post


@dataclass(frozen=True)
class _Parts:
    """What a draft's ids turned out to be."""

    media: list[Media]
    reply_to: Post | None
    quote_of: Post | None
    previous: Post | None
    """The version before, of an edit: it answers and quotes what that one did."""


def _parts(world: World, author: Account, draft: Draft) -> _Parts:
    media = world.media.usable(author, draft.media_ids)
    previous = permits.editable(world, author, draft.previous_id)
    if previous is not None:
        return _Parts(media, previous.reply_to, previous.quote_of, previous)
    reply_to = permits.answerable(world, author, draft.reply_to_id)
    return _Parts(media, reply_to, permits.quotable(world, draft.quote_id), None)


def _made(world: World, author: Account, draft: Draft, typed: str, parts: _Parts) -> Post:
    post_id, now = world.snowflakes.next(), world.clock.utc()
    root = parts.reply_to or parts.previous
    quoted = _address(parts.quote_of) if parts.quote_of else None
    post = Post(
        post_id,
        author,
        typed,
        now,
        parts.media,
        parts.reply_to,
        price=_price(author, typed, parts.reply_to),
        rendered=render(typed, _shown(author, post_id, parts.media), quoted),
        whole=render_whole(typed),
        conversation_id=root.conversation_id if root else post_id,
        lang=language(typed),
        reply_settings=draft.reply_settings,
        made_at=world.clock.now(),
        quote_of=parts.quote_of,
        poll=_poll(world.snowflakes, draft.poll, now),
        labels=draft.labels,
        mentioned=frozenset(span.text.lower() for span in mentions(typed)),
        versions=parts.previous.versions if parts.previous else [],
    )
    if parts.previous is not None:
        post.engagement = parts.previous.engagement
    return post


def _shown(author: Account, post_id: str, media: list[Media]) -> list[tuple[str, str]]:
    page = f"https://x.com/{author.username}/status/{post_id}/"
    return [(one.key, page + ("photo/1" if one.kind == "photo" else "video/1")) for one in media]


def _address(post: Post) -> str:
    return f"https://x.com/{post.author.username}/status/{post.id}"


def _poll(snowflakes: Snowflakes, wanted: dict[str, Any] | None, now: datetime) -> Poll | None:
    if wanted is None:
        return None
    return Poll(snowflakes.next(), tuple(wanted["options"]), wanted["duration_minutes"], now)


def _price(author: Account, typed: str, reply_to: Post | None) -> float:
    if links(typed):
        return PRICE_WITH_LINK
    summoned = reply_to is not None and permits.is_engaged(author, reply_to)
    return PRICE_SUMMONED if summoned else PRICE


def _check_text(author: Account, typed: str, media: list[Media]) -> None:
    if not typed and not media:
        raise errors.invalid("$.text: Tweet text or media is required", {"text": [typed]})
    limit = PREMIUM_LIMIT if author.premium else LIMIT
    if any(sign in typed for sign in FORBIDDEN) or weight(typed) > limit:
        raise errors.forbidden(errors.NOT_PERMITTED)
    if len(cashtags(typed)) > 1:
        raise errors.forbidden("You are only allowed to include one cashtag per post.")


def _with_mention(author: Account, typed: str, reply_to: Post | None) -> str:
    """Put the @name in front that X adds to a reply to somebody else."""
    if reply_to is None or reply_to.author is author:
        return typed
    name = reply_to.author.username
    if name.lower() in {span.text.lower() for span in mentions(typed)}:
        return typed
    return f"@{name} {typed}"
