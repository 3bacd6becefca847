"""Posts and what X allows to be posted. Speaks no HTTP and shows no JSON."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.x import errors
from sandbox.x.accounts import Account, Register
from sandbox.x.clock import Clock
from sandbox.x.ids import Snowflakes
from sandbox.x.media import Media, MediaShelf
from sandbox.x.render import Rendered, render, render_whole
from sandbox.x.wording import FORBIDDEN, LIMIT, PREMIUM_LIMIT, cashtags, links, mentions, tidy, weight

# X's price list (x-api/getting-started/pricing.mdx), US dollars.
PRICE = 0.015
PRICE_WITH_LINK = 0.20
# Within this time the same text is refused again. X gives no figure.
DUPLICATE_SECONDS = 24 * 60 * 60

# Author, text, the post answered, the files' digests.
Content = tuple[str, str, str | None, tuple[str, ...]]


@dataclass
class Post:
    """One post; `typed` is what was asked for, `rendered` what the API tells."""

    id: str
    author: Account
    typed: str
    created_at: datetime
    media: list[Media]
    reply_to: "Post | None"
    price: float
    rendered: Rendered
    whole: Rendered | None
    conversation_id: str = ""
    reply_settings: str = "everyone"
    made_at: float = 0.0
    labels: dict[str, bool] = field(default_factory=dict)
    mentioned: frozenset[str] = frozenset()
    """The usernames named in the text, in lower case."""
    replies: int = 0

    @property
    def content(self) -> Content:
        """What makes it the same as another post of its author."""
        return (
            self.author.id,
            self.typed,
            self.reply_to.id if self.reply_to else None,
            tuple(one.digest for one in self.media),
        )


class Posts:
    """Every post that is not deleted, oldest first."""

    def __init__(self, clock: Clock, snowflakes: Snowflakes, register: Register, media: MediaShelf) -> None:
        self._clock = clock
        self._snowflakes = snowflakes
        self._register = register
        self._media = media
        self.all: dict[str, Post] = {}
        self.twice_allowed = False
        """Whether X's refusal of the same text is switched off, so that a double is seen and not refused."""
        self._by_author: defaultdict[str, dict[str, Post]] = defaultdict(dict)
        self._by_mention: defaultdict[str, dict[str, Post]] = defaultdict(dict)
        self._by_content: dict[Content, Post] = {}

    def by(self, account: Account) -> list[Post]:
        """Return an account's posts, newest first."""
        return list(reversed(self._by_author[account.id].values()))

    def count(self, account: Account) -> int:
        """Return how many posts an account has."""
        return len(self._by_author[account.id])

    def latest(self, account: Account) -> Post | None:
        """Return an account's newest post."""
        return next(reversed(self._by_author[account.id].values()), None)

    def mentioning(self, account: Account) -> list[Post]:
        """Return the posts that name an account, newest first."""
        return list(reversed(self._by_mention[account.username.lower()].values()))

    def create(
        self,
        author: Account,
        text: str,
        media_ids: list[str],
        reply_to_id: str | None,
        reply_settings: str | None,
    ) -> Post:
        """Publish a post. Raises XError with X's refusal."""
        typed = tidy(text)
        media = self._media.usable(author, media_ids)
        reply_to = self._reply_target(author, reply_to_id)
        _check_text(author, typed, media)
        typed = _with_mention(author, typed, reply_to)
        post = self._made(author, typed, media, reply_to, reply_settings)
        self._check_duplicate(post)
        self._keep(post)
        return post

    def delete(self, author: Account, post_id: str) -> bool:
        """Delete an own post; False when there is none. Raises XError for somebody else's."""
        post = self.all.get(post_id)
        if post is None:
            return False
        if post.author is not author:
            raise errors.forbidden(errors.NOT_PERMITTED)
        self._drop(post)
        return True

    def _reply_target(self, author: Account, post_id: str | None) -> Post | None:
        if post_id is None:
            return None
        target = self.all.get(post_id)
        if target is None:
            raise errors.forbidden(errors.REPLY_GONE)
        if target.author is not author and author.username.lower() not in target.mentioned:
            raise errors.forbidden(errors.REPLY_GATE)
        return target

    def _check_duplicate(self, post: Post) -> None:
        same = self._by_content.get(post.content)
        is_recent = same is not None and same.made_at > post.made_at - DUPLICATE_SECONDS
        if post.typed and is_recent and not self.twice_allowed:
            raise errors.forbidden(errors.DUPLICATE)

    def _keep(self, post: Post) -> None:
        self.all[post.id] = post
        self._by_author[post.author.id][post.id] = post
        for name in post.mentioned:
            self._by_mention[name][post.id] = post
        self._by_content[post.content] = post
        if post.reply_to is not None:
            post.reply_to.replies += 1

    def _drop(self, post: Post) -> None:
        del self.all[post.id]
        del self._by_author[post.author.id][post.id]
        for name in post.mentioned:
            del self._by_mention[name][post.id]
        if self._by_content.get(post.content) is post:
            del self._by_content[post.content]
        if post.reply_to is not None:
            post.reply_to.replies -= 1

    def _made(
        self,
        author: Account,
        typed: str,
        media: list[Media],
        reply_to: Post | None,
        reply_settings: str | None,
    ) -> Post:
        post_id = self._snowflakes.next()
        page = f"https://x.com/{author.username}/status/{post_id}/"
        shown = [(one.key, page + ("photo/1" if one.kind == "photo" else "video/1")) for one in media]
        return Post(
            post_id,
            author,
            typed,
            self._clock.utc(),
            media,
            reply_to,
            price=PRICE_WITH_LINK if links(typed) else PRICE,
            rendered=render(typed, shown),
            whole=render_whole(typed),
            conversation_id=reply_to.conversation_id if reply_to else post_id,
            reply_settings=reply_settings or "everyone",
            made_at=self._clock.now(),
            mentioned=frozenset(span.text.lower() for span in mentions(typed)),
        )


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
