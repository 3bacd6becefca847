"""A group gets a new id at Telegram: all that is its moves along, once, and its log says so."""

from collections import Counter
from datetime import datetime

from storage import grants, groups
from storage.db import Session
from storage.tables import Group, GroupState
from storage.vault import Vault
from tasks import logged
from tasks.acts import Act


async def move(session: Session, vault: Vault, old: int, new: int, *, at: datetime) -> Group | None:
    """Move a group to its new id, whoever tells of it, and however often. None: we know no such group."""
    # Of two who are told at once the second finds nothing at the old id any more.
    was = await groups.hold(session, old)
    is_known = was is not None and was.state != GroupState.GONE
    shared = Counter[int]()
    for one in (was, await groups.find(session, new)):
        shared.update(each.connection_id for each in (await grants.of_group(session, one.id) if one else ()))
    group = await groups.moved(session, old, new)
    if group is None or not is_known:
        return group
    await logged.note(session, vault, group, Act.MOVED, at=at, facts={"old": old, "new": new})
    for grant in await grants.of_group(session, group.id):
        if shared[grant.connection_id] > 1:
            await logged.note(session, vault, grant, Act.DOUBLED, at=at)
    return group
