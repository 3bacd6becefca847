"""The buttons of a tweet's card: each moves the row on if it still is what was shown, then shows the row."""

from bot.commands import card, press, preview, tweet
from bot.turn import Answer, Command, Turn
from storage import connections, runs, tasks, writes
from storage.db import Session
from storage.tables import Person, Task, TaskState
from tasks import compose
from texts.reply import Refusal, Reply

_CAN_BE_DRAFT = (TaskState.CANCELLED, TaskState.FAILED)


async def _find(session: Session, turn: Turn, row: str) -> Task | None:
    """Find a person's own task, for this press alone: another on the same card waits until we commit."""
    return await tasks.get(session, row, person_id=turn.person.id, lock=True)


async def _as_it_is(turn: Turn, row: Task) -> Answer:
    """Show the card; a redelivered press is also asked again what it was to be asked."""
    async with turn.begin() as session:
        task = await tasks.get(session, row.id, person_id=turn.person.id) or row
        task = await _being_deleted(session, task) or task
        asked = [await _question(session, task)] if turn.again and task.asked else []
        return [await card.of(session, turn.doors, task), *asked]


async def _being_deleted(session: Session, task: Task) -> Task | None:
    """Find the deletion that is under way in the card of a posted tweet."""
    write = await writes.get(session, task.id, 0) if task.state == TaskState.DONE else None
    if write is None or write.x_post_id is None:
        return None
    deletion = await tasks.deletion_of(session, write.x_post_id, person_id=task.person_id)
    under_way = deletion is not None and deletion.state in (TaskState.DUE, TaskState.RUNNING)
    return deletion if under_way else None


_guard = press.Guard(find=_find, stands=lambda task: (task.state, task.version), show=_as_it_is)


@_guard.work(TaskState.DRAFT)
async def post(turn: Turn, session: Session, task: Task) -> Answer:
    """Post: the draft, as it was shown, becomes due."""
    await _refuse_unless_ready(session, task, turn.person)
    return [await card.of(session, turn.doors, await _make_due(session, task, turn))]


async def _refuse_unless_ready(session: Session, task: Task, person: Person) -> None:
    """Refuse a made-up press what the card would not offer."""
    usable = {connection.id for connection in await connections.usable(session, person.id)}
    if task.connection_id not in usable:
        raise Refusal("tweet.no_connection")
    draft = await preview.draft_of(session, task)
    if compose.missing(draft) or compose.compose(draft).problems:
        raise Refusal("tweet.not_ready")


async def _make_due(session: Session, task: Task, turn: Turn) -> Task:
    """Let a task be done now. The loser of a double press gets the row as the winner left it."""
    moved = await runs.make_due(session, task.id, version=task.version, states=(task.state,), now=turn.now)
    if moved is not None:
        await turn.doors.engine.enqueue(session, moved)
    return moved or task


@_guard.work(TaskState.DRAFT, *_CAN_BE_DRAFT)
async def edit(turn: Turn, session: Session, task: Task) -> Answer:
    """Edit: ask for the new text of a draft, of one set aside, or of one X refused."""
    draft, aside = await _as_draft(turn, session, task)
    return await _ask(session, turn, draft, "text", aside)


@_guard.work(*_CAN_BE_DRAFT)
async def revive(turn: Turn, session: Session, task: Task) -> Answer:
    """Bring back: a draft that was set aside is open again."""
    draft, aside = await _as_draft(turn, session, task)
    left = [await card.of(session, turn.doors, aside)] if aside else []
    return [*left, await card.of(session, turn.doors, draft, fresh=bool(left))]


async def _as_draft(turn: Turn, session: Session, task: Task) -> tuple[Task, Task | None]:
    """Give the pressed task as the open draft, and another one that is set aside. Refuses what may be out."""
    if task.state == TaskState.DRAFT:
        return task, None
    if await _may_be_out(session, task):
        raise Refusal("button.stale")
    await tasks.lock_drafts(session, turn.person.id)
    aside = await tasks.set_aside_draft(session, chat_id=task.chat_id, person_id=task.person_id)
    await writes.reopen(session, task.id)
    draft = await tasks.move(
        session,
        task.id,
        version=task.version,
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


async def _ask(session: Session, turn: Turn, draft: Task, what: str, aside: Task | None = None) -> Answer:
    """Note what the person's next words are, and ask for them; the buttons on the card stay good."""
    asking = await tasks.change_draft(session, draft.id, version=draft.version, asked=what)
    if asking is None:
        raise Refusal("button.stale")
    cards = [await card.of(session, turn.doors, each) for each in (aside, asking) if each]
    return [*cards, await _question(session, asking)]


async def _question(session: Session, task: Task) -> Reply:
    """Ask for what the row says was asked for."""
    kind, _, message_id = (task.asked or "").partition(":")
    if kind == "alt":
        numbered = await _numbered(session, task)
        number = numbered.get(message_id, 1)
        return Reply("tweet.ask_alt", {"number": number}, ask="tweet.ask_alt_hint", fresh=True)
    facts = {"text": task.text or ""}
    return Reply("tweet.ask_new_text", facts, ask="tweet.ask_text_hint", fresh=True)


async def _numbered(session: Session, task: Task) -> dict[str, int]:
    return {str(file.message_id): n for n, file in enumerate(await tasks.media(session, task.id), 1)}


@_guard.work(TaskState.DRAFT, TaskState.DUE)
async def drop(turn: Turn, session: Session, task: Task) -> Answer:
    """Cancel: set the draft aside; also for one that waits for X and surely was not sent."""
    if task.state == TaskState.DUE and await _may_be_out(session, task):
        return [await card.of(session, turn.doors, task)]
    moved = await tasks.move(
        session, task.id, version=task.version, states=(task.state,), to=TaskState.CANCELLED, asked=None
    )
    return [await card.of(session, turn.doors, moved or task)]


@_guard.work(TaskState.DRAFT)
async def adopt(turn: Turn, session: Session, task: Task) -> Answer:
    """Continue: a draft that waited for a connection takes the first that can be used."""
    chosen = await tweet.first_choice(session, turn.person)
    if chosen is None:
        raise Refusal("tweet.no_connection")
    changed = await tasks.change_draft(session, task.id, version=task.version, connection_id=chosen)
    return [await card.of(session, turn.doors, changed or task)]


@_guard.button(TaskState.DRAFT)
async def choose_account(turn: Turn, task: Task) -> Answer:
    """Show the accounts a draft can go out from."""
    async with turn.begin() as session:
        return [await preview.of_accounts(session, task)]


@_guard.work(TaskState.DRAFT)
async def use_account(turn: Turn, session: Session, task: Task) -> Answer:
    """Let a draft go out from the chosen connection."""
    usable = {str(c.id): c.id for c in await connections.usable(session, turn.person.id)}
    chosen = usable.get(turn.press.extra if turn.press else "")
    if chosen is None:
        raise Refusal("button.stale")
    changed = await tasks.change_draft(session, task.id, version=task.version, connection_id=chosen)
    return [await card.of(session, turn.doors, changed or task)]


@_guard.work(TaskState.DRAFT)
async def describe(turn: Turn, session: Session, task: Task) -> Answer:
    """Alt text: ask for the description of one picture."""
    message_id = turn.press.extra if turn.press else ""
    if message_id not in await _numbered(session, task):
        raise Refusal("button.stale")
    return await _ask(session, turn, task, f"alt:{message_id}")


@_guard.work(TaskState.DRAFT)
async def keep_first(turn: Turn, session: Session, task: Task) -> Answer:
    """Keep only as many photos as X takes."""
    await tasks.keep_media(session, task.id, compose.PHOTOS_MAX)
    changed = await tasks.change_draft(session, task.id, version=task.version)
    return [await card.of(session, turn.doors, changed or task)]


@_guard.work(TaskState.DRAFT, *_CAN_BE_DRAFT)
async def remove_files(turn: Turn, session: Session, task: Task) -> Answer:
    """Without the files: a draft, or what X refused for its files, keeps its words only."""
    draft, aside = await _as_draft(turn, session, task)
    await tasks.remove_media(session, draft.id)
    changed = await tasks.change_draft(session, draft.id, album_id=None, gather_until=None)
    left = [await card.of(session, turn.doors, aside)] if aside else []
    return [*left, await card.of(session, turn.doors, changed or draft, fresh=bool(left))]


@_guard.work(TaskState.FAILED)
async def retry(turn: Turn, session: Session, task: Task) -> Answer:
    """Try again: what X refused, or could not take, is due again."""
    await writes.reopen(session, task.id)
    return [await card.of(session, turn.doors, await _make_due(session, task, turn))]


@_guard.work(TaskState.ASKING)
async def it_is_there(turn: Turn, session: Session, task: Task) -> Answer:
    """Settle an unknown outcome: the person looked at X and found the tweet."""
    moved = await tasks.move(
        session,
        task.id,
        version=task.version,
        states=(TaskState.ASKING,),
        to=TaskState.DONE,
        outcome="seen",
        finished_at=turn.now,
    )
    return [await card.of(session, turn.doors, moved or task)]


@_guard.work(TaskState.ASKING)
async def send_again(turn: Turn, session: Session, task: Task) -> Answer:
    """Settle an unknown outcome: the person did not find the tweet on X, it may be sent once more."""
    await writes.reopen_unseen(session, task.id)
    return [await card.of(session, turn.doors, await _make_due(session, task, turn))]


@_guard.button(TaskState.DONE)
async def delete(turn: Turn, task: Task) -> Answer:
    """Delete: ask before a tweet is taken from X."""
    async with turn.begin() as session:
        return [await card.of_deletion_question(session, task)]


@_guard.work(TaskState.DONE)
async def delete_surely(turn: Turn, session: Session, task: Task) -> Answer:
    """Delete it: a task of its own takes the tweet from X, shown in the same card."""
    write = await writes.get(session, task.id, 0)
    if write is None or write.x_post_id is None:
        raise Refusal("button.stale")
    known = await tasks.deletion_of(session, write.x_post_id, person_id=task.person_id)
    deletion = known or await tasks.begin_deletion(session, task, post_id=write.x_post_id, now=turn.now)
    if known is None:
        await turn.doors.engine.enqueue(session, deletion)
    elif deletion.state == TaskState.FAILED:
        await writes.reopen(session, deletion.id)
        deletion = await _make_due(session, deletion, turn)
    return [await card.of(session, turn.doors, deletion)]


async def show(turn: Turn) -> Answer:
    """Show a card again as its row stands."""
    return await _as_it_is(turn, await _guard.row(turn))


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
    "nofiles": remove_files,
    "retry": retry,
    "there": it_is_there,
    "again": send_again,
    "delete": delete,
    "delete2": delete_surely,
    "show": show,
}
