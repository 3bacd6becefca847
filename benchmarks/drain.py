"""How many tasks a second are done, against the bare engine that runs an empty workflow of three steps.

Both find their queue full when they start, with the same settings of the queue, spread over as many
connections; counted from outside. The tweets are really posted, at the sandbox X, each behind its fence.
First nobody is told, for Telegram takes no more than 25 messages a second; then the whole bot, with telling.

    python -m benchmarks.drain [--quick]
"""

import signal
import time
from collections.abc import Iterator

from benchmarks import backlog, bare_engine, profiled
from benchmarks.backlog import Pace
from benchmarks.report import Line, run_alone
from benchmarks.stage import Account, Home, Postgres, Stage, stage

#: Of what the bare engine does.
TARGET = 0.6
#: Connections, which are the queue's partitions.
CONNECTIONS = 40
WORKER = ("-m", "benchmarks.worker_alone")
BARE = ("-m", "benchmarks.bare_engine")


def measure(*, quick: bool) -> Iterator[Line]:
    """Take the trials in turn; of each the better one."""
    count, trials = (160, 1) if quick else (1_000, 2)
    with stage() as here:
        people = backlog.people_with_accounts(here, CONNECTIONS)
        for kind, server in (("SQLite", None), ("Postgres", here.postgres())):
            paces: dict[str, list[Pace]] = {"bare": [], "worker": []}
            for _ in range(trials):
                paces["bare"].append(_bare(here, server, count))
                paces["worker"].append(drain(_home(here, server), people, count, WORKER))
            bare, worker = (max(paces[name], key=lambda pace: pace.per_s) for name in ("bare", "worker"))
            whole = drain(_home(here, server), people, count // 4, ("-m", "bot", "run"))
            yield from _lines(kind, bare, worker, whole)
            if worker.per_s < TARGET * bare.per_s:
                _profile(_home(here, server), people, count // 4)


def _lines(kind: str, bare: Pace, worker: Pace, whole: Pace) -> Iterator[Line]:
    named = {
        "bare": ("the bare engine, three empty steps", bare),
        "worker": ("tweets posted, nobody told", worker),
        "bot": ("tweets posted and told by the whole bot", whole),
    }
    key = kind.lower()
    for name, (words, pace) in named.items():
        yield Line(f"{key}_{name}_per_s", f"{kind}: {words}", pace.per_s, "/s")
        yield Line(f"{key}_{name}_cpu_ms", f"{kind}: the same, processor time of each", pace.cpu_ms, "ms")
    ratio = worker.per_s / bare.per_s
    yield Line(f"{key}_ratio", f"{kind}: tweets by empty workflows", ratio, "", at_least=TARGET)


def drain(
    home: Home, people: dict[int, Account], count: int, command: tuple[str, ...], *, planned: int = 0
) -> Pace:
    """Let a process work off so many due tasks, with others in store that are `planned` for next week."""
    tasks = backlog.backlog(home, people)
    if planned:
        tasks.add_planned(planned, backlog.next_week())
    tasks.add_due(count)
    with backlog.working(home, *command) as process:
        return backlog.pace(tasks.done, count, process, home)


def _profile(home: Home, people: dict[int, Account], count: int) -> None:
    tasks = backlog.backlog(home, people)
    tasks.add_due(count)
    out = home.path / "profile"
    with backlog.working(home, "-m", "benchmarks.profiled", str(out), *WORKER[1:]) as process:
        # Its first lines are the imports' business.
        while tasks.done() < 1:
            time.sleep(backlog.LOOK_S)
        process.send_signal(signal.SIGUSR1)
        backlog.pace(tasks.done, count, process, home)
    print("\n  where the worker's time goes")
    profiled.show(out, count, "tweet")


def _bare(here: Stage, server: Postgres | None, count: int) -> Pace:
    home = _home(here, server)
    url = backlog.address(home)
    bare_engine.enqueue(url, count, CONNECTIONS)
    schema = "" if url.startswith("sqlite") else "dbos."
    query = f"SELECT count(*) FROM {schema}workflow_status WHERE status = 'SUCCESS'"
    with backlog.working(home, *BARE) as process:
        return backlog.pace(lambda: backlog.asked(url, query)[0], count, process, home)


def _home(here: Stage, server: Postgres | None) -> Home:
    return here.home(server.new_database() if server else None)


if __name__ == "__main__":
    run_alone("drain", measure, __doc__)
