"""The buttons of a tweet's card: each moves the row on if it still is what was shown, then shows the row."""

from datetime import datetime

from bot.commands import (
    alike,
    allowed,
    approval_card,
    asking,
    card,
    dm_card,
    duplicates,
    group_posting,
    over_card,
    preview,
    tweet,
    undo,
    which_account,
)
from bot.commands.logged import note
from bot.commands.task_buttons import guard, make_due, may_be_out, numbered, question, show
from bot.turn import Answer, Command, Turn
from storage import accounts, holds, runs, tasks, writes
from storage.db import Session
from storage.tables import Person, Task, TaskState
from tasks import compose
from tasks.acts import Act
from texts.reply import Refusal

_CAN_BE_DRAFT = (
    *(TaskState.CANCELLED, TaskState.FAILED, TaskState.SCHEDULED, TaskState.HANDED_OFF),
    *(TaskState.EXPIRED, TaskState.REJECTED),
)

#: The kinds that begin as drafts.
_DRAFTED = ("tweet", "message")


@guard.work(TaskState.DRAFT)
async def post(turn: Turn, session: Session, task: Task) -> Answer:
    """Post: the draft, as it was shown, becomes due."""
    await refuse_unless_ready(session, task, turn.person, now=turn.now)
    if not turn.chat.private:
        await group_posting.refuse_unless_granted(session, turn, task)
    if over := await over_card.of(session, task, turn.now):
        if not turn.chat.private:
            # What the account may cost is its owner's to know.
            raise Refusal("group.account_over")
        return [over]
    if repeats := await duplicates.question(session, turn, task):
        return [repeats]
    if not turn.chat.private:
        return await post_in_group(turn, session, task)
    make = undo.post_undoably if turn.person.undo_s else make_due
    return [await card.of(session, turn.doors, await make(session, task, turn))]


async def post_in_group(turn: Turn, session: Session, task: Task) -> Answer:
    """Let a draft go as its group's policy says: at once, at its moment, or when enough have approved."""
    moved = await asking.post(turn, session, task)
    calls = await approval_card.calls_anew(session, moved)
    shown = await card.of(session, turn.doors, moved, fresh=calls)
    await group_posting.asked(session, turn, moved)
    return [shown]


@guard.work(TaskState.SCHEDULED)
async def take_back(turn: Turn, session: Session, task: Task) -> Answer:
    """Undo: what was about to go out is a draft again."""
    _refuse_planned(task)
    draft, aside = await _as_draft(turn, session, task)
    left = [await card.of(session, turn.doors, aside)] if aside else []
    return [*left, await card.of(session, turn.doors, draft, fresh=bool(left))]


@guard.work(TaskState.SCHEDULED)
async def post_now(turn: Turn, session: Session, task: Task) -> Answer:
    """Post now: what waits to be taken back is due at once."""
    _refuse_planned(task)
    return [await card.of(session, turn.doors, await make_due(session, task, turn))]


def _refuse_planned(task: Task) -> None:
    """Refuse a made-up press: what is planned has buttons of its own (queue_buttons.py)."""
    if task.promised:
        raise Refusal("button.stale")


async def refuse_unless_ready(session: Session, task: Task, person: Person, *, now: datetime) -> None:
    """Refuse a made-up press what the card would not offer, and what X forbids over several accounts."""
    usable = await accounts.usable_ids(session, person_id=person.id, chat_id=task.chat_id)
    if task.connection_id not in usable:
        raise Refusal("tweet.no_connection")
    if task.reads or task.kind not in _DRAFTED:
        return
    if task.kind == "message":
        await dm_card.refuse_unless_ready(session, task)
        return
    draft = await preview.draft_of(session, task)
    if compose.missing(draft) or compose.compose(draft).problems:
        raise Refusal("tweet.not_ready")
    await alike.refuse_elsewhere(session, task, now=now)


@guard.work(TaskState.DRAFT, TaskState.CANCELLED, TaskState.FAILED)
async def edit(turn: Turn, session: Session, task: Task) -> Answer:
    """Edit: ask for the new text of a draft, of one set aside, or of one X refused."""
    draft, aside = await _as_draft(turn, session, task)
    return await _ask(session, turn, draft, "text", aside)


@guard.work(
    TaskState.CANCELLED, TaskState.FAILED, TaskState.HANDED_OFF, TaskState.EXPIRED, TaskState.REJECTED
)
async def revive(turn: Turn, session: Session, task: Task) -> Answer:
    """Bring back: a draft that was set aside, or handed off, is open again."""
    draft, aside = await _as_draft(turn, session, task)
    left = [await card.of(session, turn.doors, aside)] if aside else []
    return [*left, await card.of(session, turn.doors, draft, fresh=bool(left))]


async def _as_draft(turn: Turn, session: Session, task: Task) -> tuple[Task, Task | None]:
    """Give the pressed task as the open draft, and another one that is set aside. Refuses what may be out."""
    if task.state == TaskState.DRAFT:
        return task, None
    if task.kind not in _DRAFTED or await may_be_out(session, task):
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
        wake_at=None,
        # What X refused is a draft for now; what was planned and set aside keeps its plan.
        promised=task.promised and task.state == TaskState.CANCELLED,
        outcome=None,
        outcome_detail=None,
        told_at=None,
        content_hash=None,
    )
    if draft is None:
        raise Refusal("button.stale")
    return draft, aside


async def _ask(session: Session, turn: Turn, draft: Task, what: str, aside: Task | None = None) -> Answer:
    """Note what the person's next words are, and ask for them; the buttons on the card stay good."""
    asking = await tasks.change_draft(session, draft.id, version=draft.version, asked=what)
    if asking is None:
        raise Refusal("button.stale")
    cards = [await card.of(session, turn.doors, each) for each in (aside, asking) if each]
    return [*cards, await question(session, asking)]


@guard.work(TaskState.DRAFT, TaskState.DUE)
async def drop(turn: Turn, session: Session, task: Task) -> Answer:
    """Cancel: set the draft aside; also for one that waits for X and surely was not sent."""
    if task.state == TaskState.DUE and await may_be_out(session, task):
        return [await card.of(session, turn.doors, task)]
    moved = await tasks.move(
        session,
        task.id,
        version=task.version,
        states=(task.state,),
        to=TaskState.CANCELLED,
        asked=None,
        wake_at=None,
    )
    if moved is not None:
        await holds.pass_on(session, task.id, now=turn.now)
        await runs.wake_waiting(session, task.connection_id, now=turn.now)
    shown = await card.of(session, turn.doors, moved or task)
    if moved is not None and (task.state == TaskState.DUE or task.person_id != turn.person.id):
        # That somebody sets a draft of their own aside is no matter of the group.
        await note(session, turn, task, Act.CANCELLED)
    return [shown]


@guard.work(TaskState.DRAFT)
async def adopt(turn: Turn, session: Session, task: Task) -> Answer:
    """Continue: a draft that waited for a connection takes the first that can be used."""
    chosen = await which_account.first_choice(session, turn)
    if chosen is None:
        raise Refusal("tweet.no_connection")
    changed = await tasks.change_draft(session, task.id, version=task.version, connection_id=chosen)
    return [await card.of(session, turn.doors, changed or task)]


@guard.button(TaskState.DRAFT)
async def choose_account(turn: Turn, task: Task) -> Answer:
    """Show the accounts a draft can go out from."""
    async with turn.begin() as session:
        return [await preview.of_accounts(session, task)]


@guard.work(TaskState.DRAFT)
async def use_account(turn: Turn, session: Session, task: Task) -> Answer:
    """Let a draft go out from the chosen connection."""
    usable = {str(each): each for each in await allowed.usable_ids(session, turn)}
    chosen = usable.get(turn.press.extra if turn.press else "")
    if chosen is None:
        raise Refusal("button.stale")
    changed = await tasks.change_draft(session, task.id, version=task.version, connection_id=chosen)
    return [await card.of(session, turn.doors, changed or task)]


@guard.work(TaskState.DRAFT)
async def describe(turn: Turn, session: Session, task: Task) -> Answer:
    """Alt text: ask for the description of one picture."""
    message_id = turn.press.extra if turn.press else ""
    if message_id not in await numbered(session, task):
        raise Refusal("button.stale")
    return await _ask(session, turn, task, f"alt:{message_id}")


@guard.work(TaskState.DRAFT)
async def keep_first(turn: Turn, session: Session, task: Task) -> Answer:
    """Keep only as many photos as X takes."""
    await tasks.keep_media(session, task.id, compose.PHOTOS_MAX)
    changed = await tasks.change_draft(session, task.id, version=task.version)
    return [await card.of(session, turn.doors, changed or task)]


@guard.work(TaskState.DRAFT, TaskState.CANCELLED, TaskState.FAILED)
async def remove_files(turn: Turn, session: Session, task: Task) -> Answer:
    """Without the files: a draft, or what X refused for its files, keeps its words only."""
    draft, aside = await _as_draft(turn, session, task)
    await tasks.remove_media(session, draft.id)
    changed = await tasks.change_draft(session, draft.id, album_id=None, gather_until=None)
    left = [await card.of(session, turn.doors, aside)] if aside else []
    return [*left, await card.of(session, turn.doors, changed or draft, fresh=bool(left))]


VERBS: dict[str, Command] = {
    "show": show,
    "tweet": tweet.ask_text,
    "post": post,
    "edit": edit,
    "drop": drop,
    "takeback": take_back,
    "postnow": post_now,
    "revive": revive,
    "accounts": choose_account,
    "adopt": adopt,
    "as": use_account,
    "alt": describe,
    "first": keep_first,
    "nofiles": remove_files,
}
