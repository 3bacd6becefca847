"""Letting a group's draft go: at once or at its moment where it needs no votes, else it waits for them."""

from bot.commands import allowed
from bot.commands.task_buttons import make_due
from bot.turn import Turn
from storage import grants, tasks, votes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import approval
from tasks.permissions import can_be_approved, needs_votes
from texts.reply import Refusal


async def post(turn: Turn, session: Session, task: Task) -> Task:
    """Move a draft on that may be asked for: due, scheduled, or waiting for votes. Raises Refusal.

    The loser of a double press gets the row as the winner left it.
    """
    if not await _needs_votes(turn, session, task):
        return await _at_once(turn, session, task)
    return await _ask(turn, session, task)


async def begun(turn: Turn, session: Session, task: Task) -> Task:
    """Let what is due from its beginning wait for votes, if it needs them. Raises Refusal."""
    if approval.looks_to_delete(task) or not await _needs_votes(turn, session, task):
        return task
    if task.reads:
        # What is found is of the moment, and costs little: nobody is asked about it.
        raise Refusal("group.not_approved")
    return await _ask(turn, session, task)


async def _needs_votes(turn: Turn, session: Session, task: Task) -> bool:
    """Say whether others have to approve it. Raises Refusal where nobody could."""
    given = await allowed.of_task(session, turn, task)
    if given.grant is None:
        raise Refusal("tweet.no_connection")
    if not needs_votes(given.policy, given.role, await allowed.asked_of(session, task)):
        return False
    named = await grants.people(session, given.grant.id, "approves")
    if not can_be_approved(given.policy, named, author=task.person_id):
        raise Refusal("approval.nobody", count=given.policy.votes_needed)
    return True


async def _at_once(turn: Turn, session: Session, task: Task) -> Task:
    # Votes on what it was before are not asked for any more.
    unasked = await tasks.change_draft(session, task.id, version=task.version, content_hash=None)
    if unasked is None or not task.promised:
        return await make_due(session, unasked or task, turn)
    if task.due_at is None or task.due_at <= turn.now:
        raise Refusal("plan.is_over")
    moved = await tasks.move(
        session,
        task.id,
        version=unasked.version,
        states=(TaskState.DRAFT,),
        to=TaskState.SCHEDULED,
        wake_at=task.due_at,
        asked=None,
    )
    return moved or unasked


async def _ask(turn: Turn, session: Session, task: Task) -> Task:
    if task.schedule_id is not None:
        raise Refusal("approval.again")
    planned_for = task.due_at if task.promised else None
    until = approval.expires_at(turn.now, planned_for)
    if until <= turn.now:
        raise Refusal("plan.is_over")
    # What was said the last time is over, even if nothing was changed since.
    await votes.void(session, task.id)
    files, parts = await tasks.media(session, task.id), await tasks.parts(session, task)
    waiting = await votes.ask(
        session,
        task.id,
        version=task.version,
        content_hash=approval.content_hash(task, parts, files, at=planned_for),
        expires_at=until,
        planned_for=planned_for,
        state=task.state,
    )
    return waiting or task
