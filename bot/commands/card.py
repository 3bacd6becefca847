"""The living message of a task: what it shows and offers in each state. Changes nothing."""

from bot.commands import (
    answered,
    approval_card,
    deed_card,
    dm_card,
    edit_card,
    group_card,
    handoff_card,
    look_card,
    plan_card,
    press,
    preview,
    thread_card,
    trouble_card,
)
from bot.turn import Doors
from storage import tasks, writes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import price
from tasks.parameters import Extras
from texts.reply import Button, Card, Fact, Reply, Style
from twitter import posts

#: Outcomes of a task that waits until a moment, which its card says.
_WAITS = ("rate_limited", "x_unavailable", "quiet", "rights_unknown")


async def of(session: Session, doors: Doors, task: Task, *, fresh: bool = False) -> Reply:
    """Show a task as its row stands; `fresh`: at the bottom of the chat."""
    with price.using(doors.rules.prices):
        show = approval_card.of if task.state in approval_card.SHOWN else _of
        reply = await show(session, doors, task)
        reply = await group_card.added(session, doors, task, reply)
    return Reply(
        reply.key,
        reply.facts,
        reply.buttons,
        card=Card("task", task.id, task.version),
        fresh=fresh or reply.fresh,
        ask=reply.ask,
    )


async def _of(session: Session, doors: Doors, task: Task) -> Reply:
    if task.state == TaskState.HANDED_OFF:
        reply = await handoff_card.of(session, doors, task)
    elif task.state == TaskState.DRAFT and task.kind == "message" and not task.promised:
        reply = await dm_card.of(session, task)
    elif task.state == TaskState.DRAFT:
        reply = await _draft(session, doors, task)
        reply = await answered.added(session, doors, task, reply)
    elif task.state == TaskState.SCHEDULED and task.promised:
        reply = await plan_card.of_planned(session, doors, task)
    elif task.state == TaskState.MISSED:
        reply = await plan_card.of_missed(session, doors, task)
    elif task.kind == "delete":
        reply = await _deletion(session, doors, task)
    elif task.reads:
        reply = await look_card.of(session, doors, task)
    elif task.kind in deed_card.SHOWN:
        reply = await deed_card.of(session, doors, task)
    elif task.state == TaskState.DONE:
        reply = await _posted(session, doors, task)
    else:
        reply = await _unfinished(session, doors, task)
    return reply


async def _draft(session: Session, doors: Doors, task: Task) -> Reply:
    if task.promised:
        return await plan_card.of_draft(session, doors, task)
    return await preview.of(session, task)


async def of_deletion_question(session: Session, task: Task) -> Reply:
    """Ask before a tweet is taken from X."""
    if len(await thread_card.out(session, task)) > 1 or task.state == TaskState.FAILED:
        return await thread_card.of_deletion_question(session, task)
    facts = {"text": task.text or "", "username": await preview.username_of(session, task)}
    sure = press.button("tweet.button_delete_surely", "delete2", task, style=Style.DANGER)
    return Reply(
        "tweet.delete_sure", facts, buttons=((sure,), preview.back(task)), card=Card("task", task.id)
    )


async def _unfinished(session: Session, doors: Doors, task: Task) -> Reply:
    facts: dict[str, Fact] = {
        "username": await preview.username_of(session, task),
        "text": preview.content(await preview.draft_of(session, task)),
    }
    match task.state:
        case TaskState.CANCELLED:
            return Reply("tweet.set_aside", facts, ((press.button("tweet.button_revive", "revive", task),),))
        case TaskState.ASKING:
            return _question(task, facts)
        case TaskState.FAILED:
            stopped = await thread_card.of_stopped(session, doors, task, facts)
            return stopped or await trouble_card.failed(session, doors, task, facts, "tweet.failed")
        case TaskState.SCHEDULED:
            return _undoable(task, facts)
    return await trouble_card.held(session, doors, task, facts) or await _under_way(session, task, facts)


def _undoable(task: Task, facts: dict[str, Fact]) -> Reply:
    """Show what goes out in some seconds."""
    back = press.button("tweet.button_undo", "takeback", task, style=Style.PRIMARY)
    now = press.button("tweet.button_post_now", "postnow", task)
    return Reply("tweet.undoable", facts | {"when": task.due_at or task.created_at}, ((back, now),))


async def _under_way(session: Session, task: Task, facts: dict[str, Fact]) -> Reply:
    """Show a task that is due or running: sending, looking, or waiting for X until a moment."""
    if task.outcome == "looking":
        return Reply("tweet.looking", facts)
    if task.state == TaskState.DUE and task.outcome in _WAITS and task.wake_at:
        stop = press.button("tweet.button_cancel", "drop", task)
        return Reply(f"tweet.{task.outcome}", facts | {"when": task.wake_at}, ((stop,),))
    count = len(await tasks.media(session, task.id))
    return Reply("tweet.sending", facts | {"count": count})


def _question(task: Task, facts: dict[str, Fact]) -> Reply:
    there = press.button("tweet.button_there", "there", task, style=Style.SUCCESS)
    again = press.button("tweet.button_again", "again", task)
    key = "tweet.unknown_unseen" if task.outcome == "cannot_look" else "tweet.unknown"
    return Reply(key, facts, ((there,), (again,)))


async def _posted(session: Session, doors: Doors, task: Task) -> Reply:
    write = await writes.get(session, task.id, 0)
    facts: dict[str, Fact] = {"username": await preview.username_of(session, task), "text": task.text or ""}
    if len(await tasks.parts(session, task)) > 1:
        facts["text"] = preview.content(await preview.draft_of(session, task))
    if write is None or write.x_post_id is None:
        return Reply("tweet.posted_seen", facts)
    deletion = await tasks.deletion_of(session, write.x_post_id, person_id=task.person_id)
    if deletion is not None and deletion.state == TaskState.DONE:
        return Reply("tweet.deleted", facts)
    if edited := await edit_card.of_posted(session, doors, task, write):
        return edited
    url = posts.address(doors.x, str(facts["username"]), write.x_post_id)
    buttons = (
        Button("tweet.button_open", url=url),
        press.button("tweet.button_delete", "delete", task, style=Style.DANGER),
        *await edit_card.offer(session, doors, task, write),
    )
    facts |= {"notes": await plan_card.lateness(session, task)}
    key = "edit.posted" if Extras.read(task.parameters).edits else "tweet.posted"
    return Reply(key, facts | {"url": url, "shown_url": url.partition("//")[2]}, (buttons,))


async def _deletion(session: Session, doors: Doors, task: Task) -> Reply:
    facts: dict[str, Fact] = {"username": await preview.username_of(session, task)}
    match task.state:
        case TaskState.DONE:
            return Reply("tweet.deleted", facts)
        case TaskState.FAILED:
            return await trouble_card.failed(session, doors, task, facts, "tweet.delete_failed")
        case TaskState.CANCELLED:
            return await deed_card.of(session, doors, task)
    return Reply("tweet.deleting", facts)
