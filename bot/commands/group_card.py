"""What a task's card says in a group besides: who asked for it, and what the policy says. Changes nothing."""

from dataclasses import replace

from bot.commands import group_rules, planning
from bot.turn import Doors
from storage import grants, people
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import approval
from texts.reply import Fact, Reply, Say

#: The buttons that let a draft go out.
_GO = ("post:", "plan:")


async def added(session: Session, doors: Doors, task: Task, reply: Reply) -> Reply:
    """Add it to a card; what the policy forbids is not offered. In a private chat the card is as it was."""
    if task.chat_id == task.person_id:
        return reply
    grant = await grants.of_task(session, task)
    lines, stops = [], []
    # Whether the group may know of it is not said any more where the grant is over.
    if grant is not None and approval.policy_of(grant).names_author:
        author = await people.get(session, task.person_id)
        lines.append(Say("group.note_author", {"name": author.first_name if author else "?"}))
    if grant is not None and task.state == TaskState.DRAFT:
        now = doors.clock()
        stops = await group_rules.problems(session, task, grant, now=now)
        lines += await group_rules.lines(session, task, grant, now=now)
        lines += [] if reply.ask else _answered(task)
    if grant is not None and grant.frozen_at is not None:
        lines.append(Say("group.note_frozen"))
    return _with(_without_go(reply) if stops else reply, (*stops, *lines))


def _answered(task: Task) -> list[Say]:
    """Say how its author gives what is asked for on the card itself: other words are not looked at."""
    if task.asked == "part:+":
        return [Say("group.note_part")]
    return [Say("group.reply")] if task.asked in planning.ASKS else []


def _without_go(reply: Reply) -> Reply:
    rows = [tuple(each for each in row if not each.data.startswith(_GO)) for row in reply.buttons]
    return replace(reply, buttons=tuple(row for row in rows if row))


def _with(reply: Reply, lines: tuple[Say, ...]) -> Reply:
    """Put lines below what a card says: with its notes, where it has any."""
    if not lines:
        return reply
    notes = reply.facts.get("notes")
    if isinstance(notes, tuple):
        return replace(reply, facts={**reply.facts, "notes": (*notes, *lines)})
    facts: dict[str, Fact] = {"card": Say(reply.key, reply.facts), "lines": lines}
    return replace(reply, key="group.card", facts=facts)
