"""Fixtures: the running sandboxes, one of each for the whole run."""

import pytest

from tests.sandbox.telegram_server import ADA, running_telegram
from tests.sandbox.x_server import running_x


@pytest.fixture(scope="session")
def x_server():
    with running_x() as server:
        server.control("PUT", "/limits", json={"factor": 100})
        yield server


@pytest.fixture(scope="session")
def telegram_server():
    """Give a running sandbox Telegram without flood limits; tests keep apart by using a bot each."""
    with running_telegram() as server:
        yield server


@pytest.fixture
def telegram_bot(telegram_server):
    """Give a fresh bot in the sandbox Telegram, by its side of the Bot API."""
    return telegram_server.new_bot()


@pytest.fixture
def ada(telegram_server, telegram_bot):
    """Give Ada's phone, open at the private chat with the fresh bot, which she has started."""
    phone = telegram_server.phone(ADA, telegram_bot.id)
    phone.start()
    telegram_bot.updates()
    return phone
