"""The card of a message that is a draft: to whom, its text, its price, what stops it. Changes nothing."""

from bot.commands import deed_card, press, preview
from storage.db import Session
from storage.tables import ConnectionState, Task
from tasks import price
from tasks.parameters import Extras
from texts.reply import Button, Fact, Refusal, Reply, Say, Style

#: X: "Send Direct Messages", read 2026-08.
LENGTH_MAX = 10_000
#: What a token has to be allowed (X: x-access-level).
_LEVEL = "read-write-directmessages"


async def of(session: Session, task: Task) -> Reply:
    """Show the draft of a message, or the next question."""
    connection = await preview.connection_of(session, task)
    if connection is None or connection.state != ConnectionState.ACTIVE:
        return await preview.of(session, task)
    username = Extras.read(task.parameters).username or ""
    if not (task.text or "").strip():
        return Reply("dm.ask_text", {"username": username}, ask="dm.ask_text_hint")
    problems = await problems_of(session, task)
    facts: dict[str, Fact] = {
        "username": username,
        "sender": Say("deed.person", {"username": connection.username}),
        "text": task.text or "",
        "length": len(task.text or ""),
        "limit": LENGTH_MAX,
        "price": deed_card.cost(task).dollars,
        "notes": (*problems, *_lookup(task)),
    }
    return Reply("dm.preview", facts, _rows(task, is_good=not problems))


def _rows(task: Task, *, is_good: bool) -> tuple[tuple[Button, ...], ...]:
    facts: dict[str, Fact] = {"price": deed_card.cost(task).dollars}
    send = press.button("dm.button_send", "post", task, style=Style.SUCCESS, facts=facts)
    edit = press.button("tweet.button_edit", "edit", task)
    drop = press.button("tweet.button_cancel", "drop", task)
    free = press.button("handoff.button_open", "handoff", task)
    later = press.button("plan.button_later", "later", task)
    return ((send, edit, drop), (later, free)) if is_good else ((edit, drop), (free,))


def _lookup(task: Task) -> tuple[Say, ...]:
    """Say that finding the person is part of the price; X knows people by numbers."""
    return () if task.target_user_id else (Say("dm.note_lookup", {"each": price.current().user_read}),)


async def problems_of(session: Session, task: Task) -> tuple[Say, ...]:
    """List why a message cannot go out as it is."""
    connection = await preview.connection_of(session, task)
    found = []
    if connection and connection.access_level and connection.access_level != _LEVEL:
        found.append(Say("x.no_dm_permission", {"detail": ""}))
    if len(task.text or "") > LENGTH_MAX:
        over = len(task.text or "") - LENGTH_MAX
        found.append(Say("dm.problem_too_long", {"over": over, "limit": LENGTH_MAX}))
    return tuple(found)


async def refuse_unless_ready(session: Session, task: Task) -> None:
    """Refuse a made-up press what the card would not offer."""
    if not (task.text or "").strip() or await problems_of(session, task):
        raise Refusal("tweet.not_ready")
