"""Refusals in a group, for its log: who wanted what the policy, or their role there, does not give them."""

from datetime import timedelta

from bot.commands.logged import note
from bot.turn import Turn
from storage import grants, groups, log_reading
from tasks.acts import Act
from texts.reply import Refusal, Say

#: What a refusal is called in the log. Others are mistakes, old buttons or troubles of ours.
_WHY = {
    "group.may_not": "may_not",
    "group.no_deleting": "may_not",
    "group.deletes_own_only": "may_not",
    "group.not_here": "not_here",
    "group.not_yours": "not_yours",
    "group.not_approved": "not_approved",
    "group.not_approved_again": "not_approved",
    "group.not_approved_rest": "not_approved",
    "grant.no_admin": "no_admin",
    "grant.not_theirs": "not_yours",
    "approval.own": "own",
    "approval.not_asked": "not_asked",
    "approval.not_turn": "not_turn",
    "approval.nobody": "not_approved",
    "approval.again": "again",
    "group.account_over": "budget",
    "group.same_elsewhere": "same",
    "share.admins_only": "no_admin",
}
#: What the policy says of a draft, of which the first thing counts.
_PROBLEMS = {
    "group.problem_kind": "kind",
    "group.problem_link": "links",
    "group.problem_again": "again",
    "group.problem_quota": "quota",
    "group.problem_budget": "budget",
}
#: The same again within this time is written down once: nobody fills the log by trying.
ONCE_IN = timedelta(minutes=10)


async def keep(turn: Turn, refusal: Refusal) -> None:
    """Write a refusal into the log of the group it was said in, if it is one of rights. Commits."""
    why = _why(refusal)
    if turn.chat.private or why is None:
        return
    async with turn.begin() as session:
        group = await groups.find(session, turn.chat.id)
        shared = await grants.of_group(session, group.id) if group else ()
        if group is None or not shared:
            return
        facts = {"why": why}
        since = turn.now - ONCE_IN
        if await log_reading.is_there(session, group.id, Act.REFUSED, turn.person.id, facts, since=since):
            return
        await note(session, turn, shared[0] if len(shared) == 1 else group, Act.REFUSED, facts=facts)


def _why(refusal: Refusal) -> str | None:
    if refusal.key != "group.not_so":
        return _WHY.get(refusal.key)
    stops = refusal.facts.get("why")
    keys = [stop.key for stop in stops if isinstance(stop, Say)] if isinstance(stops, tuple) else []
    return next((_PROBLEMS[key] for key in keys if key in _PROBLEMS), "may_not")
