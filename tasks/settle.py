"""Finding out what became of a tweet whose sending ended unknown (design, rule 9). Sends nothing."""

from datetime import datetime

from storage import writes
from storage.tables import Task, TaskState, Write, WriteState
from tasks import retry
from tasks.account import Account
from tasks.doors import Doors, Rest
from twitter import errors, posts
from twitter.client import in_thread


def looking(doors: Doors) -> Rest:
    """Rest until the first look."""
    return Rest(TaskState.DUE, "looking", wake_at=doors.clock() + retry.FIRST_LOOK_AFTER, again=True)


async def settle(
    doors: Doors, task: Task, account: Account, write: Write, media_count: int
) -> Rest | str | None:
    """Look whether an unknown tweet went out: its post id; a rest; None: surely not, it may be sent."""
    if write.state == WriteState.SENDING:
        async with doors.db.begin() as session:
            await writes.unknown(session, task.id, write.part, attempt=write.attempts)
    try:
        post_id = await _look(doors, task, account, write, media_count)
    except errors.XError as error:
        return _look_later(doors, task, write, error)
    return post_id or await _absent(doors, task, write)


async def _look(doors: Doors, task: Task, account: Account, write: Write, media_count: int) -> str | None:
    """Look for the tweet in the account's own timeline; never adopts a post another write made."""
    first_sent_at = write.first_sent_at or _sent_at(write)
    recent = await in_thread(
        posts.own_recent,
        doors.x,
        account.app,
        account.token,
        account.connection.x_user_id,
        since=first_sent_at - retry.CLOCKS_DIFFER_BY,
    )
    alike = [post.id for post in recent if posts.same(task.text or "", media_count, None, post)]
    async with doors.db.begin() as session:
        taken = await writes.adopted(session, account.connection.x_user_id, alike, but_for=task.id)
    return next((post_id for post_id in alike if post_id not in taken), None)


def _sent_at(write: Write) -> datetime:
    if write.sent_at is None:
        raise AssertionError("a write that was sent has a time of sending")
    return write.sent_at


def _look_later(doors: Doors, task: Task, write: Write, error: errors.XError) -> Rest:
    """Wait after a look-up that failed, which is no answer; ask the person when looking leads nowhere."""
    if isinstance(error, errors.SlowDown):
        return Rest(TaskState.DUE, "looking", wake_at=error.until, again=True)
    wait = retry.wait_after(task.attempts)
    if wait is None or isinstance(error, errors.NotAuthorized | errors.Refused | errors.OutOfCredit):
        return Rest(TaskState.ASKING, "cannot_look")
    wake_at = max(doors.clock() + wait, retry.next_look(_sent_at(write), doors.clock(), doors.settle_after))
    return Rest(TaskState.DUE, "looking", wake_at=wake_at)


async def _absent(doors: Doors, task: Task, write: Write) -> Rest | None:
    now = doors.clock()
    async with doors.db.begin() as session:
        looks = await writes.looked_in_vain(session, task.id, write.part, attempt=write.attempts)
        if not retry.surely_absent(looks, _sent_at(write), now, doors.settle_after):
            wake_at = retry.next_look(_sent_at(write), now, doors.settle_after)
            return Rest(TaskState.DUE, "looking", wake_at=wake_at, again=True)
        if write.attempts >= retry.SENDS_MAX:
            return Rest(TaskState.ASKING, "unknown")
        await writes.nothing_sent(session, task.id, write.part, attempt=write.attempts)
    return None
