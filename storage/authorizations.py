"""Authorizations: the rows on the way from /connect to a connection; the only place that opens their seals.

No call to X and no sentence stands here. Every change is one UPDATE that names the state and version it
expects: of two at once one wins, the other gets None. What happens to a link: links.py.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from storage.db import Session
from storage.tables import (
    OPEN_AUTHORIZATION,
    AppKind,
    Authorization,
    AuthorizationState,
    Person,
)
from storage.vault import Locked, Place, Secret, Vault

State = AuthorizationState

#: How long a person may take to type in keys.
TYPING_FOR = timedelta(minutes=15)
#: How long "Connect as @name?" waits for a Yes.
CONFIRM_FOR = timedelta(minutes=10)
#: How long the keys of an own app outlive their link, so that "New link" need not ask for them again.
KEYS_KEPT_FOR = timedelta(minutes=30)

SEALED = (
    "consumer_key",
    "consumer_secret",
    "request_token",
    "request_secret",
    "access_token",
    "access_secret",
)
EMPTY: Mapping[str, None] = dict.fromkeys(SEALED)
#: States in which a person types something for this row.
TYPING = (State.KEY, State.SECRET, State.TOKEN, State.TOKEN_SECRET)
#: Ended, but a new link may follow.
RENEWABLE = (State.EXPIRED, State.USED_UP)


async def open_new(
    session: Session,
    vault: Vault,
    *,
    person_id: int,
    update_id: int,
    now: datetime,
    renews_id: int | None = None,
) -> Authorization:
    """Begin a new authorization; the one open until now ends (the newest wins).

    The same update again gives the same row, whatever became of it.
    """
    await lock_person(session, person_id)
    known = await from_update(session, person_id=person_id, update_id=update_id)
    if known is not None:
        return known
    await _end_open(session, person_id=person_id, now=now)
    row = Authorization(
        person_id=person_id,
        source_update_id=update_id,
        state=State.CHOOSING,
        data_key=vault.new_data_key("authorizations", person_id),
        renews_id=renews_id,
        created_at=now,
        expires_at=now + TYPING_FOR,
    )
    session.add(row)
    await session.flush()
    return row


async def from_update(session: Session, *, person_id: int, update_id: int) -> Authorization | None:
    """Find the authorization that this very update began."""
    found: Authorization | None = await session.scalar(
        select(Authorization).where(
            Authorization.person_id == person_id, Authorization.source_update_id == update_id
        )
    )
    return found


async def get(session: Session, row_id: int, *, person_id: int) -> Authorization | None:
    """Find a person's own authorization; somebody else's is not found."""
    found: Authorization | None = await session.scalar(
        select(Authorization).where(Authorization.id == row_id, Authorization.person_id == person_id)
    )
    return found


async def current(session: Session, person_id: int) -> Authorization | None:
    """Find the one authorization a person has open."""
    found: Authorization | None = await session.scalar(
        select(Authorization).where(
            Authorization.person_id == person_id, Authorization.state.in_(OPEN_AUTHORIZATION)
        )
    )
    return found


async def latest(session: Session, person_id: int) -> Authorization | None:
    """Find the open authorization, else the newest one."""
    is_open = Authorization.state.in_(OPEN_AUTHORIZATION)
    found: Authorization | None = await session.scalar(
        select(Authorization)
        .where(Authorization.person_id == person_id, or_(is_open, Authorization.source_update_id >= 0))
        .order_by(is_open.desc(), Authorization.id.desc())
        .limit(1)
    )
    return found


def is_stranded(row: Authorization) -> bool:
    """Tell whether a row only holds a token that came too late (links.strand_token): nobody asked for it."""
    return row.source_update_id < 0


async def move(
    session: Session, row: Authorization, to: AuthorizationState, **values: Any
) -> Authorization | None:
    """Move a row on from exactly what `row` says (state and version). None: somebody else was first."""
    return await change_one(
        session,
        Authorization.id == row.id,
        Authorization.state == row.state,
        Authorization.version == row.version,
        values={"state": to, "version": row.version + 1, **values},
    )


async def change_one(
    session: Session, *expected: ColumnElement[bool], values: Mapping[str, Any]
) -> Authorization | None:
    """Change the one row that is as expected. None: there is none."""
    found: Authorization | None = await session.scalar(
        update(Authorization).where(*expected).values(**values).returning(Authorization),
        execution_options={"populate_existing": True},
    )
    return found


async def choose_app(
    session: Session, row: Authorization, kind: AppKind, fingerprint: str | None, now: datetime
) -> Authorization | None:
    """Note which app it shall be; an own app's keys are asked for (anew)."""
    to = State.CHOOSING if kind == AppKind.REGISTERED else State.KEY
    values = {"app_kind": kind, "app_fingerprint": fingerprint, "expires_at": now + TYPING_FOR}
    return await move(session, row, to, **values, **EMPTY)


async def take_secrets(
    session: Session,
    vault: Vault,
    row: Authorization,
    to: AuthorizationState,
    *,
    secrets: Mapping[str, Secret],
    now: datetime,
    **values: Any,
) -> Authorization | None:
    """Seal what a person typed in, by column, and move on to what is asked for next."""
    sealed = {column: seal(vault, row, column, secret) for column, secret in secrets.items()}
    return await move(session, row, to, expires_at=now + TYPING_FOR, **sealed, **values)


async def keep_token(
    session: Session,
    vault: Vault,
    row: Authorization,
    *,
    token: Secret,
    secret: Secret,
    now: datetime,
    **account: Any,
) -> Authorization | None:
    """Seal the access token; from now on only the Yes is missing. None: the row was ended meanwhile."""
    return await move(
        session,
        row,
        State.CONFIRMING,
        access_token=seal(vault, row, "access_token", token),
        access_secret=seal(vault, row, "access_secret", secret),
        token_fingerprint=vault.fingerprint(token.reveal()),
        expires_at=now + CONFIRM_FOR,
        retry_at=None,
        **account,
    )


async def describe(session: Session, row: Authorization, **account: Any) -> Authorization:
    """Fill in what X tells about the account; changes no state and no version."""
    return (await change_one(session, Authorization.id == row.id, values=account)) or row


async def end(
    session: Session, row: Authorization, to: AuthorizationState, now: datetime
) -> Authorization | None:
    """End a row: its secrets are emptied, unless its token has to be revoked at X first.

    A token that a person typed in ready-made is theirs and in use elsewhere: it is forgotten, not revoked.
    None: somebody was first, or there is nothing left to end.
    """
    if row.state not in (*OPEN_AUTHORIZATION, *RENEWABLE):
        return None
    if row.state == State.CONFIRMING and row.request_token is not None:
        return await move(session, row, State.REVOKING, retry_at=now)
    kept = LINK_ONLY if to in RENEWABLE and row.state in {State.LINK, State.EXCHANGING} else EMPTY
    return await move(session, row, to, expires_at=now, retry_at=None, **kept)


async def give_up(session: Session, row: Authorization, now: datetime) -> Authorization | None:
    """End a question whose token X has forgotten; its app may be used for a new link. None: overtaken."""
    return await move(session, row, State.USED_UP, expires_at=now, retry_at=None, **LINK_ONLY)


async def set_card(session: Session, row_id: int, message_id: int) -> None:
    """Remember the living message of this flow."""
    await change_one(session, Authorization.id == row_id, values={"card_message_id": message_id})


async def take_expired(session: Session, now: datetime) -> Sequence[Authorization]:
    """End what is open and too old; each is given to one caller only, in its new state."""
    due = await session.scalars(
        select(Authorization).where(
            Authorization.state.in_(OPEN_AUTHORIZATION), Authorization.expires_at <= now
        )
    )
    ended = [await lapse(session, row, now) for row in due.all()]
    return [row for row in ended if row is not None]


async def lapse(session: Session, row: Authorization, now: datetime) -> Authorization | None:
    """End a row whose time is over: a link that was being exchanged is used up. None: somebody was first."""
    return await end(session, row, State.USED_UP if row.state == State.EXCHANGING else State.EXPIRED, now)


async def forget_keys(session: Session, now: datetime) -> None:
    """Empty the keys that were kept for a new link nobody asked for."""
    await session.execute(
        update(Authorization)
        .where(
            Authorization.state.in_(RENEWABLE),
            Authorization.consumer_key.is_not(None),
            Authorization.expires_at <= now - KEYS_KEPT_FOR,
        )
        .values(version=Authorization.version + 1, **EMPTY)
    )


async def lock_person(session: Session, person_id: int) -> None:
    """Let one transaction at a time change what a person is connected to (SQLite has one writer anyway)."""
    await session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def seal(vault: Vault, row: Authorization, column: str, secret: Secret) -> bytes:
    """Seal a value for this column of this row."""
    return vault.seal(row.data_key, Place("authorizations", column, row.id, row.person_id), secret)


def unseal(vault: Vault, row: Authorization, column: str) -> Secret | None:
    """Open a sealed column; None: it is empty. Raises vault.Locked."""
    sealed = getattr(row, column)
    if sealed is None:
        return None
    return vault.open(row.data_key, Place("authorizations", column, row.id, row.person_id), sealed)


def is_locked(vault: Vault, row: Authorization) -> bool:
    """Tell whether what a row has sealed will not open: it can be ended, not gone on with."""
    try:
        for column in SEALED:
            unseal(vault, row, column)
    except Locked:
        return True
    return False


#: What is emptied when a link ends but its app may be used for a new one.
LINK_ONLY: Mapping[str, None] = dict.fromkeys(SEALED[2:])


async def _end_open(session: Session, *, person_id: int, now: datetime) -> None:
    if row := await current(session, person_id):
        await end(session, row, State.CANCELLED, now)
