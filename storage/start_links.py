"""Links that start the bot (t.me/bot?start=token): made and used. What a purpose allows stands in bot/."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update

from storage.db import Session
from storage.tables import Person, StartLink, StartLinkUse, Update

#: The purpose that makes somebody the operator: good only while there is none.
CLAIM = "claim"
#: A way from a group to the private chat is taken at once or not at all.
PRIVATE_DOOR_FOR = timedelta(minutes=10)
#: Bot API, deep linking: up to 64 of A-Z a-z 0-9 _ -. 128 bits are 22 of them.
TOKEN_BYTES = 16
#: Characters of a hash (hex) that name a link: 128 bits, and room in the 64 bytes of a button's data.
SHORT_NAME = 32

Reason = Literal["unknown", "not_yours", "expired", "used_up"]


async def make(
    session: Session,
    purpose: str,
    *,
    person_id: int | None = None,
    uses: int = 1,
    expires_at: datetime,
    made_by: int | None = None,
    token: str | None = None,
) -> str:
    """Make a link's token; only its hash is kept. `person_id` binds it, `made_by` None is the program.

    `token`: one of the caller's own making, as hard to guess; the same one again makes no second link.
    """
    token = token or secrets.token_urlsafe(TOKEN_BYTES)
    if await session.get(StartLink, _hash(token)):
        return token
    session.add(
        StartLink(
            token_hash=_hash(token),
            purpose=purpose,
            person_id=person_id,
            uses_left=uses,
            expires_at=expires_at,
            made_by=made_by,
        )
    )
    await session.flush()
    return token


async def use(
    session: Session,
    token: str,
    *,
    person_id: int,
    now: datetime,
    purposes: Collection[str] | None = None,
    delivery: tuple[int, int] | None = None,
) -> str | None:
    """Use a link and give its purpose. None: it is dead for this person, see `dead_because`.

    `purposes`: leave links of other purposes alone. `delivery` (bot id, update id): a redelivery of the
    update that used the link gets the purpose again at no cost; a later one finds it used.
    """
    link = select(StartLink).where(StartLink.token_hash == _hash(token), *_good_for(person_id, purposes))
    # Locked first: of two deliveries of one /start the second waits here, and then sees the use.
    found = await session.scalar(link.with_for_update())
    if found is None:
        return None
    used = await session.get(StartLinkUse, (found.token_hash, person_id), populate_existing=True)
    if used is None:
        return found.purpose if await _spend(session, found.token_hash, person_id, now) else None
    return found.purpose if delivery and await _came_before(session, delivery, used) else None


async def purpose_of(session: Session, token: str) -> str | None:
    """Say what a link is for, used or not, whoever asks. None: nobody made it."""
    purpose: str | None = await session.scalar(
        select(StartLink.purpose).where(StartLink.token_hash == _hash(token))
    )
    return purpose


async def still_open(session: Session, purpose: str, *, now: datetime) -> Sequence[StartLink]:
    """List the links of a purpose that still let somebody in, the first to run out first."""
    found = await session.scalars(
        select(StartLink)
        .where(StartLink.purpose == purpose, StartLink.uses_left > 0, StartLink.expires_at > now)
        .order_by(StartLink.expires_at, StartLink.token_hash)
    )
    return found.all()


def short_name(link: StartLink) -> str:
    """Name a link in a button's data, where its whole hash has no room."""
    return link.token_hash[:SHORT_NAME]


def short_name_of(token: str) -> str:
    """Name the link with this token likewise."""
    return _hash(token)[:SHORT_NAME]


async def withdraw(session: Session, purpose: str, short: str) -> bool:
    """Let a link of that purpose be of no use any more; who came by it stays. False: it was of none."""
    withdrawn = await session.scalar(
        update(StartLink)
        .where(
            StartLink.purpose == purpose,
            func.substr(StartLink.token_hash, 1, SHORT_NAME) == short,
            StartLink.uses_left > 0,
        )
        .values(uses_left=0)
        .returning(StartLink.token_hash)
    )
    return withdrawn is not None


async def end_all(session: Session, purposes: str, *, person_id: int) -> None:
    """Drop the links bound to somebody whose purpose begins so, used or not."""
    theirs = (StartLink.person_id == person_id, StartLink.purpose.startswith(purposes, autoescape=True))
    await session.execute(delete(StartLink).where(*theirs))


async def dead_because(session: Session, token: str, *, person_id: int, now: datetime) -> Reason:
    """Say why a link was of no use to this person."""
    link = await session.scalar(select(StartLink).where(StartLink.token_hash == _hash(token)))
    if link is None:
        return "unknown"
    if link.person_id not in (None, person_id):
        return "not_yours"
    return "expired" if link.expires_at <= now else "used_up"


async def _spend(session: Session, token_hash: str, person_id: int, now: datetime) -> bool:
    spent = await session.scalar(
        update(StartLink)
        .where(StartLink.token_hash == token_hash, StartLink.uses_left > 0, StartLink.expires_at > now)
        .values(uses_left=StartLink.uses_left - 1)
        .returning(StartLink.token_hash)
    )
    if spent is None:
        return False
    session.add(StartLinkUse(token_hash=token_hash, person_id=person_id, used_at=now))
    await session.flush()
    return True


async def _came_before(session: Session, delivery: tuple[int, int], used: StartLinkUse) -> bool:
    """Tell whether the update was here when the link was used: then it is the one that used it.

    A person's updates come one after the other, so one received later is another press.
    """
    bot_id, update_id = delivery
    this = (Update.bot_id == bot_id, Update.update_id == update_id, Update.received_at <= used.used_at)
    return bool(await session.scalar(select(exists().where(*this))))


def _good_for(person_id: int, purposes: Collection[str] | None) -> list[ColumnElement[bool]]:
    claimed = exists().where(Person.is_operator, Person.id != person_id)
    good = [
        or_(StartLink.person_id.is_(None), StartLink.person_id == person_id),
        or_(StartLink.purpose != CLAIM, ~claimed),
    ]
    return good if purposes is None else [*good, StartLink.purpose.in_(purposes)]


def _hash(token: str) -> str:
    """Hash plainly: a token of 128 random bits cannot be found by trying."""
    return hashlib.sha256(token.encode()).hexdigest()
