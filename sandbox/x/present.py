"""Posts, messages, users and media as API v2's JSON, in the dialect asked for. Reads state, changes none."""

from dataclasses import replace
from typing import Any

from sandbox.x.accounts import Account
from sandbox.x.clock import rfc3339
from sandbox.x.errors import LEGACY_PROBLEMS, NEW_PROBLEMS, not_authorized, not_found
from sandbox.x.fields import Wish
from sandbox.x.media import Media
from sandbox.x.messages import Message
from sandbox.x.polls import Poll
from sandbox.x.post_values import (
    fixed_values,
    optional_values,
    poll_options,
    poll_values,
    private_values,
    references,
)
from sandbox.x.posts import Post
from sandbox.x.render import Rendered
from sandbox.x.world import World

PRIVATE_METRICS = ("non_public_metrics", "organic_metrics")
# What is expanded in posts that are themselves there by an expansion: the older dialect has words of its
# own for that; of the newer, which has none, it is taken that the words for the first posts hold.
_SECOND_HAND = {
    "referenced_tweets.id.attachments.media_keys": "attachments.media_keys",
    "referenced_tweets.id.author_id": "author_id",
}
_SECOND_HAND_NEWER = frozenset({"attachments.media_keys", "attachments.poll_ids", "author_id"})


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
        self._polls: dict[str, Poll] = {}
        self._history_key = "edit_history_post_ids" if wish.newer else "edit_history_tweet_ids"
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
        history = [version.id for version in post.versions]
        shown: dict[str, Any] = {"id": post.id, "text": post.rendered.text, self._history_key: history}
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
        newer = self._wish.newer
        values = {**fixed_values(post, newer=newer), **optional_values(post, newer=newer)}
        if post.author is self._viewer:
            values.update(private_values())
        if post.rendered.entities:
            values["entities"] = self._entities(post.rendered)
        if post.whole is not None:
            note: dict[str, Any] = {"text": post.whole.text}
            if post.whole.entities:
                note["entities"] = self._entities(post.whole)
            values["note_post" if newer else "note_tweet"] = note
        return values

    def _entities(self, rendered: Rendered) -> dict[str, list[dict[str, Any]]]:
        shown = dict(rendered.entities)
        if "mentions" in shown:
            shown["mentions"] = [self._mention(entity) for entity in shown["mentions"]]
        return shown

    def _mention(self, entity: dict[str, Any]) -> dict[str, Any]:
        account = self._world.register.account(entity["username"])
        return {**entity, "id": account.id} if account else entity

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
        wanted, values = self._wish.expansions, optional_values(post, newer=self._wish.newer)
        if "author_id" in wanted:
            shown["author_id"] = post.author.id
            self._users[post.author.id] = post.author
        if "attachments.media_keys" in wanted and post.media:
            shown["attachments"] = values["attachments"]
            self._media.update({one.key: one for one in post.media})
        if "attachments.poll_ids" in wanted and post.poll is not None:
            shown["attachments"] = values["attachments"]
            self._polls[post.poll.id] = post.poll
        if "entities.mentions.username" in wanted:
            self._expand_mentions(post)
        if "in_reply_to_user_id" in wanted and post.reply_to is not None:
            shown["in_reply_to_user_id"] = post.reply_to.author.id
            self._users[post.reply_to.author.id] = post.reply_to.author
        if self._history_key in wanted:
            self._posts.update({version.id: version for version in post.versions if version is not post})
        self._expand_references(post, shown, values)

    def _expand_mentions(self, post: Post) -> None:
        for name in post.mentioned:
            account = self._world.register.account(name)
            if account is not None:
                self._users[account.id] = account

    def _expand_references(self, post: Post, shown: dict[str, Any], values: dict[str, Any]) -> None:
        newer = self._wish.newer
        key = "referenced_posts" if newer else "referenced_tweets"
        expansion = key if newer else "referenced_tweets.id"
        if expansion not in self._wish.expansions or key not in values:
            return
        shown[key] = values[key]
        for _, other in references(post):
            if other.id not in self._world.posts.all:
                self.errors.append(not_found("tweet", expansion, other.id, newer=newer))
            elif not self._world.follows.visible(self._viewer, other.author):
                self.errors.append(not_authorized("tweet", expansion, other.id, newer=newer))
            else:
                self._posts[other.id] = other

    def _includes(self) -> dict[str, Any]:
        key = "posts" if self._wish.newer else "tweets"
        posts, self._posts = dict(self._posts), {}
        includes: dict[str, Any] = {key: [self._included(post) for post in posts.values()]}
        includes["users"] = [self.user(account) for account in self._users.values()]
        includes["polls"] = [self._poll_json(one) for one in self._polls.values()]
        includes["media"] = [self._media_json(one) for one in self._media.values()]
        return {name: found for name, found in includes.items() if found}

    def _included(self, post: Post) -> dict[str, Any]:
        """Return a post for the includes; what it refers to itself is not expanded."""
        asked = self._wish
        older = {word for long, word in _SECOND_HAND.items() if long in asked.expansions}
        second = asked.expansions & _SECOND_HAND_NEWER if asked.newer else frozenset(older)
        self._wish = replace(asked, expansions=second)
        try:
            return self.post(post)
        finally:
            self._wish = asked

    def _poll_json(self, poll: Poll) -> dict[str, Any]:
        values = poll_values(poll, self._world.clock)
        shown: dict[str, Any] = {"id": poll.id, "options": poll_options(poll)}
        return {**shown, **{name: values[name] for name in self._wish.poll if name in values}}

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
