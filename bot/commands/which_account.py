"""Which account a new task goes out from, where nobody has said it yet."""

from bot.commands import allowed
from bot.turn import Turn
from storage import accounts, connections
from storage.db import Session


async def first_choice(session: Session, turn: Turn) -> int | None:
    """Give the default connection, or the chat's only one. None: there is none, or they have to say which.

    Another account than the person is used to never takes its place by itself.
    """
    if not turn.chat.private:
        return await _first_choice_here(session, turn)
    ids = await accounts.usable_ids(session, person_id=turn.person.id, chat_id=turn.chat.id)
    default = await connections.default_id(session, turn.person.id)
    if default in ids:
        return default
    return ids[0] if default is None and len(ids) == 1 else None


async def _first_choice_here(session: Session, turn: Turn) -> int | None:
    """Give the group's only account this person may use, else the one they used there last."""
    ids = await allowed.usable_ids(session, turn)
    if len(ids) == 1:
        return ids[0]
    last = await accounts.last_used(session, person_id=turn.person.id, chat_id=turn.chat.id)
    return last if last in ids else None
