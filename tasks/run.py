"""Runs one task: its write behind a fence, its outcome written down, the person told. When: engine.py."""

import functools
import logging
import secrets
import threading
from collections.abc import Sequence

from storage import connections, runs, tasks, writes
from storage.db import Session
from storage.tables import ConnectionState, Task, TaskMedia, TaskState, Write, WriteState
from storage.vault import Locked
from tasks import price, retry, settle
from tasks.account import Account, open_account
from tasks.doors import Doors, NoFile, Rest
from tasks.fence import Fence, HeldBack
from tasks.kinds import KINDS, Settle
from twitter import errors, formats, links, media, posts
from twitter.client import in_upload_thread

log = logging.getLogger(__name__)

_SETTLED = (WriteState.ACCEPTED, WriteState.REFUSED)
_MAY_BE_OUT = (WriteState.SENDING, WriteState.UNKNOWN)


async def run(doors: Doors, name: str) -> None:
    """Bring the task of a run (`name`: storage/runs.py) to its next resting place and show it. Commits.

    Raises only on a lost database; it may then be called again, as after a crash.
    """
    by = f"{doors.name}/{secrets.token_hex(4)}"
    async with doors.db.begin() as session:
        task = await runs.claim(session, name, by=by, now=doors.clock())
    if isinstance(task, runs.NotNow):
        log.info("run=%s not now: %s", name, task.why)
        if task.why == "held":
            await doors.tell(runs.read_name(name)[0])
        return
    rest = await _work(doors, task)
    async with doors.db.begin() as session:
        left = await runs.leave(
            session,
            task.id,
            by=by,
            to=rest.to,
            now=doors.clock(),
            wake_at=rest.wake_at,
            outcome=rest.outcome,
            outcome_detail=rest.detail,
            **({"attempts": 0} if rest.again else {}),
        )
    log.info("task=%s kind=%s state=%s outcome=%s", task.id, task.kind, rest.to, rest.outcome)
    if left is not None:
        await doors.tell(task.id)


async def _work(doors: Doors, task: Task) -> Rest:
    if task.attempts > retry.RUNS_MAX:
        return await _stuck(doors, task, "internal", "unknown")
    try:
        account = await _account(doors, task)
    except Locked:
        account = "locked_secrets"
    if isinstance(account, str):
        return await _stuck(doors, task, account, "cannot_look")
    return await (_delete if task.kind == "delete" else _tweet)(doors, task, account)


async def _stuck(doors: Doors, task: Task, code: str, question: str) -> Rest:
    """Fail with `code` what can be run no further; ask the `question` if it may have gone out."""
    async with doors.db.begin() as session:
        write = await writes.get(session, task.id, 0)
    may_be_out = write is not None and write.state in _MAY_BE_OUT
    if may_be_out and KINDS[task.kind].settle is Settle.LOOK_IN_OWN_TIMELINE:
        return Rest(TaskState.ASKING, question)
    return Rest(TaskState.FAILED, code)


async def _account(doors: Doors, task: Task) -> Account | str:
    """Open the task's connection, or give the code of why it cannot be used. Raises Locked."""
    async with doors.db.begin() as session:
        connection = await connections.get(session, task.connection_id or 0, person_id=task.person_id)
    if connection is None or connection.access_token is None:
        return "no_connection"
    if connection.state != ConnectionState.ACTIVE:
        return "revoked"
    return open_account(doors.vault, doors.registered_app, connection) or "keys_wrong"


async def _tweet(doors: Doors, task: Task, account: Account) -> Rest:
    async with doors.db.begin() as session:
        files = await tasks.media(session, task.id)
        write = await _prepared(session, task, account, _price(task, files))
    if write.state in _SETTLED:
        return _settled(write, "sent")
    if write.state in _MAY_BE_OUT:
        found = await settle.settle(doors, task, account, write, len(files))
        if isinstance(found, str):
            return await _accepted(doors, task, account, found)
        if found is not None:
            return found
    return await _send_tweet(doors, task, account, files, write)


async def _prepared(session: Session, task: Task, account: Account, cost: price.Price) -> Write:
    x_user_id = account.connection.x_user_id
    return await writes.prepare(session, task.id, 0, x_user_id=x_user_id, price=cost.cents_100)


def _settled(write: Write, outcome: str) -> Rest:
    """Rest where a write that is over leads to (a runner died before it wrote that down)."""
    if write.state == WriteState.ACCEPTED:
        return Rest(TaskState.DONE, outcome)
    return Rest(TaskState.FAILED, write.error_code)


def _price(task: Task, files: Sequence[TaskMedia]) -> price.Price:
    alt_texts = sum(1 for file in files if file.alt_text)
    return price.of_tweet(has_link=bool(links.links(task.text or "")), alt_texts=alt_texts)


async def _send_tweet(
    doors: Doors, task: Task, account: Account, files: Sequence[TaskMedia], write: Write
) -> Rest:
    try:
        media_ids = await _upload(doors, account, files)
    except NoFile as no_file:
        return Rest(TaskState.FAILED, no_file.code)
    except errors.XError as error:
        return await _nothing_sent(doors, task, account, error, write.attempts)
    fence = Fence(doors, task)
    keys = (doors.x, account.app, account.token)
    try:
        post_id = await fence.passed_by(posts.create, *keys, task.text or "", media_ids=media_ids)
    except HeldBack:
        return await _held_back(doors, task, "sent")
    except errors.XError as error:
        attempt = fence.attempt or write.attempts
        if isinstance(error, errors.Unknown) or (error.code == "duplicate" and write.attempts):
            return await _unknown(doors, task, attempt)
        return await _nothing_sent(doors, task, account, error, attempt)
    return await _accepted(doors, task, account, post_id)


async def _upload(doors: Doors, account: Account, files: Sequence[TaskMedia]) -> list[str]:
    """Upload every file anew; media that no post uses is dropped by X after a day."""
    media_ids = []
    for file in files:
        content = await doors.fetch(file.file_id)
        mime = formats.sniff(content[:64]) or file.mime or ""
        media_ids.append(
            await in_upload_thread(
                media.upload,
                doors.x,
                account.app,
                account.token,
                content,
                kind=_upload_kind(mime),
                mime=mime,
                alt_text=file.alt_text,
                sleep=functools.partial(_pause, doors.stopping),
            )
        )
    return media_ids


def _pause(stopping: threading.Event, seconds: float) -> None:
    if stopping.wait(seconds):
        raise errors.Unavailable("media_slow")


def _upload_kind(mime: str) -> formats.Kind:
    """Say as what X takes a file: Telegram's "GIF" is an MP4 without sound (Bot API: Animation), a video."""
    if mime == "image/gif":
        return "gif"
    return "video" if mime.startswith("video/") else "photo"


async def _held_back(doors: Doors, task: Task, outcome: str) -> Rest:
    """Say why the fence did not open: it is over, another sends it, or the connection takes no writes."""
    async with doors.db.begin() as session:
        write = await writes.get(session, task.id, 0)
    if write is not None and write.state in _SETTLED:
        return _settled(write, outcome)
    if write is not None and write.state in _MAY_BE_OUT:
        return settle.looking(doors)
    return Rest(TaskState.FAILED, "not_sent")


async def _accepted(doors: Doors, task: Task, account: Account, post_id: str | None) -> Rest:
    async with doors.db.begin() as session:
        await writes.accepted(session, task.id, 0, x_post_id=post_id, now=doors.clock())
        await connections.used(session, account.connection.id, doors.clock())
    return Rest(TaskState.DONE, "sent")


async def _unknown(doors: Doors, task: Task, attempt: int) -> Rest:
    """X may have done it: nothing is sent again before a look."""
    async with doors.db.begin() as session:
        await writes.unknown(session, task.id, 0, attempt=attempt)
    return settle.looking(doors)


async def _nothing_sent(
    doors: Doors, task: Task, account: Account, error: errors.XError, attempt: int
) -> Rest:
    """X surely did nothing: wait and send later, or fail and say why."""
    waiting = _wait(doors, task, error)
    async with doors.db.begin() as session:
        if waiting is not None:
            await writes.nothing_sent(session, task.id, 0, attempt=attempt)
            return waiting
        await writes.refused(session, task.id, 0, attempt=attempt, code=error.code)
        if error.code == "revoked":
            connection = account.connection
            await connections.needs_reauthorizing(
                session, connection.id, token_fingerprint=connection.token_fingerprint
            )
    return Rest(TaskState.FAILED, error.code, error.detail)


def _wait(doors: Doors, task: Task, error: errors.XError) -> Rest | None:
    """Say until when to wait after an error with which X did nothing. None: waiting does not help."""
    if isinstance(error, errors.SlowDown):
        return Rest(TaskState.DUE, "rate_limited", wake_at=error.until, again=True)
    if isinstance(error, errors.Unavailable | errors.Unknown):
        wait = retry.wait_after(task.attempts)
        return Rest(TaskState.DUE, "x_unavailable", wake_at=doors.clock() + wait) if wait else None
    return None


async def _delete(doors: Doors, task: Task, account: Account) -> Rest:
    """Delete a tweet; repeating is safe, "not found" is success."""
    async with doors.db.begin() as session:
        write = await _prepared(session, task, account, price.of_deletion())
        if write.state in _SETTLED:
            return _settled(write, "deleted")
        await writes.nothing_sent(session, task.id, 0, attempt=write.attempts)
    fence = Fence(doors, task)
    keys = (doors.x, account.app, account.token)
    try:
        await fence.passed_by(posts.delete, *keys, task.target_post_id or "")
    except HeldBack:
        return await _held_back(doors, task, "deleted")
    except errors.XError as error:
        attempt = fence.attempt or write.attempts
        if isinstance(error, errors.Unknown) and _wait(doors, task, error) is None:
            await _unknown(doors, task, attempt)
            return Rest(TaskState.FAILED, "deletion_unknown")
        return await _nothing_sent(doors, task, account, error, attempt)
    await _accepted(doors, task, account, None)
    return Rest(TaskState.DONE, "deleted")
