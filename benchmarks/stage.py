"""Where benchmarks play: the sandboxes, databases with people in them, and bots as processes of their own."""

import asyncio
import itertools
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

from benchmarks import processes
from bot import settings as settings_
from bot.build import opened_database
from storage import keyring
from storage.db import Database
from storage.vault import Vault
from tests import builders, postgres
from tests.sandbox.telegram_server import BotSide, TelegramServer, running_telegram
from tests.sandbox.x_server import XServer, running_x

#: Seconds a process may take to ask for its first updates, and a load to be answered beyond its own length.
PATIENCE_S = 60.0

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Account:
    """An X account of the sandbox with a token of the registered app."""

    username: str
    x_user_id: str
    token: str
    secret: str


@dataclass
class Stage:
    """The sandboxes and a directory for everything else; all gone in the end."""

    x: XServer
    telegram: TelegramServer
    directory: Path
    telegram_pid: int
    x_pid: int
    _opened: ExitStack

    def person(self, name: str = "Dana") -> int:
        """Make a person; gives their id."""
        return int(self.telegram.new_person(first_name=name))

    def account(self) -> Account:
        """Make an X account with a token."""
        made = self.x.new_account()
        name = made["username"]
        grant = self.x.control("POST", "/tokens", json={"username": name, "app": "registered"})
        return Account(name, str(made["id"]), grant["token"], grant["secret"])

    def postgres(self) -> "Postgres":
        """Run a Postgres of this stage's own, or use the one that is named for tests."""
        # Short, for sockets lie in it.
        directory = Path(tempfile.gettempdir()) / f"{self.directory.name}-{next(_numbers)}"
        url = self._opened.enter_context(_server(directory))
        pid_file = directory / "postmaster.pid"
        pid = int(pid_file.read_text(encoding="ascii").split()[0]) if pid_file.exists() else None
        return Postgres(url, pid)

    def home(self, database_url: str | None = None) -> "Home":
        """Make a home for a bot: its settings and its keys; with SQLite unless told otherwise."""
        path = self.directory / f"home-{next(_numbers)}"
        path.mkdir()
        (path / "data").mkdir(mode=0o700)
        keyring.make_key_file(path / "keys")
        side = self.telegram.new_bot()
        app = self.x.app("registered")
        environ = {
            "PINFEATHER_HOME": str(path),
            "PINFEATHER_BOT_TOKEN": side.token,
            "PINFEATHER_TELEGRAM_API": self.telegram.origin,
            "PINFEATHER_X_API": self.x.origin,
            "PINFEATHER_CONSUMER_KEY": app["consumer_key"],
            "PINFEATHER_CONSUMER_SECRET": app["consumer_secret"],
            "PINFEATHER_OPEN_TO_ALL": "true",
            "PINFEATHER_SETTLE_AFTER_S": "3",
            "PINFEATHER_LOG_LEVEL": "WARNING",
        }
        if database_url:
            environ["PINFEATHER_DATABASE_URL"] = database_url
        return Home(side, environ, path)

    @contextmanager
    def echo(self) -> "Iterator[Player]":
        """Run the bare echo."""
        side = self.telegram.new_bot()
        environ = processes.environment(ECHO_TOKEN=side.token, ECHO_API=self.telegram.origin)
        with _player(["-m", "benchmarks.echo"], environ, side, self.directory / "echo.log") as player:
            yield player


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running Postgres. `pid` None: somebody else's, whose processor time is not ours to read."""

    url: str
    pid: int | None

    def new_database(self) -> str:
        """Make an empty database; gives its address."""
        name = f"pinfeather_bench_{next(_numbers)}"
        postgres.run(self.url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        postgres.run(self.url, "CREATE DATABASE {}", name)
        return str(postgres.address(self.url, name))

    def cpu_s(self) -> float:
        """Give the server's processor time so far, all its processes; 0 for somebody else's."""
        return processes.family_cpu_s(self.pid) if self.pid else 0.0


@dataclass(frozen=True, slots=True)
class Home:
    """All a bot's process needs to start."""

    side: BotSide
    environ: dict[str, str]
    path: Path

    @contextmanager
    def bot(self, *arguments: str) -> "Iterator[Player]":
        """Run the bot; `arguments` instead of `-m bot run` to run it under a profiler, say."""
        environ = processes.environment(**self.environ)
        command = list(arguments or ("-m", "bot", "run"))
        with _player(command, environ, self.side, self.path / "log.txt") as player:
            yield player

    def people(self, people: dict[int, Account | None]) -> None:
        """Let people in and give those their connection who have an account."""
        asyncio.run(self._let_in(people))

    async def _let_in(self, people: dict[int, Account | None]) -> None:
        async with opened_database(settings_.load(self.environ)) as (db, vault):
            for person_id, account in people.items():
                await builders.add_person(db, person_id, f"Dana {person_id}")
                if account:
                    await self._connect(db, vault, person_id, account)

    async def _connect(self, db: Database, vault: Vault, person_id: int, account: Account) -> None:
        await builders.add_connection(
            db,
            vault,
            person_id=person_id,
            username=account.username,
            x_user_id=account.x_user_id,
            token=account.token,
            secret=account.secret,
            app_fingerprint=vault.fingerprint(self.environ["PINFEATHER_CONSUMER_KEY"]),
        )


@dataclass(frozen=True, slots=True)
class Player:
    """A running bot and its own side of Telegram."""

    side: BotSide
    process: Popen[bytes]
    log: Path

    @property
    def cpu_s(self) -> float:
        """Give its processor time so far."""
        return processes.cpu_s(self.process.pid)

    def answer_all(self, texts: list[tuple[int, str]], per_s: float) -> None:
        """Let people say these texts (who, what), so many a second, until each has one answer and rests.

        Raises RuntimeError when the answers do not come.
        """
        since = self._last_call()
        begin = time.monotonic()
        for number, (person, text) in enumerate(texts):
            processes.wait_until(begin + number / per_s)
            self.side.server.phone(person, self.side.id).send(text)
        self._until_answered(len(texts), since)
        # The last one is written down as answered.
        time.sleep(0.3)

    def post_all(self, people: list[int], per_s: float) -> None:
        """Let people press Post under their drafts, until every card says it is posted and the bot rests."""
        begin = time.monotonic()
        for number, person in enumerate(people):
            phone = self.side.server.phone(person, self.side.id)
            message = phone.last()
            processes.wait_until(begin + number / per_s)
            phone.press(message["message_id"], data=_post_button(message), forge=True)
        self._until_posted(people)
        time.sleep(0.3)

    def rest(self, seconds: float) -> float:
        """Let the bot do nothing for a while; gives its processor time per second."""
        before = self.cpu_s
        time.sleep(seconds)
        return (self.cpu_s - before) / seconds

    def _until_posted(self, people: list[int]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        waiting = list(people)
        while waiting := [person for person in waiting if not self._is_posted(person)]:
            processes.see_alive(self.process, self.log)
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(waiting)} of {len(people)} tweets were not posted")
            time.sleep(0.2)

    def _is_posted(self, person: int) -> bool:
        last = self.side.server.phone(person, self.side.id).last()
        return "Posted" in (last.get("text") or "")

    def _until_answered(self, wanted: int, since: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while (answers := self._answers(since)) < wanted or self._pending():
            processes.see_alive(self.process, self.log)
            if time.monotonic() > deadline:
                raise RuntimeError(f"only {answers} of {wanted} updates were answered")
            time.sleep(0.2)

    def _answers(self, since: int) -> int:
        return sum(bool(call["ok"]) for call in self._calls(since) if call["method"] == "sendMessage")

    def _last_call(self) -> int:
        return max((int(call["n"]) for call in self._calls(0)), default=0)

    def _calls(self, since: int) -> list[dict[str, Any]]:
        path = f"/calls?bot={self.side.id}&since={since}"
        return list(self.side.server.control("GET", path)["calls"])

    def _pending(self) -> bool:
        return bool(self.side.server.control("GET", f"/pending?bot={self.side.id}")["updates"])


@contextmanager
def stage() -> Iterator[Stage]:
    """Set up the sandboxes, with wide rate limits of X and none of Telegram."""
    with ExitStack() as opened:
        directory = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="pinfeather-bench-")))
        # Stopped with a poll open, the sandbox is loud.
        with processes.errors_to(directory / "sandboxes.txt"):
            x = opened.enter_context(running_x())
            telegram = opened.enter_context(running_telegram(x.origin))
        x.control("PUT", "/limits", json={"factor": 1000})
        pids = [processes.child_of_mine(module) for module in ("sandbox.telegram", "sandbox.x")]
        yield Stage(x, telegram, directory, pids[0], pids[1], opened)


@contextmanager
def _player(command: list[str], environ: dict[str, str], side: BotSide, log: Path) -> Iterator[Player]:
    with processes.running(command, environ, log) as process:
        player = Player(side, process, log)
        deadline = time.monotonic() + PATIENCE_S
        while not side.calls("getUpdates"):
            processes.see_alive(process, log)
            if time.monotonic() > deadline:
                raise RuntimeError("it does not ask for updates")
            time.sleep(0.05)
        yield player


@contextmanager
def _server(directory: Path) -> Iterator[str]:
    if named := os.environ.get(postgres.NAMED):
        yield named
        return
    with postgres.own_server(directory) as url:
        yield url


def _post_button(message: dict[str, Any]) -> str:
    buttons = [button for row in message["inline_keyboard"] or [] for button in row]
    found = next((button["data"] for button in buttons if button["text"] == "Post"), None)
    if found is None:
        raise RuntimeError(f"nothing to post under {message.get('text')!r}")
    return str(found)
