"""The buttons under what a group votes on: Approve, Reject with a reason, Edit, Cancel.

Who presses was asked of Telegram in this turn (`Turn.stands`); whether their vote counts, says the policy.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.commands import allowed, approval_card, asked, card
from bot.commands.logged import note
from bot.commands.task_buttons import question
from bot.turn import Answer, Command, Turn
from storage import grants, tasks, votes
from storage.db import Session
from storage.tables import Task, TaskState, Verdict
from tasks import kinds
from tasks.acts import Act
from tasks.permissions import Action, is_turn, may
from texts.reply import Refusal, Reply, Toast

#: What is asked for beside a draft: why somebody says no.
WHY = "no"
#: Characters of a reason that are kept.
REASON_MAX = 300

_Worker = Callable[[Turn, Session, Task], Awaitable[Answer]]


def _press(worker: _Worker, *, votes_on: bool = False) -> Command:
    """Let a press through only on what waits as the button shows it; whoever is too late is told by whom."""

    async def command(turn: Turn) -> Answer:
        async with turn.work() as session:
            task = await _find(session, turn)
            shown = approval_card.mark(task) if votes_on else task.version
            is_fresh = turn.press is not None and turn.press.version == shown
            if _waits(task, turn) and is_fresh and not turn.again:
                return await worker(turn, session, task)
            return await _too_late(turn, session, task)

    return command


def _waits(task: Task, turn: Turn) -> bool:
    """Tell whether votes on a task are waited for still, though nobody has ended it yet."""
    return task.state == TaskState.WAITING and (task.wake_at is None or task.wake_at > turn.now)


async def _find(session: Session, turn: Turn) -> Task:
    """Find and lock the task, of this group. Raises Refusal."""
    task = await tasks.get(session, turn.press.row if turn.press else "", lock=True)
    if task is None or task.chat_id != turn.chat.id or turn.chat.private:
        raise Refusal("button.stale")
    return task


async def _too_late(turn: Turn, session: Session, task: Task) -> Answer:
    shown = await card.of(session, turn.doors, task)
    if turn.again:
        return [shown]
    over = await approval_card.over(session, task, turn.now)
    return [Toast(over.key, over.facts, alert=True), shown]


async def _refuse_unless(session: Session, turn: Turn, task: Task, action: Action) -> None:
    """Refuse a vote of somebody who has none; it is no vote, and they alone are told. Raises Refusal."""
    given = await allowed.of_task(session, turn, task)
    named = await grants.people(session, given.grant.id, "approves") if given.grant else []
    voter, author = turn.person.id, task.person_id
    is_named = voter in named
    if not given.grant or not may(given.role, action, given.policy, own=voter == author, named=is_named):
        raise Refusal("approval.own" if voter == author else "approval.not_asked")
    yes = (await votes.tally(session, task)).yes
    if action is Action.APPROVE and not is_turn(given.policy, named, voter=voter, author=author, before=yes):
        raise Refusal("approval.not_turn")


async def _vote(
    turn: Turn, session: Session, task: Task, verdict: Verdict, reason: str | None = None
) -> Task:
    """Write a vote down; the card is of a new version by it. Raises Refusal."""
    is_asked = await votes.cast(
        session,
        task.id,
        person_id=turn.person.id,
        content_hash=task.content_hash or "",
        verdict=verdict,
        now=turn.now,
        reason=reason,
    )
    if not is_asked:
        raise Refusal("approval.over")
    states = (TaskState.WAITING,)
    return await tasks.move(session, task.id, states=states, to=TaskState.WAITING) or task


async def _approve(turn: Turn, session: Session, task: Task) -> Answer:
    """Approve: a yes to this content; with enough of them it goes out, or is planned."""
    await _refuse_unless(session, turn, task, Action.APPROVE)
    before = (await votes.tally(session, task)).yes
    moved = await _vote(turn, session, task, Verdict.YES)
    went = await votes.approve(session, task.id, content_hash=moved.content_hash or "", now=turn.now)
    if went is not None and went.state == TaskState.DUE:
        await turn.doors.engine.enqueue(session, went)
    await note(session, turn, task, Act.VOTED_YES)
    if went is not None:
        await note(session, turn, task, Act.APPROVED)
    calls = await approval_card.calls_anew(session, went or moved, before=before)
    return [Toast("approval.counted"), await card.of(session, turn.doors, went or moved, fresh=calls)]


async def _ask_why(turn: Turn, session: Session, task: Task) -> Answer:
    """Reject: ask why; the words that answer it are the no, or the button once more.

    An anonymous admin has no words of their own here.
    """
    await _refuse_unless(session, turn, task, Action.REJECT)
    row = f"{task.id}.{approval_card.mark(task)}"
    before = await asked.now(session, turn)
    if before is not None and (before.what, before.row) == (WHY, row):
        await asked.withdraw(session, turn)
        return await _reject(turn, session, task, "")
    await asked.ask(session, turn, WHY, row)
    return [Reply("approval.ask_reason", ask="approval.ask_reason_hint", fresh=True)]


async def words(turn: Turn, asks: asked.Question) -> Answer | None:
    """Take the reason of a no, which ends what was voted on. None: another question was asked."""
    if asks.what != WHY or turn.chat.private:
        return None
    task_id, _, mark = asks.row.partition(".")
    async with turn.work() as session:
        task = await tasks.get(session, task_id, lock=True)
        if task is None or task.chat_id != turn.chat.id:
            return None
        await asked.taken(session, turn, task.id)
        if not _waits(task, turn) or str(approval_card.mark(task)) != mark:
            over = await approval_card.over(session, task, turn.now)
            return [Reply(over.key, over.facts, answers=True)]
        await _refuse_unless(session, turn, task, Action.REJECT)
        return await _reject(turn, session, task, turn.message.text.strip()[:REASON_MAX])


async def _reject(turn: Turn, session: Session, task: Task, reason: str) -> Answer:
    said_no = await _vote(turn, session, task, Verdict.NO, reason or None)
    rejected = await votes.reject(session, task.id, content_hash=task.content_hash or "", now=turn.now)
    await note(session, turn, task, Act.VOTED_NO)
    await note(session, turn, task, Act.REJECTED, text=reason or None)
    return [await card.of(session, turn.doors, rejected or said_no, fresh=True)]


async def _edit(turn: Turn, session: Session, task: Task) -> Answer:
    """Edit: what waits is a draft again, and its votes are void; a planned one keeps its moment."""
    await allowed.refuse_unless_may(session, turn, task, Action.EDIT_DRAFT)
    is_planned, planned_for = task.promised, task.due_at
    await tasks.lock_drafts(session, task.person_id)
    aside = await tasks.set_aside_draft(session, chat_id=task.chat_id, person_id=task.person_id)
    draft = await votes.take_back(session, task.id, version=task.version)
    if draft is None:
        raise Refusal("button.stale")
    is_plain = draft.kind == kinds.TWEET.name and len(await tasks.parts(session, draft)) == 1
    asks = "text" if is_plain else None
    values: dict[str, Any] = {"promised": is_planned, "due_at": planned_for, "asked": asks}
    draft = await tasks.change_draft(session, draft.id, **values) or draft
    cards: Answer = [await card.of(session, turn.doors, each) for each in (aside, draft) if each]
    await note(session, turn, task, Act.EDITED)
    return [*cards, await question(session, draft)] if is_plain else cards


async def _drop(turn: Turn, session: Session, task: Task) -> Answer:
    """Cancel: the author, or an admin, ends the vote; the words are kept."""
    await allowed.refuse_unless_may(session, turn, task, Action.CANCEL_DRAFT)
    states = (TaskState.WAITING,)
    moved = await tasks.move(session, task.id, states=states, to=TaskState.CANCELLED, wake_at=None)
    shown = await card.of(session, turn.doors, moved or task)
    await note(session, turn, task, Act.CANCELLED)
    return [shown]


VERBS: dict[str, Command] = {
    "a_yes": _press(_approve, votes_on=True),
    "a_no": _press(_ask_why, votes_on=True),
    "a_edit": _press(_edit),
    "a_drop": _press(_drop),
}
