"""Finding out what became of a write whose sending ended unknown (design, rule 9). Sends nothing."""

import functools
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from storage import money, writes
from storage.tables import Task, TaskState, Write, WriteState
from tasks import booking, parking, retry
from tasks.account import Account
from tasks.doors import Doors, Rest
from tasks.kinds import KINDS, Settle
from tasks.parameters import Extras
from tasks.sending import Part
from twitter import errors, messages, posts, reading
from twitter.client import in_thread


def looking(doors: Doors) -> Rest:
    """Rest until the first look."""
    return Rest(TaskState.DUE, "looking", wake_at=doors.clock() + retry.FIRST_LOOK_AFTER, again=True)


async def settle(doors: Doors, task: Task, account: Account, part: Part, write: Write) -> Rest | str | None:
    """Find out whether an unknown write went out: what it made; a rest; None: it may be sent. Commits."""
    if KINDS[task.kind].settle is Settle.REPEAT:
        async with doors.db.begin() as session:
            await writes.nothing_sent(session, task.id, write.part, attempt=write.attempts)
        return None
    if write.state == WriteState.SENDING:
        async with doors.db.begin() as session:
            await writes.unknown(session, task.id, write.part, attempt=write.attempts)
    try:
        look = functools.partial(_look, doors, task, account, part, write)
        made = await booking.look(doors, task, account.connection, part.number, look)
    except errors.XError as error:
        return await _look_later(doors, task, account, write, error)
    return made or await _absent(doors, task, write)


async def look_for_seen(doors: Doors, task: Task, account: Account, part: Part, write: Write) -> str | None:
    """Look for what a person saw on X, whose id nobody knows. None: we do not see it. Commits."""
    if write.sent_at is None:
        return None
    try:
        look = functools.partial(_look, doors, task, account, part, write)
        made = await booking.look(doors, task, account.connection, part.number, look)
    except errors.XError:
        return None
    if made is not None:
        async with doors.db.begin() as session:
            await writes.found_seen(session, task.id, write.part, x_post_id=made)
    return made


async def _look(doors: Doors, task: Task, account: Account, part: Part, write: Write) -> str | None:
    """Look where it must show; never adopts what another write made."""
    since = (write.first_sent_at or _sent_at(write)) - retry.CLOCKS_DIFFER_BY
    alike = await _LOOKS[KINDS[task.kind].settle](doors, account, task, part, since)
    async with doors.db.begin() as session:
        taken = await writes.adopted(session, account.connection.x_user_id, alike, but_for=write)
    return next((made for made in alike if made not in taken), None)


async def _in_own_timeline(
    doors: Doors, account: Account, task: Task, part: Part, since: datetime
) -> list[str]:
    keys = (doors.x, account.app, account.token)
    extras = Extras() if part.number else Extras.read(task.parameters)
    if extras.edits:
        return await _in_history(doors, account, part, extras.edits)
    recent = await in_thread(posts.own_recent, *keys, account.connection.x_user_id, since=since)
    files = len(part.files)
    return [
        post.id for post in recent if posts.same(part.text, files, part.reply_to, post, quote=extras.quote)
    ]


async def _in_history(doors: Doors, account: Account, part: Part, edited: str) -> list[str]:
    """Look among the later versions of the post that was edited; X lists them with each version."""
    keys = (doors.x, account.app, account.token)
    before = await in_thread(reading.get, *keys, edited, authors=False)
    later = [one for one in before.history if int(one) > int(edited)] if before else []
    versions = await in_thread(reading.several, *keys, later, authors=False)
    files = len(part.files)
    return [one.id for one in reversed(versions) if posts.same(part.text, files, one.replied_to, one)]


async def _in_conversation(
    doors: Doors, account: Account, task: Task, part: Part, since: datetime
) -> list[str]:
    if since < doors.clock() - retry.CONVERSATION_KEPT:
        raise errors.Refused("not_visible")
    keys = (doors.x, account.app, account.token)
    recent = await in_thread(messages.recent, *keys, task.target_user_id or "", since=since)
    sender = account.connection.x_user_id
    return [message.id for message in recent if messages.same(part.text, sender, message)]


_LOOKS: Mapping[Settle, Callable[[Doors, Account, Task, Part, datetime], Awaitable[list[str]]]] = {
    Settle.LOOK_IN_OWN_TIMELINE: _in_own_timeline,
    Settle.LOOK_IN_CONVERSATION: _in_conversation,
}


def _sent_at(write: Write) -> datetime:
    if write.sent_at is None:
        raise AssertionError("a write that was sent has a time of sending")
    return write.sent_at


async def _look_later(doors: Doors, task: Task, account: Account, write: Write, error: errors.XError) -> Rest:
    """Wait after a look-up that failed, which is no answer; ask the person when looking leads nowhere."""
    if isinstance(error, errors.SlowDown):
        # Another limit than that of sending: nobody else waits for it.
        return Rest(TaskState.DUE, "looking", wake_at=error.until, again=True)
    if isinstance(error, errors.Unavailable):
        return _look_again(doors, task, write)
    async with doors.db.begin() as session:
        parked = await parking.wait(session, doors, task, account, error)
    return parked or Rest(TaskState.ASKING, "cannot_look")


def _look_again(doors: Doors, task: Task, write: Write) -> Rest:
    wait = retry.wait_after(task.attempts)
    if wait is None:
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
        await money.release(session, money.of_write(task.id, write.part, write.attempts))
    return None
