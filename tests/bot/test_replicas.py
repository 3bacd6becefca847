"""Two whole bots on one Postgres: one polls and the other takes over; by webhook both serve."""

import asyncio

import pytest
from pydantic import SecretStr

from bot.build import assemble
from bot.http import server
from bot.process import _give_back_lease, make_poller, make_webhook
from bot.settings import Settings
from storage import keyring
from tests.sandbox.conftest import x_server  # noqa: F401
from tests.sandbox.x_server import free_port


@pytest.fixture
def settings(telegram_server, telegram_bot, x_server, postgresql_url, tmp_path):  # noqa: F811
    keyring.make_key_file(tmp_path / "keys")
    return Settings(
        bot_token=SecretStr(telegram_bot.token),
        telegram_api=telegram_server.origin,
        x_api=x_server.origin,
        data_dir=tmp_path,
        database_url=SecretStr(postgresql_url),
        key_file=tmp_path / "keys",
        webhook_url=f"http://127.0.0.1:{free_port()}/hook",
        webhook_secret=SecretStr("a-secret-of-thirty-two-characters"),
        open_to_all=True,
    )


@pytest.fixture
async def replicas(settings):
    """Assemble two bots on one database."""
    async with assemble(settings) as one, assemble(settings) as two:
        yield one, two


async def until(seen):
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(seen):
            await asyncio.sleep(0.05)


def said_by_bot(ada):
    return [message["text"] for message in ada.messages() if message["from"]["is_bot"]]


async def test_one_replica_polls_and_the_other_takes_over(replicas, ada, caplog):
    one, two = replicas
    first, second = make_poller(one), make_poller(two)
    polling = asyncio.create_task(first.run())
    await asyncio.sleep(0.5)
    waiting = asyncio.create_task(second.run())
    ada.send("/help")
    await until(lambda: len(said_by_bot(ada)) == 1)

    first.stop()
    await polling
    await _give_back_lease(one)
    ada.send("/help")
    await until(lambda: len(said_by_bot(ada)) == 2)
    second.stop()
    await waiting

    assert "another process polls" not in caplog.text


async def test_two_replicas_given_the_same_update_at_once_answer_once(replicas, ada, telegram_bot):
    one, two = replicas
    ada.send("/help")
    update = telegram_bot.updates()[-1]

    outcomes = await asyncio.gather(one.edge.handle(update), two.edge.handle(update))
    again = await two.edge.handle(update)

    assert sorted(outcome.value for outcome in outcomes) in (["busy", "done"], ["done", "done"])
    assert again.value == "done"
    assert len(said_by_bot(ada)) == 1


async def test_by_webhook_an_update_is_answered_and_acknowledged(replicas, settings, ada, telegram_bot):
    one, _two = replicas
    webhook = make_webhook(one)
    port = int(settings.webhook_url.rpartition(":")[2].partition("/")[0])
    http = server(webhook.application(), "127.0.0.1", port)
    serving = asyncio.create_task(http.serve())
    await webhook.register(one.bot, ["message"])

    await asyncio.to_thread(ada.send, "/help")
    await until(lambda: len(said_by_bot(ada)) == 1)
    await until(lambda: pending(telegram_bot) == [])
    await one.bot.delete_webhook()
    http.should_exit = True
    await serving


def pending(bot):
    """List the updates the bot has not acknowledged yet."""
    return bot.server.control("GET", f"/pending?bot={bot.id}")["updates"]
