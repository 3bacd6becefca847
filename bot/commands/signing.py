"""Calls to X from a conversation: which keys of an authorization sign them, how long a turn may wait.

A connection's keys: tasks/account.py. No sentence stands here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from bot.turn import Doors
from storage import authorizations
from storage.tables import AppKind, Authorization, Connection
from twitter.client import App, Token, in_thread
from twitter.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

#: A turn has 10 s; what else it does needs some of them.
PATIENCE_S = 6.0


def app_of(doors: Doors, row: Authorization) -> App | None:
    """Give the app of a row; None: its keys are not known, or are not the configured ones any more.

    Raises vault.Locked.
    """
    if row.app_kind == AppKind.REGISTERED:
        return registered_app_of(doors, row)
    key = authorizations.unseal(doors.vault, row, "consumer_key")
    secret = authorizations.unseal(doors.vault, row, "consumer_secret")
    return App(key.reveal(), secret.reveal()) if key and secret else None


def registered_app_of(doors: Doors, row: Authorization | Connection) -> App | None:
    """Give the registered app, which needs no opening, if it is the row's; else None."""
    app = doors.rules.registered_app
    known = app is not None and row.app_fingerprint == fingerprint(doors, app)
    return app if known else None


def token_of(doors: Doors, row: Authorization) -> Token | None:
    """Give the access token of a row; None: it has none. Raises vault.Locked."""
    token = authorizations.unseal(doors.vault, row, "access_token")
    secret = authorizations.unseal(doors.vault, row, "access_secret")
    return Token(token.reveal(), secret.reveal()) if token and secret else None


def request_of(doors: Doors, row: Authorization) -> Token | None:
    """Give the request token of an open link. Raises vault.Locked."""
    token = authorizations.unseal(doors.vault, row, "request_token")
    secret = authorizations.unseal(doors.vault, row, "request_secret")
    return Token(token.reveal(), secret.reveal()) if token and secret else None


def fingerprint(doors: Doors, app: App) -> str:
    """Tell apps apart without their keys."""
    return doors.vault.fingerprint(app.consumer_key)


async def ask(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call X, changing nothing there; raises Unavailable when it takes longer than a turn has."""
    return await _within(PATIENCE_S, in_thread(function, *args, **kwargs))


async def glance(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call X for something that may be missing: half as patient."""
    return await _within(PATIENCE_S / 2, in_thread(function, *args, **kwargs))


async def _within(seconds: float, call: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(seconds):
            return await call
    except TimeoutError:
        raise Unavailable("timed_out") from None
