"""What a task needs beside its text, as its row keeps it: JSON, one shape for tweets, one for looks. Pure."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll of X: 2 to 4 options of 1 to 25 characters, open for 5 to 10,080 minutes."""

    options: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Extras:
    """What a tweet has beside text and files. Ids are X's."""

    reply_to: str | None = None
    """The post it answers."""
    quote: str | None = None
    edits: str | None = None
    """The post it takes the place of."""
    poll: Poll | None = None
    reply_settings: str | None = None
    """Who may reply: following, mentionedUsers, subscribers, verified; None: everyone."""
    paid_partnership: bool = False
    made_with_ai: bool = False
    is_numbered: bool = False
    """Each part of a thread bears its number."""
    linked: str | None = None
    """The text before its links were dropped."""
    username: str | None = None
    """Whom a message is for, or whom to follow, without the @; X's id is looked up when it is done."""

    @classmethod
    def read(cls, stored: str | None) -> Self:
        """Read what `written` wrote; what another release put in beside is left out."""
        known = _known(cls, stored)
        if poll := known.pop("poll", None):
            known["poll"] = Poll(tuple(poll["options"]), poll["minutes"])
        return cls(**known)

    def written(self) -> str | None:
        """Give it as it is stored. None: a plain tweet."""
        return _written(self)


@dataclass(frozen=True, slots=True)
class Look:
    """What a reading task asks X for."""

    username: str | None = None
    """Whose posts, followers ...; None: the connection's own account, or home."""
    query: str | None = None
    most: int = 10
    """Items of a page."""
    since_id: str | None = None
    """Only what came after this post."""
    max_id: str | None = None
    """Only up to this post, inclusive."""
    since: datetime | None = None
    until: datetime | None = None
    without: tuple[str, ...] = ()
    """What to leave out of a timeline: replies, retweets."""
    sort: str | None = None
    """Of a search: recency or relevancy; None: X's own, recency."""
    only_ids: bool = False
    only_new: bool = False
    """Only what no look before has shown (table `newest`)."""
    then: str | None = None
    """What is asked about the post that was found: delete."""

    @classmethod
    def read(cls, stored: str | None) -> Self:
        """Read what `written` wrote."""
        known = _known(cls, stored)
        for name in ("since", "until"):
            if known.get(name):
                known[name] = datetime.fromisoformat(known[name])
        if "without" in known:
            known["without"] = tuple(known["without"])
        return cls(**known)

    def written(self) -> str | None:
        """Give it as it is stored. None: all as by default."""
        return _written(self)

    def same_look(self) -> str:
        """Name the look for the newest post it has shown: whatever asks the same shares it."""
        return replace(self, since_id=None, max_id=None, most=10, only_new=False).written() or ""


def _known(cls: type[Any], stored: str | None) -> dict[str, Any]:
    names = {each.name for each in fields(cls)}
    return {name: value for name, value in json.loads(stored or "{}").items() if name in names}


def _written(value: Any) -> str | None:
    """Write only what differs from the default, in one order: equal values are written equally."""
    plain = type(value)()
    said = {
        name: each.isoformat() if isinstance(each, datetime) else each
        for name, each in asdict(value).items()
        if each != getattr(plain, name)
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False) if said else None
