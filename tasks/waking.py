"""Taking up what is planned: the schedule's next task is made, and what is reached too late is missed."""

from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from storage import grants, holds, runs, schedules
from storage import missed as missed_tasks
from storage.db import Session
from storage.tables import Schedule, ScheduleState, Task
from tasks import approval
from tasks import schedule as rules
from tasks.lateness import Missed, is_missed
from tasks.quiet import quiet_until
from tasks.schedule import Rule

#: A promised task reached later than this after its moment does not go out as if nothing had happened.
GRACE = timedelta(minutes=5)
#: A schedule catches up with so many occurrences in one transaction; the last of them brings on the rest.
CATCH_UP = 200


async def take_up(session: Session, task: Task, now: datetime) -> Task | None:
    """Take up a locked task whose moment has come; gives its next run, to be given to the engine.

    None: it was missed, or moved on. A schedule gets its next task in the same transaction.
    """
    await follow(session, task, now)
    if await miss(session, task, now):
        return None
    return await runs.next_run(session, task)


async def follow(session: Session, task: Task, now: datetime) -> None:
    """Make what comes after a schedule's newest task, up to the first that is not over yet.

    The task must be locked. What comes after is made once, whoever asks.
    """
    if not await _is_newest(session, task):
        # Not even locked: two who lock the schedules of many tasks would wait for each other in a circle.
        return
    schedule = await schedules.get(session, task.schedule_id, lock=True)
    last = task.occurrence_at
    if schedule is None or last is None or schedule.state == ScheduleState.ENDED:
        return
    if not await _is_newest(session, task):
        return
    # A paused one misses nothing, nor does one that reads: only what comes next is made.
    skips = task.reads or schedule.state != ScheduleState.ACTIVE
    since = max(last, now) if skips else last
    coming = Rule.read(schedule.rule).after(since, ZoneInfo(schedule.zone))
    for number, one in enumerate(islice(coming, CATCH_UP), 1):
        made = await schedules.add_occurrence(session, schedule, one.at, now=now, reads=task.reads)
        if one.at > now:
            return
        if made is not None and number < CATCH_UP:
            await miss(session, made, now)


async def _is_newest(session: Session, task: Task) -> bool:
    """Say whether a task is the last that its schedule has made so far."""
    if task.schedule_id is None or task.occurrence_at is None:
        return False
    return await schedules.last_occurrence(session, task.schedule_id) == task.occurrence_at


async def miss(session: Session, task: Task, now: datetime) -> bool:
    """Let a promised task that is reached too late rest as missed, unless its schedule posts late.

    False: it goes on. So does one of which X may have something, and one that only reads.
    """
    if task.reads or not task.promised or task.due_at is None or not is_missed(task.due_at, now, GRACE):
        return False
    if not is_missed(await _after_quiet_hours(session, task, task.due_at), now, GRACE):
        return False
    if await missed_tasks.may_be_out(session, task.id):
        return False
    schedule = await schedules.get(session, task.schedule_id)
    policy = Missed.read(schedule.missed) if schedule else Missed("ask")
    if policy.still_goes(task.due_at, now):
        return False
    missed = await missed_tasks.miss(session, task, skipped=policy.policy == "skip")
    if missed is not None:
        await holds.pass_on(session, task.id, now=now)
        await runs.wake_waiting(session, task.connection_id, now=now)
    return missed is not None


async def _after_quiet_hours(session: Session, task: Task, moment: datetime) -> datetime:
    """Say when a task could go out at the earliest: of a group's, quiet hours hold it."""
    grant = await grants.of_task(session, task)
    if grant is None:
        return moment
    policy = approval.policy_of(grant)
    return quiet_until(policy.quiet, moment, policy.clock) or moment


def next_after(schedule: Schedule, moment: datetime) -> datetime | None:
    """Say when a schedule is due next, strictly after (UTC). None: never again."""
    return rules.next_after(Rule.read(schedule.rule), ZoneInfo(schedule.zone), moment)
