"""Authorize links: handed out, counted down, exchanged for a token once. What leads there: authorizations.py.

No call to X stands here. Column `retry_at` of an open link is the moment its countdown shows the next number.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import randbits

from sqlalchemy import and_, or_, select

from storage import authorizations
from storage.authorizations import LINK_ONLY, State
from storage.db import FOR_CHANGE, Session
from storage.tables import Authorization, Person
from storage.vault import Secret, Vault

#: Life of an authorize link. X does not document how long its request tokens live; 15 minutes are reported.
LINK_FOR = timedelta(minutes=10)
#: After this an exchange that nobody finished is given up; longer than a turn may last.
EXCHANGE_FOR = timedelta(seconds=30)
TRIES = 3


async def hand_out_link(
    session: Session, vault: Vault, row: Authorization, *, token: Secret, secret: Secret, now: datetime
) -> Authorization | None:
    """Keep the request token of a fresh link; three tries from now on. None: overtaken."""
    await authorizations.lock_person(session, row.person_id)
    other = await authorizations.current(session, row.person_id)
    if other is not None and other.id != row.id:
        return None
    return await authorizations.move(
        session,
        row,
        State.LINK,
        request_token=authorizations.seal(vault, row, "request_token", token),
        request_secret=authorizations.seal(vault, row, "request_secret", secret),
        tries_left=TRIES,
        expires_at=now + LINK_FOR,
        retry_at=now + timedelta(minutes=1),
    )


async def exchange(session: Session, row: Authorization, now: datetime) -> Authorization | None:
    """Mark a link as being exchanged, directly before the call. None: it is so already, or too late."""
    return await authorizations.change_one(
        session,
        Authorization.id == row.id,
        Authorization.state == State.LINK,
        Authorization.version == row.version,
        Authorization.expires_at > now,
        values={
            "state": State.EXCHANGING,
            "version": row.version + 1,
            "expires_at": now + EXCHANGE_FOR,
            "retry_at": None,
        },
    )


async def wrong_pin(
    session: Session, row: Authorization, *, link_until: datetime, now: datetime
) -> Authorization | None:
    """Give the link back with one try fewer; the last wrong PIN uses it up."""
    left = row.tries_left - 1
    if left <= 0:
        return await authorizations.move(
            session, row, State.USED_UP, tries_left=0, expires_at=now, **LINK_ONLY
        )
    retry_at = next_minute(link_until, now)
    return await authorizations.move(
        session, row, State.LINK, tries_left=left, expires_at=link_until, retry_at=retry_at
    )


async def give_back(
    session: Session, row: Authorization, *, link_until: datetime, now: datetime
) -> Authorization | None:
    """Give the link back as it was: the exchange never reached X."""
    retry_at = next_minute(link_until, now)
    return await authorizations.move(session, row, State.LINK, expires_at=link_until, retry_at=retry_at)


async def use_up(session: Session, row: Authorization, now: datetime) -> Authorization | None:
    """End a link whose exchange has no known outcome: it is never exchanged again."""
    return await authorizations.move(session, row, State.USED_UP, expires_at=now, **LINK_ONLY)


async def close(session: Session, row: Authorization, now: datetime) -> Authorization | None:
    """Cancel a link from another chat than its card's: `take_ticking` gives it once more, to be redrawn."""
    return await authorizations.move(
        session, row, State.CANCELLED, expires_at=now, retry_at=now, **authorizations.EMPTY
    )


async def strand_token(
    session: Session, vault: Vault, row: Authorization, secrets: Mapping[str, Secret], now: datetime
) -> bool:
    """Have a token revoked for which its row waits no longer: it gets a row of its own, *revoking*.

    `secrets` by column: the access token and, for an own app, its keys. False: the person was erased, and
    nothing of theirs is stored.
    """
    if await session.get(Person, row.person_id, populate_existing=True, with_for_update=FOR_CHANGE) is None:
        return False
    stranded = Authorization(
        person_id=row.person_id,
        # No update began it; below zero, which `authorizations.is_stranded` looks at.
        source_update_id=-1 - randbits(62),
        state=State.REVOKING,
        app_kind=row.app_kind,
        app_fingerprint=row.app_fingerprint,
        data_key=vault.new_data_key("authorizations", row.person_id),
        token_fingerprint=vault.fingerprint(secrets["access_token"].reveal()),
        created_at=row.created_at,
        expires_at=now,
        retry_at=now,
    )
    session.add(stranded)
    await session.flush()
    for column, secret in secrets.items():
        setattr(stranded, column, authorizations.seal(vault, stranded, column, secret))
    await session.flush()
    return True


async def take_ticking(session: Session, now: datetime) -> Sequence[Authorization]:
    """Take the links whose countdown changes now, or that were closed; each is given to one caller only."""
    is_open = and_(Authorization.state == State.LINK, Authorization.expires_at > now)
    is_closed = Authorization.state == State.CANCELLED
    due = await session.scalars(
        select(Authorization).where(Authorization.retry_at <= now, or_(is_open, is_closed))
    )
    taken = []
    for row in due.all():
        same = Authorization.retry_at == row.retry_at
        again_at = next_minute(row.expires_at, now) if row.state == State.LINK else None
        values = {"retry_at": again_at}
        mine = await authorizations.change_one(
            session, Authorization.id == row.id, same, Authorization.version == row.version, values=values
        )
        taken += [mine] if mine else []
    return taken


def next_minute(until: datetime, now: datetime) -> datetime:
    """Say when a countdown to `until` shows the next number."""
    left = (until - now) % timedelta(minutes=1)
    return now + (left or timedelta(minutes=1))
