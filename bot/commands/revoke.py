"""Telling X to forget a token, and what came of it. Who asked, and what they are told, stands elsewhere."""

import asyncio
from datetime import datetime
from enum import StrEnum

from bot.commands import signing
from bot.turn import Doors
from storage import revocations
from storage.revocations import Revoking
from storage.tables import Connection
from storage.vault import Locked
from tasks.account import open_account
from twitter import authorize
from twitter.client import App, Token, in_thread
from twitter.errors import NotAuthorized, Refused, SlowDown, XError


class Outcome(StrEnum):
    """What became of one try."""

    REVOKED = "revoked"
    """X has forgotten the token; its secrets are erased here."""
    KEPT = "kept"
    """Something else lives on the same token: X was not told, the secrets are erased here."""
    IMPOSSIBLE = "impossible"
    """X cannot be told (the keys will not open, the app is dead); the secrets are erased here."""
    LATER = "later"
    """X could not be reached: it is tried again."""
    ELSEWHERE = "elsewhere"
    """Somebody else is at it, or it is done."""


async def attempt(doors: Doors, row: Revoking, now: datetime) -> Outcome:
    """Try once to have a row's token revoked. Commits. A token X has forgotten already counts as revoked."""
    async with doors.db.begin() as session:
        if not await revocations.take(session, row, now):
            return Outcome.ELSEWHERE
        if await revocations.is_shared(session, row):
            await revocations.finish(session, row)
            return Outcome.KEPT
    signed = _keys(doors, row)
    outcome, again_at = await _tell(doors, *signed) if signed else (Outcome.IMPOSSIBLE, None)
    async with doors.db.begin() as session:
        if outcome == Outcome.REVOKED:
            await revocations.end_sharers(session, row, now)
        if outcome != Outcome.LATER:
            await revocations.finish(session, row)
        elif again_at:
            await revocations.retry_at(session, row, again_at)
    return outcome


def _keys(doors: Doors, row: Revoking) -> tuple[App, Token] | None:
    try:
        if isinstance(row, Connection):
            account = open_account(doors.vault, doors.rules.registered_app, row)
            return (account.app, account.token) if account else None
        app, token = signing.app_of(doors, row), signing.token_of(doors, row)
    except Locked:
        return None
    return (app, token) if app and token else None


async def _tell(doors: Doors, app: App, token: Token) -> tuple[Outcome, datetime | None]:
    try:
        async with asyncio.timeout(signing.PATIENCE_S):
            await in_thread(authorize.revoke, doors.x, app, token)
    except SlowDown as error:
        return Outcome.LATER, error.until
    except (NotAuthorized, Refused) as error:
        return (Outcome.LATER if error.code == "clock_skew" else Outcome.IMPOSSIBLE), None
    except (XError, TimeoutError):
        return Outcome.LATER, None
    return Outcome.REVOKED, None
