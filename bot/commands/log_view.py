"""Who may read which part of a group's log: the policies say so, and Telegram is asked at each look."""

from dataclasses import dataclass

from bot.turn import Turn
from storage import connections, log_reading
from storage.db import Session
from storage.log_reading import Part
from storage.tables import Connection, Group, PersonState
from tasks import approval
from tasks.membership import Membership
from tasks.permissions import Action, may, role_of
from tasks.policy import Policy


@dataclass(frozen=True, slots=True)
class View:
    """What somebody may read of a group's log, here."""

    part: Part
    nameless: frozenset[int] = frozenset()
    """Connections whose authors the group is not told: in a group their names are left out."""
    may_export: bool = False


async def of(turn: Turn, group: Group, action: Action = Action.SEE_LOG) -> View | None:
    """Say what the person of this turn may read. None: nothing. `action`: by which right."""
    membership = await turn.doors.members(group.chat_id, turn.person.id)
    async with turn.begin() as session:
        granted = await log_reading.grants_ever(session, group.id)
        rows = {key: await connections.get(session, key) for key in granted}
        since = await log_reading.owned_since(session, _owned(turn, rows))
    policies = {key: approval.policy_of(grant) for key, grant in granted.items()}
    seen = _allowed(turn, membership, rows, policies, action)
    as_others = _allowed(turn, membership, dict.fromkeys(rows), policies, action)
    administers = membership is not None and membership.administers
    if not seen or (turn.person.state == PersonState.GUEST and turn.chat.private and not administers):
        return None
    nameless = {key for key, policy in policies.items() if not policy.names_author}
    return View(
        part=Part(group.id, frozenset(seen), administers, {k: since[k] for k in since.keys() - as_others}),
        nameless=frozenset() if turn.chat.private else frozenset(nameless),
        may_export=bool(_allowed(turn, membership, rows, policies, Action.EXPORT_LOG)),
    )


async def of_account(session: Session, row: Connection) -> Part:
    """Say what an account's owner may read of it, in all groups: what was done since it is theirs."""
    return Part(None, frozenset({row.id}), since=await log_reading.owned_since(session, [row.id]))


def _owned(turn: Turn, rows: dict[int, Connection | None]) -> list[int]:
    return [key for key, row in rows.items() if row is not None and row.person_id == turn.person.id]


def _allowed(
    turn: Turn,
    membership: Membership | None,
    rows: dict[int, Connection | None],
    policies: dict[int, Policy],
    action: Action,
) -> set[int]:
    """Choose the connections about which the person may read."""
    chosen = set()
    for key, policy in policies.items():
        row = rows[key]
        owns = row is not None and row.person_id == turn.person.id
        if may(role_of(membership, owns=owns), action, policy, own=owns):
            chosen.add(key)
    return chosen
