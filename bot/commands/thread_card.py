"""The card of a thread of which some parts are out: where it stopped, and its deletion. Changes nothing."""

from bot.commands import press, preview, way_out
from bot.turn import Doors
from storage import tasks, writes
from storage.db import Session
from storage.tables import Task, TaskState, WriteState
from texts.reply import Button, Card, Fact, Reply, Style
from twitter import posts


async def out(session: Session, task: Task) -> list[str]:
    """List the posts of a task that are on X as far as is known, the first part's first."""
    found = await writes.of_task(session, task.id)
    return [
        write.x_post_id
        for write in found
        if write.state == WriteState.ACCEPTED and write.x_post_id is not None
    ]


async def out_count(session: Session, task: Task) -> int:
    """Count the parts of a task that are out, also those whose post nobody knows."""
    found = await writes.of_task(session, task.id)
    return sum(1 for write in found if write.state == WriteState.ACCEPTED)


async def of_stopped(session: Session, doors: Doors, task: Task, facts: dict[str, Fact]) -> Reply | None:
    """Show a thread that failed behind its first part. None: nothing of it is out."""
    posted = await out(session, task)
    if not posted:
        return None
    deletion = await tasks.deletion_of(session, posted[0], person_id=task.person_id)
    if deletion is not None and deletion.state == TaskState.DONE:
        return Reply("tweet.deleted", facts)
    username = await preview.username_of(session, task)
    why = way_out.sentence(way_out.of_task(task, None, is_operator=False))
    url = posts.address(doors.x, username, posted[-1])
    more: dict[str, Fact] = {
        "why": why,
        "out": len(posted),
        "count": len(await tasks.parts(session, task)),
        "number": len(posted) + 1,
    }
    go_on = press.button("thread.button_go_on", "retry", task, style=Style.PRIMARY)
    fix = press.button("thread.button_fix", "t_fix", task, facts={"number": len(posted) + 1})
    delete = press.button(
        "thread.button_delete_out", "delete", task, facts={"count": len(posted)}, style=Style.DANGER
    )
    open_ = Button("tweet.button_open", url=url)
    return Reply("thread.stopped", facts | more, ((go_on, fix), (open_, delete)))


async def of_deletion_question(session: Session, task: Task) -> Reply:
    """Ask before the parts of a thread are taken from X."""
    facts: dict[str, Fact] = {
        "username": await preview.username_of(session, task),
        "text": preview.content(await preview.draft_of(session, task)),
        "count": len(await out(session, task)),
    }
    sure = press.button("thread.button_delete_surely", "delete2", task, style=Style.DANGER)
    return Reply("thread.delete_sure", facts, ((sure,), preview.back(task)), card=Card("task", task.id))
