"""The commands of the units and containers are started as those start them, against the sandboxes."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from storage import keyring
from tests.bot.test_process import clean_environ, until
from tests.bot.test_stopping import connect, environ, press  # noqa: F401
from tests.contracts.deployed import DEPLOY, Unit, services
from tests.contracts.documents import ROOT
from tests.sandbox.conftest import telegram_bot, telegram_server, x_server  # noqa: F401
from tests.sandbox.telegram_server import ADA
from tests.sandbox.x_server import free_port


class Started:
    """A process of the bot, as a unit or a container starts it, with its probes on a free port."""

    def __init__(self, arguments: list[str], environ: dict[str, str], log: Path) -> None:  # noqa: F811
        assert "PINFEATHER_HEALTH_PORT" in environ
        self.log = log
        environ = environ | {"PINFEATHER_HEALTH_PORT": "0", "PINFEATHER_HEALTH_HOST": "127.0.0.1"}
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments], cwd=ROOT, env=environ, stdout=file, stderr=file
            )

    def until_ready(self) -> None:
        until(lambda: self.process.poll() is not None or self.asked("/readyz") == "ready", seconds=60)
        assert self.process.poll() is None, self.log.read_text()

    def asked(self, path: str) -> str:
        """Ask on the port it says it has; nothing as long as it has none."""
        port = re.search(r"probes and figures at \S+ port (\d+)", self.log.read_text())
        if not port:
            return ""
        return httpx.get(f"http://127.0.0.1:{port[1]}{path}", trust_env=False, timeout=60).text

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@pytest.fixture
def start(tmp_path):
    """Start processes; what is left of them in the end is killed."""
    started: list[Started] = []

    def starter(arguments: list[str], environ: dict[str, str]) -> Started:  # noqa: F811
        started.append(Started(arguments, environ, tmp_path / f"log-{len(started)}.txt"))
        return started[-1]

    yield starter
    for each in started:
        each.process.kill()
        each.process.wait(60)


@pytest.fixture
def sandboxes(environ, tmp_path):  # noqa: F811
    """Give what leads a bot of our own to the sandboxes, and its key file."""
    keyring.make_key_file(tmp_path / "keys")
    kept = ("BOT_TOKEN", "TELEGRAM_API", "X_API", "CONSUMER_KEY", "CONSUMER_SECRET")
    return {f"PINFEATHER_{name}": environ[f"PINFEATHER_{name}"] for name in kept} | {
        "PINFEATHER_HOME": str(tmp_path),
        "PINFEATHER_OPEN_TO_ALL": "true",
    }


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        pytest.param(unit.command[1:], unit.environment, id=unit.path.name)
        for unit in [Unit(DEPLOY / "systemd" / "pinfeather.service")]
    ]
    + [
        pytest.param(bot["command"], bot["environment"], id="compose.yaml")
        for bot in [services(DEPLOY / "compose.yaml")["bot"]]
    ],
)
def test_one_process_runs_is_ready_and_stops_in_order(start, sandboxes, arguments, variables):
    plain = {name: value for name, value in variables.items() if not name.endswith("_FILE")}
    bot = start(arguments, clean_environ(**plain | sandboxes))

    bot.until_ready()
    until(lambda: "pinfeather_ready 1.0" in bot.asked("/metrics"), seconds=60)
    until(lambda: 'pinfeather_tasks{state="due"} 0.0' in bot.asked("/metrics"), seconds=60)

    assert bot.stop() == 0


@pytest.mark.timeout(240)
def test_a_tweet_taken_by_serve_is_carried_out_by_work_as_the_units_start_them(
    start,
    sandboxes,
    postgresql_url,
    telegram_server,  # noqa: F811
    telegram_bot,  # noqa: F811
    x_server,  # noqa: F811
):
    port = free_port()
    shared = sandboxes | {
        "PINFEATHER_DATABASE_URL": postgresql_url,
        "PINFEATHER_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "PINFEATHER_WEBHOOK_SECRET": "a-secret-of-thirty-two-characters",
    }
    units = {name: Unit(DEPLOY / "systemd" / f"pinfeather-{name}@.service") for name in ("serve", "work")}
    serve, work = (
        start(
            unit.command[1:],
            clean_environ(**unit.environment | {"PINFEATHER_LISTEN_PORT": str(port)} | shared),
        )
        for unit in units.values()
    )
    serve.until_ready()
    work.until_ready()
    until(lambda: telegram_bot.calls("setWebhook"))
    phone, account = telegram_server.phone(ADA, telegram_bot.id), x_server.new_account()["username"]

    connect(phone, x_server, account)
    phone.send("/tweet By two processes")
    press(phone, "post")
    until(lambda: x_server.control("GET", f"/posts?username={account}"))
    public = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False, timeout=60)

    (post,) = x_server.control("GET", f"/posts?username={account}")
    assert post["text"] == "By two processes"
    assert public.status_code == 404
    assert (work.stop(), serve.stop()) == (0, 0)
