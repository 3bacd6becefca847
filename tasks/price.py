"""What X charges: one dated table. Pure."""

from dataclasses import dataclass
from decimal import Decimal

#: X API pay-per-use prices in US dollars ("Pricing", docs.x.com, read 2026-09-11).
AS_OF = "2026-09-11"
POST = Decimal("0.015")
POST_WITH_LINK = Decimal("0.200")
DELETION = Decimal("0.005")
ALT_TEXT = Decimal("0.005")
MESSAGE = Decimal("0.015")
INTERACTION = Decimal("0.015")
INTERACTION_UNDONE = Decimal("0.010")
REPOST_UNDONE = Decimal("0.005")
USER_READ = Decimal("0.010")
POST_READ = Decimal("0.005")
MESSAGE_READ = Decimal("0.010")
OWN_POST_READ = Decimal("0.001")


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
    post = POST_WITH_LINK if has_link else POST
    return Price(post + ALT_TEXT * alt_texts, for_a_link=has_link)


def of_deletion() -> Price:
    """Price the deletion of a tweet."""
    return Price(DELETION)


def of_message() -> Price:
    """Price a direct message."""
    return Price(MESSAGE)


def of_interaction() -> Price:
    """Price a repost, a like, or following somebody."""
    return Price(INTERACTION)


def of_undoing() -> Price:
    """Price taking back a like, or following somebody no longer."""
    return Price(INTERACTION_UNDONE)


def of_undoing_a_repost() -> Price:
    """Price taking back a repost, which X counts as managing content."""
    return Price(REPOST_UNDONE)


def of_posts(count: int) -> Price:
    """Price reading posts at most: each with its author, whom X bills as a user read (reported)."""
    return Price((POST_READ + USER_READ) * count)


def of_people(count: int) -> Price:
    """Price reading so many accounts."""
    return Price(USER_READ * count)


def of_messages_read(count: int) -> Price:
    """Price reading so many direct messages."""
    return Price(MESSAGE_READ * count)
