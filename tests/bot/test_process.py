"""The command line as people meet it: processes that start, say what is wrong in words, and stop in order."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.sandbox.conftest import x_server  # noqa: F401
from tests.sandbox.telegram_server import ADA
from tests.sandbox.x_server import free_port

ROOT = Path(__file__).parents[2]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def clean_environ(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PINFEATHER_") and k != "DISPLAY"}
    return kept | more


def until(seen, seconds: float = 100):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := seen():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen")


@pytest.fixture
def environ(telegram_server, telegram_bot, x_server, tmp_path):  # noqa: F811
    """Give the settings of a bot of our own at both sandboxes."""
    app = next(app for app in x_server.control("GET", "/apps") if app["name"] == "registered")
    return clean_environ(
        PINFEATHER_HOME=str(tmp_path),
        PINFEATHER_BOT_TOKEN=telegram_bot.token,
        PINFEATHER_TELEGRAM_API=telegram_server.origin,
        PINFEATHER_X_API=x_server.origin,
        PINFEATHER_CONSUMER_KEY=app["consumer_key"],
        PINFEATHER_CONSUMER_SECRET=app["consumer_secret"],
        PINFEATHER_LOG_LEVEL="DEBUG",
    )


@pytest.fixture
def running(environ, telegram_bot, tmp_path):
    """Run the bot as its own process; gives the process and the file it logs to."""
    log = tmp_path / "log.txt"
    with log.open("wb") as file:
        process = subprocess.Popen(command("run"), cwd=ROOT, env=environ, stdout=file, stderr=file)
    try:
        until(lambda: telegram_bot.calls("getUpdates") or process.poll() is not None)
        yield process, log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def said(environ, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        command(*arguments), cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_bot_runs_answers_and_stops_when_told(running, telegram_server, telegram_bot):
    process, _log = running
    phone = telegram_server.phone(ADA, telegram_bot.id)

    phone.start()
    until(lambda: phone.last()["from"]["is_bot"])
    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0


def test_its_log_at_debug_holds_no_secret_of_a_whole_pin_walk(
    running,
    telegram_server,
    telegram_bot,
    environ,
    x_server,  # noqa: F811
):
    process, log = running
    phone = telegram_server.phone(ADA, telegram_bot.id)
    phone.start("some-canary-payload")
    phone.start(re.search(r"start=([\w-]+)", said(environ, "claim")[1])[1])
    press(phone, "connect")
    press(phone, "connect_registered")
    url = until(lambda: next((b["url"] for b in buttons(phone) if b.get("url")), None))
    pin = x_server.approve(url.partition("oauth_token=")[2], x_server.new_account()["username"])
    phone.send(f"my PIN is {pin}")
    press(phone, "connect_yes")
    until(lambda: "✅" in (phone.last().get("caption") or phone.last().get("text")))

    process.send_signal(signal.SIGTERM)
    process.wait(60)

    written = log.read_text()
    secret = environ["PINFEATHER_CONSUMER_SECRET"]
    canaries = [telegram_bot.token, secret, "some-canary-payload", pin, url.partition("oauth_token=")[2]]
    assert "path=/oauth/access_token status=200" in written
    assert not [canary for canary in canaries if canary in written]
    assert not re.search(r"\d{5,}-[A-Za-z0-9]{20,}|oauth_token(_secret)?=[^\[]", written)


def buttons(phone) -> list[dict]:
    return [button for m in phone.messages() for row in m["inline_keyboard"] or [] for button in row]


def press(phone, verb: str) -> None:
    """Wait for a button by the verb in its data, and press it."""

    def found():
        for message in reversed(phone.messages()):
            for row in message["inline_keyboard"] or []:
                for button in row:
                    if verb in (button.get("data") or "").split(":"):
                        return message["message_id"], button["data"]
        return None

    message_id, data = until(found)
    phone.press(message_id, data=data)


def test_a_second_process_on_the_same_data_is_refused_in_words(running, environ):
    code, words = said(environ, "run")

    assert code == 1
    assert "another pinfeather already works with" in words
    assert "Traceback" not in words


def test_the_claim_link_names_the_operator_once(running, environ, telegram_server, telegram_bot):
    _code, words = said(environ, "claim")
    username, payload = re.search(r"https://t\.me/(\w+)\?start=([\w-]+)", words).groups()
    phone = telegram_server.phone(ADA, telegram_bot.id)
    phone.start(payload)
    until(lambda: phone.last()["from"]["is_bot"])

    code, again = said(environ, "claim")

    assert username == telegram_bot.username
    assert (code, "has its operator already" in again) == (1, True)


def test_a_token_telegram_does_not_know_is_said_without_showing_it(environ):
    token = "5999999999:SANDBOX-nobody-knows-this-one-at-all"

    code, words = said(environ | {"PINFEATHER_BOT_TOKEN": token}, "run")

    assert code == 1
    assert "BotFather" in words
    assert token not in words
    assert "Traceback" not in words


def test_a_missing_key_file_is_named_and_not_replaced(running, environ, tmp_path):
    process, _log = running
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    (tmp_path / "keys").unlink()

    code, words = said(environ, "run")

    assert code == 1
    assert str(tmp_path / "keys") in words
    assert not (tmp_path / "keys").exists()


def test_check_tries_every_door(environ):
    code, words = said(environ, "check")

    assert (code, words.count("fine")) == (0, 5)


def test_serving_refuses_sqlite_and_a_missing_secret_in_words(environ):
    code, words = said(environ, "serve")

    assert code == 1
    assert all(name in words for name in ("webhook_url", "webhook_secret", "database_url"))


def children(pid: int) -> dict[int, str]:
    """Find the child processes and their command lines (proc(5))."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): Path(f"/proc/{child}/cmdline").read_text() for child in pids}


def still_running(pids) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


class Rehearsal:
    """A running `pinfeather sandbox`."""

    def __init__(self) -> None:
        arguments = ("sandbox", "--port", str(free_port()), "--x-port", str(free_port()), "--no-browser")
        self.process = subprocess.Popen(
            command(*arguments), cwd=ROOT, env=clean_environ(), stdout=subprocess.PIPE, text=True
        )
        self.parts: dict[int, str] = {}

    def address(self) -> str:
        """Wait for the one address it prints."""
        for line in self.process.stdout:
            if found := re.fullmatch(r"\s+(http://127\.0\.0\.1:\d+/)\s*", line):
                self.parts = children(self.process.pid)
                return found[1]
        raise AssertionError("no address was printed")

    def end(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        rest = self.process.stdout.read()
        return self.process.wait(60), rest


@pytest.fixture
def rehearsal():
    """Start the sandbox as `make demo` does."""
    if not Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists():
        pytest.skip("this machine does not tell in /proc who is whose child")
    rehearsal = Rehearsal()
    yield rehearsal
    rehearsal.process.kill()
    rehearsal.process.wait(60)
    rehearsal.process.stdout.close()
    for pid in still_running(rehearsal.parts):
        os.kill(pid, signal.SIGKILL)


def test_the_sandbox_prints_one_address_where_the_bot_answers_and_leaves_nothing_running(rehearsal):
    address = rehearsal.address()
    page = httpx.get(address, trust_env=False)
    token = re.search(r'name="sandbox-token" content="([^"]+)"', page.text)[1]
    with httpx.Client(base_url=address, headers={"X-Sandbox-Token": token}, trust_env=False) as phone:
        bot = phone.get("/phone/api/me").json()["bots"][0]["id"]
        phone.post("/phone/api/start", json={"person": ADA, "bot": bot}).raise_for_status()
        messages = f"/phone/api/messages?person={ADA}&chat={bot}"
        until(lambda: phone.get(messages).json()["messages"][-1]["from"]["is_bot"])
    code, rest = rehearsal.end()

    assert (code, "Nothing was kept" in rest) == (0, True)
    assert len(rehearsal.parts) == 3
    assert still_running(rehearsal.parts) == []


def test_a_part_that_dies_is_named_and_ends_the_rest(rehearsal):
    rehearsal.address()
    victim = next(pid for pid, line in rehearsal.parts.items() if "sandbox.x" in line)

    os.kill(victim, signal.SIGKILL)
    code = rehearsal.process.wait(60)

    assert code == 1
    assert "the sandbox X stopped by itself" in rehearsal.process.stdout.read()
    assert still_running(rehearsal.parts) == []
