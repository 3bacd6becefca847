"""One exchange of a PIN for a token, seen to its end whatever becomes of the turn that began it.

A token X has given is kept, or has X told to forget it; none is dropped. What is said about it: pin.py.
"""

import asyncio
import logging

from bot.commands import signing
from bot.turn import Doors, Turn
from storage import authorizations, links
from storage.db import Unavailable
from storage.tables import AppKind, Authorization
from storage.vault import Secret
from twitter import authorize
from twitter.authorize import Authorized
from twitter.client import App, Token, in_thread
from twitter.errors import XError

log = logging.getLogger(__name__)

#: Wait before a token is offered again to a database that was lost.
DATABASE_AGAIN_S = 1.0

_unfinished: set["asyncio.Task[Authorization | None]"] = set()


async def once(turn: Turn, row: Authorization, app: App, request: Token, pin: str) -> Authorization | None:
    """Exchange and keep the token. None: the row was ended meanwhile, the token is being revoked. Commits.

    Raises XError, and TimeoutError when it lasts longer than a turn may: it then goes on by itself.
    """
    going = asyncio.create_task(_to_the_end(turn, row, app, request, pin))
    _unfinished.add(going)
    going.add_done_callback(_finished)
    async with asyncio.timeout(signing.PATIENCE_S):
        return await asyncio.shield(going)


async def _to_the_end(
    turn: Turn, row: Authorization, app: App, request: Token, pin: str
) -> Authorization | None:
    authorized = await in_thread(authorize.exchange, turn.doors.x, app, request, pin)
    while True:
        try:
            return await _keep(turn, row, app, authorized)
        except Unavailable:
            log.warning("authorization=%s: its token waits for the database", row.id)
            await asyncio.sleep(DATABASE_AGAIN_S)


async def _keep(turn: Turn, row: Authorization, app: App, authorized: Authorized) -> Authorization | None:
    """Keep the token before anything else is asked of X; nobody waits for it any more: have it revoked."""
    doors, token = turn.doors, authorized.token
    secrets = {"access_token": Secret(token.token), "access_secret": Secret(token.secret)}
    async with doors.db.begin() as session:
        kept = await authorizations.keep_token(
            session,
            doors.vault,
            row,
            token=secrets["access_token"],
            secret=secrets["access_secret"],
            now=turn.now,
            x_user_id=authorized.user_id,
            username=authorized.username,
        )
        if kept is not None:
            return kept
        if row.app_kind == AppKind.OWN:
            secrets |= {"consumer_key": Secret(app.consumer_key)}
            secrets |= {"consumer_secret": Secret(app.consumer_secret)}
        stranded = await links.strand_token(session, doors.vault, row, secrets, turn.now)
    if not stranded:
        await _revoke(doors, row, app, token)
    return None


async def _revoke(doors: Doors, row: Authorization, app: App, token: Token) -> None:
    """Tell X at once: the person was erased, so no row can hold the token until X was told."""
    try:
        await in_thread(authorize.revoke, doors.x, app, token)
    except XError as error:
        log.warning("authorization=%s: a token of somebody erased stays valid: %s", row.id, error.code)


def _finished(task: "asyncio.Task[Authorization | None]") -> None:
    _unfinished.discard(task)
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, XError):
        log.error("an exchange failed after X gave its token", exc_info=error)
