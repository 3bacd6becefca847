"""Runs one task: its write behind a fence, its outcome written down, the person told. When: runner.py."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import connections, tasks, writes
from storage.db import Database
from storage.tables import Connection, ConnectionState, Task, TaskMedia, TaskState, Write, WriteState
from storage.vault import Locked, Vault
from tasks import price, retry
from tasks.kinds import KINDS, Settle
from twitter import errors, formats, links, media, posts
from twitter.client import App, Token, X, in_thread

log = logging.getLogger(__name__)


class NoFile(Exception):  # noqa: N818 - says what happened
    """Telegram does not give the file (again); `code` names the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Doors:
    """What running a task touches."""

    db: Database
    vault: Vault
    x: X
    registered_app: App | None
    fetch: Callable[[str], Awaitable[bytes]]
    """Telegram file id -> bytes; raises NoFile, or Unavailable when it may be had later."""
    tell: Callable[[str], Awaitable[None]]
    """Show the person how this task (id) stands now."""
    clock: Callable[[], datetime]
    name: str
    """This runner, unique per process."""
    settle_after: timedelta = retry.SETTLE_AFTER


@dataclass(frozen=True, slots=True)
class Account:
    """A connection, opened for use."""

    app: App
    token: Token
    connection: Connection


@dataclass(frozen=True, slots=True)
class Rest:
    """Where a task comes to rest after a run."""

    to: TaskState
    outcome: str | None = None
    detail: str | None = None
    due_at: datetime | None = None
    again: bool = False
    """The wait is X's wish and no failure: it does not count as a try."""


async def run(doors: Doors, task: Task) -> None:
    """Bring a claimed task to its next resting place and show it. Commits; raises only on a lost database."""
    rest = await _work(doors, task)
    async with doors.db.begin() as session:
        left = await tasks.leave(
            session,
            task.id,
            by=doors.name,
            to=rest.to,
            now=doors.clock(),
            outcome=rest.outcome,
            outcome_detail=rest.detail,
            **({"due_at": rest.due_at} if rest.due_at else {}),
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
    keys = connections.open_keys(doors.vault, connection)
    app = _app(doors, connection, keys)
    if app is None:
        return "keys_wrong"
    token = Token(keys.access_token.reveal(), keys.access_secret.reveal())
    return Account(app, token, connection)


def _app(doors: Doors, connection: Connection, keys: connections.Keys) -> App | None:
    """Give the connection's app. None: the registered app is another one now, or not configured."""
    if keys.consumer_key and keys.consumer_secret:
        return App(keys.consumer_key.reveal(), keys.consumer_secret.reveal())
    app = doors.registered_app
    known = app is not None and doors.vault.fingerprint(app.consumer_key) == connection.app_fingerprint
    return app if known else None


async def _tweet(doors: Doors, task: Task, account: Account) -> Rest:
    async with doors.db.begin() as session:
        files = await tasks.media(session, task.id)
        write = await writes.prepare(
            session,
            task.id,
            0,
            x_user_id=account.connection.x_user_id,
            price=_price(task, files).cents_100,
        )
    if write.state in _SETTLED:
        return _settled(write, "sent")
    if write.state in _MAY_BE_OUT:
        settled = await _settle(doors, task, account, write, len(files))
        if settled is not None:
            return settled
    return await _send_tweet(doors, task, account, files, earlier_sends=write.attempts)


_SETTLED = (WriteState.ACCEPTED, WriteState.REFUSED)
_MAY_BE_OUT = (WriteState.SENDING, WriteState.UNKNOWN)


def _settled(write: Write, outcome: str) -> Rest:
    """Rest where a write that is over leads to (a runner died before it wrote that down)."""
    if write.state == WriteState.ACCEPTED:
        return Rest(TaskState.DONE, outcome)
    return Rest(TaskState.FAILED, write.error_code)


def _price(task: Task, files: Sequence[TaskMedia]) -> price.Price:
    alt_texts = sum(1 for file in files if file.alt_text)
    return price.of_tweet(has_link=bool(links.links(task.text or "")), alt_texts=alt_texts)


async def _send_tweet(
    doors: Doors, task: Task, account: Account, files: Sequence[TaskMedia], *, earlier_sends: int
) -> Rest:
    try:
        media_ids = await _upload(doors, account, files)
    except NoFile as no_file:
        return Rest(TaskState.FAILED, no_file.code)
    except errors.XError as error:
        return await _nothing_sent(doors, task, account, error)
    if not await _pass_fence(doors, task):
        return await _held_back(doors, task, "sent")
    try:
        post_id = await in_thread(
            posts.create, doors.x, account.app, account.token, task.text or "", media_ids=media_ids
        )
    except errors.XError as error:
        if isinstance(error, errors.Unknown) or (error.code == "duplicate" and earlier_sends):
            return await _unknown(doors, task)
        return await _nothing_sent(doors, task, account, error)
    return await _accepted(doors, task, account, post_id)


async def _upload(doors: Doors, account: Account, files: Sequence[TaskMedia]) -> list[str]:
    """Upload every file anew; media that no post uses is dropped by X after a day."""
    media_ids = []
    for file in files:
        content = await doors.fetch(file.file_id)
        mime = formats.sniff(content[:64]) or file.mime or ""
        media_ids.append(
            await in_thread(
                media.upload,
                doors.x,
                account.app,
                account.token,
                content,
                kind=_upload_kind(mime),
                mime=mime,
                alt_text=file.alt_text,
            )
        )
    return media_ids


def _upload_kind(mime: str) -> formats.Kind:
    """Say as what X takes a file: Telegram's "GIF" is an MP4 without sound (Bot API: Animation), a video."""
    if mime == "image/gif":
        return "gif"
    return "video" if mime.startswith("video/") else "photo"


async def _pass_fence(doors: Doors, task: Task) -> bool:
    """Commit prepared -> sending; that commit is the moment of sending."""
    async with doors.db.begin() as session:
        return await writes.send(session, task.id, 0, by=doors.name, now=doors.clock())


async def _held_back(doors: Doors, task: Task, outcome: str) -> Rest:
    """Say why the fence did not open: it is over, another sends it, or the connection takes no writes."""
    async with doors.db.begin() as session:
        write = await writes.get(session, task.id, 0)
    if write is not None and write.state in _SETTLED:
        return _settled(write, outcome)
    if write is not None and write.state in _MAY_BE_OUT:
        return _looking(doors)
    return Rest(TaskState.FAILED, "not_sent")


async def _accepted(doors: Doors, task: Task, account: Account, post_id: str | None) -> Rest:
    async with doors.db.begin() as session:
        await writes.accepted(session, task.id, 0, x_post_id=post_id, now=doors.clock())
        await connections.used(session, account.connection.id, doors.clock())
    return Rest(TaskState.DONE, "sent")


async def _unknown(doors: Doors, task: Task) -> Rest:
    """X may have done it: nothing is sent again before a look."""
    async with doors.db.begin() as session:
        await writes.unknown(session, task.id, 0)
    return _looking(doors)


def _looking(doors: Doors) -> Rest:
    return Rest(TaskState.DUE, "looking", due_at=doors.clock() + retry.FIRST_LOOK_AFTER, again=True)


async def _nothing_sent(doors: Doors, task: Task, account: Account, error: errors.XError) -> Rest:
    """X surely did nothing: wait and send later, or fail and say why."""
    waiting = _wait(doors, task, error)
    async with doors.db.begin() as session:
        if waiting is not None:
            await writes.nothing_sent(session, task.id, 0)
            return waiting
        await writes.refused(session, task.id, 0, code=error.code)
        if isinstance(error, errors.NotAuthorized):
            await connections.needs_reauthorizing(session, account.connection.id)
    return Rest(TaskState.FAILED, error.code, error.detail)


def _wait(doors: Doors, task: Task, error: errors.XError) -> Rest | None:
    """Say until when to wait after an error with which X did nothing. None: waiting does not help."""
    if isinstance(error, errors.SlowDown):
        return Rest(TaskState.DUE, "rate_limited", due_at=error.until, again=True)
    if isinstance(error, errors.Unavailable | errors.Unknown):
        wait = retry.wait_after(task.attempts)
        return Rest(TaskState.DUE, "x_unavailable", due_at=doors.clock() + wait) if wait else None
    return None


async def _settle(doors: Doors, task: Task, account: Account, write: Write, media_count: int) -> Rest | None:
    """Find out whether an unknown tweet went out. None: it surely did not, and may be sent."""
    if write.state == WriteState.SENDING:
        async with doors.db.begin() as session:
            await writes.unknown(session, task.id, 0)
    try:
        post_id = await _look(doors, task, account, write, media_count)
    except errors.XError as error:
        return _look_later(doors, write, error)
    if post_id:
        return await _accepted(doors, task, account, post_id)
    return await _absent(doors, task, write)


async def _look(doors: Doors, task: Task, account: Account, write: Write, media_count: int) -> str | None:
    """Look for the tweet in the account's own timeline; never adopts a post another write made."""
    sent_at = _sent_at(write)
    recent = await in_thread(
        posts.own_recent,
        doors.x,
        account.app,
        account.token,
        account.connection.x_user_id,
        since=sent_at - retry.CLOCKS_DIFFER_BY,
    )
    alike = [post.id for post in recent if posts.same(task.text or "", media_count, None, post)]
    async with doors.db.begin() as session:
        taken = await writes.adopted(session, account.connection.x_user_id, alike, but_for=task.id)
    return next((post_id for post_id in alike if post_id not in taken), None)


def _sent_at(write: Write) -> datetime:
    if write.sent_at is None:
        raise AssertionError("a write that was sent has a time of sending")
    return write.sent_at


def _look_later(doors: Doors, write: Write, error: errors.XError) -> Rest:
    """Wait after a look-up that failed: it is no answer."""
    due_at = retry.next_look(_sent_at(write), doors.clock(), doors.settle_after)
    if isinstance(error, errors.SlowDown):
        due_at = max(due_at, error.until)
    if isinstance(error, errors.NotAuthorized | errors.Refused | errors.OutOfCredit):
        return Rest(TaskState.ASKING, "cannot_look")
    return Rest(TaskState.DUE, "looking", due_at=due_at, again=True)


async def _absent(doors: Doors, task: Task, write: Write) -> Rest | None:
    now = doors.clock()
    async with doors.db.begin() as session:
        looks = await writes.looked_in_vain(session, task.id, 0)
        if not retry.surely_absent(looks, _sent_at(write), now, doors.settle_after):
            due_at = retry.next_look(_sent_at(write), now, doors.settle_after)
            return Rest(TaskState.DUE, "looking", due_at=due_at, again=True)
        if write.attempts >= retry.SENDS_MAX:
            return Rest(TaskState.ASKING, "unknown")
        await writes.nothing_sent(session, task.id, 0)
    return None


async def _delete(doors: Doors, task: Task, account: Account) -> Rest:
    """Delete a tweet; repeating is safe, "not found" is success."""
    async with doors.db.begin() as session:
        write = await writes.prepare(
            session,
            task.id,
            0,
            x_user_id=account.connection.x_user_id,
            price=price.of_deletion().cents_100,
        )
        if write.state in _SETTLED:
            return _settled(write, "deleted")
        await writes.nothing_sent(session, task.id, 0)
    if not await _pass_fence(doors, task):
        return await _held_back(doors, task, "deleted")
    try:
        await in_thread(posts.delete, doors.x, account.app, account.token, task.target_post_id or "")
    except errors.XError as error:
        return await _nothing_sent(doors, task, account, error)
    await _accepted(doors, task, account, None)
    return Rest(TaskState.DONE, "deleted")
