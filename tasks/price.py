"""What X charges: one dated table, which the settings may change in part. Pure."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation

#: When X's list was read ("Pricing", docs.x.com, pay-per-use).
AS_OF = "2026-09-11"
#: More than this for one thing is a slip, in US dollars.
_MOST = Decimal(100)
#: What is booked is counted in hundredths of a cent.
_FINEST = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Prices:
    """What X charges for one of each, in US dollars."""

    post: Decimal = Decimal("0.015")
    post_with_link: Decimal = Decimal("0.200")
    deletion: Decimal = Decimal("0.005")
    alt_text: Decimal = Decimal("0.005")
    message: Decimal = Decimal("0.015")
    interaction: Decimal = Decimal("0.015")
    """A repost, a like, following somebody."""
    interaction_undone: Decimal = Decimal("0.010")
    repost_undone: Decimal = Decimal("0.005")
    """X counts it as managing content."""
    user_read: Decimal = Decimal("0.010")
    post_read: Decimal = Decimal("0.005")
    message_read: Decimal = Decimal("0.010")


LIST = Prices()
#: The names the settings may use.
NAMES = tuple(each.name for each in fields(Prices))
_in_force: ContextVar[Prices] = ContextVar("prices", default=LIST)


def current() -> Prices:
    """Give the prices that hold here: the table, as the settings of this process have it."""
    return _in_force.get()


@contextmanager
def using(prices: Prices) -> Iterator[None]:
    """Let these prices hold for what is done inside, and for the tasks that are begun there."""
    token = _in_force.set(prices)
    try:
        yield
    finally:
        _in_force.reset(token)


def read(said: str) -> Prices:
    """Read prices as an operator writes them: `post=0.02, post_with_link=0.25`; the others stay X's.

    Raises ValueError on a name that there is not, and on what is no price.
    """
    changed: dict[str, Decimal] = {}
    for each in filter(None, (part.strip() for part in said.split(","))):
        name, _, amount = (part.strip() for part in each.partition("="))
        if name not in NAMES or name in changed:
            raise ValueError(name)
        changed[name] = _dollars(amount)
    return replace(LIST, **changed)


def _dollars(said: str) -> Decimal:
    try:
        dollars = Decimal(said)
    except InvalidOperation:
        raise ValueError(said) from None
    if not dollars.is_finite() or not 0 <= dollars <= _MOST or dollars != dollars.quantize(_FINEST):
        raise ValueError(said)
    return dollars


@dataclass(frozen=True, slots=True)
class Price:
    """What a task costs at most, and whether a link makes it dear."""

    dollars: Decimal
    for_a_link: bool = False

    @property
    def cents_100(self) -> int:
        """The price in hundredths of a cent, as it is booked."""
        return int(self.dollars * 10_000)


def of_tweet(*, has_link: bool, alt_texts: int) -> Price:
    """Price a tweet. What X may take for a link (a bare domain too) counts as one."""
    prices = current()
    post = prices.post_with_link if has_link else prices.post
    return Price(post + prices.alt_text * alt_texts, for_a_link=has_link)


def of_deletion() -> Price:
    """Price the deletion of a tweet."""
    return Price(current().deletion)


def of_message() -> Price:
    """Price a direct message."""
    return Price(current().message)


def of_interaction() -> Price:
    """Price a repost, a like, or following somebody."""
    return Price(current().interaction)


def of_undoing() -> Price:
    """Price taking back a like, or following somebody no longer."""
    return Price(current().interaction_undone)


def of_undoing_a_repost() -> Price:
    """Price taking back a repost."""
    return Price(current().repost_undone)


def of_posts(count: int) -> Price:
    """Price reading posts at most: each with its author, whom X bills as a user read (reported)."""
    return Price((current().post_read + current().user_read) * count)


def of_people(count: int) -> Price:
    """Price reading so many accounts."""
    return Price(current().user_read * count)


def of_messages_read(count: int) -> Price:
    """Price reading direct messages at most: each with its sender, whom X may bill as a user read."""
    return Price((current().message_read + current().user_read) * count)
