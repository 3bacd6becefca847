"""Handing a draft off: the person finishes it in the X app, for free; and looking first whether X lets it."""

from bot.commands import card, deed, group_posting
from bot.commands.task_buttons import guard, may_be_out
from bot.turn import Answer, Command, Turn
from storage import at_once, runs, tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds
from tasks.parameters import Extras
from texts.reply import Refusal


@guard.work(TaskState.DRAFT, TaskState.FAILED)
async def hand_off(turn: Turn, session: Session, task: Task) -> Answer:
    """Open in X: a draft, or what X refused, is the person's to finish; the bot sends nothing of it."""
    if task.kind not in (kinds.TWEET.name, kinds.MESSAGE.name) or await may_be_out(session, task):
        raise Refusal("button.stale")
    moved = await tasks.move(
        session,
        task.id,
        version=task.version,
        states=(task.state,),
        to=TaskState.HANDED_OFF,
        asked=None,
        wake_at=None,
        finished_at=turn.now,
    )
    await runs.wake_waiting(session, task.connection_id, now=turn.now)
    return [await card.of(session, turn.doors, moved or task)]


@guard.work(TaskState.DRAFT)
async def look_first(turn: Turn, session: Session, task: Task) -> Answer:
    """Look whether it may: the answered post is fetched and shown, and the draft's card then says."""
    post_id = Extras.read(task.parameters).reply_to
    if post_id is None:
        raise Refusal("button.stale")
    shown, is_new = await at_once.begin(
        session,
        person_id=task.person_id,
        chat_id=task.chat_id,
        message_id=task.source_message_id,
        kind=kinds.GET.name,
        connection_id=await deed.usable_or_refuse(session, turn, task.connection_id),
        now=turn.now,
        reads=True,
        target_post_id=post_id,
        thread_id=task.thread_id,
    )
    if is_new:
        await group_posting.at_once(session, turn, shown)
        await turn.doors.engine.enqueue(session, shown)
    return [await card.of(session, turn.doors, shown, fresh=is_new)]


VERBS: dict[str, Command] = {"handoff": hand_off, "h_look": look_first}
