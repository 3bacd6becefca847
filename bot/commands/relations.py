"""What uses connections, said before they go; and the groups that lose them: told, and written down."""

from collections.abc import Collection, Sequence

from bot.commands import press
from bot.commands.logged import note
from bot.turn import Answer, Turn
from storage import connections, grants, groups
from storage import relations as stored
from storage.db import Session
from storage.tables import Connection, Grant
from tasks.acts import Act
from texts.reply import Button, Fact, Reply, Say


async def lines(session: Session, turn: Turn, connection_ids: Collection[int]) -> tuple[Say, ...]:
    """Say what uses somebody's connections, one line each; nothing where nothing does."""
    found = await stored.of(session, connection_ids, owner=turn.person.id)
    said = [Say("relations.group", {"group": title}) for title in found.groups]
    counted = {
        "relations.schedules": found.schedules,
        "relations.drafts": found.drafts,
        "relations.waits": found.waits,
        "relations.others": found.others,
    }
    return (*said, *(Say(key, {"count": count}) for key, count in counted.items() if count))


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
