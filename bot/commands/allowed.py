"""What somebody is allowed in a group right now: their role towards each grant there, and what that gives.

What they are in the group, Telegram said in this turn (`Turn.stands`); no answer permits nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.turn import Turn
from storage import accounts, connections, grants, tasks
from storage.db import Session
from storage.tables import Grant, Task
from tasks import approval
from tasks.permissions import Action, Role, may, may_ask, role_of
from tasks.policy import Asked, Policy
from texts.reply import Refusal

#: What may be done to what somebody else asked for; the other actions are for who asked.
_OF_OTHERS = frozenset({Action.CANCEL_DRAFT, Action.ASK_DELETE, Action.SEE_CARD})


@dataclass(frozen=True, slots=True)
class Allowed:
    """Somebody's role towards a grant, and what its policy says."""

    policy: Policy
    role: Role
    grant: Grant | None = None
    """None: no account was chosen yet, or the grant has ended."""


async def live(turn: Turn) -> Turn:
    """Ask Telegram what the person is in the group now. Raises Refusal: it does not say, or they are out."""
    membership = await turn.doors.members(turn.chat.id, turn.person.id)
    if membership is None:
        raise Refusal("group.no_answer")
    if not membership.present:
        raise Refusal("group.not_here")
    return replace(turn, stands=membership)


async def towards(session: Session, turn: Turn, grant: Grant) -> Allowed:
    """Say what the person is towards a grant."""
    connection = await connections.get(session, grant.connection_id)
    owns = connection is not None and connection.person_id == turn.person.id
    listed = turn.person.id in await grants.people(session, grant.id, "asks")
    return Allowed(approval.policy_of(grant), role_of(turn.stands, owns=owns, listed=listed), grant)


async def all_here(session: Session, turn: Turn) -> list[Allowed]:
    """List the grants that the group may use now."""
    return [await towards(session, turn, grant) for grant in await grants.in_force(session, turn.chat.id)]


async def of_task(session: Session, turn: Turn, task: Task) -> Allowed:
    """Say what the person is towards the grant a task goes through."""
    grant = await grants.of_task(session, task)
    if grant is None:
        return Allowed(Policy(), role_of(turn.stands))
    return await towards(session, turn, grant)


async def usable_ids(session: Session, turn: Turn, asked: Collection[Asked] = ()) -> list[int]:
    """List the connections the person may use in this chat; in a group for what they ask for, or at all."""
    ids = await accounts.usable_ids(session, person_id=turn.person.id, chat_id=turn.chat.id)
    if turn.chat.private:
        return ids
    given = {
        each.grant.connection_id
        for each in await all_here(session, turn)
        if each.grant is not None and _gives(each, asked)
    }
    return [each for each in ids if each in given]


def _gives(allowed: Allowed, asked: Collection[Asked]) -> bool:
    if asked:
        return may_ask(allowed.role, asked, allowed.policy)
    return any(may_ask(allowed.role, {each}, allowed.policy) for each in Asked)


async def asked_of(session: Session, task: Task) -> frozenset[Asked]:
    """Say what somebody asks for with a task; nothing: nobody may ask for such a one."""
    return approval.asked_for(task, await tasks.media(session, task.id)) or frozenset()


async def refuse_unless_asks(session: Session, turn: Turn, asked: Collection[Asked]) -> None:
    """Refuse a command that asks for what no account shared here gives this person."""
    if asked and not any(_gives(each, asked) for each in await all_here(session, turn)):
        raise Refusal("group.may_not")


async def refuse_unless_may(session: Session, turn: Turn, task: Task, action: Action) -> None:
    """Refuse a press that the person has no right to, whatever the button says."""
    own = task.person_id == turn.person.id
    if not own and action not in _OF_OTHERS:
        raise Refusal("group.not_yours")
    meant = [await of_task(session, turn, task)]
    if task.connection_id is None:
        # It was not said yet which account: that of any would do.
        meant += await all_here(session, turn)
    if not any(may(each.role, action, each.policy, own=own) for each in meant):
        raise Refusal("group.may_not" if own else "group.not_yours")
