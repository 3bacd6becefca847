"""Where on X the post or the person is that a task is about, with the deed ready or as it is."""

from storage.tables import Task
from tasks import kinds
from tasks.parameters import Extras, Look
from twitter import intents, posts
from twitter.client import X


def intent_of(x: X, task: Task) -> str:
    """Give the address that opens X with a deed ready; where X has none, its post or person."""
    username = Extras.read(task.parameters).username or ""
    post_id = task.target_post_id or ""
    match task.kind:
        case kinds.LIKE.name:
            return intents.like(x, post_id)
        case kinds.REPOST.name:
            return intents.repost(x, post_id)
        case kinds.FOLLOW.name:
            return intents.follow(x, username)
        case kinds.UNFOLLOW.name | kinds.MESSAGE.name:
            return f"{x.web_origin}/{username}"
    return _post(x, post_id)


def about(x: X, task: Task) -> str:
    """Give the address of the post, else of the person; X's own where a task is about neither."""
    extras = Extras() if task.reads else Extras.read(task.parameters)
    if post_id := task.target_post_id or extras.reply_to or extras.quote:
        return _post(x, post_id)
    username = Look.read(task.parameters).username if task.reads else extras.username
    return f"{x.web_origin}/{username}" if username else x.web_origin


def _post(x: X, post_id: str) -> str:
    """X forwards to the author's page."""
    return posts.address(x, "i", post_id)
