"""A process that is told to stop takes itself apart in order, however its updates come in."""

import signal
import socket
import subprocess

import pytest

from tests.bot.test_process import ROOT, buttons, command, environ, press, running, said, until  # noqa: F401
from tests.sandbox.conftest import x_server  # noqa: F401
from tests.sandbox.telegram_server import ADA
from tests.sandbox.x_server import free_port


@pytest.fixture
def by_webhook(environ):  # noqa: F811
    """Give the settings of a bot that takes its updates by webhook."""
    port = free_port()
    return environ | {
        "PINFEATHER_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "PINFEATHER_WEBHOOK_SECRET": "a-secret-of-thirty-two-characters",
        "PINFEATHER_LISTEN_PORT": str(port),
        "PINFEATHER_OPEN_TO_ALL": "true",
        "PINFEATHER_LOG_LEVEL": "INFO",
    }


@pytest.fixture
def serving(by_webhook, telegram_bot, tmp_path):
    """Run the bot by webhook as its own process; gives the process and the file it logs to."""
    log = tmp_path / "log.txt"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command("run", "--webhook"), cwd=ROOT, env=by_webhook, stdout=file, stderr=file
        )
    until(lambda: telegram_bot.calls("setWebhook") or process.poll() is not None)
    yield process, log
    if process.poll() is None:
        process.kill()
    process.wait(60)


def test_a_tweet_on_its_way_is_finished_before_a_serving_process_ends(
    serving,
    telegram_server,
    telegram_bot,
    x_server,  # noqa: F811
):
    process, log = serving
    phone, account = telegram_server.phone(ADA, telegram_bot.id), x_server.new_account()["username"]
    connect(phone, x_server, account)
    phone.send("/tweet On its way")
    x_server.fault("slow", {"path": "/2/tweets", "username": account}, 1, seconds=3)
    press(phone, "post")
    until(lambda: sending(x_server, account))

    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
    assert [post["text"] for post in x_server.control("GET", f"/posts?username={account}")] == ["On its way"]
    assert "Posted" in words(phone.last())
    assert "Traceback" not in log.read_text()


def sending(x, account) -> bool:
    """Tell whether a tweet of this account has arrived at X."""
    asked = [each["path"] for each in x.control("GET", "/requests") if each["username"] == account]
    return "/2/tweets" in asked


def connect(phone, x, account) -> None:
    phone.start()
    press(phone, "connect")
    press(phone, "connect_registered")
    url = until(lambda: next((b["url"] for b in buttons(phone) if b.get("url")), None))
    phone.send(x.approve(url.partition("oauth_token=")[2], account))
    press(phone, "connect_yes")
    until(lambda: "✅" in words(phone.last()))


def words(message) -> str:
    return message.get("caption") or message.get("text") or ""


def test_a_port_that_is_taken_is_said_in_words(by_webhook):
    with socket.create_server(("127.0.0.1", int(by_webhook["PINFEATHER_LISTEN_PORT"]))):
        code, told = said(by_webhook, "run", "--webhook")

    assert (code, "cannot be listened on" in told, "Traceback" in told) == (1, True, False)


def test_a_webhook_telegram_refuses_is_said_in_words(by_webhook):
    code, told = said(by_webhook | {"PINFEATHER_WEBHOOK_URL": "https://example.org/hook"}, "run", "--webhook")

    assert (code, "Telegram does not take the webhook" in told, "Traceback" in told) == (1, True, False)


@pytest.mark.parametrize("fault", ["server_error", "drop_before", "rate_limited"])
def test_a_webhook_is_removed_when_telegram_can_be_reached_again(environ, telegram_bot, fault):  # noqa: F811
    telegram_bot.server.fault(fault, telegram_bot, seconds=1, match={"method": "deleteWebhook"})
    process = subprocess.Popen(command("run"), cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        until(lambda: telegram_bot.calls("getUpdates") or process.poll() is not None)
    finally:
        process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
