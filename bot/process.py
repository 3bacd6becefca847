"""What a process does with an assembled bot: poll or serve until told to stop, alone where it must be."""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from telegram.error import TelegramError

from bot import routes
from bot.build import Application, assemble, opened_database
from bot.intake import Poller
from bot.settings import Settings
from bot.webhook import Webhook, server
from storage import leases, people
from storage.db import Unavailable

log = logging.getLogger(__name__)

#: Of several processes on Postgres one polls; another takes over this long after its last sign of life.
POLLING_LEASE_S = 75.0


class NotAlone(Exception):  # noqa: N818 - said to the operator
    """Another Pinfeather already works with this data directory."""


async def run(settings: Settings) -> None:
    """Do everything in one process, updates by long polling, until SIGINT or SIGTERM."""
    with alone(settings):
        async with assemble(settings) as application, application.working():
            await application.bot.delete_webhook(drop_pending_updates=False)
            poller = make_poller(application)
            with _stopped_by_signals(poller):
                log.info("polling as @%s", application.bot.username)
                await poller.run()
            await _give_back_lease(application)


async def serve(settings: Settings) -> None:
    """Take updates by webhook until SIGINT or SIGTERM, and run tasks; several may do so on Postgres."""
    with alone(settings):
        async with assemble(settings) as application, application.working():
            webhook = make_webhook(application)
            http = server(webhook.application(), settings.listen_host, settings.listen_port)
            serving = asyncio.create_task(http.serve())
            try:
                await webhook.register(application.bot, routes.ALLOWED_UPDATES)
                log.info("listening as @%s", application.bot.username)
                await serving
            except TelegramError:
                http.should_exit = True
                await serving
                raise


async def migrate(settings: Settings) -> None:
    """Bring the schema up to date and check the key; nothing else."""
    async with opened_database(settings):
        pass


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
    """With SQLite, hold the data directory for this process. Raises NotAlone. Postgres needs it not."""
    if not settings.database_url.get_secret_value().startswith("sqlite"):
        yield
        return
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = Path(settings.data_dir) / "pinfeather.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotAlone(
                f"another pinfeather already works in {settings.data_dir}; stop it first"
            ) from None
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _stopped_by_signals(poller: Poller) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, poller.stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


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
