"""The buttons of a draft's options: who may reply, and the marks. Each changes the draft as it was shown."""

from dataclasses import replace
from typing import Any

from bot.commands import extras_card, preview
from bot.commands.task_buttons import guard
from bot.turn import Answer, Command, Turn
from storage import tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds
from tasks.parameters import Extras
from texts.reply import Card, Fact, Refusal, Reply


async def _panel(session: Session, task: Task) -> Answer:
    if task.kind != kinds.TWEET.name:
        raise Refusal("button.stale")
    facts: dict[str, Fact] = {
        "username": await preview.username_of(session, task),
        "notes": extras_card.notes(Extras.read(task.parameters)),
    }
    rows = extras_card.panel(task)
    return [Reply("extras.panel", facts, rows, card=Card("task", task.id, task.version))]


@guard.button(TaskState.DRAFT)
async def options(turn: Turn, task: Task) -> Answer:
    """Options: show in the draft's card what may be set beside its text."""
    async with turn.begin() as session:
        return await _panel(session, task)


async def _set(session: Session, task: Task, **changes: Any) -> Answer:
    changed = replace(Extras.read(task.parameters), **changes).written()
    after = await tasks.change_draft(session, task.id, version=task.version, parameters=changed)
    return await _panel(session, after or task)


@guard.work(TaskState.DRAFT)
async def who_may_reply(turn: Turn, session: Session, task: Task) -> Answer:
    """Let everybody reply to a draft once it is out, or only some."""
    who = turn.press.extra if turn.press else ""
    if who not in extras_card.WHO_MAY_REPLY:
        raise Refusal("button.stale")
    return await _set(session, task, reply_settings=None if who == extras_card.EVERYBODY else who)


@guard.work(TaskState.DRAFT)
async def paid_partnership(turn: Turn, session: Session, task: Task) -> Answer:
    """Paid partnership: put the mark on, or take it off."""
    del turn
    return await _set(session, task, paid_partnership=not Extras.read(task.parameters).paid_partnership)


@guard.work(TaskState.DRAFT)
async def made_with_ai(turn: Turn, session: Session, task: Task) -> Answer:
    """Made with AI: put the mark on, or take it off."""
    del turn
    return await _set(session, task, made_with_ai=not Extras.read(task.parameters).made_with_ai)


VERBS: dict[str, Command] = {
    "x_options": options,
    "x_reply": who_may_reply,
    "x_paid": paid_partnership,
    "x_ai": made_with_ai,
}
