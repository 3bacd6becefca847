"""Keeps what X said of a connection's limits while a task of it ran."""

from storage import rate_windows
from storage.rate_windows import Said
from tasks.account import Account
from tasks.doors import Doors


async def keep(doors: Doors, account: Account) -> None:
    """Write down what X last said, to this process, of the limits of an account. Commits."""
    said = [
        Said(
            f"{one.name} {one.span} {one.whose}",
            one.limit if one.limit is not None else one.remaining,
            one.remaining,
            one.resets_at,
        )
        for one in doors.x.limits(account.token)
    ]
    if said:
        async with doors.db.begin() as session:
            await rate_windows.heard(session, account.connection.id, said, now=doors.clock())
