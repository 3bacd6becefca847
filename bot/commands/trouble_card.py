"""What stops a task, and the one thing that helps: held, or failed. Changes nothing."""

from bot.commands import press, preview
from bot.turn import Doors
from storage import holds
from storage.db import Session
from storage.tables import AppKind, Task, TaskState
from texts.reply import Button, Fact, Reply, Say, Style

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
#: The person may do in the X app what X does not let this app do.
_NOT_BY_APP = frozenset(
    ("reply_not_allowed", "quote_not_allowed", "not_in_plan", "feature_not_allowed", "no_dm_permission")
)
_OPEN_X = frozenset(("locked", "suspended_account"))


async def held(session: Session, doors: Doors, task: Task, facts: dict[str, Fact]) -> Reply | None:
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


async def failed(session: Session, doors: Doors, task: Task, facts: dict[str, Fact], key: str) -> Reply:
    """Show a task that failed: why, and what helps."""
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
    if code in _EDIT and task.kind == "tweet":
        return (press.button("tweet.button_edit", "edit", task, style=Style.PRIMARY),)
    return _instead(task, code, again)


def _instead(task: Task, code: str, again: Button) -> tuple[Button, ...]:
    """Offer to try again, and another way to the same end: without the files, or in the X app."""
    if code in preview.FILES:
        return (again, press.button("tweet.button_no_files", "nofiles", task))
    if code in _NOT_BY_APP and task.kind in ("tweet", "message"):
        return (press.button("reply.button_free", "handoff", task, style=Style.PRIMARY), again)
    return (again,)
