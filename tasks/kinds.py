"""The table of task kinds: their price, their outcome, how an unknown one is settled (rule 9). Pure."""

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


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task; its requests stand in sending.py."""

    name: str
    settle: Settle
    done: str
    """The outcome when X did all of it."""
    price: Callable[[str, int], Price]
    """What one write costs at most: its text, how many of its files are described."""


def _tweet(text: str, alt_texts: int) -> Price:
    return price.of_tweet(has_link=bool(links(text)), alt_texts=alt_texts)


TWEET = Kind("tweet", Settle.LOOK_IN_OWN_TIMELINE, "sent", _tweet)
DELETION = Kind("delete", Settle.REPEAT, "deleted", lambda _text, _alt_texts: price.of_deletion())
MESSAGE = Kind("message", Settle.LOOK_IN_CONVERSATION, "sent", lambda _text, _alt_texts: price.of_message())

KINDS = {kind.name: kind for kind in (TWEET, DELETION, MESSAGE)}
