"""A grant with all that is asked of it, and what somebody may do with it right now, by Telegram's word."""

from dataclasses import dataclass

from bot.commands import press
from bot.turn import Turn
from storage import connections, grants, groups
from storage.db import Session
from storage.tables import Connection, Grant, Group, Task
from tasks import approval
from tasks.membership import Membership
from tasks.permissions import Action, Role, may, role_of
from tasks.policy import Policy
from texts.reply import Refusal


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant as it was read."""

    grant: Grant
    group: Group
    connection: Connection
    policy: Policy
    gone: tuple[Task, ...] = ()
    """What a change of it has just let go (loosened.py)."""
    newly: tuple[int, ...] = ()
    """Whom it has just named to approve."""

    @property
    def account(self) -> str:
        """Name the account, without its @."""
        return self.connection.username

    def owned_by(self, turn: Turn) -> bool:
        """Tell whether the connection is that of whose turn it is."""
        return self.connection.person_id == turn.person.id


async def load(session: Session, grant: Grant) -> Granted | None:
    """Add a grant's group, connection and policy. None: one of them is gone."""
    group = await groups.get(session, grant.group_id)
    connection = await connections.get(session, grant.connection_id)
    if group is None or connection is None:
        return None
    return Granted(grant, group, connection, approval.policy_of(grant))


async def find(session: Session, turn: Turn, row: str) -> Granted | None:
    """Find the grant a button names: in its group for everybody, in private for the owner only."""
    grant_id = press.number(row)
    grant = await grants.get(session, grant_id) if grant_id is not None else None
    found = await load(session, grant) if grant else None
    if found is None:
        return None
    here = found.owned_by(turn) if turn.chat.private else found.group.chat_id == turn.chat.id
    return found if here else None


async def shared_by(session: Session, person_id: int) -> list[Granted]:
    """List the open grants of somebody's connections."""
    found: list[Granted] = []
    for connection in await connections.listed(session, person_id):
        rows = await grants.of_connection(session, connection.id)
        found += [whole for row in rows if (whole := await load(session, row))]
    return found


async def require(turn: Turn, granted: Granted, action: Action, *, own: bool | None = None) -> Role:
    """Ask Telegram who somebody is in the grant's group, and whether they may. Raises Refusal.

    `own`: see `Action`; unless it is said, whether the connection is theirs. Never in a transaction.
    """
    membership = await turn.doors.members(granted.group.chat_id, turn.person.id)
    owns = granted.owned_by(turn)
    role = role_of(membership, owns=owns)
    if not may(role, action, granted.policy, own=owns if own is None else own):
        raise no(membership)
    return role


def no(membership: Membership | None) -> Refusal:
    """Say why somebody may not do what admins or owners may."""
    if membership is None:
        return Refusal("group.no_answer")
    return Refusal("grant.not_theirs" if membership.administers else "grant.no_admin")
