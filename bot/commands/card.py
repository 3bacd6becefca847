"""The living message of a task: what it shows and offers in each state. Changes nothing."""

from collections.abc import Sequence

from bot.commands import press
from bot.turn import Doors
from storage import connections, tasks, writes
from storage.db import Session
from storage.tables import Connection, ConnectionState, Task, TaskMedia, TaskState
from tasks import compose, price
from texts.reply import Button, Card, Fact, Reply, Rows, Say, Style
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
_FILES = frozenset(
    (
        "media_invalid",
        "media_type",
        "media_too_big",
        "media_too_long",
        "media_too_short",
        "media_dimensions",
        "file_gone",
        "file_too_big",
    )
)
_FILE_PROBLEMS = frozenset(
    (
        "tweet.problem_mixed",
        "tweet.problem_one_video",
        "tweet.problem_too_many",
        "tweet.problem_telegram_size",
        *(f"x.{code}" for code in _FILES),
    )
)
_CONNECT = frozenset(("revoked", "keys_wrong", "read_only", "no_connection", "locked_secrets"))
_OPEN_X = frozenset(("locked", "suspended_account"))


def as_files(files: Sequence[TaskMedia]) -> list[compose.File]:
    """Give a task's files as the decisions in tasks/compose.py look at them."""
    return [compose.File(f.kind, f.mime, f.size, f.duration_s, f.alt_text) for f in files]


async def draft_of(session: Session, task: Task) -> compose.Draft:
    """Give a task as the decisions in tasks/compose.py look at it."""
    connection = await _connection(session, task)
    return compose.Draft(
        text=task.text or "",
        files=as_files(await tasks.media(session, task.id)),
        connected=connection is not None and connection.state == ConnectionState.ACTIVE,
        may_write=connection is None or connection.access_level != "read",
        premium=bool(connection and connection.premium),
    )


async def of(session: Session, doors: Doors, task: Task, *, fresh: bool = False) -> Reply:
    """Show a task as its row stands; `fresh`: at the bottom of the chat."""
    if task.kind == "delete":
        reply = await _deletion(session, doors, task)
    elif task.state == TaskState.DRAFT:
        reply = await _draft(session, task)
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


async def of_accounts(session: Session, task: Task) -> Reply:
    """Ask from which account a draft shall go out."""
    usable = await connections.usable(session, task.person_id)
    rows = tuple(
        (
            press.button(
                "tweet.button_as",
                "as",
                task,
                extra=str(connection.id),
                facts={"name": connection.name, "username": connection.username},
            ),
        )
        for connection in usable
    )
    return Reply("tweet.which_account", buttons=(*rows, _back(task)), card=Card("task", task.id))


async def of_deletion_question(session: Session, task: Task) -> Reply:
    """Ask before a tweet is taken from X."""
    facts = {"text": task.text or "", "username": await _username(session, task)}
    sure = press.button("tweet.button_delete_surely", "delete2", task, style=Style.DANGER)
    return Reply("tweet.delete_sure", facts, buttons=((sure,), _back(task)), card=Card("task", task.id))


def _back(task: Task) -> tuple[Button, ...]:
    return (press.button("tweet.button_back", "show", task),)


async def _connection(session: Session, task: Task) -> Connection | None:
    if task.connection_id is None:
        return None
    return await connections.get(session, task.connection_id, person_id=task.person_id)


async def _username(session: Session, task: Task) -> str:
    connection = await _connection(session, task)
    return connection.username if connection else "?"


async def _draft(session: Session, task: Task) -> Reply:
    draft = await draft_of(session, task)
    match compose.missing(draft):
        case "connection":
            if await connections.usable(session, task.person_id):
                return await of_accounts(session, task)
            connect = Button("tweet.button_connect", "connect", style=Style.PRIMARY)
            ready = press.button("tweet.button_continue", "adopt", task)
            key = "tweet.connect_first" if draft.text or draft.files else "tweet.connect_to_begin"
            return Reply(key, {"text": _content(draft)}, ((connect,), (ready,)))
        case "text":
            return Reply("tweet.ask_text", ask="tweet.ask_text_hint")
    return await _preview(session, task, draft)


async def _preview(session: Session, task: Task, draft: compose.Draft) -> Reply:
    composed = compose.compose(draft)
    several = len(await connections.usable(session, task.person_id)) > 1
    facts: dict[str, Fact] = {
        "username": await _username(session, task),
        "text": draft.text,
        "length": composed.length,
        "limit": composed.limit,
        "price": composed.price.dollars,
        "notes": _notes(draft, composed),
    }
    files = await tasks.media(session, task.id)
    return Reply("tweet.preview", facts, _preview_buttons(task, files, composed, several=several))


def _content(draft: compose.Draft) -> tuple[Say, ...]:
    """Say what a draft holds, its files too."""
    said = [Say("tweet.said", {"text": draft.text})] if draft.text else []
    return (*said, *_file_notes(draft))


def _file_notes(draft: compose.Draft) -> list[Say]:
    notes = []
    for kind in ("photo", "gif", "video"):
        files = [file for file in draft.files if file.kind == kind]
        if files:
            described = sum(1 for file in files if file.alt_text)
            notes.append(Say(f"tweet.note_{kind}", {"count": len(files), "described": described}))
    return notes


def _notes(draft: compose.Draft, composed: compose.Composed) -> tuple[Say, ...]:
    notes = _file_notes(draft)
    if any(file.alt_text for file in draft.files):
        notes.append(Say("tweet.note_described", {"each": price.ALT_TEXT}))
    if composed.price.for_a_link:
        notes.append(Say("tweet.note_link", {"plain": price.POST}))
    if composed.mentions:
        names = ", ".join(f"@{name}" for name in composed.mentions)
        notes.append(Say("tweet.note_mentions", {"names": names}))
    notes.extend(Say(problem.key, problem.facts) for problem in composed.problems)
    return tuple(notes)


def _preview_buttons(
    task: Task, files: Sequence[TaskMedia], composed: compose.Composed, *, several: bool
) -> Rows:
    edit = press.button("tweet.button_edit", "edit", task)
    drop = press.button("tweet.button_cancel", "drop", task)
    if composed.problems:
        first: tuple[Button, ...] = (edit, drop)
    else:
        first = (press.button("tweet.button_post", "post", task, style=Style.SUCCESS), edit, drop)
    rows = [first]
    if any(problem.key in _FILE_PROBLEMS for problem in composed.problems):
        rows.append((press.button("tweet.button_no_files", "nofiles", task),))
    if any(problem.key == "tweet.problem_too_many" for problem in composed.problems):
        rows.append((press.button("tweet.button_first", "first", task),))
    else:
        rows.append(_alt_buttons(task, files))
    if several:
        rows.append((press.button("tweet.button_accounts", "accounts", task),))
    return tuple(row for row in rows if row)


def _alt_buttons(task: Task, files: Sequence[TaskMedia]) -> tuple[Button, ...]:
    return tuple(
        press.button(
            "tweet.button_alt_done" if file.alt_text else "tweet.button_alt",
            "alt",
            task,
            extra=str(file.message_id),
            facts={"number": number},
        )
        for number, file in enumerate(files, 1)
    )


async def _unfinished(session: Session, doors: Doors, task: Task) -> Reply:
    facts: dict[str, Fact] = {
        "username": await _username(session, task),
        "text": _content(await draft_of(session, task)),
    }
    match task.state:
        case TaskState.CANCELLED:
            return Reply("tweet.set_aside", facts, ((press.button("tweet.button_revive", "revive", task),),))
        case TaskState.ASKING:
            return _question(task, facts)
        case TaskState.FAILED:
            return await _failed(session, doors, task, facts, "tweet.failed")
    return await _under_way(session, task, facts)


async def _under_way(session: Session, task: Task, facts: dict[str, Fact]) -> Reply:
    """Show a task that is due or running: sending, looking, or waiting for X until a moment."""
    if task.outcome == "looking":
        return Reply("tweet.looking", facts)
    if task.state == TaskState.DUE and task.outcome in ("rate_limited", "x_unavailable") and task.due_at:
        stop = press.button("tweet.button_cancel", "drop", task)
        return Reply(f"tweet.{task.outcome}", facts | {"when": task.due_at}, ((stop,),))
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
    connection = await _connection(session, task)
    if code in _CONNECT and connection:
        reconnect = press.button("tweet.button_reconnect", "reauthorize", connection, style=Style.PRIMARY)
        return (reconnect, again)
    if code in _CONNECT:
        return (Button("tweet.button_connect", "connect", style=Style.PRIMARY),)
    if code in _OPEN_X:
        return (Button("tweet.button_open_x", url=doors.x.web_origin, style=Style.PRIMARY), again)
    if code in _FILES:
        return (again, press.button("tweet.button_no_files", "nofiles", task))
    if code in _EDIT and task.kind == "tweet":
        return (press.button("tweet.button_edit", "edit", task, style=Style.PRIMARY),)
    return (again,)


async def _posted(session: Session, doors: Doors, task: Task) -> Reply:
    write = await writes.get(session, task.id, 0)
    facts: dict[str, Fact] = {"username": await _username(session, task), "text": task.text or ""}
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
    return Reply("tweet.posted", facts | {"url": url, "shown_url": url.partition("//")[2]}, (buttons,))


async def _deletion(session: Session, doors: Doors, task: Task) -> Reply:
    facts: dict[str, Fact] = {"username": await _username(session, task)}
    match task.state:
        case TaskState.DONE:
            return Reply("tweet.deleted", facts)
        case TaskState.FAILED:
            return await _failed(session, doors, task, facts, "tweet.delete_failed")
    return Reply("tweet.deleting", facts)
