"""The buttons of a tweet's card: each moves the row on if it still is what was shown, then shows the row."""

from bot.commands import card, tweet
from bot.turn import Answer, Command, Turn
from storage import connections, tasks, writes
from storage.db import Session
from storage.tables import Person, Task, TaskState
from tasks import compose
from texts.reply import Refusal, Reply

_CAN_BE_DRAFT = (TaskState.CANCELLED, TaskState.FAILED)


async def _pressed(turn: Turn, session: Session) -> Task:
    """Find the pressed card's task, for this press alone; only its own person gets it."""
    row = turn.press.row if turn.press else ""
    task = await tasks.get(session, row, person_id=turn.person.id, lock=True)
    if task is None:
        raise Refusal("button.stale")
    return task


async def post(turn: Turn) -> Answer:
    """Post: the draft, as it was shown, becomes due."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        if turn.press and task.state == TaskState.DRAFT and task.version == turn.press.version:
            await _refuse_unless_ready(session, task, turn.person)
            task = await _make_due(session, task, turn)
        shown = await card.of(session, turn.doors, task)
    turn.doors.nudge()
    return [shown]


async def _refuse_unless_ready(session: Session, task: Task, person: Person) -> None:
    """Refuse a made-up press what the card would not offer."""
    usable = {connection.id for connection in await connections.usable(session, person.id)}
    if task.connection_id not in usable:
        raise Refusal("tweet.no_connection")
    draft = await card.draft_of(session, task)
    if compose.missing(draft) or compose.compose(draft).problems:
        raise Refusal("tweet.not_ready")


async def _make_due(session: Session, task: Task, turn: Turn) -> Task:
    """Let the runner have a task now. The loser of a double press gets the row as the winner left it."""
    moved = await tasks.move(
        session,
        task.id,
        version=task.version,
        states=(task.state,),
        to=TaskState.DUE,
        due_at=turn.now,
        asked=None,
        outcome=None,
        outcome_detail=None,
        told_at=None,
        attempts=0,
    )
    return moved or task


async def edit(turn: Turn) -> Answer:
    """Edit: ask for the new text of a draft, of one set aside, or of one X refused."""
    async with turn.work() as session:
        task, aside = await _as_draft(turn, session)
        await tasks.change_draft(session, task.id, asked="text")
        left = [await card.of(session, turn.doors, aside)] if aside else []
    facts = {"text": task.text or ""}
    return [*left, Reply("tweet.ask_new_text", facts, ask="tweet.ask_text_hint", fresh=True)]


async def revive(turn: Turn) -> Answer:
    """Bring back: a draft that was set aside is open again."""
    async with turn.work() as session:
        task, aside = await _as_draft(turn, session)
        left = [await card.of(session, turn.doors, aside)] if aside else []
        return [*left, await card.of(session, turn.doors, task, fresh=bool(left))]


async def _as_draft(turn: Turn, session: Session) -> tuple[Task, Task | None]:
    """Give the pressed task as the open draft, and another one that is set aside. Refuses what may be out."""
    task = await _pressed(turn, session)
    if task.state == TaskState.DRAFT:
        return task, None
    if task.state not in _CAN_BE_DRAFT or await _may_be_out(session, task):
        raise Refusal("button.stale")
    await tasks.lock_drafts(session, turn.person.id)
    aside = await tasks.set_aside_draft(session, chat_id=task.chat_id, person_id=task.person_id)
    await writes.reopen(session, task.id)
    draft = await tasks.move(
        session,
        task.id,
        states=_CAN_BE_DRAFT,
        to=TaskState.DRAFT,
        outcome=None,
        outcome_detail=None,
        told_at=None,
    )
    if draft is None:
        raise Refusal("button.stale")
    return draft, aside


async def _may_be_out(session: Session, task: Task) -> bool:
    write = await writes.get(session, task.id, 0)
    return write is not None and write.state not in ("prepared", "refused")


async def drop(turn: Turn) -> Answer:
    """Cancel: set the draft aside; also for one that waits for X and surely was not sent."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        states = [TaskState.DRAFT]
        if not await _may_be_out(session, task):
            states.append(TaskState.DUE)
        moved = await tasks.move(session, task.id, states=states, to=TaskState.CANCELLED, asked=None)
        return [await card.of(session, turn.doors, moved or task)]


async def adopt(turn: Turn) -> Answer:
    """Continue: a draft that waited for a connection takes the first that can be used."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        chosen = await tweet.first_choice(session, turn.person)
        if chosen is None:
            raise Refusal("tweet.no_connection")
        changed = await tasks.change_draft(session, task.id, connection_id=chosen)
        return [await card.of(session, turn.doors, changed or task)]


async def choose_account(turn: Turn) -> Answer:
    """Show the accounts a draft can go out from."""
    async with turn.begin() as session:
        task = await _pressed(turn, session)
        return [await card.of_accounts(session, task)]


async def use_account(turn: Turn) -> Answer:
    """Let a draft go out from the chosen connection."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        usable = {str(c.id): c.id for c in await connections.usable(session, turn.person.id)}
        chosen = usable.get(turn.press.extra if turn.press else "")
        if chosen is None:
            raise Refusal("button.stale")
        changed = await tasks.change_draft(session, task.id, connection_id=chosen)
        return [await card.of(session, turn.doors, changed or task)]


async def describe(turn: Turn) -> Answer:
    """Alt text: ask for the description of one picture."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        numbered = {str(f.message_id): n for n, f in enumerate(await tasks.media(session, task.id), 1)}
        message_id = turn.press.extra if turn.press else ""
        if message_id not in numbered:
            raise Refusal("button.stale")
        changed = await tasks.change_draft(session, task.id, asked=f"alt:{message_id}")
        if changed is None:
            raise Refusal("button.stale")
    return [Reply("tweet.ask_alt", {"number": numbered[message_id]}, ask="tweet.ask_alt_hint", fresh=True)]


async def keep_first(turn: Turn) -> Answer:
    """Keep only as many photos as X takes."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        if task.state == TaskState.DRAFT:
            await tasks.keep_media(session, task.id, compose.PHOTOS_MAX)
            task = await tasks.change_draft(session, task.id) or task
        return [await card.of(session, turn.doors, task)]


async def retry(turn: Turn) -> Answer:
    """Try again: what X refused, or could not take, is due again."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        if task.state == TaskState.FAILED:
            await writes.reopen(session, task.id)
            task = await _make_due(session, task, turn)
        shown = await card.of(session, turn.doors, task)
    turn.doors.nudge()
    return [shown]


async def it_is_there(turn: Turn) -> Answer:
    """Settle an unknown outcome: the person looked at X and found the tweet."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        moved = await tasks.move(
            session,
            task.id,
            version=turn.press.version if turn.press else None,
            states=(TaskState.ASKING,),
            to=TaskState.DONE,
            outcome="seen",
            finished_at=turn.now,
        )
        return [await card.of(session, turn.doors, moved or task)]


async def send_again(turn: Turn) -> Answer:
    """Settle an unknown outcome: the person did not find the tweet on X, it may be sent once more."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        if task.state == TaskState.ASKING and turn.press and task.version == turn.press.version:
            await writes.reopen_unseen(session, task.id)
            task = await _make_due(session, task, turn)
        shown = await card.of(session, turn.doors, task)
    turn.doors.nudge()
    return [shown]


async def delete(turn: Turn) -> Answer:
    """Delete: ask before a tweet is taken from X."""
    async with turn.begin() as session:
        task = await _pressed(turn, session)
        return [await card.of_deletion_question(session, task)]


async def delete_surely(turn: Turn) -> Answer:
    """Delete it: a task of its own takes the tweet from X, shown in the same card."""
    async with turn.work() as session:
        task = await _pressed(turn, session)
        write = await writes.get(session, task.id, 0)
        if write is None or write.x_post_id is None:
            raise Refusal("button.stale")
        deletion = await tasks.begin_deletion(session, task, post_id=write.x_post_id, now=turn.now)
        if deletion.state == TaskState.FAILED:
            await writes.reopen(session, deletion.id)
            deletion = await _make_due(session, deletion, turn)
        shown = await card.of(session, turn.doors, deletion)
    turn.doors.nudge()
    return [shown]


async def show(turn: Turn) -> Answer:
    """Show a card again as its row stands."""
    async with turn.begin() as session:
        return [await card.of(session, turn.doors, await _pressed(turn, session))]


VERBS: dict[str, Command] = {
    "tweet": tweet.ask_text,
    "post": post,
    "edit": edit,
    "drop": drop,
    "revive": revive,
    "accounts": choose_account,
    "adopt": adopt,
    "as": use_account,
    "alt": describe,
    "first": keep_first,
    "retry": retry,
    "there": it_is_there,
    "again": send_again,
    "delete": delete,
    "delete2": delete_surely,
    "show": show,
}
