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
            rates: dict[str, list[float]] = {"bare": [], "worker": []}
            for _ in range(trials):
                rates["bare"].append(_bare(here, server, count))
                rates["worker"].append(drain(_home(here, server), people, count, WORKER))
            bare, worker = max(rates["bare"]), max(rates["worker"])
            whole = drain(_home(here, server), people, count // 4, ("-m", "bot", "run"))
            key = kind.lower()
            yield Line(f"{key}_bare_per_s", f"{kind}: the bare engine, three empty steps", bare, "/s")
            yield Line(f"{key}_worker_per_s", f"{kind}: tweets posted, nobody told", worker, "/s")
            ratio = worker / bare
            yield Line(f"{key}_ratio", f"{kind}: tweets by empty workflows", ratio, "", at_least=TARGET)
            if ratio < TARGET:
                _profile(_home(here, server), people, count // 4)
            yield Line(f"{key}_bot_per_s", f"{kind}: tweets posted and told by the whole bot", whole, "/s")


def drain(
    home: Home, people: dict[int, Account], count: int, command: tuple[str, ...], *, planned: int = 0
) -> float:
    """Give the tasks done per second, with others in store that are `planned` for next week."""
    tasks = backlog.backlog(home, people)
    if planned:
        tasks.add_planned(planned, backlog.next_week())
    tasks.add_due(count)
    with backlog.working(home, *command) as process:
        return backlog.rate(tasks.done, count, process, home)


def _profile(home: Home, people: dict[int, Account], count: int) -> None:
    tasks = backlog.backlog(home, people)
    tasks.add_due(count)
    out = home.path / "profile"
    with backlog.working(home, "-m", "benchmarks.profiled", str(out), *WORKER[1:]) as process:
        # Its first lines are the imports' business.
        while tasks.done() < 1:
            time.sleep(backlog.LOOK_S)
        process.send_signal(signal.SIGUSR1)
        backlog.rate(tasks.done, count, process, home)
    print("\n  where the worker's time goes")
    profiled.show(out, count, "tweet")


def _bare(here: Stage, server: Postgres | None, count: int) -> float:
    home = _home(here, server)
    url = backlog.address(home)
    bare_engine.enqueue(url, count, CONNECTIONS)
    schema = "" if url.startswith("sqlite") else "dbos."
    query = f"SELECT count(*) FROM {schema}workflow_status WHERE status = 'SUCCESS'"
    with backlog.working(home, *BARE) as process:
        return backlog.rate(lambda: backlog.asked(url, query)[0], count, process, home)


def _home(here: Stage, server: Postgres | None) -> Home:
    return here.home(server.new_database() if server else None)


if __name__ == "__main__":
    run_alone("drain", measure, __doc__)
