"""Which posts an account may answer, quote and edit, with X's rules for self-serve apps. Changes nothing.

Sources: changelog.mdx (23 February and 16 April 2026), x-api/posts/create-post.mdx,
x-api/fundamentals/edit-posts.mdx; the hour instead of 30 minutes is the changelog's.
"""

from datetime import datetime, timedelta

from sandbox.x import errors
from sandbox.x.accounts import Account
from sandbox.x.posts import Post
from sandbox.x.world import World

EDIT_MINUTES = 60
EDITS = 5


def answerable(world: World, author: Account, post_id: str | None) -> Post | None:
    """Return the post to answer, None when none is named. Raises XError when it may not be answered."""
    if post_id is None:
        return None
    target = world.posts.all.get(post_id)
    if target is None or not world.follows.visible(author, target.author):
        raise errors.forbidden(errors.REPLY_GONE)
    target = target.source
    if target.author is author:
        return target
    if world.self_serve and not is_engaged(author, target):
        raise errors.forbidden(errors.REPLY_GATE)
    if not _settings_allow(world, author, target):
        raise errors.forbidden(errors.NOT_PERMITTED)
    return target


def quotable(world: World, post_id: str | None) -> Post | None:
    """Return the post to quote, None when none is named. Raises XError when it may not be quoted."""
    if post_id is None:
        return None
    if world.self_serve:
        raise errors.forbidden(errors.QUOTE_GATE)
    target = world.posts.all.get(post_id)
    if target is None or target.author.protected:
        raise errors.forbidden(errors.QUOTE_GONE)
    return target.source


def editable(world: World, author: Account, post_id: str | None) -> Post | None:
    """Return the newest version of the post to edit, None when none is named.

    Raises XError when it may not be edited.
    """
    if post_id is None:
        return None
    found = world.posts.all.get(post_id)
    if not author.premium:
        raise errors.forbidden(errors.NO_FEATURE)
    if found is None or found.author is not author or not is_edit_eligible(found):
        raise errors.forbidden(errors.NOT_PERMITTED)
    if edits_remaining(found) == 0 or world.clock.utc() >= editable_until(found):
        raise errors.forbidden(errors.NOT_PERMITTED)
    return found.newest


def is_engaged(author: Account, target: Post) -> bool:
    """Tell whether somebody else's post names the account or quotes a post of its own."""
    quoted = target.quote_of is not None and target.quote_of.author is author
    return target.author is not author and (author.username.lower() in target.mentioned or quoted)


def is_edit_eligible(post: Post) -> bool:
    """Tell whether a post could ever be edited; X answers the same when time and edits are used up."""
    to_others = post.reply_to is not None and post.reply_to.author is not post.author
    return post.author.premium and not (post.poll or post.repost_of or to_others)


def editable_until(post: Post) -> datetime:
    """Return when the time for edits is over, counted from the first version."""
    return post.versions[0].created_at + timedelta(minutes=EDIT_MINUTES)


def edits_remaining(post: Post) -> int:
    """Return how many edits are left."""
    return EDITS + 1 - len(post.versions)


def _settings_allow(world: World, author: Account, target: Post) -> bool:
    """Tell whether the one who is answered lets this account answer."""
    if author.username.lower() in target.mentioned:
        return True
    return {
        "everyone": True,
        "following": world.follows.follows(target.author.id, author.id),
        "mentionedUsers": False,
        "subscribers": False,
        "verified": author.premium,
    }[target.reply_settings]
