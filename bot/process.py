"""What a process does with an assembled bot: poll or serve until told to stop, alone where it must be."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot import routes
from bot.build import Application, assemble, opened_database, sqlite_file
from bot.intake import Poller
from bot.lanes import pause
from bot.line import seconds
from bot.settings import BadSettings, Settings
from bot.webhook import Webhook, server
from storage import db as databases
from storage import leases, people
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
        async with assemble(settings) as application, _until_signalled() as stop, application.working():
            bot = application.bot
            await _told(stop, "remove the webhook", lambda: bot.delete_webhook(drop_pending_updates=False))
            poller = make_poller(application)
            log.info("polling as @%s", bot.username)
            await _ended_by(stop, poller.run(), poller.stop)
            await _give_back_lease(application)


async def work(settings: Settings) -> None:
    """Carry tasks out until SIGINT or SIGTERM and take no updates; for Postgres, where several may do so."""
    async with assemble(settings) as application, _until_signalled() as stop, application.working():
        log.info("working as @%s", application.bot.username)
        await stop.wait()


async def serve(settings: Settings, *, working: bool) -> None:
    """Take updates by webhook until SIGINT or SIGTERM; several may do so on Postgres.

    `working`: carry tasks out too; else other processes do (`work`).
    """
    with alone(settings), _listening(settings) as listener:
        async with contextlib.AsyncExitStack() as opened:
            application = await opened.enter_async_context(assemble(settings))
            stop = await opened.enter_async_context(_until_signalled())
            if working:
                await opened.enter_async_context(application.working())
            webhook = make_webhook(application)
            http = server(webhook.application(), settings.listen_host, settings.listen_port)
            serving = asyncio.create_task(http.serve(sockets=[listener]))
            try:
                await _told(
                    stop,
                    "take the webhook",
                    lambda: webhook.register(application.bot, routes.ALLOWED_UPDATES),
                )
                log.info("listening as @%s", application.bot.username)
                await _ended_by(stop, serving, lambda: _stop(http))
            finally:
                _stop(http)
                await serving


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
    async with contextlib.AsyncExitStack() as held:
        try:
            held.enter_context(alone(settings))
        except NotAlone:
            db, _vault = await held.enter_async_context(opened_database(settings, migrating=False))
            if not await databases.up_to_date(db):
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


def make_webhook(application: Application) -> Webhook:
    """Make the webhook of an assembled bot. Raises NoSecret."""
    settings = application.settings
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""

    async def ready() -> bool:
        try:
            async with application.db.begin() as session:
                await people.operator_exists(session)
        except Unavailable:
            return False
        return True

    return Webhook(settings.webhook_url or "", secret, application.edge.handle, ready=ready)


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


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Open the port before anything is begun. Raises CannotStart."""
    host, port = settings.listen_host, settings.listen_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise CannotStart(
            f"{host} port {port} cannot be listened on ({error.strerror}): "
            "is another process there? See listen_host and listen_port"
        ) from None
    with listener:
        yield listener


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
