"""Carries a reading task out: one request, its answer kept as pages, and what is new of a watch shown.

What each kind asks X for stands in looks.py. A page that is kept is never asked for again.
"""

import functools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage import at_once, connections, holds, pages, people, schedules, tasks
from storage.db import Session
from storage.tables import PersonState, Task, TaskState
from tasks import booking, found, looks, parking
from tasks.account import Account
from tasks.doors import Doors, Rest
from tasks.found import Item
from tasks.kinds import KINDS
from tasks.looks import Aim, Found
from tasks.parameters import Look
from twitter import errors

#: So many new posts of a watch are shown each by itself; the others as a list.
ALONE_MAX = 5


async def look(doors: Doors, task: Task, account: Account) -> Rest:
    """Fetch the page a task shows, unless it is kept already; gives where the task rests. Commits."""
    async with doors.db.begin() as session:
        aim = await _aim(session, task)
    if isinstance(aim, Rest):
        return aim
    try:
        ask = functools.partial(_ask, doors, task, account, aim)
        sure, came = await booking.read(doors, task, account.connection, looks.at_most(task), ask)
    except booking.TooDear as too_dear:
        return replace(await cannot(doors, task, booking.OVER_CAP), detail=too_dear.rest.detail)
    except errors.XError as error:
        return await _not_read(doors, task, account, error)
    alone, rest = await _keep(doors, task, account, sure, came)
    for shown in alone:
        await doors.tell(shown)
    return rest


async def _ask(doors: Doors, task: Task, account: Account, aim: Aim) -> tuple[Aim, Found]:
    user_id = aim.user_id or await looks.whose(doors, account, aim.look)
    aim = replace(aim, user_id=user_id)
    return aim, await looks.ask(doors, account, task, aim)


async def _aim(session: Session, task: Task) -> Aim | Rest:
    """Say what to ask X for; or where the task rests, because nothing is to be asked."""
    wish = Look.read(task.parameters)
    kept = await pages.get(session, task.id, task.page)
    if kept is not None:
        return _rest(task, wish, task.page, pages.items_of(kept), kept.next_token)
    if looks.watches(task) and await _is_in_vain(session, task):
        return Rest(TaskState.DONE, pages.NOTHING_NEW, quiet=True)
    schedule = await schedules.get(session, task.schedule_id)
    user_id = task.target_user_id or (schedule.target_user_id if schedule else None) or ""
    before = await pages.get(session, task.id, task.page - 1) if task.page else None
    if before is None or before.next_token is None:
        wish = await _since(session, task, wish)
    token = before.next_token if before else None
    begins = schedule is not None and (looks.watches(task) or token is not None)
    start = schedule.created_at if schedule and begins and wish.since_id is None else None
    return Aim(wish, user_id, token, start if _has_time(task.kind, wish) else None)


async def _is_in_vain(session: Session, task: Task) -> bool:
    """Say whether a later look asks for everything since, or nobody is there to hear what is new."""
    person = await people.get(session, task.person_id)
    is_there = person is not None and person.state == PersonState.ACTIVE
    return not is_there or await schedules.is_overtaken(session, task)


async def _since(session: Session, task: Task, wish: Look) -> Look:
    """Let a look begin behind the newest it has shown, if it is for what is new."""
    if not _has_time(task.kind, wish) or not (wish.only_new or looks.watches(task)):
        return wish
    newest = await pages.newest(session, task, wish.same_look())
    return replace(wish, since_id=newest or (None if wish.only_new else wish.since_id))


def _has_time(kind: str, wish: Look) -> bool:
    return kind in looks.BY_TIME and wish.sort != "relevancy"


async def _keep(
    doors: Doors, task: Task, account: Account, aim: Aim, came: Found
) -> tuple[Sequence[str], Rest]:
    """Keep what came, once; gives the cards of posts to be shown alone, and where the task rests."""
    now, number = doors.clock(), task.page if aim.token else 0
    alone, listed = _parted(task, aim.look, number, came.items)
    cards: list[str] = []
    async with doors.db.begin() as session:
        row = await tasks.get(session, task.id, lock=True)
        if row is not None and await pages.get(session, task.id, number) is None:
            await _put(session, row, replace(came, items=listed), aim, now)
            if number == 0 and came.newest_id and _is_up_to_now(task.kind, aim.look):
                await pages.shown_up_to(session, row, aim.look.same_look(), came.newest_id, now=now)
            cards = [(await at_once.show_post(session, row, item, now=now)).id for item in reversed(alone)]
        await connections.used(session, account.connection.id, now)
        await holds.answered(session, task.id, now=now)
    rest = _rest(task, aim.look, number, listed, came.next_token)
    return cards, replace(rest, outcome=KINDS[task.kind].done) if alone else rest


def _parted(
    task: Task, wish: Look, number: int, items: Sequence[Item]
) -> tuple[Sequence[Item], Sequence[Item]]:
    """Part a watch's new posts: those that are shown each by itself, and the others."""
    if not looks.watches(task) or task.kind not in looks.POSTS or wish.only_ids or number:
        return (), items
    return items[:ALONE_MAX], items[ALONE_MAX:]


def _is_up_to_now(kind: str, wish: Look) -> bool:
    return _has_time(kind, wish) and wish.max_id is None and wish.until is None


async def _put(session: Session, task: Task, came: Found, aim: Aim, now: datetime) -> None:
    """Keep pages of one screen each, and what the next request has to ask again in the same way."""
    number = task.page if aim.token else 0
    screens = found.screens(task.kind, came.items, only_ids=aim.look.only_ids)
    for at, screen in enumerate(screens):
        last = at == len(screens) - 1
        token = came.next_token if last else None
        await pages.put(session, task.id, number + at, screen, next_token=token, now=now)
    noted: dict[str, Any] = {"page": number, "parameters": aim.look.written()}
    if aim.look.username:
        noted["target_user_id"] = aim.user_id
        if schedule := await schedules.get(session, task.schedule_id, lock=True):
            schedule.target_user_id = aim.user_id
    if task.kind == "get" and came.items:
        noted["target_post_id"] = came.items[0]["id"]
    await at_once.note(session, task.id, **noted)


def _rest(task: Task, wish: Look, number: int, items: Sequence[Item], next_token: str | None) -> Rest:
    """Say where a task rests whose page is kept: a watch that found nothing keeps silent."""
    is_empty = not items and number == 0
    if looks.watches(task) and is_empty and next_token is None:
        return Rest(TaskState.DONE, pages.NOTHING_NEW, quiet=True)
    if is_empty and wish.only_new and wish.since_id:
        return Rest(TaskState.DONE, pages.NOTHING_NEW)
    return Rest(TaskState.DONE, KINDS[task.kind].done)


async def _not_read(doors: Doors, task: Task, account: Account, error: errors.XError) -> Rest:
    """Wait and look later, or fail and say why. A watch's waits are silent: parks are told by themselves."""
    watches = looks.watches(task)
    if isinstance(error, errors.SlowDown):
        # Another limit than that of sending: nobody else waits for it.
        return Rest(TaskState.DUE, error.code, wake_at=error.until, again=True, quiet=watches)
    async with doors.db.begin() as session:
        waiting = await parking.wait(session, doors, task, account, error)
        if waiting is not None:
            return replace(waiting, quiet=watches)
        if isinstance(error, errors.Refused):
            await holds.answered(session, task.id, now=doors.clock())
        is_known = watches and await _failed_before(session, task, error.code)
    return Rest(TaskState.FAILED, error.code, error.detail, quiet=is_known)


async def cannot(doors: Doors, task: Task, code: str) -> Rest:
    """Fail without asking X, for what is wrong with the connection; a watch says so once."""
    async with doors.db.begin() as session:
        is_known = looks.watches(task) and await _failed_before(session, task, code)
    return Rest(TaskState.FAILED, code, quiet=is_known)


async def _failed_before(session: Session, task: Task, code: str) -> bool:
    """Say whether a watch's last look failed for the same reason: that was told."""
    before = await schedules.one_before(session, task)
    return before is not None and before.state == TaskState.FAILED and before.outcome == code
