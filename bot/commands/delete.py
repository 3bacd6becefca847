"""/delete: the newest tweet of one's own, or one by link or id: shown, and asked about before it goes."""

from dataclasses import replace

from bot.commands import allowed, card, deed, deed_card, look
from bot.turn import Answer, Turn
from storage import tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds
from tasks.parameters import Look
from tasks.permissions import Action, may
from tasks.policy import Asked
from texts.reply import Refusal
from twitter import addresses


async def delete(turn: Turn) -> Answer:
    """Answer /delete: nothing or 0 is the newest; what the bot does not know is looked at first."""
    async with turn.begin() as session:
        shown = await deed.shown_in_reply(session, turn)
        post_id = await _which(session, turn, shown)
        known = await _made(session, turn, post_id) if post_id else None
        if known is not None:
            return [replace(await card.of_deletion_question(session, known), fresh=True)]
        is_shown = shown is not None and shown.kind == kinds.GET.name and shown.state == TaskState.DONE
        if shown is not None and is_shown and not turn.argument.strip():
            return [replace(await deed_card.of_removal_question(session, shown), fresh=True)]
        if not turn.chat.private:
            await _refuse_unless_deletes(session, turn, post_id)
    return await look.begin(turn, kinds.GET, Look(then="delete"), target_post_id=post_id)


async def _made(session: Session, turn: Turn, post_id: str) -> Task | None:
    """Find what was asked for here and is this post: in a group whoever asked."""
    whose = turn.person.id if turn.chat.private else None
    return await tasks.that_made(session, post_id, person_id=whose, chat_id=turn.chat.id)


async def _refuse_unless_deletes(session: Session, turn: Turn, post_id: str | None) -> None:
    """Refuse the look at a post in a group where the person could not delete it. Raises Refusal."""
    mine = await tasks.that_made(session, post_id, person_id=turn.person.id) if post_id else None
    here = await allowed.all_here(session, turn)
    if any(may(each.role, Action.ASK_DELETE, each.policy, own=mine is not None) for each in here):
        return
    is_allowed = any(Asked.DELETE in each.policy.kinds for each in here)
    raise Refusal("group.deletes_own_only" if is_allowed else "group.no_deleting")


async def _which(session: Session, turn: Turn, shown: Task | None) -> str | None:
    """Give the id of the post that is meant. None: the newest of one's own. Raises Refusal."""
    said = turn.argument.strip()
    if not said:
        return await deed.id_of(session, shown) if shown else None
    found = addresses.post_id(said, origin=turn.doors.x.web_origin)
    if found is None:
        raise Refusal("deed.which_post")
    return None if found == deed.NEWEST else found
