"""Letting go what waits for votes, when the policy is changed so that it has enough of them or needs none."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.commands import allowed, approval_card, card
from bot.commands.granted import Granted
from bot.commands.logged import note
from bot.turn import Turn
from storage import votes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks.acts import Act
from tasks.membership import Membership
from tasks.permissions import needs_votes, role_of
from tasks.policy import Policy, Unapproved
from texts.reply import Reply, Say

#: Columns of a policy by which something may need fewer votes.
COLUMNS = frozenset({"approves", "votes_needed", "in_order", "unapproved"})
#: What authors are in the group, as Telegram says.
Standings = Mapping[int, Membership | None]
UNASKED: Standings = MappingProxyType({})
_BY_ROLE = frozenset({Unapproved.OWNER, Unapproved.ADMINS})


async def standing(turn: Turn, row: Granted, policy: Policy) -> Standings:
    """Ask Telegram what authors are in the group, if under another policy that lets their posts go."""
    if not (policy.unapproved - row.policy.unapproved) & _BY_ROLE:
        return {}
    async with turn.begin() as session:
        authors = sorted({task.person_id for task in await votes.waiting(session, row.grant)})
    said = await asyncio.gather(*(turn.doors.members(row.group.chat_id, each) for each in authors))
    return dict(zip(authors, said, strict=True))


async def let_go(session: Session, turn: Turn, row: Granted, there: Standings) -> tuple[Task, ...]:
    """Let go what a policy as it is now asks no more votes for; before the log is locked, as tasks are."""
    gone = []
    for task in await votes.waiting(session, row.grant, lock=True):
        went = await votes.approve(session, task.id, content_hash=task.content_hash or "", now=turn.now)
        if went is None and await _needs_none(session, row, task, there):
            went = await votes.excuse(session, task.id, now=turn.now)
        if went is not None and went.state == TaskState.DUE:
            await turn.doors.engine.enqueue(session, went)
        gone += [went] if went is not None else []
    return tuple(gone)


async def _needs_none(session: Session, row: Granted, task: Task, there: Standings) -> bool:
    owns = row.connection.person_id == task.person_id
    role = role_of(there.get(task.person_id), owns=owns)
    return needs_votes(row.policy, role, await allowed.asked_of(session, task)) == 0


async def told(session: Session, turn: Turn, row: Granted) -> list[Reply]:
    """Show in the group what was let go, and write it into the log; last in the transaction.

    Whoever was named just now is called if something waits for them.
    """
    shown = [replace(await card.of(session, turn.doors, each), to=each.chat_id) for each in row.gone]
    meant = {
        each
        for task in (await votes.waiting(session, row.grant) if row.newly else ())
        for each in await approval_card.asked_now(session, task, row.grant)
    }
    if asked := [each for each in row.newly if each in meant]:
        whom = Say("approval.note_named", {"names": await approval_card.called(session, asked)})
        shown.append(Reply("approval.call", {"notes": (whom,)}, fresh=True, to=row.group.chat_id))
    for each in row.gone:
        await note(session, turn, each, Act.APPROVED, facts={"why": "policy"})
    return shown
