"""Post and Schedule in a group: what is shared there sends it, as its policy says, and the log keeps it."""

from collections.abc import Sequence

from bot.commands import allowed, asking, group_rules
from bot.commands.logged import note
from bot.turn import Turn
from storage import missed, tasks, votes
from storage.db import Session
from storage.tables import Task
from tasks import kinds
from tasks.acts import Act
from tasks.parameters import Extras
from tasks.permissions import may_ask, needs_votes
from tasks.policy import Asked
from texts.reply import Refusal


async def refuse_unless_granted(session: Session, turn: Turn, task: Task) -> allowed.Allowed:
    """Refuse what this person may not ask for, or the policy does not let out; whatever was shown before."""
    # Of two asked for at once, the second counts the first against the day's quota.
    await tasks.lock_drafts(session, turn.person.id)
    given = await allowed.of_task(session, turn, task)
    if given.grant is None:
        raise Refusal("tweet.no_connection")
    if not await _may(session, turn, task, given):
        raise Refusal("group.may_not")
    if stops := await group_rules.problems(session, task, given.grant, now=turn.now):
        raise Refusal("group.not_so", why=tuple(stops))
    return given


async def _may(session: Session, turn: Turn, task: Task, given: allowed.Allowed) -> bool:
    asked = await allowed.asked_of(session, task)
    own = None
    if Asked.DELETE in asked:
        own = await tasks.that_made(session, task.target_post_id or "", person_id=turn.person.id)
    return may_ask(given.role, asked, given.policy, own=own is not None)


async def at_once(session: Session, turn: Turn, task: Task) -> Task:
    """Let go on what is due from its beginning, or wait for votes; log that it was asked for.

    What is due still is the caller's to give to the engine. In a private chat nothing is asked.
    """
    if turn.chat.private:
        return task
    await refuse_unless_granted(session, turn, task)
    moved = await asking.begun(turn, session, task)
    await asked(session, turn, moved)
    return moved


async def again(session: Session, turn: Turn, task: Task) -> None:
    """Let what did not go out be tried again, if the policy lets it now; what was approved stays so."""
    if turn.chat.private:
        return
    given = await refuse_unless_granted(session, turn, task)
    wanted = needs_votes(given.policy, given.role, await allowed.asked_of(session, task))
    if wanted and not (task.content_hash and await votes.has_enough(session, task.id)):
        out = await missed.may_be_out(session, task.id)
        raise Refusal("group.not_approved_rest" if out else "group.not_approved_again")
    await asked(session, turn, task)


async def asked(session: Session, turn: Turn, task: Task) -> None:
    """Write into the group's log that somebody asked for it; last in the transaction."""
    parts = await tasks.parts(session, task)
    words = "\n\n".join(parts) if task.kind == kinds.TWEET.name else task.text
    await note(session, turn, task, Act.ASKED, facts={"kind": _kind(task, parts)}, text=words)


def _kind(task: Task, parts: Sequence[str]) -> str:
    """Name what is asked for as the log does: of tweets it says which."""
    if task.reads:
        return "look"
    extras = Extras.read(task.parameters)
    is_tweet = task.kind == kinds.TWEET.name
    which = {"edit": extras.edits, "thread": len(parts) > 1, "reply": extras.reply_to, "quote": extras.quote}
    return next((name for name, is_it in which.items() if is_it and is_tweet), task.kind)
