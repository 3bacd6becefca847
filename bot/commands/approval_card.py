"""The card of what a group votes on, and of what came of it: expired, rejected. Changes nothing."""

from collections.abc import Sequence
from datetime import datetime

from bot.commands import deed_card, press, preview
from bot.turn import Doors
from storage import grants, people, votes
from storage.db import Session
from storage.tables import Grant, Task, TaskState, Verdict
from tasks import approval, kinds, permissions
from tasks.policy import Approves
from texts.reply import Button, Fact, Reply, Rows, Say, Style

#: Outcomes that say why votes are asked for again.
ANEW = ("voter_gone", "votes_anew")
#: States these cards show.
SHOWN = (TaskState.WAITING, TaskState.EXPIRED, TaskState.REJECTED)
_DRAFTED = (kinds.TWEET.name, kinds.MESSAGE.name)
#: So many people at most are called by one card.
CALLED_MOST = 5
#: Digits of the content's name that a button carries.
_DIGITS = 7


def mark(task: Task) -> int:
    """Give what a button of a vote carries in place of a version: it is good for this content only."""
    return int((task.content_hash or "0")[:_DIGITS], 16)


async def of(session: Session, doors: Doors, task: Task) -> Reply:
    """Show a task that waits for votes, or got too few, or a no."""
    if task.state == TaskState.WAITING:
        return await _waiting(session, doors, task)
    facts = await _facts(session, doors, task)
    back = ((press.button("tweet.button_revive", "revive", task),),) if task.kind in _DRAFTED else ()
    if task.state == TaskState.EXPIRED:
        return await _expired(session, task, facts, back)
    no = await _no(session, task)
    return Reply("approval.rejected", facts | no, back)


async def _expired(session: Session, task: Task, facts: dict[str, Fact], rows: Rows) -> Reply:
    """Tell the author, by name where the group may know it."""
    fresh, grant = task.told_at is None, await grants.of_task(session, task)
    if grant is not None and not approval.policy_of(grant).names_author:
        return Reply("approval.expired_unnamed", facts, rows, fresh=fresh)
    author = await names(session, [task.person_id])
    return Reply("approval.expired", facts | {"author": author}, rows, fresh=fresh)


async def told_apart(session: Session, doors: Doors, task: Task) -> list[Reply]:
    """Tell the author in private that it expired, where the group's card may not name them; once."""
    grant = await grants.of_task(session, task)
    is_new = task.state == TaskState.EXPIRED and task.told_at is None
    if not is_new or grant is None or approval.policy_of(grant).names_author:
        return []
    facts = await _facts(session, doors, task)
    author = await names(session, [task.person_id])
    return [Reply("approval.expired", facts | {"author": author}, to=task.person_id, fresh=True)]


async def _waiting(session: Session, doors: Doors, task: Task) -> Reply:
    facts = await _facts(session, doors, task)
    grant = await grants.of_task(session, task)
    notes = [Say(f"approval.note_{task.outcome}")] if task.outcome in ANEW else []
    if grant is not None:
        notes += await _notes(session, task, grant)
    yes = _vote("approval.button_yes", "a_yes", task, Style.SUCCESS)
    no = _vote("approval.button_no", "a_no", task, Style.DANGER)
    edit = (press.button("tweet.button_edit", "a_edit", task),) if task.kind in _DRAFTED else ()
    drop = press.button("tweet.button_cancel", "a_drop", task)
    anew = task.outcome in ANEW and task.told_at is None
    return Reply("approval.waiting", facts | {"notes": tuple(notes)}, ((yes, no), (*edit, drop)), fresh=anew)


def _vote(key: str, verb: str, task: Task, style: Style) -> Button:
    return Button(key, press.data(verb, task.id, mark(task)), style=style)


async def _facts(session: Session, doors: Doors, task: Task) -> dict[str, Fact]:
    said = (
        preview.content(await preview.draft_of(session, task))
        if task.kind in _DRAFTED
        else deed_card.said(doors.x, task)
    )
    return {"username": await preview.username_of(session, task), "text": said}


async def _notes(session: Session, task: Task, grant: Grant) -> list[Say]:
    """Say who voted, who may, and until when."""
    tally, policy = await votes.tally(session, task), approval.policy_of(grant)
    named = await grants.people(session, grant.id, "approves")
    counted = permissions.counting(policy, named, author=task.person_id, yes=tally.yes)
    yes = [each for each in tally.yes if each in counted]
    facts: dict[str, Fact] = {"count": len(yes), "needed": tally.needed}
    found = [Say("approval.note_votes", facts | {"names": await names(session, yes)})]
    found += await _whom(session, task, grant)
    if task.wake_at is not None:
        until: dict[str, Fact] = {"at": task.wake_at, "zone": policy.clock.key}
        found.append(Say("approval.note_planned" if task.promised else "approval.note_until", until))
    return found


async def calls_anew(session: Session, task: Task, *, before: Sequence[int] | None = None) -> bool:
    """Say whether the card calls somebody it did not before, and so has to be a new message.

    Telegram tells nobody that an edited message names them. In order it calls one, else all at once.
    `before`: who had said yes when it was shown last; None: it was not shown yet.
    """
    grant = await grants.of_task(session, task)
    if grant is None or task.state != TaskState.WAITING:
        return False
    policy, named = approval.policy_of(grant), await grants.people(session, grant.id, "approves")
    if policy.approves is not Approves.NAMED or before is None:
        return policy.approves is Approves.NAMED
    yes = (await votes.tally(session, task)).yes
    turn_of, was = (
        permissions.next_voter(policy, named, author=task.person_id, before=said) for said in (yes, before)
    )
    return turn_of is not None and turn_of != was


async def call(session: Session, task: Task) -> list[Reply]:
    """Call who is named to approve what is asked for on a card that stays where it is; else nobody."""
    grant = await grants.of_task(session, task)
    if grant is None or not await calls_anew(session, task):
        return []
    return [Reply("approval.call", {"notes": await _whom(session, task, grant)}, fresh=True)]


async def called(session: Session, person_ids: Sequence[int]) -> Fact:
    """Call people by their names, so that Telegram tells them; who comes after many is only named."""
    said: Fact = await names(session, person_ids[CALLED_MOST:])
    for each in reversed(person_ids[:CALLED_MOST]):
        facts: dict[str, Fact] = {"name": await names(session, [each]), "url": f"tg://user?id={each}"}
        one = Say("approval.person", facts)
        said = Say("approval.people", {"first": one, "others": said}) if said else one
    return said


async def _whom(session: Session, task: Task, grant: Grant) -> tuple[Say, ...]:
    """Say who is asked to approve now."""
    policy, asked = approval.policy_of(grant), await asked_now(session, task, grant)
    if policy.approves is Approves.ADMINS:
        return (Say("approval.note_admins"),)
    if policy.in_order and asked:
        return (Say("approval.note_turn", {"name": await called(session, asked)}),)
    return (Say("approval.note_named", {"names": await called(session, asked)}),) if asked else ()


async def asked_now(session: Session, task: Task, grant: Grant) -> list[int]:
    """List those named people whose yes is waited for: in order one, else all who did not say it yet."""
    policy, named = approval.policy_of(grant), await grants.people(session, grant.id, "approves")
    if policy.approves is not Approves.NAMED:
        return []
    yes = (await votes.tally(session, task)).yes
    if policy.in_order:
        turn_of = permissions.next_voter(policy, named, author=task.person_id, before=yes)
        return [] if turn_of is None else [turn_of]
    return [each for each in named if each not in (task.person_id, *yes)]


async def _no(session: Session, task: Task) -> dict[str, Fact]:
    """Say who said no, and why."""
    against = next((vote for vote in await votes.of_task(session, task) if vote.verdict == Verdict.NO), None)
    if against is None:
        return {"name": "?", "why": ()}
    why = (Say("approval.why", {"reason": against.reason}),) if against.reason else ()
    return {"name": await names(session, [against.person_id]), "why": why}


async def names(session: Session, person_ids: Sequence[int]) -> str:
    """Name people as they call themselves."""
    found = [await people.get(session, each) for each in person_ids]
    return ", ".join(person.first_name if person else "?" for person in found)


async def over(session: Session, task: Task, now: datetime) -> Say:
    """Say what became of what was voted on, and by whose doing."""
    if task.state == TaskState.WAITING and task.wake_at is not None and task.wake_at <= now:
        return Say("approval.over_expired")
    if task.state == TaskState.REJECTED:
        return Say("approval.over_rejected", {"name": (await _no(session, task))["name"]})
    if task.state in (TaskState.DRAFT, TaskState.WAITING):
        return Say("approval.over_edited")
    if task.state in (TaskState.EXPIRED, TaskState.CANCELLED):
        return Say(f"approval.over_{task.state}")
    yes = (await votes.tally(session, task)).yes
    return Say("approval.over_approved", {"names": await names(session, yes)})
