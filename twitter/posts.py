"""Posts of one's own: publish, edit, delete, recognise one. What may be posted is decided elsewhere.

What a post looks like is in post.py, reading those of others in reading.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twitter import compare, pages, post, reading
from twitter.client import App, Token, X, checked_id
from twitter.errors import Refused, Unavailable, Unknown
from twitter.post import Post

#: What recognising a post needs; nothing that is billed by itself.
_FIELDS = {
    "tweet.fields": "attachments,author_id,created_at,edit_history_tweet_ids,entities,note_tweet,"
    "referenced_tweets"
}
#: As far as a look goes back: ten times what an account may post in 24 hours (reported).
_REACH = 1000
#: Who may answer a post, beside everybody (OpenAPI, reply_settings).
REPLY_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with 2 to 4 answers of up to 25 characters, open for 5 minutes to 7 days (OpenAPI)."""

    options: tuple[str, ...]
    minutes: int


def address(x: X, username: str, post_id: str) -> str:
    """Where people see the post."""
    return f"{x.web_origin}/{username}/status/{post_id}"


def create(
    x: X,
    app: App,
    token: Token,
    text: str,
    *,
    media_ids: Sequence[str] = (),
    reply_to: str | None = None,
    quote: str | None = None,
    poll: Poll | None = None,
    reply_settings: str | None = None,
    edits: str | None = None,
    paid_partnership: bool = False,
    made_with_ai: bool = False,
) -> str:
    """Publish a post and return its id. Raises Unknown when it may be there; then look, never repeat.

    X takes one of media, poll and quote. `reply_settings`: None lets everybody answer. `edits` is the newest
    version of the post that this one replaces: what comes back is a new id, also in the history of the old.
    """
    body: dict[str, Any] = {"text": text} if text else {}
    if media_ids:
        body["media"] = {"media_ids": [checked_id(media_id) for media_id in media_ids]}
    if reply_to is not None:
        body["reply"] = {"in_reply_to_tweet_id": checked_id(reply_to)}
    if quote is not None:
        body["quote_tweet_id"] = checked_id(quote)
    if poll is not None:
        body["poll"] = {"options": list(poll.options), "duration_minutes": poll.minutes}
    if reply_settings is not None:
        body["reply_settings"] = reply_settings
    if edits is not None:
        body["edit_options"] = {"previous_post_id": checked_id(edits)}
    marks = {"paid_partnership": paid_partnership, "made_with_ai": made_with_ai}
    body |= {name: True for name, is_set in marks.items() if is_set}
    answer = x.call("POST", "/2/tweets", app=app, token=token, json=body, changes=True)
    post_id = str(answer.item.get("id", ""))
    if not post_id.isdecimal():
        raise Unknown("garbled", status=answer.status)
    return post_id


def delete(x: X, app: App, token: Token, post_id: str) -> None:
    """Delete a post of the token's account; one that is not there counts as deleted. May be repeated."""
    try:
        answer = x.call("DELETE", f"/2/tweets/{checked_id(post_id)}", app=app, token=token, changes=True)
    except Refused as error:
        if error.code not in ("not_found", "gone"):
            raise
        return
    deleted = answer.item.get("deleted")
    if not isinstance(deleted, bool):
        raise Unknown("garbled", status=answer.status)
    # X answers false for what was not there, and does not say whether only for that: look.
    if not deleted and reading.get(x, app, token, post_id, authors=False) is not None:
        raise Refused("forbidden", status=answer.status)


def own_recent(
    x: X, app: App, token: Token, user_id: str, *, since: datetime | None = None, limit: int | None = None
) -> list[Post]:
    """Return the account's newest posts, newest first, without reposts; `since` is aware and inclusive.

    With `since` and no `limit` these are all of them: where there are more than X is asked for (1,000)
    Unavailable is raised, for a part would pass for the whole. With neither they are at most 100.
    Every post returned is billed; X returns at least 5 where there are as many.
    """
    size = reading.SIZES["timeline"]
    most = limit or (_REACH if since else size.most)
    path = f"/2/users/{checked_id(user_id)}/tweets"
    start = {"start_time": reading.at(since)} if since else {}
    found: list[Post] = []
    next_page: dict[str, str] = {}
    while len(found) < most:
        wanted = {"max_results": str(size.fit(most - len(found))), "exclude": "retweets"}
        params = {**_FIELDS, **wanted, **start, **next_page}
        page = pages.ask(x, app, token, path, params, item=lambda raw, _: post.read(raw))
        found += page.items
        if page.next_token is None:
            return found[:most]
        next_page = {"pagination_token": page.next_token}
    if since and limit is None:
        raise Unavailable("answer_too_big")
    return found[:most]


def same(ours: str, media_count: int, reply_to: str | None, found: Post, *, quote: str | None = None) -> bool:
    """Tell whether a post is what we sent, undoing what X does to texts."""
    if (found.media_count, found.replied_to) != (media_count, reply_to):
        return False
    if quote is not None and found.quoted != quote:
        return False
    is_reply = reply_to is not None
    links = [link for link in found.links if quote is None or not _leads_to(link, quote)]
    text = _without_quote(found, quote)
    theirs = compare.published(text, links, has_media=media_count > 0)
    return compare.comparable(theirs, links, is_reply=is_reply) == compare.comparable(
        ours, links, is_reply=is_reply
    )


def _without_quote(found: Post, quote: str | None) -> str:
    """Drop the link to the quoted post that X puts at the end of the text."""
    text = found.text.rstrip()
    for link in found.links:
        short = str(link.get("url") or "")
        if quote is not None and short and _leads_to(link, quote) and text.endswith(short):
            return text.removesuffix(short).rstrip()
    return found.text


def _leads_to(link: dict[str, object], post_id: str) -> bool:
    address = str(link.get("expanded_url") or "").partition("?")[0].rstrip("/")
    return address.endswith(f"/status/{post_id}")
