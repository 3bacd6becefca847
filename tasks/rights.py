"""Looks, before a group's task is sent, whether owner, author and voters are there and the policy lets it.

Telegram is asked each time, never longer ago than the fence believes it (storage/shared.py). No answer is
a no: the task waits and is tried again.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import accounts, grants, people, rights, tasks, votes, writes
from storage.db import Session
from storage.tables import Grant, LostGround, PersonState, Task, TaskState, WriteState
from tasks import approval, logged, permissions
from tasks.acts import Act
from tasks.departure import lost_ground
from tasks.doors import Doors, Rest
from tasks.membership import Membership
from tasks.permissions import Action
from tasks.policy import Asked, Policy
from tasks.quiet import quiet_until
from tasks.waking import GRACE
from twitter.links import links

log = logging.getLogger(__name__)

#: What was said so lately is not asked again before one sending: the fence believes it for longer.
FRESH_FOR = timedelta(seconds=20)
#: Without an answer of Telegram's it is asked again after this.
AGAIN_AFTER = timedelta(minutes=1)
#: Quiet hours without an end are looked at again after this.
_A_DAY = timedelta(days=1)
#: A grant that changes while Telegram is asked is looked at anew, so many times.
_ROUNDS = 3

Answers = Mapping[int, Membership | None]


@dataclass(frozen=True, slots=True)
class _Case:
    """What there is to look at."""

    task: Task
    grant: Grant
    policy: Policy
    owner_id: int
    owner_blocked: bool
    """The owner keeps the bot away from them, or is banned."""
    asked: frozenset[Asked] | None
    is_as_asked: bool
    """It would send what votes were asked for."""
    has_link: bool
    is_own_post: bool
    """What is to be deleted its author had posted."""
    listed: bool
    named: frozenset[int]
    voters: tuple[int, ...]
    is_out: bool
    """Part of it may be on X."""


class Stopped(Exception):  # noqa: N818 - says what happened
    """It may not be sent now."""

    def __init__(self, rest: Rest) -> None:
        """`rest`: where the task comes to rest."""
        super().__init__(rest.outcome)
        self.rest = rest


async def ensure(doors: Doors, task: Task) -> None:
    """Let a task go on only if it may be sent now. Raises Stopped. Commits."""
    if (rest := await look(doors, task)) is not None:
        raise Stopped(rest)


async def look(doors: Doors, task: Task) -> Rest | None:
    """Say where a group's task rests that may not be sent now. None: it may, or is a private one. Commits."""
    if task.chat_id == task.person_id:
        return None
    return await _look(doors, task)


async def _look(doors: Doors, task: Task) -> Rest | None:
    for _ in range(_ROUNDS):
        async with doors.db.begin() as session:
            case = await _case(session, task)
        if case is None:
            return Rest(TaskState.FAILED, "no_connection")
        at, since = doors.clock(), case.task.rights_checked_at
        rest = _quiet(case, at)
        if rest is None and since is not None and at - since < FRESH_FOR:
            return None
        if rest is None:
            rest = await _judge(doors, case, await _ask(doors, case))
        if rest is not None:
            return rest
        async with doors.db.begin() as session:
            by, grant = task.lease_by or "", case.grant
            if await rights.checked(
                session, task.id, by=by, grant_id=grant.id, grant_version=grant.version, at=at
            ):
                return None
    return Rest(TaskState.DUE, wake_at=doors.clock() + timedelta(seconds=2))


async def _case(session: Session, of: Task) -> _Case | None:
    """Gather what there is to look at. None: the group may not use the connection any more."""
    task = await tasks.get(session, of.id) or of
    grant, connection = await grants.of_task(session, task), await accounts.of_task(session, task)
    if grant is None or connection is None:
        return None
    files, policy = await tasks.media(session, task.id), approval.policy_of(grant)
    named, yes = await grants.people(session, grant.id, "approves"), (await votes.tally(session, task)).yes
    owner = await people.get(session, connection.person_id)
    asked, parts = approval.asked_for(task, files), await tasks.parts(session, task)
    sent = [write.state for write in await writes.of_task(session, task.id)]
    return _Case(
        task=task,
        grant=grant,
        policy=policy,
        owner_id=connection.person_id,
        owner_blocked=owner is None or owner.state in (PersonState.LEFT, PersonState.BANNED),
        asked=asked,
        is_as_asked=approval.is_still(task, parts, files),
        has_link=task.kind != "delete" and any(links(text) for text in parts),
        is_own_post=Asked.DELETE in (asked or ()) and await _posted(session, task),
        listed=task.person_id in await grants.people(session, grant.id, "asks"),
        named=frozenset(named),
        voters=tuple(permissions.counting(policy, named, author=task.person_id, yes=yes)),
        is_out=any(state not in (WriteState.PREPARED, WriteState.REFUSED) for state in sent),
    )


async def _posted(session: Session, task: Task) -> bool:
    made = await tasks.that_made(session, task.target_post_id or "", person_id=task.person_id)
    return made is not None


async def _ask(doors: Doors, case: _Case) -> Answers:
    each = tuple(dict.fromkeys((case.owner_id, case.task.person_id, *case.voters)))
    said = await asyncio.gather(*(doors.members(case.task.chat_id, person_id) for person_id in each))
    return dict(zip(each, said, strict=True))


def _quiet(case: _Case, now: datetime) -> Rest | None:
    if case.task.reads:
        return None
    until = quiet_until(case.policy.quiet, now, case.policy.clock)
    if until is not None and until <= now:
        return None
    return Rest(TaskState.DUE, "quiet", wake_at=until or now + _A_DAY, again=True)


async def _judge(doors: Doors, case: _Case, said: Answers) -> Rest | None:
    """Decide by what Telegram said; gives where the task rests, None: it may go. Commits."""
    if (rest := await _owner(doors, case, said[case.owner_id])) is not None:
        return rest
    if any(membership is None for membership in said.values()):
        return Rest(TaskState.DUE, "rights_unknown", wake_at=doors.clock() + AGAIN_AFTER, again=True)
    author = said[case.task.person_id]
    is_owner = case.owner_id == case.task.person_id
    role = permissions.role_of(author, owns=is_owner, listed=case.listed)
    if author is None or not author.present:
        return Rest(TaskState.FAILED, "author_left")
    if not permissions.may_ask(role, case.asked or (), case.policy, own=case.is_own_post):
        return Rest(TaskState.FAILED, "not_allowed")
    if case.has_link and not case.policy.links:
        return Rest(TaskState.FAILED, "link_not_allowed")
    needed = permissions.needs_votes(case.policy, role, case.asked or ())
    return await _voters(doors, case, said, 0 if approval.looks_to_delete(case.task) else needed)


async def _owner(doors: Doors, case: _Case, membership: Membership | None) -> Rest | None:
    """Suspend the grant of an owner who is no admin there any more, or keeps the bot away."""
    why = lost_ground(membership) if membership is not None else None
    if why is None and case.owner_blocked:
        why = LostGround.OWNER_BLOCKED
    if why is None:
        return None
    async with doors.db.begin() as session:
        suspended = await grants.suspend(session, case.grant.id, why, now=doors.clock())
        if suspended is not None:
            facts = {"why": why}
            await logged.note(
                session, doors.vault, suspended, Act.SUSPENDED, at=doors.clock(), task=case.task, facts=facts
            )
    if suspended is not None:
        log.info("grant=%s suspended: %s", case.grant.id, why)
        await doors.suspended(case.grant.id, case.task.thread_id)
    return Rest(TaskState.DUE, again=True)


async def _voters(doors: Doors, case: _Case, said: Answers, needed: int) -> Rest | None:
    """Take back the votes of those who may not approve any more; what has too few waits for votes again."""
    task, policy = case.task, case.policy
    if needed == 0 and (task.content_hash is None or policy.approves == "nobody"):
        return None
    gone = [each for each in case.voters if not _still_approves(case, each, said[each])]
    async with doors.db.begin() as session:
        for each in gone:
            await votes.withdraw(session, task.id, each)
            facts = {"voter": each}
            await logged.note(session, doors.vault, task, Act.VOTE_VOID, at=doors.clock(), facts=facts)
        if case.is_as_asked and await votes.has_enough(session, task.id):
            return None
    why = "voter_gone" if gone else "votes_anew"
    if case.is_out:
        return Rest(TaskState.FAILED, why)
    return await _wait_for_votes(doors, case, why)


def _still_approves(case: _Case, voter: int, membership: Membership | None) -> bool:
    role = permissions.role_of(membership, owns=voter == case.owner_id)
    return permissions.may(role, Action.APPROVE, case.policy, named=voter in case.named)


async def _wait_for_votes(doors: Doors, case: _Case, why: str) -> Rest:
    """Let a task wait for votes: a planned one no longer than it may be late, its moment having come."""
    task, now = case.task, doors.clock()
    until = now + approval.WAITED_FOR
    if task.promised and task.due_at is not None:
        until = max(now, task.due_at) + GRACE
    async with doors.db.begin() as session:
        files, parts = await tasks.media(session, task.id), await tasks.parts(session, task)
        content_hash = approval.content_hash(task, parts, files)
        await rights.need_votes(session, task.id, by=task.lease_by or "", content_hash=content_hash)
    return Rest(TaskState.WAITING, why, wake_at=until, again=True)
