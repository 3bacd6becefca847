"""Direct messages: send one, read what is new in a conversation, recognise one of our own. Deletes none.

X: "Manage Direct Messages" and "Direct Messages lookup", read 2026-08; both dialects are read.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twitter import compare
from twitter.client import App, Token, X, checked_id
from twitter.errors import Unavailable, Unknown

_QUERY = {
    "dm_event.fields": "attachments,created_at,entities,sender_id,text",
    # Since 2.167 the sender is no field any more but an expansion; what X does not know it drops silently.
    "expansions": "sender_id",
    "event_types": "MessageCreate",
}
#: X takes 1 to 100 a page and bills each event; what is looked for is among the newest.
_PAGE = 20
#: As far as a look goes back: X lets an account read 15 pages in 15 minutes.
_REACH = 100


@dataclass(frozen=True, slots=True)
class Message:
    """A message as X keeps it: links in its text may be shortened."""

    id: str
    text: str
    created_at: datetime
    sender_id: str | None
    """None: X did not say."""
    media_count: int
    links: tuple[dict[str, object], ...] = ()
    """The message's link entities (url, expanded_url ...); X does not always give them."""


def send(x: X, app: App, token: Token, participant_id: str, text: str) -> str:
    """Send a message to one account and return the id of its event.

    Raises Unknown when it may be there: then look, never repeat. Refused dm_not_allowed, no_dm_permission,
    too_long.
    """
    path = f"/2/dm_conversations/with/{checked_id(participant_id)}/messages"
    answer = x.call("POST", path, app=app, token=token, json={"text": text}, changes=True)
    event_id = str(answer.item.get("dm_event_id", ""))
    if not event_id.isdecimal():
        raise Unknown("garbled", status=answer.status)
    return event_id


def recent(x: X, app: App, token: Token, participant_id: str, *, since: datetime) -> list[Message]:
    """Return the messages of both sides since a moment (aware, inclusive), newest first.

    Pages of 20 are read, each event billed, until one is older than `since`. Raises Unavailable where 100
    are newer: a part of them would pass for all of them.
    """
    path = f"/2/dm_conversations/with/{checked_id(participant_id)}/dm_events"
    found: list[Message] = []
    page: dict[str, str] = {}
    while True:
        params = {**_QUERY, "max_results": str(_PAGE), **page}
        answer = x.call("GET", path, app=app, token=token, params=params, changes=False)
        read = [_message(raw) for raw in answer.items]
        found += [message for message in read if message.created_at >= since]
        if answer.next_page is None or any(message.created_at < since for message in read):
            return found
        if len(found) >= _REACH:
            raise Unavailable("answer_too_big")
        page = {"pagination_token": answer.next_page}


def same(ours: str, sender_id: str, message: Message) -> bool:
    """Tell whether a message is the text that the account `sender_id` sent, undoing what X does to texts.

    A message whose sender X does not name counts as ours when its text is: taking it for absent would send
    it twice.
    """
    if message.media_count or message.sender_id not in (sender_id, None):
        return False
    # X does not say whether it escapes `&`, `<` and `>` in messages as it does in posts: both are read.
    return any(_is_text(ours, message, is_escaped=is_escaped) for is_escaped in (True, False))


def _is_text(ours: str, message: Message, *, is_escaped: bool) -> bool:
    theirs = compare.published(message.text, message.links, has_media=False, is_escaped=is_escaped)
    if compare.has_short_link(theirs):
        ours, theirs = compare.without_links(ours), compare.without_links(theirs)
    return compare.comparable(theirs, message.links, is_reply=False) == compare.comparable(
        ours, message.links, is_reply=False
    )


def _message(raw: dict[str, Any]) -> Message:
    try:
        return Message(
            id=str(raw["id"]),
            text=raw.get("text") or "",
            created_at=datetime.fromisoformat(raw["created_at"]).astimezone(UTC),
            sender_id=raw.get("sender_id"),
            media_count=len((raw.get("attachments") or {}).get("media_keys") or ()),
            # 2.166 has them in the event itself, 2.167 among its entities.
            links=tuple((raw.get("entities") or raw).get("urls") or ()),
        )
    except (KeyError, AttributeError, TypeError, ValueError):
        raise Unavailable("garbled") from None
