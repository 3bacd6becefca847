"""What a process does with an assembled bot: poll or serve until told to stop, alone where it must be."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import uvicorn
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot import routes
from bot.build import Application, assemble, opened_database, sqlite_file
from bot.health import Health, Watched, serving
from bot.http import listening, server
from bot.intake import Poller
from bot.lanes import pause
from bot.line import seconds
from bot.settings import BadSettings, Settings
from bot.webhook import Webhook
from storage import leases, schema
from storage.db import Database, Unavailable

log = logging.getLogger(__name__)

#: Of several processes on Postgres one polls; another takes over this long after its last sign of life.
POLLING_LEASE_S = 75.0


class NotAlone(Exception):  # noqa: N818 - said to the operator
    """Another Pinfeather already works with this database."""


class CannotStart(Exception):  # noqa: N818 - said to the operator
    """Something outside says no, and starting again does not help; the message says what in words."""


async def run(settings: Settings) -> None:
    """Do everything in one process, updates by long polling, until SIGINT or SIGTERM."""
    with alone(settings):
        async with AsyncExitStack() as opened:
            health, application, stop = await _opened(settings, opened)
            await opened.enter_async_context(application.working())
            bot, poller = application.bot, make_poller(application)
            await opened.enter_async_context(health.watching(_watched(application, poller)))
            await _told(stop, "remove the webhook", lambda: bot.delete_webhook(drop_pending_updates=False))
            log.info("polling as @%s", bot.username)
            await _ended_by(stop, poller.run(), poller.stop)
            await _give_back_lease(application)


async def work(settings: Settings) -> None:
    """Carry tasks out until SIGINT or SIGTERM and take no updates; for Postgres, where several may do so."""
    async with AsyncExitStack() as opened:
        health, application, stop = await _opened(settings, opened)
        await opened.enter_async_context(application.working())
        await opened.enter_async_context(health.watching(_watched(application)))
        log.info("working as @%s", application.bot.username)
        await stop.wait()


async def serve(settings: Settings, *, working: bool) -> None:
    """Take updates by webhook until SIGINT or SIGTERM; several may do so on Postgres.

    `working`: carry tasks out too; else other processes do (`work`).
    """
    host, port = settings.listen_host, settings.listen_port
    with alone(settings), listening(host, port, named="listen_host and listen_port") as listener:
        async with AsyncExitStack() as opened:
            health, application, stop = await _opened(settings, opened)
            if working:
                await opened.enter_async_context(application.working())
            await opened.enter_async_context(health.watching(_watched(application, works=working)))
            webhook = make_webhook(application, health)
            http = server(webhook.application(), host, port)
            serving_http = asyncio.create_task(http.serve(sockets=[listener]))
            try:
                await _told(
                    stop,
                    "take the webhook",
                    lambda: webhook.register(application.bot, routes.ALLOWED_UPDATES),
                )
                log.info("listening as @%s", application.bot.username)
                await _ended_by(stop, serving_http, lambda: _stop(http))
            finally:
                _stop(http)
                await serving_http


async def migrate(settings: Settings) -> None:
    """Bring the schema up to date and check the key; nothing else. With SQLite not beside a running bot."""
    with alone(settings):
        async with opened_database(settings):
            pass


@contextlib.asynccontextmanager
async def beside_the_bot(settings: Settings) -> AsyncIterator[Database]:
    """Open the database for a command that may run while the bot does; the schema is then left to the bot.

    Raises NotAlone when the running bot's schema is an older one.
    """
    async with AsyncExitStack() as held:
        try:
            held.enter_context(alone(settings))
        except NotAlone:
            db, _vault = await held.enter_async_context(opened_database(settings, migrating=False))
            if not await schema.up_to_date(db):
                raise
        else:
            db, _vault = await held.enter_async_context(opened_database(settings))
        yield db


def make_poller(application: Application) -> Poller:
    """Make the poller of an assembled bot; on Postgres it polls only while it holds the lease."""
    settings = application.settings
    return Poller(
        f"{settings.telegram_api}/bot{settings.bot_token.get_secret_value()}/getUpdates",
        application.edge.handle,
        routes.ALLOWED_UPDATES,
        may_poll=None if application.db.kind == "sqlite" else lambda: _hold_lease(application),
    )


def make_webhook(application: Application, health: Health | None = None) -> Webhook:
    """Make the webhook of an assembled bot; ready when `health` is. Raises NoSecret."""
    settings = application.settings
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    ready = (health or Health()).ready
    return Webhook(settings.webhook_url or "", secret, application.edge.handle, ready=ready)


async def _opened(settings: Settings, opened: AsyncExitStack) -> tuple[Health, Application, asyncio.Event]:
    """Answer probes, then put the bot together (Telegram may be away); the event is the wish to stop."""
    health = Health()
    await opened.enter_async_context(serving(settings, health))
    application = await opened.enter_async_context(assemble(settings))
    return health, application, await opened.enter_async_context(_until_signalled())


def _watched(application: Application, poller: Poller | None = None, *, works: bool = True) -> Watched:
    """Say what tells whether an assembled bot can work: one that polls, one that carries tasks out."""
    return Watched(
        application.db,
        application.clock,
        at_work=application.worker.is_at_work if works else None,
        silence_s=poller.silence_s if poller else None,
    )


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """With SQLite, hold the database for this process, by a lock file beside it; Postgres needs it not.

    Raises NotAlone, or BadSettings when the directory cannot be written.
    """
    database = sqlite_file(settings)
    if database is None:
        yield
        return
    descriptor = _lock_file(database)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotAlone(f"another pinfeather already works with {database}; stop it first") from None
        yield
    finally:
        os.close(descriptor)


def _lock_file(database: Path) -> int:
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BadSettings(f"{database.parent} cannot be used for the database: {error.strerror}") from None


@contextlib.asynccontextmanager
async def _until_signalled() -> AsyncIterator[asyncio.Event]:
    """Take SIGINT and SIGTERM as a wish to stop in order, which sets the event."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _ended_by(stop: asyncio.Event, work: Awaitable[None], end: Callable[[], None]) -> None:
    """Do the work to its end, which `end` asks for when it is time to stop. Raises what the work raises."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        end()
        await working
    finally:
        stopping.cancel()


async def _told(stop: asyncio.Event, what: str, method: Callable[[], Awaitable[Any]]) -> None:
    """Tell Telegram something before updates can come, as long as it takes. Raises CannotStart in words."""
    wait_s = 1.0
    while not stop.is_set():
        try:
            await method()
        except RetryAfter as slow:
            delay_s = seconds(slow.retry_after)
        except InvalidToken:
            raise
        except (BadRequest, Forbidden) as refused:
            raise CannotStart(f"Telegram does not {what}: {refused.message}") from None
        except TelegramError as lost:
            delay_s, wait_s = wait_s, min(wait_s * 2, 30.0)
            log.warning("Telegram cannot be told to %s (%s)", what, type(lost).__name__)
        else:
            return
        await pause(stop, delay_s)


def _stop(http: uvicorn.Server) -> None:
    http.should_exit = True


def _lease(application: Application) -> str:
    return f"poll {application.bot.id}"


async def _hold_lease(application: Application) -> bool:
    """Take or keep the poller's lease. A lost database means no: nothing could be worked on either."""
    try:
        async with application.db.begin() as session:
            return await leases.take(
                session, _lease(application), application.name, application.clock(), POLLING_LEASE_S
            )
    except Unavailable:
        log.warning("the database cannot be reached; polling waits")
        return False


async def _give_back_lease(application: Application) -> None:
    with contextlib.suppress(Unavailable):
        async with application.db.begin() as session:
            await leases.give_back(session, _lease(application), application.name)
