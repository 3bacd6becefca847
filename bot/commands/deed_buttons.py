"""The buttons of a shown tweet, and of deeds: each checks the row as it was shown, and asks once."""

from dataclasses import replace

from bot.commands import approval_card, card, deed, deed_card, group_posting, press, pressed_task, reply
from bot.commands.task_buttons import guard, make_due
from bot.turn import Answer, Command, Turn
from storage import at_once, runs, tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds, self_serve
from tasks.kinds import KINDS, Kind
from tasks.parameters import Extras, Look
from texts.reply import Refusal

#: What a button on a shown tweet asks for.
_OF_VERB = {"d_repost": kinds.REPOST, "d_like": kinds.LIKE}


async def _as_it_is(turn: Turn, row: Task) -> Answer:
    """Show the card, and what a redelivered press had asked for on it."""
    async with turn.begin() as session:
        task = await pressed_task.now(session, row)
        kind = _OF_VERB.get(turn.press.verb if turn.press else "")
        made = await deed_card.of_same_message(session, task, kind)
        deletion = await deed_card.of_same_message(session, task, kinds.DELETION)
        shown: Answer = [await card.of(session, turn.doors, deletion or task)]
        begun = await at_once.known(
            session, chat_id=task.chat_id, message_id=-turn.update_id, kind=kinds.TWEET.name
        )
        if turn.again:
            shown += [await card.of(session, turn.doors, each) for each in (made, begun) if each]
        return shown


on_shown = press.Guard(find=pressed_task.find, stands=lambda task: (task.state, task.version), show=_as_it_is)


def _act(kind: Kind) -> Command:
    """Make the button that does a deed on a shown tweet."""

    @on_shown.work(TaskState.DONE)
    async def command(turn: Turn, session: Session, shown: Task) -> Answer:
        post_id = await _post_id(session, shown)
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
        thread_id=task.thread_id,
    )
    if is_new:
        back = await group_posting.at_once(session, turn, back)
        await deed.enqueue(session, turn, back)
    call = await approval_card.call(session, back) if is_new else []
    return [await card.of(session, turn.doors, back), *call]


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


async def _post_id(session: Session, shown: Task) -> str:
    post_id = await deed.id_of(session, shown)
    if post_id is None:
        raise Refusal("button.stale")
    return post_id


@on_shown.work(TaskState.DONE)
async def answer(turn: Turn, session: Session, shown: Task) -> Answer:
    """Reply: a draft that answers the shown tweet, or goes on behind one's own."""
    answered = await deed.answerable(session, shown)
    if answered is None:
        raise Refusal("button.stale")
    return await reply.on_card(turn, session, shown, Extras(reply_to=answered))


@on_shown.work(TaskState.DONE)
async def quote(turn: Turn, session: Session, shown: Task) -> Answer:
    """Quote: a draft where X lets the app do it, else X opens with the quote begun."""
    extras = Extras(quote=await _post_id(session, shown))
    if self_serve.of_quote(x_enterprise=turn.doors.rules.x_enterprise) is None:
        return await reply.on_card(turn, session, shown, extras)
    handed, is_new = await at_once.begin(
        session,
        person_id=shown.person_id,
        chat_id=shown.chat_id,
        message_id=-turn.update_id,
        kind=kinds.TWEET.name,
        connection_id=shown.connection_id,
        now=turn.now,
        thread_id=shown.thread_id,
        parameters=extras.written(),
        **deed.HANDED_OFF,
        finished_at=turn.now,
    )
    return [await card.of(session, turn.doors, handed, fresh=is_new)]


@on_shown.button(TaskState.DONE)
async def remove(turn: Turn, shown: Task) -> Answer:
    """Delete: ask before the shown tweet is taken from X."""
    async with turn.begin() as session:
        return [await deed_card.of_removal_question(session, shown)]


@on_shown.work(TaskState.DONE)
async def remove_surely(turn: Turn, session: Session, shown: Task) -> Answer:
    """Delete it: a task of its own takes the tweet from X, shown in the same card."""
    task, is_new = await at_once.begin(
        session,
        person_id=turn.person.id,
        chat_id=shown.chat_id,
        message_id=shown.source_message_id,
        kind=kinds.DELETION.name,
        connection_id=await deed.usable_or_refuse(session, turn, shown.connection_id),
        now=turn.now,
        target_post_id=await _post_id(session, shown),
        card_message_id=shown.card_message_id,
        thread_id=shown.thread_id,
    )
    if is_new:
        task = await group_posting.at_once(session, turn, task)
        await deed.enqueue(session, turn, task)
    call = await approval_card.call(session, task) if is_new else []
    return [await card.of(session, turn.doors, task), *call]


@on_shown.work(TaskState.DONE)
async def keep(turn: Turn, session: Session, shown: Task) -> Answer:
    """Keep: the tweet stays, and its card offers what any shown tweet's does."""
    plain = replace(Look.read(shown.parameters), then=None).written()
    kept = await tasks.move(
        session,
        shown.id,
        version=shown.version,
        states=(TaskState.DONE,),
        to=TaskState.DONE,
        parameters=plain,
    )
    return [await card.of(session, turn.doors, kept or shown)]


VERBS: dict[str, Command] = {
    **{verb: _act(kind) for verb, kind in _OF_VERB.items()},
    "d_reply": answer,
    "d_quote": quote,
    "d_remove": remove,
    "d_remove2": remove_surely,
    "d_keep": keep,
    "d_back": take_back,
    "d_drop": withdraw,
    "d_again": do_after_all,
}
