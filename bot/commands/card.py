"""The living message of a task: what it shows and offers in each state. Changes nothing."""

from bot.commands import plan_card, press, preview
from bot.turn import Doors
from storage import holds, tasks, writes
from storage.db import Session
from storage.tables import AppKind, Task, TaskState
from texts.reply import Button, Card, Fact, Reply, Say, Style
from twitter import posts

#: What helps after each of X's refusals, where trying the same again does not.
_EDIT = frozenset(
    (
        "duplicate",
        "too_long",
        "invalid_url",
        "too_many_cashtags",
        "forbidden",
        "invalid_request",
        "looks_automated",
    )
)
_CONNECT = frozenset(("revoked", "keys_wrong", "read_only", "no_connection", "locked_secrets"))
_OPEN_X = frozenset(("locked", "suspended_account"))


async def of(session: Session, doors: Doors, task: Task, *, fresh: bool = False) -> Reply:
    """Show a task as its row stands; `fresh`: at the bottom of the chat."""
    if task.kind == "delete":
        reply = await _deletion(session, doors, task)
    elif task.state == TaskState.DRAFT:
        reply = await (plan_card.of_draft if task.promised else preview.of)(session, task)
    elif task.state == TaskState.SCHEDULED and task.promised:
        reply = await plan_card.of_planned(session, task)
    elif task.state == TaskState.MISSED:
        reply = await plan_card.of_missed(session, task)
    elif task.state == TaskState.DONE:
        reply = await _posted(session, doors, task)
    else:
        reply = await _unfinished(session, doors, task)
    return Reply(
        reply.key,
        reply.facts,
        reply.buttons,
        card=Card("task", task.id, task.version),
        fresh=fresh,
        ask=reply.ask,
    )


async def of_deletion_question(session: Session, task: Task) -> Reply:
    """Ask before a tweet is taken from X."""
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
            return await _failed(session, doors, task, facts, "tweet.failed")
        case TaskState.SCHEDULED:
            return _undoable(task, facts)
    return await _held(session, doors, task, facts) or await _under_way(session, task, facts)


def _undoable(task: Task, facts: dict[str, Fact]) -> Reply:
    """Show what goes out in some seconds."""
    back = press.button("tweet.button_undo", "takeback", task, style=Style.PRIMARY)
    now = press.button("tweet.button_post_now", "postnow", task)
    return Reply("tweet.undoable", facts | {"when": task.due_at or task.created_at}, ((back, now),))


async def _held(session: Session, doors: Doors, task: Task, facts: dict[str, Fact]) -> Reply | None:
    """Show a task that is held, and what helps. None: nothing holds it, or it is under way."""
    connection = await preview.connection_of(session, task)
    if task.state != TaskState.DUE or connection is None:
        return None
    why = await holds.why(session, connection, doors.clock())
    if why is None:
        return None
    cause, until = why
    stop = press.button("tweet.button_cancel", "drop", task)
    helps: tuple[Button, ...] = ()
    if cause == "frozen":
        helps = (press.button("connections.button_thaw", "conn_thaw", connection, style=Style.SUCCESS),)
    elif cause == "revoked":
        helps = (press.button("tweet.button_reconnect", "reauthorize", connection, style=Style.PRIMARY),)
    is_own = "yes" if connection.app_kind == AppKind.OWN else "no"
    when = until or doors.clock()
    key = "tweet.rate_limited" if cause == "rate_limited" else f"tweet.held_{cause}"
    return Reply(key, facts | {"when": when, "is_own": is_own}, ((*helps, stop),))


async def _under_way(session: Session, task: Task, facts: dict[str, Fact]) -> Reply:
    """Show a task that is due or running: sending, looking, or waiting for X until a moment."""
    if task.outcome == "looking":
        return Reply("tweet.looking", facts)
    if task.state == TaskState.DUE and task.outcome in ("rate_limited", "x_unavailable") and task.wake_at:
        stop = press.button("tweet.button_cancel", "drop", task)
        return Reply(f"tweet.{task.outcome}", facts | {"when": task.wake_at}, ((stop,),))
    count = len(await tasks.media(session, task.id))
    return Reply("tweet.sending", facts | {"count": count})


def _question(task: Task, facts: dict[str, Fact]) -> Reply:
    there = press.button("tweet.button_there", "there", task, style=Style.SUCCESS)
    again = press.button("tweet.button_again", "again", task)
    key = "tweet.unknown_unseen" if task.outcome == "cannot_look" else "tweet.unknown"
    return Reply(key, facts, ((there,), (again,)))


async def _failed(session: Session, doors: Doors, task: Task, facts: dict[str, Fact], key: str) -> Reply:
    code = task.outcome or "internal"
    why = Say(f"x.{code}", {"detail": task.outcome_detail or ""})
    return Reply(key, facts | {"why": why}, (await _way_out(session, doors, task, code),))


async def _way_out(session: Session, doors: Doors, task: Task, code: str) -> tuple[Button, ...]:
    """Offer the one thing that helps, and to try again where that may help."""
    again = press.button("tweet.button_retry", "retry", task)
    connection = await preview.connection_of(session, task)
    if code in _CONNECT and connection:
        reconnect = press.button("tweet.button_reconnect", "reauthorize", connection, style=Style.PRIMARY)
        return (reconnect, again)
    if code in _CONNECT:
        return (Button("tweet.button_connect", "connect", style=Style.PRIMARY),)
    if code in _OPEN_X:
        return (Button("tweet.button_open_x", url=doors.x.web_origin, style=Style.PRIMARY), again)
    if code in preview.FILES:
        return (again, press.button("tweet.button_no_files", "nofiles", task))
    if code in _EDIT and task.kind == "tweet":
        return (press.button("tweet.button_edit", "edit", task, style=Style.PRIMARY),)
    return (again,)


async def _posted(session: Session, doors: Doors, task: Task) -> Reply:
    write = await writes.get(session, task.id, 0)
    facts: dict[str, Fact] = {"username": await preview.username_of(session, task), "text": task.text or ""}
    if write is None or write.x_post_id is None:
        return Reply("tweet.posted_seen", facts)
    deletion = await tasks.deletion_of(session, write.x_post_id, person_id=task.person_id)
    if deletion is not None and deletion.state == TaskState.DONE:
        return Reply("tweet.deleted", facts)
    url = posts.address(doors.x, str(facts["username"]), write.x_post_id)
    buttons = (
        Button("tweet.button_open", url=url),
        press.button("tweet.button_delete", "delete", task, style=Style.DANGER),
    )
    facts |= {"notes": await plan_card.lateness(session, task)}
    return Reply("tweet.posted", facts | {"url": url, "shown_url": url.partition("//")[2]}, (buttons,))


async def _deletion(session: Session, doors: Doors, task: Task) -> Reply:
    facts: dict[str, Fact] = {"username": await preview.username_of(session, task)}
    match task.state:
        case TaskState.DONE:
            return Reply("tweet.deleted", facts)
        case TaskState.FAILED:
            return await _failed(session, doors, task, facts, "tweet.delete_failed")
    return Reply("tweet.deleting", facts)
