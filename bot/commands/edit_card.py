"""What cards say of editing what is on X: whether it may be edited, until when, and what took its place.

Changes nothing. X's rules: X Premium, own original posts, within the hour, five times ("Edit posts").
"""

from datetime import datetime, timedelta

from bot.commands import press, preview
from bot.turn import Doors
from storage import edits, tasks, writes
from storage.db import Session
from storage.tables import Task, TaskState, Write
from tasks import price
from tasks.found import Item
from tasks.parameters import Extras
from texts.reply import Button, Card, Fact, Reply, Rows, Style
from twitter import posts

#: For so long it is offered; X itself says until when, once it is asked.
OFFERED_FOR = timedelta(hours=1)


async def offer(session: Session, doors: Doors, task: Task, write: Write) -> tuple[Button, ...]:
    """Offer to edit what went out, as far as the bot can tell without asking X."""
    connection = await preview.connection_of(session, task)
    if connection is None or not connection.premium or write.accepted_at is None:
        return ()
    if doors.clock() - write.accepted_at > OFFERED_FOR or len(await tasks.parts(session, task)) > 1:
        return ()
    extras = Extras.read(task.parameters)
    if extras.poll or not await _is_original(session, connection.x_user_id, extras.reply_to):
        return ()
    facts: dict[str, Fact] = {"price": price.of_posts(1).dollars}
    return (press.button("edit.button_look", "e_look", task, facts=facts),)


async def _is_original(session: Session, x_user_id: str, reply_to: str | None) -> bool:
    """Say whether it answers nobody else."""
    return reply_to is None or await writes.made(session, x_user_id, reply_to)


async def of_posted(session: Session, doors: Doors, task: Task, write: Write) -> Reply | None:
    """Show what took the place of a tweet. None: it is the newest version that was made here."""
    edit = await edits.newest(session, write.x_post_id or "", person_id=task.person_id)
    newer = await writes.get(session, edit.id, 0) if edit else None
    if edit is None or newer is None:
        return None
    username = await preview.username_of(session, task)
    facts: dict[str, Fact] = {"username": username, "text": edit.text or ""}
    deletion = await tasks.deletion_of(session, newer.x_post_id or "", person_id=task.person_id)
    if deletion is not None and deletion.state == TaskState.DONE:
        return Reply("tweet.deleted", facts)
    if newer.x_post_id is None:
        return Reply("edit.replaced_unseen", facts)
    url = posts.address(doors.x, username, newer.x_post_id)
    where: dict[str, Fact] = {"url": url, "shown_url": url.partition("//")[2]}
    return Reply("edit.replaced", facts | where, ((Button("tweet.button_open", url=url),),))


async def of_look(session: Session, doors: Doors, shown: Task, item: Item) -> Reply:
    """Show whether X lets a post be edited, as it has just said."""
    until, left = _until(item), int(item.get("edits_left") or 0)
    facts: dict[str, Fact] = {
        "username": await preview.username_of(session, shown),
        "text": str(item.get("text") or ""),
        "left": left,
    }
    card = Card("task", shown.id, shown.version)
    if not item.get("editable"):
        return Reply("edit.not_eligible", facts, card=card)
    if left == 0 or until is None or until <= doors.clock():
        return Reply("edit.over", facts, card=card)
    begin = press.button("edit.button_begin", "e_begin", shown, style=Style.PRIMARY)
    rows: Rows = ((begin,),)
    return Reply("edit.allowed", facts | {"until": until}, rows, card=card)


def _until(item: Item) -> datetime | None:
    said = item.get("edit_until")
    return datetime.fromisoformat(said) if said else None
