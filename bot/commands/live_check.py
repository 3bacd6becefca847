"""Asking X now who a connection is: one signed request, billed as one user read and booked as such."""

from dataclasses import dataclass

from bot.commands import identity, signing
from bot.turn import Turn
from storage import connections, money, spending
from storage.tables import Connection
from storage.vault import Locked
from tasks import price
from tasks.account import Account, open_account
from texts.reply import Refusal
from twitter import people
from twitter.errors import NotAuthorized, XError


@dataclass(frozen=True, slots=True)
class Checked:
    """What X said; the row as it stands after that."""

    row: Connection
    username: str = ""
    """Who it is now."""
    error: XError | None = None


def opened(turn: Turn, row: Connection) -> Account | None:
    """Open a connection for use; None: its keys do not open, or its app is not known any more."""
    try:
        return open_account(turn.doors.vault, turn.doors.rules.registered_app, row)
    except Locked:
        return None


async def ask(turn: Turn, row: Connection, account: Account) -> Checked:
    """Ask X, and note what it says. Commits. Raises Refusal: no money left, or it is another account now.

    Answers within what a turn has, whatever X does.
    """
    async with turn.begin() as session:
        cost = price.of_people(1).cents_100
        if await spending.no_room(session, row.id, cents_100=cost, now=turn.now):
            raise Refusal("doctor.no_room")
    try:
        found = await signing.ask(people.who_am_i, turn.doors.x, account.app, account.token)
    except XError as error:
        return await _refused(turn, row, error)
    async with turn.work() as session:
        changed = None
        if found.id == row.x_user_id:
            changed = await connections.works(session, row, turn.now, **identity.columns(found))
        # Last, as everywhere: whoever has the month's row waits for nothing else.
        await money.record(session, row.id, "who_am_i", cents_100=cost, now=turn.now)
    if found.id != row.x_user_id:
        raise Refusal("connections.test_other", username=found.username)
    return Checked(changed or row, found.username)


async def _refused(turn: Turn, row: Connection, error: XError) -> Checked:
    if isinstance(error, NotAuthorized) and error.code == "revoked":
        async with turn.work() as session:
            await connections.needs_reauthorizing(session, row.id, token_fingerprint=row.token_fingerprint)
    async with turn.begin() as session:
        return Checked(await connections.get(session, row.id, row.person_id) or row, error=error)
