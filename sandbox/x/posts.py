"""Posts: what is kept of each, and how they come and go. Speaks no HTTP and shows no JSON."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.x import errors
from sandbox.x.accounts import Account
from sandbox.x.media import Media
from sandbox.x.polls import Poll
from sandbox.x.render import Rendered

# Within this time the same text is refused again. X gives no figure.
DUPLICATE_SECONDS = 24 * 60 * 60

# Author, text, the posts answered and quoted, the files' digests.
Content = tuple[str, str, str | None, str | None, tuple[str, ...]]


@dataclass
class Engagement:
    """What others did with a post; the versions of an edited post share it."""

    likers: dict[str, Account] = field(default_factory=dict)
    reposts: "dict[str, Post]" = field(default_factory=dict)
    """The reposts by the id of the account that made them."""
    replies: int = 0
    quotes: int = 0


@dataclass(eq=False)
class Post:
    """One post, one repost or one version of an edited post.

    `typed` is what was asked for, `rendered` what the API tells.
    """

    id: str
    author: Account
    typed: str
    created_at: datetime
    media: list[Media]
    reply_to: "Post | None"
    price: float
    rendered: Rendered
    whole: Rendered | None
    conversation_id: str
    lang: str
    reply_settings: str = "everyone"
    made_at: float = 0.0
    quote_of: "Post | None" = None
    repost_of: "Post | None" = None
    poll: Poll | None = None
    labels: dict[str, bool] = field(default_factory=dict)
    mentioned: frozenset[str] = frozenset()
    """The usernames named in the text, in lower case."""
    engagement: Engagement = field(default_factory=Engagement)
    versions: "list[Post]" = field(default_factory=list)
    """Every version, this one among them, oldest first; the list is the same for all of them."""

    def __post_init__(self) -> None:
        """Put itself behind the earlier versions."""
        self.versions.append(self)

    @property
    def newest(self) -> "Post":
        """Return the version that is shown in lists."""
        return self.versions[-1]

    @property
    def source(self) -> "Post":
        """Return the post itself, or the one that is reposted by it."""
        return self.repost_of or self

    @property
    def content(self) -> Content:
        """What makes it the same as another post of its author."""
        return (
            self.author.id,
            self.typed,
            self.reply_to.id if self.reply_to else None,
            self.quote_of.id if self.quote_of else None,
            tuple(one.digest for one in self.media),
        )


class Posts:
    """Every post that is not deleted."""

    def __init__(self) -> None:
        self.all: dict[str, Post] = {}
        """By id, oldest first, earlier versions included."""
        self.twice_allowed = False
        """Whether X's refusal of the same text is switched off, so that a double is seen and not refused."""
        self._by_author: defaultdict[str, dict[str, Post]] = defaultdict(dict)
        self._by_mention: defaultdict[str, dict[str, Post]] = defaultdict(dict)
        self._by_content: dict[Content, Post] = {}

    def current(self) -> list[Post]:
        """Return what is shown in lists, of everybody, newest first."""
        return [post for post in reversed(self.all.values()) if post.newest is post]

    def by(self, account: Account) -> list[Post]:
        """Return an account's posts and reposts, newest first."""
        return list(reversed(self._by_author[account.id].values()))

    def by_all(self, accounts: Iterable[Account]) -> list[Post]:
        """Return the posts and reposts of several accounts, newest first."""
        found = [post for account in accounts for post in self._by_author[account.id].values()]
        return sorted(found, key=lambda post: int(post.id), reverse=True)

    def count(self, account: Account) -> int:
        """Return how many posts an account has, reposts included as on X."""
        return len(self._by_author[account.id])

    def latest(self, account: Account) -> Post | None:
        """Return an account's newest post."""
        return next(reversed(self._by_author[account.id].values()), None)

    def mentioning(self, account: Account) -> list[Post]:
        """Return the posts that name an account, newest first."""
        return list(reversed(self._by_mention[account.username.lower()].values()))

    def add(self, post: Post) -> None:
        """Publish a post; a new version takes the place of the one before. Raises XError for a duplicate."""
        self._check_duplicate(post)
        if len(post.versions) > 1:
            self._hide(post.versions[-2])
        self.all[post.id] = post
        self._by_author[post.author.id][post.id] = post
        for name in post.mentioned:
            self._by_mention[name][post.id] = post
        self._by_content[post.content] = post
        if len(post.versions) == 1:
            _count(post, 1)

    def delete(self, author: Account, post_id: str) -> bool:
        """Delete an own post with all its versions and reposts; False when there is none.

        Raises XError for somebody else's.
        """
        post = self.all.get(post_id)
        if post is None:
            return False
        if post.author is not author:
            raise errors.forbidden(errors.NOT_PERMITTED)
        for repost in [*post.engagement.reposts.values()]:
            self._drop(repost)
        self._drop(post)
        return True

    def unrepost(self, author: Account, source: Post) -> None:
        """Take a repost back; nothing happens when there is none."""
        repost = source.engagement.reposts.get(author.id)
        if repost is not None:
            self._drop(repost)

    def _check_duplicate(self, post: Post) -> None:
        same = self._by_content.get(post.content)
        is_recent = same is not None and same.made_at > post.made_at - DUPLICATE_SECONDS
        if post.typed and not post.repost_of and is_recent and not self.twice_allowed:
            post.versions.remove(post)
            raise errors.forbidden(errors.DUPLICATE)

    def _drop(self, post: Post) -> None:
        _count(post, -1)
        self._hide(post.newest)
        for version in post.versions:
            del self.all[version.id]
            if self._by_content.get(version.content) is version:
                del self._by_content[version.content]

    def _hide(self, post: Post) -> None:
        del self._by_author[post.author.id][post.id]
        for name in post.mentioned:
            del self._by_mention[name][post.id]


def _count(post: Post, step: int) -> None:
    """Add a post to the engagement of those it refers to, or take it away."""
    if post.reply_to is not None:
        post.reply_to.engagement.replies += step
    if post.quote_of is not None:
        post.quote_of.engagement.quotes += step
    if post.repost_of is not None and step > 0:
        post.repost_of.engagement.reposts[post.author.id] = post
    elif post.repost_of is not None:
        post.repost_of.engagement.reposts.pop(post.author.id, None)
