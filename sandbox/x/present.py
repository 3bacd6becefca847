"""Posts, messages, users and media as API v2's JSON, in the dialect asked for. Reads state, changes none."""

from datetime import timedelta
from typing import Any

from sandbox.x.accounts import Account
from sandbox.x.clock import rfc3339
from sandbox.x.errors import LEGACY_PROBLEMS, NEW_PROBLEMS
from sandbox.x.fields import Wish
from sandbox.x.media import Media
from sandbox.x.messages import Message
from sandbox.x.posts import Post
from sandbox.x.render import Rendered
from sandbox.x.world import World

# x-api/fundamentals/edit-posts.mdx: 30 minutes, five edits, Premium only.
EDIT_MINUTES = 30
EDITS = 5
PRIVATE_METRICS = ("non_public_metrics", "organic_metrics")


class Presenter:
    """Shows things to one viewer, and gathers what the expansions add."""

    def __init__(self, world: World, viewer: Account, wish: Wish, origin: str) -> None:
        self._world = world
        self._viewer = viewer
        self._wish = wish
        self._origin = origin
        self._users: dict[str, Account] = {}
        self._posts: dict[str, Post] = {}
        self._media: dict[str, Media] = {}
        self.errors: list[dict[str, Any]] = []

    def answer(self, data: Any, meta: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the whole body: data, includes, meta and errors, each only when there is something in it."""
        body: dict[str, Any] = {}
        if data:
            body["data"] = data
        includes = self._includes()
        if includes:
            body["includes"] = includes
        if self.errors:
            body["errors"] = self.errors
        if meta is not None:
            body["meta"] = meta
        return body

    def user(self, account: Account) -> dict[str, Any]:
        """Return one user."""
        shown: dict[str, Any] = {"id": account.id, "name": account.name, "username": account.username}
        values = self._user_values(account)
        shown.update({name: values[name] for name in self._wish.user if name in values})
        latest = self._world.posts.latest(account)
        key = "most_recent_post_id" if self._wish.newer else "most_recent_tweet_id"
        if latest and key in self._wish.expansions:
            shown[key] = latest.id
            self._posts[latest.id] = latest
        return shown

    def post(self, post: Post) -> dict[str, Any]:
        """Return one post, and remember what its expansions point to."""
        history = "edit_history_post_ids" if self._wish.newer else "edit_history_tweet_ids"
        shown: dict[str, Any] = {"id": post.id, "text": post.rendered.text, history: [post.id]}
        values = self._post_values(post)
        shown.update({name: values[name] for name in self._wish.post if name in values})
        self._refuse_private(post)
        self._expand(post, shown)
        return shown

    def message(self, message: Message) -> dict[str, Any]:
        """Return one event of a conversation, and remember what its expansions point to."""
        shown: dict[str, Any] = {"id": message.id, "text": message.rendered.text}
        shown["event_type"] = "MessageCreate"
        values: dict[str, Any] = {
            "created_at": rfc3339(message.created_at),
            "dm_conversation_id": message.conversation_id,
            "sender_id": message.sender.id,
        }
        if message.media:
            values["attachments"] = {"media_keys": [one.key for one in message.media]}
        shown.update({name: values[name] for name in self._wish.message if name in values})
        if "entities" in self._wish.message and message.rendered.entities:
            entities = self._entities(message.rendered)
            shown.update({"entities": entities} if self._wish.newer else entities)
        if "sender_id" in self._wish.expansions:
            shown["sender_id"] = message.sender.id
            self._users[message.sender.id] = message.sender
        if "attachments.media_keys" in self._wish.expansions and message.media:
            shown["attachments"] = values["attachments"]
            self._media.update({one.key: one for one in message.media})
        return shown

    def _user_values(self, account: Account) -> dict[str, Any]:
        posts = self._world.posts.count(account)
        followers, following = self._world.follows.counts(account.id)
        counts = {
            "followers_count": followers,
            "following_count": following,
            "listed_count": 0,
            "like_count": 0,
        }
        return {
            "created_at": rfc3339(account.created_at),
            "description": account.description,
            "profile_image_url": f"{self._origin}/avatars/{account.username}.png",
            "protected": account.protected,
            "public_metrics": {**counts, "post_count" if self._wish.newer else "tweet_count": posts},
            "subscription_type": "Premium" if account.premium else "None",
            "verified": account.premium,
            "verified_type": "blue" if account.premium else "none",
        }

    def _post_values(self, post: Post) -> dict[str, Any]:
        values: dict[str, Any] = {
            "author_id": post.author.id,
            "conversation_id": post.conversation_id,
            "created_at": rfc3339(post.created_at),
            "display_text_range": [0, len(post.rendered.text)],
            "edit_controls": {
                "edits_remaining": EDITS,
                "is_edit_eligible": post.author.premium,
                "editable_until": rfc3339(post.created_at + timedelta(minutes=EDIT_MINUTES)),
            },
            "lang": "en",
            "possibly_sensitive": False,
            "public_metrics": self._counts(post),
            "reply_settings": post.reply_settings,
        }
        if post.author is self._viewer:
            values["non_public_metrics"] = {"impression_count": 0}
            counts = {"impression_count": 0, "retweet_count": 0, "reply_count": 0, "like_count": 0}
            values["organic_metrics"] = counts
        values.update(self._optional_values(post))
        return values

    def _optional_values(self, post: Post) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if post.rendered.entities:
            values["entities"] = self._entities(post.rendered)
        if post.media:
            values["attachments"] = {"media_keys": [one.key for one in post.media]}
        if post.reply_to is not None:
            values["in_reply_to_user_id"] = post.reply_to.author.id
            values["referenced_tweets"] = [{"type": "replied_to", "id": post.reply_to.id}]
        if post.whole is not None:
            note: dict[str, Any] = {"text": post.whole.text}
            if post.whole.entities:
                note["entities"] = self._entities(post.whole)
            values["note_post" if self._wish.newer else "note_tweet"] = note
        return values

    def _entities(self, rendered: Rendered) -> dict[str, list[dict[str, Any]]]:
        shown = dict(rendered.entities)
        if "mentions" in shown:
            shown["mentions"] = [self._mention(entity) for entity in shown["mentions"]]
        return shown

    def _mention(self, entity: dict[str, Any]) -> dict[str, Any]:
        account = self._world.register.account(entity["username"])
        return {**entity, "id": account.id} if account else entity

    def _counts(self, post: Post) -> dict[str, int]:
        reposts = "repost_count" if self._wish.newer else "retweet_count"
        counts = {reposts: 0, "reply_count": post.replies, "like_count": 0, "quote_count": 0}
        return {**counts, "bookmark_count": 0, "impression_count": 0}

    def _refuse_private(self, post: Post) -> None:
        if post.author is self._viewer:
            return
        host = NEW_PROBLEMS if self._wish.newer else LEGACY_PROBLEMS
        for name in PRIVATE_METRICS:
            if name in self._wish.post:
                detail = (
                    f"Sorry, you are not authorized to access '{name}' on the post with id : [{post.id}]."
                )
                refusal = {"resource_type": "tweet", "field": name, "resource_id": post.id, "value": post.id}
                kind = {"title": "Field Authorization Error", "type": host + "not-authorized-for-field"}
                self.errors.append(
                    {**refusal, **kind, "detail": detail, "section": "data", "parameter": "id"}
                )

    def _expand(self, post: Post, shown: dict[str, Any]) -> None:
        wanted, values = self._wish.expansions, self._optional_values(post)
        if "author_id" in wanted:
            shown["author_id"] = post.author.id
            self._users[post.author.id] = post.author
        if "attachments.media_keys" in wanted and post.media:
            shown["attachments"] = values["attachments"]
            self._media.update({one.key: one for one in post.media})
        if "entities.mentions.username" in wanted:
            self._expand_mentions(post)
        if post.reply_to is not None:
            self._expand_reply(post.reply_to, shown)

    def _expand_mentions(self, post: Post) -> None:
        for name in post.mentioned:
            account = self._world.register.account(name)
            if account is not None:
                self._users[account.id] = account

    def _expand_reply(self, target: Post, shown: dict[str, Any]) -> None:
        wanted = self._wish.expansions
        if "in_reply_to_user_id" in wanted:
            shown["in_reply_to_user_id"] = target.author.id
            self._users[target.author.id] = target.author
        key, expansion = "referenced_tweets", "referenced_tweets.id"
        if self._wish.newer:
            key = expansion = "referenced_posts"
        if expansion in wanted:
            shown[key] = [{"type": "replied_to", "id": target.id}]
            if target.id in self._world.posts.all:
                self._posts[target.id] = target

    def _includes(self) -> dict[str, Any]:
        key = "posts" if self._wish.newer else "tweets"
        posts, self._posts = self._posts, {}
        includes: dict[str, Any] = {key: [self.post(post) for post in posts.values()]}
        includes["users"] = [self.user(account) for account in self._users.values()]
        includes["media"] = [self._media_json(one) for one in self._media.values()]
        return {name: found for name, found in includes.items() if found}

    def _media_json(self, media: Media) -> dict[str, Any]:
        address = f"{self._origin}/media/{media.id}"
        values: dict[str, Any] = {"width": media.width or 1280, "height": media.height or 720}
        if media.alt_text:
            values["alt_text"] = media.alt_text
        if media.kind == "photo":
            values["url"] = address
        else:
            values.update(preview_image_url=address, duration_ms=1000)
            values["variants"] = [{"content_type": media.content_type, "url": address}]
        shown: dict[str, Any] = {"media_key": media.key, "type": media.kind}
        return {**shown, **{name: values[name] for name in self._wish.media if name in values}}
