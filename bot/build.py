"""Assembly: the one place where all packages meet. What a process does with it stands in process.py.

Several assembled bots may live in one process on one database: nothing here is global.
"""

import asyncio
import functools
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import telegram
from telegram.error import NetworkError

from bot import chores as chores_
from bot import clock as clocks
from bot.cards import RowCards
from bot.commands import happenings
from bot.edge import Edge
from bot.erase import Eraser
from bot.files import Files
from bot.housekeeping import Chore, Housekeeping
from bot.line import Line, make_bot
from bot.members import Members
from bot.notices import Notices
from bot.pace import Pace
from bot.settings import BadSettings, Settings
from bot.speak import Speaker
from bot.telling import Teller
from bot.turn import Answer, Doors, Rules
from storage import db as databases
from storage import key_check, people, replacing, schema, updates
from storage.db import Database
from storage.keyring import KeyFile
from storage.liveness import SignOfLife
from storage.vault import Vault
from tasks import engine as engines
from tasks.doors import Doors as RunDoors
from tasks.engine import Engine
from tasks.price import LIST
from tasks.worker import Worker
from texts import catalogue as catalogues
from texts.catalogue import Catalogue
from texts.reply import Reply
from twitter.client import App, X

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Application:
    """A whole bot, ready to be given updates."""

    settings: Settings
    name: str
    """This replica's, unique."""
    clock: Clock
    catalogue: Catalogue
    db: Database
    doors: Doors
    bot: telegram.Bot = field(repr=False)
    """Its repr shows the token."""
    speaker: Speaker
    edge: Edge
    worker: Worker
    housekeeping: Housekeeping

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Carry out tasks and chores meanwhile; on SQLite what a former process left goes on at once."""
        if self.db.kind == "sqlite":
            # One process at a time (process.alone): whoever had it in hand is dead.
            async with self.db.begin() as session:
                await updates.release_all(session, self.bot.id)
        await self.worker.start()
        self.housekeeping.start()
        try:
            yield
        finally:
            await self.housekeeping.stop()
            await self.worker.stop()


@asynccontextmanager
async def assemble(
    settings: Settings,
    *,
    catalogue: Catalogue | None = None,
    clock: Clock | None = None,
    pace: Pace | None = None,
) -> AsyncIterator[Application]:
    """Put a bot together; its database is migrated and its key checked. Takes it apart at the end.

    `clock` None: the machine's on SQLite, the database's on Postgres. `pace` None: as Telegram allows.

    Raises Unavailable, BadKeys, TooNew, BadCatalogue, and InvalidToken when Telegram does not know the token.
    """
    async with AsyncExitStack() as opened:
        name = f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(3)}"
        sign = _sign_of_life(settings, name)
        x = X(settings.x_api, guard=databases.refuse_in_transaction, alive=sign.is_fresh if sign else None)
        opened.callback(x.close)
        catalogue = catalogue or load_catalogue(settings, x_origin=x.web_origin)
        db, vault = await opened.enter_async_context(opened_database(settings))
        engine = Engine(settings.database_url.get_secret_value())
        opened.callback(engine.close)
        clock = clock or await clocks.opened(db)
        bot = await _open_bot(settings, opened)
        files = Files(bot)
        opened.push_async_callback(files.close)

        line = Line(bot, pace)
        speaker = _speaker(line, catalogue, db, lambda: doors)
        notices = Notices(db, speaker)
        eraser = Eraser(line, db, clock=clock, tell=functools.partial(_ask_to_delete, notices))
        rules, ask = _rules(settings, bot, catalogue), Members(line)
        doors = Doors(db, vault, x, rules, eraser.erase, ask.of, ask.is_gone, engine=engine, clock=clock)
        teller = Teller(doors, notices, clock)
        chores = [chores_.menus(bot, catalogue, db), *chores_.every(doors, notices, teller, eraser)]
        if isinstance(clock, clocks.SharedClock):
            chores.append(Chore("the shared clock", clock.ask))
        yield Application(
            settings=settings,
            name=name,
            clock=clock,
            catalogue=catalogue,
            db=db,
            doors=doors,
            bot=bot,
            speaker=speaker,
            edge=Edge(bot, doors, speaker, notices=notices, name=name, clock=clock, correct=teller.correct),
            worker=Worker(_run_doors(settings, doors, files, teller, name), engine, sign),
            housekeeping=Housekeeping(chores),
        )


def _run_doors(settings: Settings, doors: Doors, files: Files, teller: Teller, name: str) -> RunDoors:
    return RunDoors(
        *(doors.db, doors.vault, doors.x, doors.rules.registered_app),
        fetch=files.fetch,
        tell=teller.tell,
        clock=doors.clock,
        name=name,
        settle_after=timedelta(seconds=settings.settle_after_s),
        prices=doors.rules.prices,
        members=doors.members,
        suspended=teller.tell_suspended,
    )


def _sign_of_life(settings: Settings, name: str) -> SignOfLife | None:
    """Make the sign of life this process gives while it carries tasks out; on SQLite it is the only one."""
    if sqlite_file(settings) is not None:
        return None
    return SignOfLife(settings.database_url.get_secret_value(), name)


def load_catalogue(settings: Settings, *, x_origin: str = "https://x.com") -> Catalogue:
    """Read the language files, those of the operator too; X accounts become links to `x_origin`."""
    folders = [settings.languages_dir] if settings.languages_dir else []
    return catalogues.load(*folders, x_origin=x_origin)


@asynccontextmanager
async def opened_database(
    settings: Settings, *, migrating: bool = True
) -> AsyncIterator[tuple[Database, Vault]]:
    """Open the database, bring it up to date and see that the key file is its own. Raises BadSettings."""
    database = sqlite_file(settings)
    for directory in {settings.data_dir, settings.key_file.parent, *([database.parent] if database else [])}:
        _make_private(directory)
    db = await databases.open_database(settings.database_url.get_secret_value())
    try:
        await replacing.refuse_unfinished(db)
        if migrating:
            await schema.migrate(db)
            await asyncio.to_thread(engines.migrate, settings.database_url.get_secret_value())
        ring = await key_check.ring_for(db, settings.key_file)
        vault = Vault(ring, KeyFile(settings.key_file, ring).newest)
        await key_check.check_key(db, vault)
        yield db, vault
    finally:
        await db.close()


def sqlite_file(settings: Settings) -> Path | None:
    """Find the file the database is in. None: it is Postgres. Raises BadSettings."""
    try:
        return databases.file_of(settings.database_url.get_secret_value())
    except ValueError as bad:
        raise BadSettings(f"PINFEATHER_DATABASE_URL (database_url in the settings file): {bad}") from None


def _make_private(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSettings(f"{directory} cannot be made: {error.strerror}") from None


async def _open_bot(settings: Settings, opened: AsyncExitStack) -> telegram.Bot:
    """Ask Telegram who the bot is, as long as it takes. Raises InvalidToken."""
    bot = make_bot(settings.bot_token.get_secret_value(), settings.telegram_api)
    wait_s = 1.0
    while True:
        try:
            await bot.initialize()
        except NetworkError as lost:
            log.warning("Telegram cannot be reached (%s); again in %.0f s", type(lost).__name__, wait_s)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, 30.0)
        else:
            opened.push_async_callback(bot.shutdown)
            return bot


def _speaker(line: Line, catalogue: Catalogue, db: Database, doors: Callable[[], Doors]) -> Speaker:
    """`doors`: those of the application, which need the speaker first."""
    out, moved = functools.partial(_out, doors), functools.partial(_moved, doors)
    return Speaker(line, catalogue, RowCards(db), blocked=functools.partial(_left, db), out=out, moved=moved)


def _rules(settings: Settings, bot: telegram.Bot, catalogue: Catalogue) -> Rules:
    key, secret = settings.consumer_key, settings.consumer_secret
    return Rules(
        bot_username=bot.username,
        registered_app=App(key.get_secret_value(), secret.get_secret_value()) if key and secret else None,
        own_apps=settings.own_apps,
        open_to_all=settings.open_to_all,
        languages=catalogue.languages,
        x_enterprise=settings.x_enterprise,
        prices=settings.prices or LIST,
        first_is_operator=settings.demo,
    )


async def _left(db: Database, person_id: int) -> None:
    async with db.begin() as session:
        await people.leave(session, person_id)


async def _out(doors: Callable[[], Doors], chat_id: int, *, is_gone: bool) -> Answer:
    async with doors().db.begin() as session:
        return await happenings.put_out(session, doors(), chat_id, is_gone=is_gone, now=doors().clock())


async def _moved(doors: Callable[[], Doors], old: int, new: int) -> Answer:
    async with doors().db.begin() as session:
        return await happenings.move(session, doors(), old, new, now=doors().clock())


def _ask_to_delete(notices: Notices, chat_id: int) -> Awaitable[None]:
    return notices.say(chat_id, [Reply("erase.do_it_yourself")])
