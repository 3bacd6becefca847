"""The policy of a grant: who may ask for what in a group, who approves, how much and when. Pure.

Its words are those of the columns of `grants`. A word nobody knows (of a newer version, or damaged) never
permits anything.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tasks.quiet import ALWAYS, Quiet, read_quiet

Word = TypeVar("Word", bound=StrEnum)


class Asks(StrEnum):
    """Who may ask for tasks; each includes the one before. The owner is an admin."""

    ADMINS = "admins"
    LISTED = "listed"
    MEMBERS = "members"


class Asked(StrEnum):
    """What may be asked for. *Media* and *schedule* come on top of what is posted or planned."""

    POST = "post"
    """Posts, threads and quotes."""
    REPLY = "reply"
    MEDIA = "media"
    SCHEDULE = "schedule"
    DELETE = "delete"
    REPOST = "repost"
    """Reposts, likes and follows, and taking them back."""
    READ = "read"
    """Posts, timelines, mentions, searches, followers."""
    MESSAGE = "message"
    """Direct messages, written or read."""


class Approves(StrEnum):
    """Who approves what others asked for."""

    NOBODY = "nobody"
    """Nothing needs approval."""
    ADMINS = "admins"
    NAMED = "named"


class Unapproved(StrEnum):
    """What goes out without approval: of whom, or what."""

    OWNER = "owner"
    ADMINS = "admins"
    """The owner too."""
    READ = "read"
    REPLY = "reply"
    REPOST = "repost"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a group may do with a connection; without a word of the owner, little."""

    asks: Asks = Asks.ADMINS
    kinds: frozenset[Asked] = frozenset({Asked.POST, Asked.REPLY, Asked.MEDIA})
    approves: Approves = Approves.ADMINS
    votes_needed: int = 1
    in_order: bool = False
    """Named people vote in the order of their list."""
    unapproved: frozenset[Unapproved] = frozenset()
    quota_day: int | None = None
    """Tasks a person may ask for in a day of `zone`; None: as many as they like."""
    cap_cents_100: int | None = None
    """Hundredths of a cent the group may spend in a month; None: the connection's own cap alone counts."""
    person_cap_cents_100: int | None = None
    quiet: Quiet | None = None
    """When nothing is sent."""
    zone: str | None = None
    """IANA name; None: UTC."""
    links: bool = False
    names_author: bool = True
    """Is the group told who asked? Else the log alone knows."""

    @property
    def clock(self) -> ZoneInfo:
        """Give the zone of the quiet hours and of the quota's day; UTC where the name means none."""
        try:
            return ZoneInfo(self.zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")


def read_policy(columns: Mapping[str, Any]) -> Policy:
    """Read a policy from the columns of a grant; what cannot be read is taken at its strictest."""
    return Policy(
        asks=_word(Asks, columns["asks"], strictest=Asks.ADMINS),
        kinds=_words(Asked, columns["kinds"]),
        approves=_word(Approves, columns["approves"], strictest=Approves.NAMED),
        votes_needed=max(1, columns["votes_needed"]),
        in_order=columns["in_order"],
        unapproved=_words(Unapproved, columns["unapproved"]),
        quota_day=columns["quota_day"],
        cap_cents_100=columns["cap_cents_100"],
        person_cap_cents_100=columns["person_cap_cents_100"],
        quiet=(read_quiet(columns["quiet"]) or ALWAYS) if columns["quiet"] else None,
        zone=columns["zone"],
        links=columns["links"],
        names_author=columns["names_author"],
    )


def columns_of(policy: Policy) -> dict[str, Any]:
    """Write a policy as the columns of a grant hold it."""
    return {
        "asks": policy.asks.value,
        "kinds": _written(Asked, policy.kinds),
        "approves": policy.approves.value,
        "votes_needed": policy.votes_needed,
        "in_order": policy.in_order,
        "unapproved": _written(Unapproved, policy.unapproved),
        "quota_day": policy.quota_day,
        "cap_cents_100": policy.cap_cents_100,
        "person_cap_cents_100": policy.person_cap_cents_100,
        "quiet": str(policy.quiet) if policy.quiet else None,
        "zone": policy.zone,
        "links": policy.links,
        "names_author": policy.names_author,
    }


def changed(before: Policy, after: Policy) -> dict[str, tuple[Any, Any]]:
    """Say which columns differ, as (before, after)."""
    old, new = columns_of(before), columns_of(after)
    return {name: (old[name], new[name]) for name in old if old[name] != new[name]}


_DEEDS = ("repost", "unrepost", "like", "unlike", "follow", "unfollow")
_LOOKS = ("get", "timeline", "mentions", "search", "following", "followers")
#: What is asked for by a kind of task (tasks/kinds.py); a kind that is missing here may nobody ask for.
_BY_KIND: dict[str, Asked] = {
    "tweet": Asked.POST,
    "delete": Asked.DELETE,
    "message": Asked.MESSAGE,
    "messages": Asked.MESSAGE,
    **dict.fromkeys(_DEEDS, Asked.REPOST),
    **dict.fromkeys(_LOOKS, Asked.READ),
}


def asked_by(
    kind: str, *, replies: bool = False, has_media: bool = False, planned: bool = False
) -> frozenset[Asked] | None:
    """Say what somebody asks for with a task of a kind; all of it must be allowed. None: nobody may ask.

    `replies`: it is posted as a reply; a quote is a post. `planned`: for a moment, or by a rule.
    """
    main = _BY_KIND.get(kind)
    if main is None:
        return None
    if main is Asked.POST and replies:
        main = Asked.REPLY
    extra = {Asked.MEDIA: has_media, Asked.SCHEDULE: planned}
    return frozenset({main, *(word for word, asked in extra.items() if asked)})


def goes_unapproved(policy: Policy, asked: Collection[Asked]) -> bool:
    """Tell whether what is asked for needs no approval, whoever asks; media and a plan change nothing."""
    main = set(asked) - {Asked.MEDIA, Asked.SCHEDULE}
    return bool(main) and {word.value for word in main} <= {word.value for word in policy.unapproved}


def _word(words: type[Word], word: str, *, strictest: Word) -> Word:
    return words(word) if word in set(words) else strictest


def _words(words: type[Word], written: str) -> frozenset[Word]:
    return frozenset(words(word) for word in written.split() if word in set(words))


def _written(words: Iterable[Word], chosen: Collection[Word]) -> str:
    """Write words in the order they are declared in."""
    return " ".join(word for word in words if word in chosen)
