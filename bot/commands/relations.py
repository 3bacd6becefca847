"""What uses connections, said before they go; and the groups that lose them: told, and written down."""

from collections.abc import Collection, Sequence
from typing import Any

from bot.commands import planning, press, queue, rule_words
from bot.commands.logged import note
from bot.turn import Answer, Turn
from storage import connections, grants, groups
from storage import people as people_
from storage import relations as stored
from storage.db import Session
from storage.tables import Connection, Grant, Schedule, Task, TaskState
from tasks.acts import Act
from tasks.schedule import Rule
from texts.reply import Button, Fact, Reply, Say


async def lines(session: Session, turn: Turn, connection_ids: Collection[int]) -> tuple[Say, ...]:
    """Say what uses somebody's connections, by name, the first of each kind; nothing where nothing does."""
    found = await stored.of(session, connection_ids, owner=turn.person.id)
    groups_ = [Say("relations.group", {"group": group.title}) for group in found.groups.first]
    people = ", ".join(person.first_name for person in found.others.first)
    others = [Say("relations.people", {"names": people})] if people else []
    return (
        *groups_,
        *_more(found.groups),
        *_part("relations.schedules", found.schedules),
        *[await _schedule(session, turn, each) for each in found.schedules.first],
        *_more(found.schedules),
        *_part("relations.drafts", found.drafts),
        *[await _task(session, turn, each) for each in found.drafts.first],
        *_more(found.drafts),
        *_part("relations.waits", found.waits),
        *[await _task(session, turn, each) for each in found.waits.first],
        *_more(found.waits),
        *_part("relations.others", found.others),
        *others,
        *_more(found.others),
    )


def _part(key: str, some: stored.Some[Any]) -> tuple[Say, ...]:
    return (Say(key, {"count": some.count}),) if some.count else ()


def _more(some: stored.Some[Any]) -> tuple[Say, ...]:
    more = some.count - len(some.first)
    return (Say("relations.more", {"count": more}),) if more else ()


async def _schedule(session: Session, turn: Turn, row: Schedule) -> Say:
    facts: dict[str, Fact] = {"rule": rule_words.said(Rule.read(row.rule))}
    task = await stored.next_of(session, row)
    if task is None:
        return Say("relations.schedule_idle", facts)
    at = task.due_at or task.created_at
    return Say(
        "relations.schedule", facts | {"at": at, "zone": row.zone, "text": await _what(session, turn, task)}
    )


async def _task(session: Session, turn: Turn, task: Task) -> Say:
    """Say what a task is; of somebody else's draft, which is not asked for yet, only whose it is."""
    if task.state == TaskState.DRAFT and task.person_id != turn.person.id:
        author, group = await people_.get(session, task.person_id), await groups.find(session, task.chat_id)
        name = author.first_name if author else "?"
        return Say("relations.draft_of", {"name": name, "group": group.title if group else "?"})
    words: dict[str, Fact] = {"text": await _what(session, turn, task)}
    if not task.promised or task.due_at is None:
        return Say("relations.task", words)
    zone = planning.zone_of(turn.person).key
    return Say("relations.task_planned", words | {"at": task.due_at, "zone": zone})


async def _what(session: Session, turn: Turn, task: Task) -> Fact:
    said = await queue.what(session, turn, task)
    return said or Say("relations.no_words")


async def at_stake(session: Session, turn: Turn, connection_ids: Collection[int]) -> tuple[Say, ...]:
    """Say so under a heading, for a question; nothing where nothing does."""
    found = await lines(session, turn, connection_ids)
    return (Say("relations.in_use"), *found) if found else ()


async def show(turn: Turn, row: Connection) -> Answer:
    """Show what uses a connection."""
    async with turn.begin() as session:
        uses = await lines(session, turn, [row.id])
    facts: dict[str, Fact] = {"name": row.name, "username": row.username, "uses": uses}
    log = Button("relations.button_log", f"log:c{row.id}:0")
    back = press.button("relations.button_back", "conn", row)
    return [Reply("relations.page" if uses else "relations.none", facts, ((log,), (back,)))]


async def sharing(session: Session, connection_ids: Collection[int]) -> list[Grant]:
    """List the grants that will end with these connections, in the order in which their logs are locked."""
    found = [grant for each in connection_ids for grant in await grants.of_connection(session, each)]
    return sorted(found, key=lambda grant: (grant.group_id, grant.id))


async def tell(session: Session, turn: Turn, names: dict[int, str], ended: Sequence[Grant]) -> list[Reply]:
    """Write down in each group's log that it lost a connection, and give what it is told; last of all.

    `names`: the accounts by connection, as they were.
    """
    told = []
    for grant in ended:
        group = await groups.get(session, grant.group_id)
        if group is None:
            continue
        facts: dict[str, Fact] = {"who": turn.person.first_name, "username": names[grant.connection_id]}
        told.append(Reply("grant.ended_told", facts, to=group.chat_id, fresh=True))
        await note(session, turn, grant, Act.UNSHARED)
    return told


async def names(session: Session, person_id: int) -> dict[int, str]:
    """Give somebody's accounts by connection."""
    return {row.id: row.username for row in await connections.listed(session, person_id)}
