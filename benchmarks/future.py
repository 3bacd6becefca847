"""Whether 100,000 tasks planned for next week slow those that are due now.

The same backlog is drained by the worker twice (as in benchmarks/drain.py, nobody told): from a database
with nothing else in it, and from one with the planned tasks. In turn; of each the better trial.

    python -m benchmarks.future [--quick]
"""

from collections.abc import Iterator

from benchmarks import backlog
from benchmarks.drain import CONNECTIONS, WORKER, drain
from benchmarks.report import Line, run_alone
from benchmarks.stage import stage

#: Of what is done without the planned ones.
TARGET = 0.9


def measure(*, quick: bool) -> Iterator[Line]:
    """Measure on SQLite, then on Postgres."""
    count, planned, trials = (160, 2_000, 1) if quick else (600, 100_000, 3)
    with stage() as here:
        people = backlog.people_with_accounts(here, CONNECTIONS)
        server = here.postgres()
        for kind in ("SQLite", "Postgres"):
            rates: dict[int, list[float]] = {0: [], planned: []}
            for trial in range(trials):
                # Whoever comes second may find the machine warmer.
                for others in sorted(rates, reverse=bool(trial % 2)):
                    home = here.home(server.new_database() if kind == "Postgres" else None)
                    rates[others].append(drain(home, people, count, WORKER, planned=others).per_s)
            alone, among = max(rates[0]), max(rates[planned])
            key = kind.lower()
            yield Line(f"{key}_alone_per_s", f"{kind}: tweets posted, nothing else in store", alone, "/s")
            yield Line(f"{key}_among_per_s", f"{kind}: with {planned} planned ones", among, "/s")
            yield Line(f"{key}_ratio", f"{kind}: ratio", among / alone, "", at_least=TARGET)


if __name__ == "__main__":
    run_alone("future", measure, __doc__)
