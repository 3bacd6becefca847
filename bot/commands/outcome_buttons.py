"""The buttons of a tweet that went out, or did not: try again, settle what is unknown, delete."""

from bot.commands import approval_card, card, deed, deed_card, group_posting, thread_card
from bot.commands.task_buttons import guard, make_due
from bot.turn import Answer, Command, Turn
from storage import runs, tasks, writes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds, outcomes
from texts.reply import Refusal

#: A deletion that is asked for anew when it stands like this.
_ONCE_MORE = (TaskState.FAILED, TaskState.CANCELLED, TaskState.EXPIRED, TaskState.REJECTED)


@guard.work(TaskState.FAILED)
async def retry(turn: Turn, session: Session, task: Task) -> Answer:
    """Try again: what X refused, or could not take, is due again."""
    await group_posting.again(session, turn, task)
    await writes.reopen(session, task.id)
    return [await card.of(session, turn.doors, await make_due(session, task, turn))]


@guard.work(TaskState.ASKING)
async def it_is_there(turn: Turn, session: Session, task: Task) -> Answer:
    """Settle an unknown outcome: the person looked at X and found it; a thread goes on behind it."""
    await writes.seen(session, task.id, now=turn.now)
    if len(await tasks.parts(session, task)) > 1:
        return [await card.of(session, turn.doors, await make_due(session, task, turn))]
    moved = await tasks.move(
        session,
        task.id,
        version=task.version,
        states=(TaskState.ASKING,),
        to=TaskState.DONE,
        outcome="seen",
        finished_at=turn.now,
    )
    shown = await card.of(session, turn.doors, moved or task)
    if moved is not None:
        await outcomes.note(session, turn.doors.vault, moved, at=turn.now, by=turn.person.id)
    return [shown]


@guard.work(TaskState.ASKING)
async def send_again(turn: Turn, session: Session, task: Task) -> Answer:
    """Settle an unknown outcome: the person did not find the tweet on X, it may be sent once more."""
    await group_posting.again(session, turn, task)
    await writes.reopen_unseen(session, task.id)
    return [await card.of(session, turn.doors, await make_due(session, task, turn))]


@guard.button(TaskState.DONE, TaskState.FAILED)
async def delete(turn: Turn, task: Task) -> Answer:
    """Delete: ask before a tweet, or what is out of a thread, is taken from X."""
    async with turn.begin() as session:
        return [await card.of_deletion_question(session, task)]


@guard.work(TaskState.DONE, TaskState.FAILED)
async def delete_surely(turn: Turn, session: Session, task: Task) -> Answer:
    """Delete it: a task of its own takes the tweet, or the thread, from X, shown in the same card."""
    posted = await thread_card.out(session, task)
    if not posted:
        raise Refusal("button.stale")
    known = await tasks.deletion_of(session, posted[0], person_id=task.person_id)
    if known is not None and known.chat_id != task.chat_id and known.state in _ONCE_MORE:
        # Tried elsewhere, by other rights.
        known = None
    known = known or await deed_card.of_same_message(session, task, kinds.DELETION)
    deletion = known or await tasks.begin_deletion(
        session, task, post_ids=posted, by=turn.person.id, now=turn.now
    )
    if known is not None and known.state not in _ONCE_MORE:
        return [await card.of(session, turn.doors, known)]
    if known is not None:
        await writes.reopen(session, deletion.id)
        due = await runs.make_due(
            session, deletion.id, version=deletion.version, states=(deletion.state,), now=turn.now
        )
        deletion = due or deletion
    deletion = await group_posting.at_once(session, turn, deletion)
    await deed.enqueue(session, turn, deletion)
    return [await card.of(session, turn.doors, deletion), *await approval_card.call(session, deletion)]


VERBS: dict[str, Command] = {
    "retry": retry,
    "there": it_is_there,
    "again": send_again,
    "delete": delete,
    "delete2": delete_surely,
}
