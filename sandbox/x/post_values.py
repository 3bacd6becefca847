"""The fields of a post and of its poll by their names in API v2. Knows no viewer's wishes but the dialect."""

from typing import Any

from sandbox.x import permits
from sandbox.x.clock import Clock, rfc3339
from sandbox.x.polls import Poll
from sandbox.x.posts import Post


def fixed_values(post: Post, *, newer: bool) -> dict[str, Any]:
    """Return the fields every post has; those of entities and of private counts are elsewhere."""
    return {
        "author_id": post.author.id,
        "conversation_id": post.conversation_id,
        "created_at": rfc3339(post.created_at),
        "display_text_range": [0, len(post.rendered.text)],
        "edit_controls": {
            "edits_remaining": permits.edits_remaining(post),
            "is_edit_eligible": permits.is_edit_eligible(post),
            "editable_until": rfc3339(permits.editable_until(post)),
        },
        "lang": post.lang,
        "paid_partnership": post.labels.get("paid_partnership", False),
        "possibly_sensitive": False,
        "public_metrics": _counts(post, newer=newer),
        "reply_settings": post.reply_settings,
    }


def optional_values(post: Post, *, newer: bool) -> dict[str, Any]:
    """Return the fields a post has when there is something to say."""
    values: dict[str, Any] = {}
    attachments: dict[str, Any] = {}
    if post.media:
        attachments["media_keys"] = [one.key for one in post.media]
    if post.poll is not None:
        attachments["poll_ids"] = [post.poll.id]
    if attachments:
        values["attachments"] = attachments
    if post.reply_to is not None:
        values["in_reply_to_user_id"] = post.reply_to.author.id
    referenced = [{"type": kind, "id": other.id} for kind, other in references(post)]
    if referenced:
        values["referenced_posts" if newer else "referenced_tweets"] = referenced
    return values


def references(post: Post) -> list[tuple[str, Post]]:
    """Return the posts a post refers to, each with X's word for how."""
    found = (("retweeted", post.repost_of), ("quoted", post.quote_of), ("replied_to", post.reply_to))
    return [(kind, other) for kind, other in found if other is not None]


def private_values() -> dict[str, Any]:
    """Return the counts only the author sees; nobody looks at anything in this sandbox."""
    organic = {"impression_count": 0, "retweet_count": 0, "reply_count": 0, "like_count": 0}
    return {"non_public_metrics": {"impression_count": 0}, "organic_metrics": organic}


def poll_values(poll: Poll, clock: Clock) -> dict[str, Any]:
    """Return a poll's fields but its id and options."""
    closed = clock.utc() >= poll.ends_at
    return {
        "duration_minutes": poll.minutes,
        "end_datetime": rfc3339(poll.ends_at),
        "voting_status": "closed" if closed else "open",
    }


def poll_options(poll: Poll) -> list[dict[str, Any]]:
    """Return a poll's options, which nobody has voted for."""
    return [{"position": place, "label": text, "votes": 0} for place, text in enumerate(poll.options, 1)]


def _counts(post: Post, *, newer: bool) -> dict[str, int]:
    seen = post.source.engagement
    counts = {"repost_count" if newer else "retweet_count": len(seen.reposts)}
    if post.repost_of is None:
        counts.update(reply_count=seen.replies, like_count=len(seen.likers), quote_count=seen.quotes)
    else:
        counts.update(reply_count=0, like_count=0, quote_count=0)
    return {**counts, "bookmark_count": 0, "impression_count": 0}
