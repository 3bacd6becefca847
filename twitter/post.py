"""A post as X shows it, read from its JSON. Changes and requests stand in posts.py and reading.py.

Both dialects are read: since 2.167 X calls the same things posts and reposts (X: changelog, 2026-08).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twitter.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in a text; X does not always give the id."""

    username: str
    user_id: str | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """How often a post was seen and answered, as anybody may know it."""

    likes: int
    reposts: int
    replies: int
    quotes: int
    bookmarks: int
    views: int


@dataclass(frozen=True, slots=True)
class Edits:
    """Whether and how long a post may be edited still; X tells, and the rules it follows have changed."""

    eligible: bool
    until: datetime | None
    remaining: int


@dataclass(frozen=True, slots=True)
class Post:
    """A post as X keeps it. `text` is X's: links shortened, `&`, `<` and `>` escaped; long texts in full.

    What X did not tell, or was not asked for, is None or empty.
    """

    id: str
    text: str
    created_at: datetime | None
    media_count: int
    replied_to: str | None
    """Id of the post it answers."""
    author_id: str | None
    links: tuple[dict[str, object], ...] = ()
    """The post's link entities (url, expanded_url, media_key ...)."""
    quoted: str | None = None
    """Id of the post it quotes."""
    reposted: str | None = None
    """Id of the post it repeats; its text then begins with "RT @"."""
    author_username: str | None = None
    author_name: str | None = None
    mentions: tuple[Mention, ...] = ()
    metrics: Metrics | None = None
    history: tuple[str, ...] = ()
    """Ids of all its versions, this one included, oldest first."""
    edits: Edits | None = None
    lang: str | None = None
    """BCP 47; "und" where X cannot tell."""
    has_poll: bool = False
    reply_settings: str | None = None


def read(raw: dict[str, Any], body: Any = None) -> Post:
    """Read one post; `body` is the whole answer, whose `includes` name the author.

    Raises Unavailable garbled where it has no id or no text; of all else nothing is required.
    """
    long = _dict(raw.get("note_tweet") or raw.get("note_post"))
    links = [*_listed(_dict(raw.get("entities")), "urls"), *_listed(_dict(long.get("entities")), "urls")]
    post_id, text = raw.get("id"), _text(long.get("text")) or raw.get("text")
    if not isinstance(post_id, str) or not isinstance(text, str):
        raise Unavailable("garbled")
    attached, author = _dict(raw.get("attachments")), _author(raw, body)
    return Post(
        id=post_id,
        text=text,
        created_at=moment(raw.get("created_at")),
        media_count=len(_list(attached.get("media_keys"))),
        replied_to=_referenced(raw, "replied_to"),
        author_id=_text(raw.get("author_id")),
        links=tuple({str(link.get("url")): link for link in links}.values()),
        quoted=_referenced(raw, "quoted"),
        reposted=_referenced(raw, "retweeted") or _referenced(raw, "reposted"),
        author_username=_text(author.get("username")),
        author_name=_text(author.get("name")),
        mentions=tuple(_mentions(raw, long)),
        metrics=_metrics(_dict(raw.get("public_metrics"))),
        history=tuple(map(str, _list(raw.get("edit_history_tweet_ids") or raw.get("edit_history_post_ids")))),
        edits=_edits(_dict(raw.get("edit_controls"))),
        lang=_text(raw.get("lang")),
        has_poll=bool(_list(attached.get("poll_ids"))),
        reply_settings=_text(raw.get("reply_settings")),
    )


def moment(said: object) -> datetime | None:
    """Read a moment of X, aware and in UTC; None where it is missing or none."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
        # X's examples of `editable_until` name no zone; all of X's moments are UTC.
        return found and (found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def included_users(body: Any) -> dict[str, dict[str, Any]]:
    """Return the users that came along with an answer, by id."""
    return {str(user.get("id")): user for user in _listed(_dict(_dict(body).get("includes")), "users")}


def _author(raw: dict[str, Any], body: Any) -> dict[str, Any]:
    return included_users(body).get(str(raw.get("author_id")), {}) if body is not None else {}


def _referenced(raw: dict[str, Any], kind: str) -> str | None:
    references = [*_listed(raw, "referenced_tweets"), *_listed(raw, "referenced_posts")]
    return next((str(one["id"]) for one in references if one.get("type") == kind and one.get("id")), None)


def _mentions(raw: dict[str, Any], long: dict[str, Any]) -> Iterator[Mention]:
    """Each once, in the order of the text."""
    seen: set[str] = set()
    for entities in (_dict(raw.get("entities")), _dict(long.get("entities"))):
        for one in _listed(entities, "mentions"):
            name = one.get("username")
            if isinstance(name, str) and name.lower() not in seen:
                seen.add(name.lower())
                yield Mention(name, _text(one.get("id")))


def _metrics(raw: dict[str, Any]) -> Metrics | None:
    if not raw:
        return None
    return Metrics(
        likes=_number(raw.get("like_count")),
        reposts=_number(raw.get("retweet_count", raw.get("repost_count"))),
        replies=_number(raw.get("reply_count")),
        quotes=_number(raw.get("quote_count")),
        bookmarks=_number(raw.get("bookmark_count")),
        views=_number(raw.get("impression_count")),
    )


def _edits(raw: dict[str, Any]) -> Edits | None:
    if not raw:
        return None
    return Edits(
        eligible=raw.get("is_edit_eligible") is True,
        until=moment(raw.get("editable_until")),
        remaining=_number(raw.get("edits_remaining")),
    )


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _listed(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [one for one in _list(raw.get(name)) if isinstance(one, dict)]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
