"""The buttons that plan a draft, and move what is planned: each checks the row as it was shown.

Each locks the task, then its schedule: so does the worker that takes the task up.
"""

from datetime import datetime
from typing import Any

from bot.commands import (
    asked,
    card,
    duplicates,
    group_posting,
    missed_card,
    plan_card,
    planning,
    press,
    pressed_task,
    preview,
    tweet_buttons,
)
from bot.turn import Answer, Command, Turn
from storage import schedules, tasks
from storage.db import Session
from storage.tables import Schedule, ScheduleState, Task, TaskState
from tasks import waking
from texts.reply import Card, Refusal, Reply, Toast

#: What may be moved to another moment, posted now, or deleted.
PLANNED = (TaskState.SCHEDULED, TaskState.MISSED)


async def _as_it_is(turn: Turn, row: Task) -> Answer:
    async with turn.begin() as session:
        task = await pressed_task.now(session, row)
        return [await card.of(session, turn.doors, task)]


GUARD = press.Guard(find=pressed_task.find, stands=lambda task: (task.state, task.version), show=_as_it_is)


async def move_on(
    session: Session, task: Task, *states: TaskState, to: TaskState = TaskState.SCHEDULED, **values: Any
) -> Task:
    """Move the pressed task on, as it was shown. Raises Refusal where somebody was faster."""
    moved = await tasks.move(
        session, task.id, version=task.version, states=states or (task.state,), to=to, **values
    )
    if moved is None:
        raise Refusal("button.stale")
    return moved


async def schedule_of(session: Session, task: Task) -> Schedule:
    """Find and lock the schedule of a task. Raises Refusal where it has none."""
    found = await schedules.get(session, task.schedule_id, lock=True)
    if found is None:
        raise Refusal("button.stale")
    return found


@GUARD.work(TaskState.DRAFT)
async def later(turn: Turn, session: Session, task: Task) -> Answer:
    """Later: ask when a draft shall go out."""
    changed = await tasks.change_draft(
        session, task.id, version=task.version, promised=True, asked=planning.WHEN
    )
    return [await card.of(session, turn.doors, changed or task)]


@GUARD.work(TaskState.DRAFT, *PLANNED)
async def when(turn: Turn, session: Session, task: Task) -> Answer:
    """Take a moment a button offers, or ask for one: of a draft, or of what is planned or missed."""
    extra = turn.press.extra if turn.press else ""
    if task.state != TaskState.DRAFT and not turn.chat.private:
        # What was approved for one moment is not moved to another: Edit makes it a draft again.
        raise Refusal("button.stale")
    if extra in planning.QUICK:
        return await _at_a_button(turn, session, task, extra)
    if task.state != TaskState.DRAFT:
        return await _ask_to_move(turn, session, task, typed=extra == "other")
    is_unread = task.asked == planning.UNREAD
    changes: dict[str, Any] = {"asked": planning.UNREAD if is_unread else planning.WHEN}
    if extra == "back":
        changes = {"asked": None, "promised": task.due_at is not None}
    changed = await tasks.change_draft(session, task.id, version=task.version, **changes)
    shown = await card.of(session, turn.doors, changed or task)
    return [shown, _typed()] if extra == "other" else [shown]


async def _at_a_button(turn: Turn, session: Session, task: Task, which: str) -> Answer:
    person = await planning.person_of(session, task)
    at = planning.quick(which, person, turn.now)
    if at is None:
        raise Refusal("plan.over_today")
    if task.state != TaskState.DRAFT:
        return await move_to(turn, session, task, at)
    changed = await tasks.change_draft(
        session,
        task.id,
        version=task.version,
        due_at=at,
        asked=None,
        schedule_id=None,
        occurrence_at=None,
    )
    return [await card.of(session, turn.doors, changed or task)]


async def _ask_to_move(turn: Turn, session: Session, task: Task, *, typed: bool) -> Answer:
    await asked.ask(session, turn, "move", task.id)
    if typed:
        return [_typed()]
    question = plan_card.when_question(task, await preview.draft_of(session, task))
    rows = (*question.buttons[:-1], preview.back(task))
    return [Reply(question.key, question.facts, rows, card=Card("task", task.id))]


def _typed() -> Reply:
    return Reply("plan.ask_typed", ask="plan.ask_typed_hint", fresh=True)


async def move_to(turn: Turn, session: Session, task: Task, at: datetime) -> Answer:
    """Plan a task for another moment; its schedule goes on without it."""
    await waking.follow(session, task, turn.now)
    was_missed = task.state == TaskState.MISSED
    anew: dict[str, Any] = {"card_message_id": None, "outcome": None, "told_at": None} if was_missed else {}
    moved = await move_on(session, task, due_at=at, wake_at=at, promised=True, **anew)
    await asked.withdraw(session, turn)
    shown = await card.of(session, turn.doors, moved, fresh=was_missed)
    return [*await missed_card.rest(session, turn, was_missed), shown]


@GUARD.work(TaskState.DRAFT)
async def plan(turn: Turn, session: Session, task: Task) -> Answer:
    """Schedule: the draft, as it was shown, waits for its moment."""
    await tweet_buttons.refuse_unless_ready(session, task, turn.person, now=turn.now)
    if not task.promised or task.due_at is None:
        raise Refusal("button.stale")
    if not turn.chat.private:
        await group_posting.refuse_unless_granted(session, turn, task)
    if repeats := await duplicates.question(session, turn, task):
        return [repeats]
    if not turn.chat.private:
        return await tweet_buttons.post_in_group(turn, session, task)
    if task.schedule_id is not None:
        return await _plan_again(turn, session, task)
    if task.occurrence_at is not None:
        return await _plan_for_a_slot(turn, session, task)
    if task.due_at <= turn.now:
        raise Refusal("plan.is_over")
    moved = await move_on(session, task, TaskState.DRAFT, wake_at=task.due_at, asked=None)
    return [await card.of(session, turn.doors, moved)]


async def _plan_for_a_slot(turn: Turn, session: Session, task: Task) -> Answer:
    """Take the slot that was shown; should it be gone, show the next free one instead."""
    await tasks.lock_drafts(session, turn.person.id)
    person = await planning.person_of(session, task)
    taken = await schedules.planned_at(session, person.id)
    if task.due_at is None or task.due_at <= turn.now or task.due_at in taken:
        free = await planning.next_free(session, person, turn.now)
        changed = await tasks.change_draft(session, task.id, due_at=free, occurrence_at=free)
        return [Toast("plan.slot_taken", alert=True), await card.of(session, turn.doors, changed or task)]
    moved = await move_on(session, task, TaskState.DRAFT, wake_at=task.due_at, asked=None)
    return [await card.of(session, turn.doors, moved)]


async def _plan_again(turn: Turn, session: Session, task: Task) -> Answer:
    """Put a schedule in force: the draft is its first task."""
    schedule = await schedule_of(session, task)
    last = await schedules.last_occurrence(session, schedule.id)
    if schedule.state == ScheduleState.PAUSED:
        # What it held goes on along with it, as Resume would let it.
        after = waking.next_after(schedule, max(turn.now, last or turn.now))
        await schedules.go_on(session, schedule.id, newest=last, after=after, now=turn.now)
        last = await schedules.last_occurrence(session, schedule.id)
    first = task.due_at
    if first is None or first <= turn.now or (last is not None and last != task.occurrence_at):
        first = waking.next_after(schedule, max(turn.now, last or turn.now))
    if first is None:
        raise Refusal("plan.trouble_never")
    await schedules.start(session, schedule, task)
    moved = await move_on(
        session, task, TaskState.DRAFT, due_at=first, occurrence_at=first, wake_at=first, asked=None
    )
    return [await card.of(session, turn.doors, moved)]


@GUARD.work(TaskState.DRAFT)
async def more(turn: Turn, session: Session, task: Task) -> Answer:
    """Add another text: ask for one that a schedule posts in turn."""
    if task.schedule_id is None:
        raise Refusal("button.stale")
    changed = await tasks.change_draft(session, task.id, version=task.version, asked="more")
    shown = await card.of(session, turn.doors, changed or task)
    return [shown, Reply("plan.ask_more", ask="tweet.ask_text_hint", fresh=True)]


VERBS: dict[str, Command] = {"later": later, "when": when, "plan": plan, "more": more}
