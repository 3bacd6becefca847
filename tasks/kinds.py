"""The table of task kinds: their commands, their price, how an unknown one is settled (rule 9). Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tasks import price
from tasks.price import Price
from twitter.links import links


class Settle(StrEnum):
    """How to find out what became of a write whose outcome is unknown."""

    LOOK_IN_OWN_TIMELINE = "look in own timeline"
    LOOK_IN_CONVERSATION = "look in the conversation; if unreadable, ask the person"
    REPEAT = "repeat, and read 'already so' or 'not found' as success"
    READ_AGAIN = "it changes nothing: read again"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task; its requests stand in sending.py and reading.py."""

    name: str
    commands: tuple[str, ...]
    settle: Settle
    done: str
    """The outcome when X did all of it."""
    price: Callable[[str, int], Price]
    """What one write costs at most: its text, how many of its files are described.

    Of a reading kind: what one page costs at most: its query, how many items are asked for."""
    request: str
    """What is asked of X (X: API reference), for the docs."""
    task: str
    """The VisualCron task it stands for, for the docs."""
    schedulable: bool = True
    """May a schedule run it? X forbids likes and follows by schedule ("Developer guidelines")."""
    enterprise: bool = False
    """X took it from all self-serve tiers (changelog, 2026-04-16): handed off unless the settings say so."""

    @property
    def reads(self) -> bool:
        """Say whether it changes nothing on X."""
        return self.settle is Settle.READ_AGAIN


def _tweet(text: str, alt_texts: int) -> Price:
    return price.of_tweet(has_link=bool(links(text)), alt_texts=alt_texts)


def _flat(dollars: Callable[[], Price]) -> Callable[[str, int], Price]:
    return lambda _text, _alt_texts: dollars()


def _posts(_query: str, most: int) -> Price:
    return price.of_posts(most)


def _people(_query: str, most: int) -> Price:
    return price.of_people(most)


TWEET = Kind(
    "tweet",
    ("tweet", "thread", "reply", "quote"),
    Settle.LOOK_IN_OWN_TIMELINE,
    "sent",
    _tweet,
    "POST /2/tweets",
    "Tweet, Reply tweet",
)
DELETION = Kind(
    "delete",
    ("delete",),
    Settle.REPEAT,
    "deleted",
    _flat(price.of_deletion),
    "DELETE /2/tweets/{id}",
    "Delete tweet",
)
MESSAGE = Kind(
    "message",
    ("dm",),
    Settle.LOOK_IN_CONVERSATION,
    "sent",
    _flat(price.of_message),
    "POST /2/dm_conversations/with/{id}/messages",
    "Send direct message",
)
REPOST = Kind(
    "repost",
    ("retweet",),
    Settle.REPEAT,
    "reposted",
    _flat(price.of_interaction),
    "POST /2/users/{id}/retweets",
    "Retweet",
)
UNREPOST = Kind(
    "unrepost",
    ("unretweet",),
    Settle.REPEAT,
    "unreposted",
    _flat(price.of_undoing_a_repost),
    "DELETE /2/users/{id}/retweets/{post}",
    "Retweet, undo",
)
LIKE = Kind(
    "like",
    ("like",),
    Settle.REPEAT,
    "liked",
    _flat(price.of_interaction),
    "POST /2/users/{id}/likes",
    "Like",
    schedulable=False,
    enterprise=True,
)
UNLIKE = Kind(
    "unlike",
    ("unlike",),
    Settle.REPEAT,
    "unliked",
    _flat(price.of_undoing),
    "DELETE /2/users/{id}/likes/{post}",
    "Like, undo",
    schedulable=False,
    enterprise=True,
)
FOLLOW = Kind(
    "follow",
    ("follow",),
    Settle.REPEAT,
    "followed",
    _flat(price.of_interaction),
    "POST /2/users/{id}/following",
    "Follow user",
    schedulable=False,
    enterprise=True,
)
UNFOLLOW = Kind(
    "unfollow",
    ("unfollow",),
    Settle.REPEAT,
    "unfollowed",
    _flat(price.of_undoing),
    "DELETE /2/users/{id}/following/{user}",
    "Unfollow user",
    schedulable=False,
    enterprise=True,
)


def _read(name: str, command: str, page_price: Callable[[str, int], Price], request: str, task: str) -> Kind:
    return Kind(name, (command,), Settle.READ_AGAIN, "read", page_price, request, task)


GET = _read("get", "get", _posts, "GET /2/tweets/{id}", "Get tweet")
TIMELINE = _read(
    "timeline",
    "timeline",
    _posts,
    "GET /2/users/{id}/timelines/reverse_chronological, GET /2/users/{id}/tweets",
    "Get timeline",
)
MENTIONS = _read("mentions", "mentions", _posts, "GET /2/users/{id}/mentions", "Get mentions")
SEARCH = _read("search", "search", _posts, "GET /2/tweets/search/recent", "Search tweets")
FOLLOWING = _read("following", "following", _people, "GET /2/users/{id}/following", "Get friends")
FOLLOWERS = _read("followers", "followers", _people, "GET /2/users/{id}/followers", "Get followers")
MESSAGES = _read(
    "messages",
    "messages",
    lambda _query, most: price.of_messages_read(most),
    "GET /2/dm_events",
    "Get messages",
)

KINDS = {
    kind.name: kind
    for kind in (
        *(TWEET, DELETION, MESSAGE, REPOST, UNREPOST, LIKE, UNLIKE, FOLLOW, UNFOLLOW),
        *(GET, TIMELINE, MENTIONS, SEARCH, FOLLOWING, FOLLOWERS, MESSAGES),
    )
}
OF_COMMAND = {command: kind for kind in KINDS.values() for command in kind.commands}
