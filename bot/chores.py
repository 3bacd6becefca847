"""What a process does by time alone, beside the tasks: which chores there are, and what each looks after."""

import logging
from datetime import timedelta

import telegram
from telegram.error import TelegramError

from bot import menu
from bot.commands import connect_clock, limits, parked
from bot.erase import Eraser
from bot.housekeeping import Chore
from bot.notices import Notices
from bot.telling import Teller
from bot.turn import Doors
from storage import inline_texts, pages, people, personal_data, updates
from storage.db import Database
from texts.catalogue import Catalogue

log = logging.getLogger(__name__)

#: Updates are remembered for two days; Telegram redelivers none older than one.
UPDATES_KEPT_FOR = timedelta(days=2)
#: Seconds between looks for updates to forget.
CLEANING_EVERY_S = 3600.0
#: Seconds between looks for what was typed inline more than ten minutes ago.
FORGETTING_EVERY_S = 30.0
#: Seconds until menus are set that could not be, or that a new operator sees theirs.
MENUS_EVERY_S = 5.0


def every(doors: Doors, notices: Notices, teller: Teller, eraser: Eraser) -> list[Chore]:
    """List the chores of one bot."""
    clock = doors.clock

    async def links() -> None:
        await _give(notices, await connect_clock.tick(doors, clock()))

    async def stopped() -> None:
        await _give(notices, await parked.tick(doors, clock()))
        await _give(notices, await limits.tick(doors, clock()))

    async def revocations() -> None:
        await _give(notices, await connect_clock.sweep(doors, clock()))

    async def erased_people() -> None:
        async with doors.db.begin() as session:
            await personal_data.finish_erasing(session)

    async def typed_texts() -> None:
        async with doors.db.begin() as session:
            await inline_texts.forget_old(session, clock())

    async def old_updates() -> None:
        async with doors.db.begin() as session:
            await updates.clean(session, clock() - UPDATES_KEPT_FOR)

    async def old_pages() -> None:
        async with doors.db.begin() as session:
            await pages.erase_old(session, clock())

    return [
        Chore("albums", teller.show_albums),
        Chore("links that run out", links),
        Chore("what X or money stopped", stopped),
        Chore("revocations at X", revocations),
        Chore("erased people", erased_people),
        Chore("messages to delete", eraser.sweep),
        Chore("texts typed inline", typed_texts, FORGETTING_EVERY_S),
        Chore("old updates", old_updates, CLEANING_EVERY_S),
        Chore("old pages", old_pages, FORGETTING_EVERY_S),
    ]


def menus(bot: telegram.Bot, catalogue: Catalogue, db: Database) -> Chore:
    """Set the menus when the process starts and when somebody becomes the operator."""
    shown: list[int] | None = None

    async def when_changed() -> None:
        nonlocal shown
        async with db.begin() as session:
            operators = await people.operators(session)
        if operators != shown and await menu.set_up(bot, catalogue, operators):
            shown = operators

    return Chore("menus", when_changed, MENUS_EVERY_S)


async def _give(notices: Notices, pending: list[connect_clock.Notice]) -> None:
    for notice in pending:
        try:
            await notices.say(notice.person_id, notice.answer)
        except TelegramError as error:
            log.warning("person=%s not told: %s", notice.person_id, type(error).__name__)
