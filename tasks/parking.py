"""Where a task waits after an error with which X did nothing (rule 11): for a moment, or in a park."""

import logging

from storage import connections, holds
from storage.db import Session
from storage.tables import ParkReason, Task, TaskState
from tasks import retry
from tasks.account import Account
from tasks.doors import Doors, Rest
from twitter import errors

log = logging.getLogger(__name__)


async def lift(doors: Doors) -> None:
    """End the parks whose moment has come; let a task try each app out of credit once an hour. Commits."""
    now = doors.clock()
    async with doors.db.begin() as session:
        await holds.end_past(session, now)
        for subject in await holds.to_try(session, now, every=retry.TRIAL_EVERY):
            trial = await holds.take_trial(session, subject, now=now, every=retry.TRIAL_EVERY)
            if trial is not None:
                log.info("task=%s tries whether its app has credit again", trial)


async def wait(
    session: Session, doors: Doors, task: Task, account: Account, error: errors.XError
) -> Rest | None:
    """Say where to wait, and park what has to wait along. None: waiting does not help."""
    match error:
        case errors.SlowDown():
            return await _limited(session, doors, task, account, error)
        case errors.OutOfCredit():
            subject, reason = holds.of_app(account.connection), ParkReason.OUT_OF_CREDIT
            await holds.park(session, subject, reason, now=doors.clock())
            return Rest(TaskState.DUE, error.code, error.detail, again=True)
        case errors.NotAuthorized(code="revoked"):
            return await _revoked(session, account)
        case errors.Unavailable() | errors.Unknown():
            wait = retry.wait_after(task.attempts)
            return Rest(TaskState.DUE, "x_unavailable", wake_at=doors.clock() + wait) if wait else None
    return None


async def _limited(
    session: Session, doors: Doors, task: Task, account: Account, error: errors.SlowDown
) -> Rest:
    """Wait until X's moment; where X names none, longer each time. Whoever has the same limit waits too.

    Of X's limits only that of the app's day is shared by several accounts.
    """
    until, is_reset = error.until, error.scope != "unknown"
    if not is_reset:
        until += retry.longer_limit(task.attempts)
    whose = holds.of_app if error.scope == "24h_app" else holds.of_connection
    await holds.park(
        session, whose(account.connection), ParkReason.RATE_LIMITED, now=doors.clock(), until=until
    )
    counts_anew = is_reset or task.attempts >= retry.LIMITED_TRIES_MAX
    return Rest(TaskState.DUE, "rate_limited", wake_at=until, again=counts_anew)


async def _revoked(session: Session, account: Account) -> Rest:
    connection = account.connection
    await connections.needs_reauthorizing(
        session, connection.id, token_fingerprint=connection.token_fingerprint
    )
    return Rest(TaskState.DUE, "revoked", again=True)
