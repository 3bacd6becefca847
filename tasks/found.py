"""What X gave to a reading task, as its pages keep it: JSON items with texts a person can read. Pure."""

import json
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from twitter import compare
from twitter.messages import Message
from twitter.people import Account
from twitter.post import Post

Item = dict[str, Any]

#: Items of one screen, and so of one stored page.
SCREEN = {
    "get": 1,
    "timeline": 5,
    "mentions": 5,
    "search": 5,
    "messages": 5,
    "following": 10,
    "followers": 10,
}
#: Of bare ids many fit.
SCREEN_OF_IDS = 50
#: X's ids count milliseconds from here, above 22 other bits ("Twitter IDs (snowflake)").
_EPOCH_MS = 1_288_834_974_657


def of_post(post: Post) -> Item:
    """Give a post: links in full, nothing escaped. What X did not tell is left out."""
    read = compare.published(post.text, post.links, has_media=bool(post.media_count))
    metrics = post.metrics
    return _said(
        id=post.id,
        text=read,
        author_id=post.author_id,
        username=post.author_username,
        name=post.author_name,
        at=post.created_at.isoformat() if post.created_at else None,
        media=post.media_count or None,
        poll=post.has_poll,
        replied_to=post.replied_to,
        quoted=post.quoted,
        reposted=post.reposted,
        lang=post.lang,
        editable=post.edits.eligible if post.edits else None,
        edit_until=post.edits.until.isoformat() if post.edits and post.edits.until else None,
        edits_left=post.edits.remaining if post.edits else None,
        newest=post.history[-1] if post.history else None,
        mentions=[mention.username for mention in post.mentions],
        mention_ids=[mention.user_id for mention in post.mentions if mention.user_id],
        likes=metrics.likes if metrics else None,
        reposts=metrics.reposts if metrics else None,
        replies=metrics.replies if metrics else None,
        quotes=metrics.quotes if metrics else None,
        views=metrics.views if metrics else None,
    )


def of_person(person: Account) -> Item:
    """Give an account."""
    return _said(id=person.id, username=person.username, name=person.name, protected=person.protected)


def of_message(message: Message) -> Item:
    """Give a direct message; `author_id` is who sent it."""
    return _said(
        id=message.id,
        text=compare.published(message.text, message.links, has_media=bool(message.media_count)),
        author_id=message.sender_id,
        username=message.sender_username,
        name=message.sender_name,
        at=message.created_at.isoformat(),
        media=message.media_count or None,
        conversation=message.conversation_id,
    )


_NOTHING: tuple[object, ...] = (None, "", [])


def _said(**values: Any) -> Item:
    """Leave out what is empty; a number of likes that is 0 says something."""
    return {name: value for name, value in values.items() if value is not False and value not in _NOTHING}


def screens(kind: str, items: Sequence[Item], *, only_ids: bool) -> list[list[Item]]:
    """Cut what one request brought into screens; at least one, which may be empty."""
    size = SCREEN_OF_IDS if only_ids else SCREEN[kind]
    shown = [{"id": item["id"]} for item in items] if only_ids else list(items)
    return [shown[start : start + size] for start in range(0, len(shown), size)] or [[]]


def moment_of(item: Item) -> datetime | None:
    """Say when a post or message was made (UTC): as X said, else as its id says. None: neither does."""
    if said := item.get("at"):
        return datetime.fromisoformat(said)
    number = str(item.get("id", ""))
    if not number.isdigit() or int(number) >> 22 == 0:
        return None
    try:
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(int(number) >> 22) + _EPOCH_MS)
    except OverflowError:
        return None


def by_id(item: Item) -> tuple[int, str]:
    """Order ids as the numbers they are."""
    return len(item["id"]), item["id"]


def is_newer(item: Item, than: str | None) -> bool:
    """Say whether an item came after the one of this id; everything came after nothing."""
    return than is None or by_id(item) > (len(than), than)


#: The columns of a file, in this order; what no item has is left out.
_COLUMNS = (
    "id",
    "at",
    "username",
    "name",
    "text",
    "author_id",
    "likes",
    "reposts",
    "replies",
    "quotes",
    "views",
    "media",
    "poll",
    "replied_to",
    "quoted",
    "reposted",
    "lang",
    "mentions",
    "conversation",
    "protected",
)


def as_json(items: Sequence[Item]) -> bytes:
    """Write items as a JSON list, UTF-8; half a surrogate pair, which has no UTF-8, becomes a "?"."""
    return json.dumps(list(items), ensure_ascii=False, indent=2).encode(errors="replace")


def as_csv(items: Sequence[Item]) -> bytes:
    """Write items as a table (RFC 4180) with a byte order mark, without which Excel reads no UTF-8."""
    columns = [name for name in _COLUMNS if any(name in item for item in items)] or ["id"]
    rows = [columns, *([_cell(item.get(name)) for name in columns] for item in items)]
    table = "".join(",".join(map(_quoted, row)) + "\r\n" for row in rows)
    return ("\ufeff" + table).encode(errors="replace")


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return " ".join(map(str, value))
        case str():
            return _harmless(value)
    return str(value)


def _harmless(text: str) -> str:
    """Put an apostrophe before what a table program would carry out (OWASP: "CSV Injection")."""
    return f"'{text}" if unicodedata.normalize("NFKC", text).lstrip()[:1] in ("=", "+", "-", "@") else text


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(char in cell for char in '",\r\n') else cell
