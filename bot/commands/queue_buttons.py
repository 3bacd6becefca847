"""The buttons of what is planned, and of its schedule: edit, post now, skip, pause, resume, delete.

And the words that answer them. Which row may be pressed, and when: plan_buttons.py.
"""

from typing import Any

from bot.commands import (
    alike,
    asked,
    card,
    group_posting,
    missed_card,
    plan_card,
    planning,
    tweet_buttons,
)
from bot.commands.logged import note
from bot.commands.plan_buttons import GUARD, PLANNED, move_on, move_to, schedule_of
from bot.commands.task_buttons import make_due
from bot.turn import Answer, Command, Turn
from storage import missed as missed_tasks
from storage import schedules, tasks
from storage.db import Session
from storage.tables import ScheduleState, Task, TaskState
from tasks import waking
from tasks.acts import Act
from texts.reply import Card, Refusal, Reply, Toast
from twitter import text


@GUARD.work(*PLANNED)
async def edit(turn: Turn, session: Session, task: Task) -> Answer:
    """Edit: the next words are the new text, of this one or of the schedule; a group's is a draft again."""
    if not turn.chat.private:
        return await _as_draft_again(turn, session, task)
    if task.state != TaskState.SCHEDULED:
        raise Refusal("button.stale")
    extra = turn.press.extra if turn.press else ""
    await asked.ask(session, turn, "edit_all" if extra == "all" else "edit", task.id)
    facts = {"text": task.text or ""}
    shown = await card.of(session, turn.doors, task)
    return [shown, Reply("tweet.ask_new_text", facts, ask="tweet.ask_text_hint", fresh=True)]


async def _as_draft_again(turn: Turn, session: Session, task: Task) -> Answer:
    """Give what a group has planned back to its author: what was approved is approved as it was only."""
    await tasks.lock_drafts(session, task.person_id)
    aside = await tasks.set_aside_draft(session, chat_id=task.chat_id, person_id=task.person_id)
    left = {"wake_at": None, "content_hash": None, "outcome": None, "told_at": None}
    draft = await move_on(session, task, to=TaskState.DRAFT, asked=None, **left)
    cards: Answer = [await card.of(session, turn.doors, each) for each in (aside, draft) if each]
    await note(session, turn, draft, Act.EDITED)
    return cards


@GUARD.work(*PLANNED)
async def post_now(turn: Turn, session: Session, task: Task) -> Answer:
    """Post now: what was planned, or missed, is due; its schedule goes on without it.

    A group's was approved for its moment, so it may go out later but not before.
    """
    if not turn.chat.private and task.state != TaskState.MISSED:
        raise Refusal("button.stale")
    await tweet_buttons.refuse_unless_ready(session, task, turn.person, now=turn.now)
    await waking.follow(session, task, turn.now)
    was_missed = task.state == TaskState.MISSED
    await group_posting.again(session, turn, task)
    due = await make_due(session, task, turn)
    if was_missed and due.state == TaskState.DUE:
        await missed_tasks.forget_cards(session, [task.id])
    shown = await card.of(session, turn.doors, due, fresh=was_missed)
    return [*await missed_card.rest(session, turn, was_missed and turn.chat.private), shown]


@GUARD.work(TaskState.SCHEDULED)
async def skip(turn: Turn, session: Session, task: Task) -> Answer:
    """Skip once: the schedule's next task waits for the occurrence after."""
    schedule = await schedule_of(session, task)
    last = await schedules.last_occurrence(session, schedule.id)
    after = waking.next_after(schedule, max(turn.now, last or turn.now))
    if last != task.occurrence_at or after is None:
        moved = await move_on(session, task, to=TaskState.CANCELLED, wake_at=None)
    else:
        moved = await move_on(session, task, due_at=after, occurrence_at=after, wake_at=after)
    return [Toast("plan.skipped_once"), await card.of(session, turn.doors, moved)]


@GUARD.work(TaskState.SCHEDULED)
async def pause(turn: Turn, session: Session, task: Task) -> Answer:
    """Pause a schedule: what it has planned waits for Resume, not for its moment."""
    schedule = await schedule_of(session, task)
    await schedules.change(session, schedule.id, state=ScheduleState.PAUSED)
    await schedules.hold(session, schedule.id)
    return await _shown_anew(turn, session, task)


@GUARD.work(TaskState.SCHEDULED)
async def resume(turn: Turn, session: Session, task: Task) -> Answer:
    """Resume a schedule; what it would have posted meanwhile was paused, not missed."""
    schedule = await schedule_of(session, task)
    last = await schedules.last_occurrence(session, schedule.id)
    after = waking.next_after(schedule, max(turn.now, last or turn.now))
    await schedules.change(session, schedule.id, state=ScheduleState.ACTIVE)
    await schedules.go_on(session, schedule.id, newest=last, after=after, now=turn.now)
    return await _shown_anew(turn, session, task)


async def _shown_anew(turn: Turn, session: Session, task: Task) -> Answer:
    now = await tasks.get(session, task.id) or task
    return [await card.of(session, turn.doors, now)]


@GUARD.work(TaskState.SCHEDULED)
async def missed_policy(turn: Turn, session: Session, task: Task) -> Answer:
    """If missed: show what may be chosen, or take what was."""
    schedule = await schedule_of(session, task)
    chosen = turn.press.extra if turn.press else ""
    if chosen not in plan_card.POLICIES:
        shown = plan_card.of_policies(task, schedule)
        return [Reply(shown.key, shown.facts, shown.buttons, card=Card("task", task.id))]
    await schedules.change(session, schedule.id, missed=chosen)
    moved = await move_on(session, task)
    return [await card.of(session, turn.doors, moved)]


@GUARD.button(TaskState.SCHEDULED)
async def delete(turn: Turn, task: Task) -> Answer:
    """Delete: ask first."""
    async with turn.begin() as session:
        shown = await plan_card.of_delete_question(session, turn.doors, task)
    return [Reply(shown.key, shown.facts, shown.buttons, card=Card("task", task.id))]


@GUARD.work(*PLANNED)
async def delete_surely(turn: Turn, session: Session, task: Task) -> Answer:
    """Delete it: this one, or the schedule with all it has planned. It can be brought back as a draft."""
    if turn.press and turn.press.extra == "all":
        schedule = await schedule_of(session, task)
        await schedules.end(session, schedule.id)
        return await _shown_anew(turn, session, task)
    await waking.follow(session, task, turn.now)
    was_missed = task.state == TaskState.MISSED
    anew: dict[str, Any] = {"card_message_id": None} if was_missed else {}
    moved = await move_on(session, task, to=TaskState.CANCELLED, wake_at=None, outcome=None, **anew)
    shown = await card.of(session, turn.doors, moved, fresh=was_missed)
    rest = await missed_card.rest(session, turn, was_missed and turn.chat.private)
    await note(session, turn, moved, Act.CANCELLED)
    return [*rest, shown]


async def words(turn: Turn, question: asked.Question) -> Answer | None:
    """Take a new text or a new time of something planned. None: another question was asked."""
    if question.what == "move":
        return await _take_time(turn, question)
    if question.what in ("edit", "edit_all"):
        return await _take_text(turn, question)
    return None


async def _take_time(turn: Turn, question: asked.Question) -> Answer:
    async with turn.work() as session:
        task = await _asked_about(session, turn, question, *PLANNED)
        at = await planning.read_moment(session, turn, task, turn.message.text)
        answer = await move_to(turn, session, task, at)
        await asked.taken(session, turn, task.id)
        return answer


async def _take_text(turn: Turn, question: asked.Question) -> Answer:
    """Take the new text of what is planned, if it could go out as it is."""
    said = text.normalise(turn.message.text)
    async with turn.work() as session:
        task = await _asked_about(session, turn, question, TaskState.SCHEDULED)
        await planning.refuse_problems(session, task, said)
        await alike.refuse_elsewhere(session, task, now=turn.now, words=said)
        if question.what == "edit_all":
            schedule = await schedule_of(session, task)
            await schedules.replace_text(session, schedule, task.text, said)
        moved = await move_on(session, task, text=said)
        await asked.taken(session, turn, task.id)
        return [await card.of(session, turn.doors, moved, fresh=True)]


async def _asked_about(session: Session, turn: Turn, question: asked.Question, *states: TaskState) -> Task:
    task = await tasks.get(session, question.row, person_id=turn.person.id, lock=True)
    if task is None or task.state not in states:
        raise Refusal("plan.too_late")
    return task


VERBS: dict[str, Command] = {
    "p_edit": edit,
    "p_now": post_now,
    "p_skip": skip,
    "p_pause": pause,
    "p_resume": resume,
    "p_late": missed_policy,
    "p_del": delete,
    "p_del2": delete_surely,
}
