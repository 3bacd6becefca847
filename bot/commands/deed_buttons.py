"""The buttons of a shown tweet, and of deeds: each checks the row as it was shown, and asks once."""

from bot.commands import card, deed, deed_card, press
from bot.commands.task_buttons import guard, make_due
from bot.turn import Answer, Command, Turn
from storage import at_once, runs, tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds
from tasks.kinds import KINDS, Kind
from texts.reply import Refusal

#: What a button on a shown tweet asks for.
_OF_VERB = {"d_repost": kinds.REPOST, "d_like": kinds.LIKE}


async def _find(session: Session, turn: Turn, row: str) -> Task | None:
    return await tasks.get(session, row, person_id=turn.person.id, lock=True)


async def _as_it_is(turn: Turn, row: Task) -> Answer:
    """Show the card, and what a redelivered press had asked for on it."""
    async with turn.begin() as session:
        task = await tasks.get(session, row.id, person_id=turn.person.id) or row
        kind = _OF_VERB.get(turn.press.verb if turn.press else "")
        made = await deed_card.of_same_message(session, task, kind)
        shown: Answer = [await card.of(session, turn.doors, task)]
        if made is not None and turn.again:
            shown.append(await card.of(session, turn.doors, made))
        return shown


on_shown = press.Guard(find=_find, stands=lambda task: (task.state, task.version), show=_as_it_is)


def _act(kind: Kind) -> Command:
    """Make the button that does a deed on a shown tweet."""

    @on_shown.work(TaskState.DONE)
    async def command(turn: Turn, session: Session, shown: Task) -> Answer:
        post_id = await deed.id_of(session, shown)
        if post_id is None:
            raise Refusal("button.stale")
        task, is_new = await deed.begin(session, turn, kind, of=shown, target_post_id=post_id)
        return [await card.of(session, turn.doors, task, fresh=is_new)]

    return command


@guard.work(TaskState.DONE)
async def take_back(turn: Turn, session: Session, task: Task) -> Answer:
    """Undo: a task of its own takes a deed back, shown in the same card."""
    inverse = deed_card.BACK.get(task.kind)
    if inverse is None:
        raise Refusal("button.stale")
    back, is_new = await at_once.begin(
        session,
        person_id=task.person_id,
        chat_id=task.chat_id,
        message_id=task.source_message_id,
        kind=inverse.name,
        connection_id=task.connection_id,
        now=turn.now,
        target_post_id=task.target_post_id,
        target_user_id=task.target_user_id,
        parameters=task.parameters,
        card_message_id=task.card_message_id,
    )
    if is_new:
        await turn.doors.engine.enqueue(session, back)
    return [await card.of(session, turn.doors, back)]


@guard.work(TaskState.SCHEDULED)
async def withdraw(turn: Turn, session: Session, task: Task) -> Answer:
    """Undo in time: what was about to be done is not."""
    if task.promised:
        raise Refusal("button.stale")
    moved = await tasks.move(
        session,
        task.id,
        version=task.version,
        states=(TaskState.SCHEDULED,),
        to=TaskState.CANCELLED,
        wake_at=None,
    )
    await runs.wake_waiting(session, task.connection_id, now=turn.now)
    return [await card.of(session, turn.doors, moved or task)]


@guard.work(TaskState.CANCELLED)
async def do_after_all(turn: Turn, session: Session, task: Task) -> Answer:
    """Do it: what was taken back in time is due after all."""
    if KINDS[task.kind].reads or task.kind == kinds.TWEET.name:
        raise Refusal("button.stale")
    return [await card.of(session, turn.doors, await make_due(session, task, turn))]


VERBS: dict[str, Command] = {
    **{verb: _act(kind) for verb, kind in _OF_VERB.items()},
    "d_back": take_back,
    "d_drop": withdraw,
    "d_again": do_after_all,
}
