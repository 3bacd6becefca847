"""What a task that reads looks for, in a few words: for its card, its plan and the queue. Changes nothing."""

from bot.commands import preview
from storage.db import Session
from storage.tables import Task
from tasks.parameters import Look
from texts.reply import Say


async def of(session: Session, task: Task) -> Say:
    """Name what is looked for: mentions of whom, posts of whom, which query."""
    look = Look.read(task.parameters)
    own = await preview.username_of(session, task)
    match task.kind:
        case "get" if task.target_post_id is None:
            return Say("look.what_latest", {"username": own})
        case "get":
            return Say("look.what_get", {"id": task.target_post_id or ""})
        case "search":
            return Say("look.what_search", {"query": look.query or ""})
        case "timeline" if look.username is None:
            return Say("look.what_home", {"username": own})
        case "messages" if look.username is not None:
            return Say("look.what_messages_with", {"username": look.username})
    return Say(f"look.what_{task.kind}", {"username": look.username or own})
