"""Which updates were taken in hand and how far each got, so that none is worked on twice. No content."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from sqlalchemy import BindParameter, ColumnElement, Executable, bindparam, delete, select, update

from storage.db import Database, Session, upsert_in
from storage.tables import Id, Update, UpdateState, UtcDateTime

#: How long a claim holds. Longer than a turn may take (10 s), so that only the dead are overtaken.
CLAIMED_FOR = timedelta(seconds=20)

#: Telegram gives updates up after this long too.
OWED_FOR = timedelta(hours=24)

_THIS_BOT, _THIS_UPDATE = bindparam("this_bot", type_=Id), bindparam("this_update", type_=Id)

UNFINISHED = (UpdateState.CLAIMED, UpdateState.WORKED)


class Overtaken(Exception):  # noqa: N818 - what the caller does next: answer from the rows
    """Somebody else did this update's work meanwhile; nothing of ours was committed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether an update is ours to handle."""

    state: Literal["mine", "done", "busy"]
    again: bool = False
    """Its work is committed already: only the answer is missing."""
    attempts: int = 0
    """How often it was taken in hand, this time included."""


async def claim(session: Session, bot_id: int, update_id: int, by: str, now: datetime) -> Claim:
    """Take an update in hand: *mine*, *done* (by anybody) or *busy* (somebody has it in hand)."""
    until = now + CLAIMED_FOR
    claiming = _claiming(session.get_bind().dialect.name)
    which = {"this_bot": bot_id, "this_update": update_id}
    taken = await session.execute(claiming, {**which, "me": by, "until": until, "this_moment": now})
    if row := taken.one_or_none():
        return Claim("mine", again=row.state == UpdateState.WORKED, attempts=row.attempts)
    state = await session.scalar(select(Update.state).where(*_this(bot_id, update_id)))
    return Claim("busy" if state in UNFINISHED else "done")


@cache
def _claiming(dialect: str) -> Executable:
    """Make the statement once: making it costs more than carrying it out (`_working` and others too)."""
    until, now = (bindparam(name, type_=UtcDateTime()) for name in ("until", "this_moment"))
    new = upsert_in(dialect, Update).values(
        bot_id=_THIS_BOT,
        update_id=_THIS_UPDATE,
        state=UpdateState.CLAIMED,
        claimed_by=bindparam("me"),
        claimed_until=until,
        attempts=1,
        received_at=now,
    )
    return new.on_conflict_do_update(
        index_elements=[Update.bot_id, Update.update_id],
        set_={"claimed_by": bindparam("me"), "claimed_until": until, "attempts": Update.attempts + 1},
        where=Update.state.in_(UNFINISHED) & (Update.claimed_until <= now),
    ).returning(Update.state, Update.attempts)


@cache
def _working() -> Executable:
    return (
        update(Update)
        .where(*_this(_THIS_BOT, _THIS_UPDATE), Update.state == UpdateState.CLAIMED)
        .values(state=UpdateState.WORKED)
        .returning(Update.update_id)
        .execution_options(synchronize_session=False)
    )


@cache
def _answered() -> Executable:
    return (
        update(Update)
        .where(*_this(_THIS_BOT, _THIS_UPDATE), Update.state.in_(UNFINISHED))
        .values(state=UpdateState.ANSWERED)
        .execution_options(synchronize_session=False)
    )


@asynccontextmanager
async def working(db: Database, bot_id: int, update_id: int) -> AsyncIterator[Session]:
    """Open the transaction that does an update's work and marks it as worked, both or neither.

    Raises Overtaken when the work was done already. On Postgres a rival waits here until we commit.
    """
    async with db.begin() as session:
        marked = await session.scalar(_working(), {"this_bot": bot_id, "this_update": update_id})
        if marked is None:
            raise Overtaken(str(Overtaken.__doc__))
        yield session


async def answered(session: Session, bot_id: int, update_id: int) -> None:
    """Note that nothing is left to do for this update."""
    await session.execute(_answered(), {"this_bot": bot_id, "this_update": update_id})


async def set_aside(session: Session, bot_id: int, update_id: int, error_id: str) -> None:
    """Give an update up under the error id that the person and the log were told."""
    await _change(session, bot_id, update_id, {"state": UpdateState.SET_ASIDE, "error_id": error_id})


async def release(session: Session, bot_id: int, update_id: int) -> None:
    """Let go of an update that failed, so that a redelivery is taken in hand at once."""
    await _change(session, bot_id, update_id, {"claimed_until": Update.received_at})


async def release_all(session: Session, bot_id: int) -> None:
    """Let go of all that is in hand, for whoever had it is known to be dead; how far it got stays."""
    await session.execute(
        update(Update)
        .where(Update.bot_id == bot_id, Update.state.in_(UNFINISHED))
        .values(claimed_until=Update.received_at)
    )


async def owe(session: Session, bot_id: int, update_id: int, now: datetime) -> bool:
    """Let go of an update whose answer Telegram did not take, as if it had not been tried.

    False, and nothing changes: it has been owed so long that nobody waits for it any more.
    """
    owed = await session.scalar(
        update(Update)
        .where(
            *_this(bot_id, update_id),
            Update.state.in_(UNFINISHED),
            Update.received_at > now - OWED_FOR,
        )
        .values(claimed_until=Update.received_at, attempts=Update.attempts - 1)
        .returning(Update.update_id)
    )
    return owed is not None


async def clean(session: Session, before: datetime) -> None:
    """Forget the updates received before; Telegram redelivers none older than 24 hours."""
    await session.execute(delete(Update).where(Update.received_at < before))


def _this(
    bot_id: int | BindParameter[int], update_id: int | BindParameter[int]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Update.bot_id == bot_id, Update.update_id == update_id


async def _change(session: Session, bot_id: int, update_id: int, values: dict[str, object]) -> None:
    await session.execute(
        update(Update).where(*_this(bot_id, update_id), Update.state.in_(UNFINISHED)).values(values)
    )
