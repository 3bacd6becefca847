"""The task under whose card a button was pressed: in private chats the person's own, in groups by right."""

from bot.commands import allowed, in_groups
from bot.turn import Turn
from storage import tasks
from storage.db import Session
from storage.tables import Task
from tasks.permissions import ACTION_OF, Action
from tasks.policy import Asked
from texts.reply import Refusal


async def find(session: Session, turn: Turn, row: str) -> Task | None:
    """Find the task for this press alone: another on the same card waits until we commit. Raises Refusal.

    A task of another chat is none here: what a client makes up shows nobody what was said elsewhere.
    """
    task = await tasks.get(session, row, lock=True)
    if task is None or task.chat_id != turn.chat.id:
        return None
    if turn.chat.private:
        return task if task.person_id == turn.person.id else None
    action = in_groups.BUTTONS.get(turn.press.verb if turn.press else "")
    if action is None:
        raise Refusal("button.stale")
    if action is Action.ASK_READ and task.reads:
        action = await _of_look(session, task)
    await allowed.refuse_unless_may(session, turn, task, action)
    return task


async def _of_look(session: Session, task: Task) -> Action:
    """Say what the buttons under a look need: what it was asked for by, be it messages that are read."""
    asked = await allowed.asked_of(session, task) - {Asked.SCHEDULE}
    return next((ACTION_OF[each] for each in asked), Action.ASK_READ)


async def now(session: Session, row: Task) -> Task:
    """Read a task anew that `find` gave."""
    return await tasks.get(session, row.id) or row
