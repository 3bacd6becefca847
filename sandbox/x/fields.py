"""Which fields and expansions a request asks for, in which of the API's two dialects. Fills in no values.

The dialects are those of X's OpenAPI 2.166 (`tweet.fields`) and 2.167 (`post.fields`). A name X does not
know, or of the other dialect, is dropped silently with 200 (reported, September 2026).
"""

from dataclasses import dataclass

from starlette.requests import Request

_SHARED_FIELDS = frozenset(
    [
        "attachments",
        "conversation_id",
        "created_at",
        "display_text_range",
        "edit_controls",
        "entities",
        "id",
        "lang",
        "non_public_metrics",
        "organic_metrics",
        "paid_partnership",
        "possibly_sensitive",
        "public_metrics",
        "reply_settings",
        "text",
    ]
)
LEGACY_FIELDS = _SHARED_FIELDS | {
    "author_id",
    "edit_history_tweet_ids",
    "in_reply_to_user_id",
    "note_tweet",
    "referenced_tweets",
}
NEW_FIELDS = _SHARED_FIELDS | {"note_post"}
# Of the events of direct messages; the sender was a field until 2.166 and is an expansion only since 2.167.
NEW_MESSAGE_FIELDS = frozenset(
    {"attachments", "created_at", "dm_conversation_id", "entities", "event_type", "id", "text"}
)
LEGACY_MESSAGE_FIELDS = NEW_MESSAGE_FIELDS | {"participant_ids", "referenced_tweets", "sender_id"}
_SHARED_EXPANSIONS = frozenset(
    {
        "attachments.media_keys",
        "attachments.poll_ids",
        "author_id",
        "entities.mentions.username",
        "in_reply_to_user_id",
        "participant_ids",
        "sender_id",
    }
)
LEGACY_EXPANSIONS = _SHARED_EXPANSIONS | {
    "edit_history_tweet_ids",
    "referenced_tweets.id",
    "referenced_tweets.id.attachments.media_keys",
    "referenced_tweets.id.author_id",
    "pinned_tweet_id",
    "most_recent_tweet_id",
}
NEW_EXPANSIONS = _SHARED_EXPANSIONS | {
    "edit_history_post_ids",
    "referenced_posts",
    "pinned_post_id",
    "most_recent_post_id",
}
USER_FIELDS = frozenset(
    [
        "created_at",
        "description",
        "id",
        "name",
        "profile_image_url",
        "protected",
        "public_metrics",
        "subscription_type",
        "username",
        "verified",
        "verified_type",
    ]
)
POLL_FIELDS = frozenset({"duration_minutes", "end_datetime", "id", "options", "voting_status"})
MEDIA_FIELDS = frozenset(
    [
        "alt_text",
        "duration_ms",
        "height",
        "media_key",
        "preview_image_url",
        "type",
        "url",
        "variants",
        "width",
    ]
)


@dataclass(frozen=True)
class Wish:
    """What to show of posts, messages, users, media and polls, and in which dialect."""

    newer: bool
    post: frozenset[str]
    message: frozenset[str]
    user: frozenset[str]
    media: frozenset[str]
    poll: frozenset[str]
    expansions: frozenset[str]


def wish(request: Request) -> Wish:
    """Read the query; asking in both dialects at once is answered in the older, the newer being dropped."""
    query = request.query_params
    expansions = _names(query.get("expansions"))
    only_new = expansions - LEGACY_EXPANSIONS
    newer = "tweet.fields" not in query and ("post.fields" in query or bool(only_new & NEW_EXPANSIONS))
    asked = _names(query.get("post.fields" if newer else "tweet.fields"))
    return Wish(
        newer=newer,
        post=asked & (NEW_FIELDS if newer else LEGACY_FIELDS),
        message=_names(query.get("dm_event.fields"))
        & (NEW_MESSAGE_FIELDS if newer else LEGACY_MESSAGE_FIELDS),
        user=_names(query.get("user.fields")) & USER_FIELDS,
        poll=_names(query.get("poll.fields")) & POLL_FIELDS,
        media=_names(query.get("media.fields")) & MEDIA_FIELDS,
        expansions=expansions & (NEW_EXPANSIONS if newer else LEGACY_EXPANSIONS),
    )


def _names(text: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (text or "").split(",") if name.strip())
