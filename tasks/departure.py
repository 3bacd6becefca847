"""An owner, the bot or the whole group is gone: what is shared there is suspended, or ends."""

import json
from datetime import datetime

from storage import grants, groups, log
from storage.db import Session
from storage.tables import GroupState, LostGround
from storage.vault import Vault
from tasks import logged
from tasks.acts import Act
from tasks.membership import Membership

#: What the log says of a deleted group; its grants end.
_GROUP_GONE = "group_gone"


def lost_ground(membership: Membership) -> LostGround | None:
    """Say which ground a grant of theirs has lost where they stand so. None: none, they are an admin."""
    if membership.administers:
        return None
    return LostGround.OWNER_NOT_ADMIN if membership.present else LostGround.OWNER_LEFT


async def note(session: Session, vault: Vault, chat_id: int, *, is_gone: bool, at: datetime) -> list[int]:
    """Note it, whoever tells of it, and however often; gives the connections that were shared until now."""
    over = await (groups.gone if is_gone else groups.left)(session, chat_id, now=at)
    facts = {"why": _GROUP_GONE if is_gone else LostGround.BOT_REMOVED.value}
    for grant in over:
        await logged.note(session, vault, grant, Act.SUSPENDED, at=at, facts=facts)
    return [grant.connection_id for grant in over]


async def noted(session: Session, chat_id: int) -> list[int]:
    """Give once more what `note` gave first: a redelivery is answered from the rows."""
    group = await groups.find(session, chat_id)
    if group is None:
        return []
    if group.state != GroupState.GONE:
        rows = await grants.of_group(session, group.id)
        return [row.connection_id for row in rows if row.suspended_why == LostGround.BOT_REMOVED]
    entries = [each for each in await log.entries_of(session, group.id) if each.act == Act.SUSPENDED]
    gone = (each for each in entries if json.loads(each.facts).get("why") == _GROUP_GONE)
    return [each.connection_id for each in gone if each.connection_id is not None]
