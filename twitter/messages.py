"""Direct messages: send one, read them by the page or what is new, recognise one of our own. Deletes none.

X: "Manage Direct Messages" and "Direct Messages lookup", read 2026-08; both dialects are read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twitter import compare, pages, post
from twitter.answers import Answer
from twitter.client import App, Token, X, checked_id
from twitter.errors import Unavailable, Unknown
from twitter.pages import Page, Size

_QUERY = {
    "dm_event.fields": "attachments,created_at,dm_conversation_id,entities,sender_id,text",
    # Since 2.167 the sender is no field any more but an expansion; what X does not know it drops silently.
    "expansions": "sender_id",
    "event_types": "MessageCreate",
}
_SENDERS = {"user.fields": "name,username"}
#: How many messages one request may bring (OpenAPI).
SIZE = Size(1, 100)
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
    conversation_id: str | None = None
    sender_username: str | None = None
    sender_name: str | None = None


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
        read = pages.ask(x, app, token, path, params, item=_message)
        found += [message for message in read.items if message.created_at >= since]
        if read.next_token is None or any(message.created_at < since for message in read.items):
            return found
        if len(found) >= _REACH:
            raise Unavailable("answer_too_big")
        page = {"pagination_token": read.next_token}


def events(
    x: X,
    app: App,
    token: Token,
    *,
    participant_id: str | None = None,
    most: int = 20,
    page: str | None = None,
) -> Page[Message]:
    """Read a page of messages, newest first: of all conversations, or of the one with `participant_id`.

    X reaches back 30 days and has no ids to begin or end at: who wants what is new stops at the newest
    known. Senders are named; each event is billed, and the senders may be.
    """
    with_one = f"/2/dm_conversations/with/{checked_id(participant_id)}/dm_events" if participant_id else None
    params = {**_QUERY, **_SENDERS, "max_results": str(SIZE.fit(most))}
    params |= {"pagination_token": page} if page else {}
    return pages.ask(x, app, token, with_one or "/2/dm_events", params, item=_message)


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


def _message(raw: dict[str, Any], answer: Answer) -> Message:
    try:
        sender_id, created_at = raw.get("sender_id"), post.moment(raw["created_at"])
        if created_at is None:
            raise Unavailable("garbled")
        sender = post.included_users(answer.body).get(str(sender_id), {})
        return Message(
            id=str(raw["id"]),
            text=raw.get("text") or "",
            created_at=created_at,
            sender_id=sender_id,
            media_count=len((raw.get("attachments") or {}).get("media_keys") or ()),
            # 2.166 has them in the event itself, 2.167 among its entities.
            links=tuple((raw.get("entities") or raw).get("urls") or ()),
            conversation_id=raw.get("dm_conversation_id"),
            sender_username=sender.get("username"),
            sender_name=sender.get("name"),
        )
    except (KeyError, AttributeError, TypeError):
        raise Unavailable("garbled") from None
