"""Runs one task: its writes behind their fences, its outcome written down, the person told."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace

from storage import accounts, connections, holds, people, runs, tasks, unsent, writes
from storage.tables import ConnectionState, PersonState, Task, TaskState, Write, WriteState
from storage.vault import Locked
from tasks import (
    booking,
    limits,
    outcomes,
    parking,
    price,
    reading,
    retry,
    rights,
    sending,
    settle,
    threads,
    waking,
)
from tasks.account import Account, open_account
from tasks.doors import Doors, NoFile, Rest
from tasks.fence import Fence, HeldBack
from tasks.kinds import DELETION, KINDS, TWEET, Settle
from tasks.parameters import Extras
from tasks.sending import Part
from twitter import errors
from twitter.meter import metered

log = logging.getLogger(__name__)

_MAY_BE_OUT = (WriteState.SENDING, WriteState.UNKNOWN)

Made = str | None
"""The id of the post or message that a write made. None: it made none, or nobody knows which."""


async def run(doors: Doors, name: str) -> None:
    """Bring the task of a run (`name`: storage/runs.py) to its next resting place and show it. Commits.

    Raises only on a lost database; it may then be called again, as after a crash.
    """
    by = f"{doors.name}/{secrets.token_hex(4)}"
    async with doors.db.begin() as session:
        task = await runs.claim(session, name, by=by, now=doors.clock())
        if isinstance(task, Task) and await waking.miss(session, task, doors.clock()):
            await outcomes.note(session, doors.vault, task, at=doors.clock())
            task = runs.NotNow("missed")
    if isinstance(task, runs.NotNow):
        log.info("run=%s not now: %s", name, task.why)
        if task.why in ("held", "missed"):
            await doors.tell(runs.read_name(name)[0])
        return
    with price.using(doors.prices):
        rest = await _work(doors, task)
    async with doors.db.begin() as session:
        left = await runs.leave(
            session,
            task.id,
            by=by,
            to=rest.to,
            now=doors.clock(),
            wake_at=rest.wake_at,
            told_at=doors.clock() if rest.quiet else None,
            outcome=rest.outcome,
            outcome_detail=rest.detail,
            **({"attempts": 0} if rest.again else {}),
        )
        if left is not None:
            await unsent.release_unsent(session, task.id)
            if not rest.quiet:
                await outcomes.note(session, doors.vault, left, at=doors.clock())
    log.info("task=%s kind=%s state=%s outcome=%s", task.id, task.kind, rest.to, rest.outcome)
    if left is not None and not rest.quiet:
        await doors.tell(task.id)


async def _work(doors: Doors, task: Task) -> Rest:
    if task.attempts > retry.RUNS_MAX:
        return await _stuck(doors, task, "internal", "unknown")
    try:
        account = await _account(doors, task)
    except Locked:
        account = "locked_secrets"
    if isinstance(account, Rest):
        return account
    if isinstance(account, str) and task.reads:
        return await reading.cannot(doors, task, account)
    if isinstance(account, str):
        return await _stuck(doors, task, account, "cannot_look")
    rest = await _carry_out(doors, task, account)
    await limits.keep(doors, account)
    return rest


async def _carry_out(doors: Doors, task: Task, account: Account) -> Rest:
    if task.reads:
        return await rights.look(doors, task) or await reading.look(doors, task, account)
    last: Made = Extras.read(task.parameters).reply_to
    parts = await _parts(doors, task)
    for part in parts:
        made = await _write(doors, task, account, replace(part, reply_to=last))
        if isinstance(made, Rest):
            return made
        if made is None and KINDS[task.kind] is TWEET and part is not parts[-1]:
            # Nothing would hold what comes next to what the person saw on X.
            return Rest(TaskState.FAILED, "part_unseen")
        last = made
    return Rest(TaskState.DONE, KINDS[task.kind].done)


async def _stuck(doors: Doors, task: Task, code: str, question: str) -> Rest:
    """Fail with `code` what can be run no further; ask the `question` if it may have gone out."""
    async with doors.db.begin() as session:
        may_be_out = [write for write in await writes.of_task(session, task.id) if write.state in _MAY_BE_OUT]
    if may_be_out and KINDS[task.kind].settle is not Settle.REPEAT:
        return Rest(TaskState.ASKING, question)
    return Rest(TaskState.FAILED, code)


async def _account(doors: Doors, task: Task) -> Account | Rest | str:
    """Open the task's connection, or give where to wait, or the code of why not. Raises Locked."""
    async with doors.db.begin() as session:
        connection = await accounts.of_task(session, task)
    if connection is None or connection.access_token is None:
        return "no_connection"
    if connection.state == ConnectionState.REAUTHORIZE:
        return Rest(TaskState.DUE, "revoked", again=True)
    if connection.state != ConnectionState.ACTIVE:
        return "no_connection"
    return open_account(doors.vault, doors.registered_app, connection) or "keys_wrong"


async def _parts(doors: Doors, task: Task) -> Sequence[Part]:
    async with doors.db.begin() as session:
        texts = threads.as_sent(await tasks.parts(session, task), Extras.read(task.parameters))
        files = await tasks.media(session, task.id)
    return [
        Part(number, text, [file for file in files if file.part == number])
        for number, text in enumerate(texts)
    ]


async def _write(doors: Doors, task: Task, account: Account, part: Part) -> Made | Rest:
    """Bring one write to its end: what it made; or where the task rests until it goes on."""
    alt_texts = sum(1 for file in part.files if file.alt_text)
    cost = KINDS[task.kind].price(part.text, alt_texts)
    x_user_id = account.connection.x_user_id
    async with doors.db.begin() as session:
        write = await writes.prepare(session, task.id, part.number, x_user_id=x_user_id, price=cost.cents_100)
    if write.state in _MAY_BE_OUT:
        found = await settle.settle(doors, task, account, part, write)
        if isinstance(found, str):
            return await _accepted(doors, task, account, part, found)
        if found is not None:
            return found
    elif write.state == WriteState.ACCEPTED and write.x_post_id is None and KINDS[task.kind] is TWEET:
        return await settle.look_for_seen(doors, task, account, part, write)
    elif write.state != WriteState.PREPARED:
        return _settled(write)
    try:
        await rights.ensure(doors, task)
        await booking.for_write(doors, task, account.connection, part, write)
        return await _send(doors, task, account, part, write)
    except (booking.TooDear, rights.Stopped) as stopped:
        return stopped.rest


def _settled(write: Write) -> Made | Rest:
    """Say where a write that is over leads to."""
    if write.state == WriteState.ACCEPTED:
        return write.x_post_id
    return Rest(TaskState.FAILED, write.error_code)


async def _send(doors: Doors, task: Task, account: Account, part: Part, write: Write) -> Made | Rest:
    """Send a write through its fence. Raises rights.Stopped."""
    try:
        with metered() as meter:
            request = await sending.ready(doors, account, task, part)
    except NoFile as no_file:
        await booking.is_not_ready(doors, task, part, no_file, meter)
        return Rest(TaskState.FAILED, no_file.code)
    except errors.XError as error:
        await booking.is_not_ready(doors, task, part, error, meter)
        return await _nothing_done(doors, task, account, write, error)
    await booking.is_ready(doors, task, part)
    # Once more: files can take longer to upload than what Telegram said is believed.
    await rights.ensure(doors, task)
    fence = Fence(doors, task, part.number)
    try:
        made = await fence.passed_by(request)
    except HeldBack:
        return await _held_back(doors, task, part)
    except errors.XError as error:
        if isinstance(error, errors.Unknown) or (error.code == "duplicate" and write.attempts):
            return await _unknown(doors, task, part, fence.attempt or write.attempts)
        return await _nothing_done(doors, task, account, write, error, attempt=fence.attempt)
    return await _accepted(doors, task, account, part, made)


async def _held_back(doors: Doors, task: Task, part: Part) -> Made | Rest:
    """Say why the fence did not open: it is over, another sends it, or it may not go out now."""
    async with doors.db.begin() as session:
        write = await writes.get(session, task.id, part.number)
        person = await people.get(session, task.person_id)
    if write is not None and write.state in _MAY_BE_OUT:
        return settle.looking(doors)
    if write is not None and write.state != WriteState.PREPARED:
        return _settled(write)
    wait = retry.wait_after(task.attempts)
    if wait is None or person is None or person.state == PersonState.BANNED:
        return Rest(TaskState.FAILED, "not_sent")
    # Held meanwhile, or no earlier task's turn any more: the next claim says which.
    return Rest(TaskState.DUE, wake_at=doors.clock() + wait)


async def _accepted(doors: Doors, task: Task, account: Account, part: Part, made: Made) -> Made:
    now = doors.clock()
    async with doors.db.begin() as session:
        await writes.accepted(session, task.id, part.number, x_post_id=made, now=now)
        await connections.used(session, account.connection.id, now)
        await holds.answered(session, task.id, now=now)
        await booking.done(session, doors, task, account.connection, part)
    return made


async def _unknown(doors: Doors, task: Task, part: Part, attempt: int) -> Rest:
    """X may have done it: nothing is sent again before a look, unless repeating does no harm."""
    async with doors.db.begin() as session:
        await writes.unknown(session, task.id, part.number, attempt=attempt)
    if KINDS[task.kind].settle is not Settle.REPEAT:
        return settle.looking(doors)
    wait = retry.wait_after(task.attempts)
    if wait is None:
        code = "deletion_unknown" if task.kind == DELETION.name else "deed_unknown"
        return Rest(TaskState.FAILED, code)
    return Rest(TaskState.DUE, "x_unavailable", wake_at=doors.clock() + wait)


async def _nothing_done(
    doors: Doors,
    task: Task,
    account: Account,
    write: Write,
    error: errors.XError,
    *,
    attempt: int | None = None,
) -> Rest:
    """X surely did nothing: wait and send later, or fail and say why. `attempt` None: nothing was sent."""
    key = (task.id, write.part)
    async with doors.db.begin() as session:
        waiting = await parking.wait(session, doors, task, account, error)
        if attempt is not None:
            await writes.take_back(session, *key, attempt=attempt)
        if waiting is not None:
            return waiting
        await writes.refused(session, *key, attempt=write.attempts, code=error.code)
        if isinstance(error, errors.Refused):
            await holds.answered(session, task.id, now=doors.clock())
    return Rest(TaskState.FAILED, error.code, error.detail)
