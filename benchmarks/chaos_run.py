"""One run of chaos.py on one engine: from an empty database to its last task, and what came of it."""

import random
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import backlog, chaos_count, processes
from benchmarks.chaos_count import Count, Unknown
from benchmarks.chaos_strikes import Crew, Member, Server, Striker
from benchmarks.chaos_wanted import UNDER_WAY, Feeder, wishes
from benchmarks.chaos_wish import Wanted
from benchmarks.stage import Account, Home, Stage
from storage.tables import TaskState
from tests.sandbox.x_server import free_port

#: Of X: seconds of latency, how often which trouble comes to a write.
TROUBLE: dict[str, Any] = {
    "latency_s": [0, 0.3],
    "timeout_after": 0.05,
    "status_5xx": 0.05,
    "rate_limited": 0.01,
    "rate_limited_s": 2,
    # Else X refuses a double, and nobody sees that it was sent.
    "same_text_allowed": True,
}
SETTLE_AFTER_S = 4.0
#: Seconds without any task coming to rest after which a run counts as stuck.
STUCK_S = 180.0
LOOK_S = 0.3


@dataclass(frozen=True, slots=True)
class Form:
    """How long a run is, on one engine."""

    engine: str
    tasks: int
    strikes: Sequence[str]
    """In their order: "kill <process>", "freeze <process>", "restart"."""
    within_s: float
    """So long after the first task is done no more are put in, however few there are."""
    seed: int = 1
    connections: int = 40
    again: int = 0
    """So many accounts have a schedule that comes each minute."""
    logs: Path | None = None
    """Where the logs are kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    form: Form
    count: Count
    unknown: Unknown
    strikes: Mapping[str, int]
    ends: Mapping[str, int]
    unexpected: Mapping[str, int]
    """Processes that ended as they should not."""
    errors: Sequence[str]
    """Lines of the logs that tell of one."""
    seconds: float

    @property
    def is_right(self) -> bool:
        """Tell whether X has all that was wanted, once and in order, and the processes were well."""
        return self.count.is_right and not self.unexpected


@contextmanager
def trouble(here: Stage, *, lag_s: tuple[float, float], seed: int) -> Iterator[dict[str, int]]:
    """Let X err at random until the block ends; then it is told how often it did what."""
    told: dict[str, int] = {}
    here.x.control("POST", "/chaos", json={**TROUBLE, "lag_s": list(lag_s), "seed": seed})
    try:
        yield told
        told.update(here.x.control("GET", "/chaos")["counts"])
    finally:
        here.x.control("DELETE", "/chaos")


def play(here: Stage, form: Form, stop: threading.Event, postgres: Server | None = None) -> Outcome:
    """Run once, from an empty database to its last task. `postgres`: for that engine.

    Raises RuntimeError when `stop` is set, and when nothing moves any more.
    """
    begun = time.monotonic()
    dice = random.Random(form.seed)
    people = backlog.people_with_accounts(here, form.connections)
    home = _home(here, people, form, postgres)
    wanted = wishes([account.username for account in people.values()], form.tasks, dice)
    names = {account.username: person for person, account in people.items()}
    feeder = Feeder(home, names, wanted, form.within_s, again=form.again)
    crew = Crew(list(_members(home, form.engine)))
    striker = Striker(crew, postgres, form.strikes, feeder.progress, dice)
    try:
        with crew.at_work():
            feeder.start()
            striker.start()
            Watch(backlog.address(home), stop).until_all_rest(feeder, striker)
            striker.end()
    finally:
        striker.end()
        if form.logs:
            shutil.copytree(home.path, form.logs / home.path.name, dirs_exist_ok=True)
    return Outcome(
        form,
        _count(here, backlog.address(home), feeder.put_in()),
        chaos_count.unknown(backlog.address(home)),
        dict(crew.strikes),
        dict(crew.ends),
        crew.unexpected(),
        list(_errors(home.path)),
        time.monotonic() - begun,
    )


def _home(here: Stage, people: dict[int, Account], form: Form, postgres: Server | None) -> Home:
    url = postgres.new_database(f"chaos_{form.seed}_{time.time_ns()}") if postgres else None
    home = here.home(url)
    home.environ.update(PINFEATHER_SETTLE_AFTER_S=str(SETTLE_AFTER_S), PINFEATHER_LOG_LEVEL="INFO")
    home.people(dict(people))
    for person in people:
        # Else the bot may not tell them anything.
        here.telegram.phone(person, home.side.id).start()
    chaos_count.note_moves(backlog.address(home))
    return home


def _count(here: Stage, url: str, wanted: Sequence[Wanted]) -> Count:
    posts = {
        one: here.x.control("GET", f"/posts?username={one}")[::-1]
        for one in sorted({wish.username for wish in wanted})
    }
    states = {task: (state, outcome) for task, state, outcome in chaos_count.rows(url, _STATES)}
    return chaos_count.count(wanted, posts, states)


_STATES = "SELECT id, state, outcome FROM tasks"


class Watch:
    """How far the tasks are, as the database tells; while it is away, as it told last."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        self._url, self._stop = url, stop
        self._rest = 0

    def until_all_rest(self, feeder: Feeder, striker: Striker) -> None:
        """Wait. Raises RuntimeError as `play` does, and what the threads raised."""
        moved = time.monotonic()
        while feeder.is_alive() or striker.is_alive() or self._rest < len(feeder.put_in()):
            before = self._rest
            self._look()
            for thread in (feeder, striker):
                if thread.failure is not None:
                    raise thread.failure
            if self._rest > before:
                moved = time.monotonic()
                feeder.begin()
            elif time.monotonic() - moved > STUCK_S:
                raise RuntimeError(f"stuck: {self._rest} rest of {len(feeder.put_in())}; {self._stuck()}")
            if self._stop.wait(LOOK_S):
                raise RuntimeError("told to stop")

    def _look(self) -> None:
        others = ", ".join(f"'{state}'" for state in (*UNDER_WAY, TaskState.CANCELLED))
        query = f"SELECT count(*) FROM tasks WHERE state NOT IN ({others})"
        try:
            self._rest = int(chaos_count.rows(self._url, query)[0][0])
        except ConnectionError:
            return

    def _stuck(self) -> list[tuple[Any, ...]]:
        query = (
            "SELECT id, state, outcome, run, attempts, lease_by, wake_at, due_at FROM tasks "
            "WHERE state IN ('scheduled', 'due', 'running') ORDER BY due_at LIMIT 5"
        )
        return chaos_count.rows(self._url, query)


def _members(home: Home, engine: str) -> Iterator[Member]:
    if engine == "sqlite":
        yield _member(home, "run", ["run"], {})
        return
    ports = {"serve 1": free_port(), "serve 2": free_port()}
    for name, port in ports.items():
        hook = {
            "PINFEATHER_WEBHOOK_URL": f"http://127.0.0.1:{ports['serve 1']}/hook",
            "PINFEATHER_WEBHOOK_SECRET": "a-secret-of-thirty-two-characters",
            "PINFEATHER_LISTEN_PORT": str(port),
        }
        yield _member(home, name, ["serve"], hook)
    for name in ("work 1", "work 2"):
        yield _member(home, name, ["work"], {})


def _member(home: Home, name: str, command: list[str], more: dict[str, str]) -> Member:
    environ = processes.environment(**home.environ, **more)
    return Member(name, ["-m", "bot", *command], environ, home.path / f"{name.replace(' ', '-')}.log")


def _errors(directory: Path) -> Iterator[str]:
    for log in sorted(directory.glob("*.log")):
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if " ERROR " in line or line.startswith("Traceback"):
                yield f"{log.stem}: {line[:200]}"
