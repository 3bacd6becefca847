"""What journeys ask for: the sandboxes, one of each for the whole run, and a bot of their own at them."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from storage import keyring
from tests.journeys import rig as rigs
from tests.journeys.rig import Rig
from tests.sandbox.telegram_server import TelegramServer, running_telegram
from tests.sandbox.x_server import XServer, running_x


@pytest.fixture(scope="session")
def x_sandbox() -> Iterator[XServer]:
    """Run a sandbox X with wide rate limits; tests keep apart by using an account each."""
    with running_x() as server:
        server.control("PUT", "/limits", json={"factor": 1000})
        yield server


@pytest.fixture(scope="session")
def telegram_sandbox(x_sandbox) -> Iterator[TelegramServer]:
    """Run a sandbox Telegram without flood limits; tests keep apart by using a bot each."""
    with running_telegram(x_sandbox.origin) as server:
        yield server


@pytest.fixture
async def make_rig(x_sandbox, telegram_sandbox, sqlite_url, tmp_path) -> AsyncIterator[Any]:
    """Make a rig with other settings than usual (`own_apps=False`, `database_url=...`)."""
    made: list[Rig] = []

    async def make(database_url: str = sqlite_url, **changes: Any) -> Rig:
        keyring.make_key_file(tmp_path / "keys")
        bot = telegram_sandbox.new_bot()
        origin = telegram_sandbox.origin
        settings = rigs.settings(x_sandbox, bot, origin, database_url, tmp_path, **changes)
        made.append(Rig(x_sandbox, telegram_sandbox, bot, settings))
        await made[-1].replica()
        return made[-1]

    yield make
    for each in made:
        await each.stop()
    x_sandbox.control("DELETE", "/faults")


@pytest.fixture
async def rig(make_rig) -> Rig:
    """Give a bot at the sandboxes, on SQLite, with the registered app, open to everybody."""
    return await make_rig()


@pytest.fixture
async def rig_on_each(make_rig, database_url) -> Rig:
    """Give the same on each engine, for races."""
    return await make_rig(database_url)
