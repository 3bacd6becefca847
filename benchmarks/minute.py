"""How late tweets are when 5,000 are planned for the same moment.

They are planned by 500 people, ten each, for one moment a little ahead; the whole bot runs, posts them at the
sandbox X in each person's order, and tells everybody. Lateness is the time from the moment to X's yes. What
is reached more than a few minutes late is missed and asked about (tasks/waking.py): counted too.

    python -m benchmarks.minute [--quick]
"""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks import backlog
from benchmarks.report import Line, run_alone
from benchmarks.stage import Account, Home, stage

#: Seconds the bot has to start, and to come to rest, before the moment.
AHEAD_S = 10.0


def measure(*, quick: bool) -> Iterator[Line]:
    """Measure on SQLite, then on Postgres."""
    count, persons = (200, 20) if quick else (5_000, 500)
    with stage() as here:
        people = backlog.people_with_accounts(here, persons)
        yield from _late("SQLite", here.home(), people, count)
        yield from _late("Postgres", here.home(here.postgres().new_database()), people, count)


def _late(kind: str, home: Home, people: dict[int, Account], count: int) -> Iterator[Line]:
    tasks = backlog.backlog(home, people)
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=AHEAD_S + count / 500)
    tasks.add_planned(count, moment)
    with backlog.working(home, "-m", "bot", "run") as process:
        time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))
        pace = backlog.pace(tasks.over, count, process, home)
    late = sorted(each / 1000 - moment.timestamp() for each in tasks.accepted_at_ms())
    key = kind.lower()
    if len(late) > 1:
        cuts = statistics.quantiles(late, n=100)
        yield Line(f"{key}_p50_s", f"{kind}: lateness, half of them at most", cuts[49], "s")
        yield Line(f"{key}_p99_s", f"{kind}: lateness, 99 of 100 at most", cuts[98], "s")
        yield Line(f"{key}_most_s", f"{kind}: lateness, the last one", late[-1], "s")
    yield Line(f"{key}_per_s", f"{kind}: tasks a second", pace.per_s, "/s")
    yield Line(f"{key}_cpu_ms", f"{kind}: processor time per task", pace.cpu_ms, "ms")
    yield Line(f"{key}_posted", f"{kind}: posted, of {count}", len(late), "")
    missed = tasks.ask("SELECT count(*) FROM tasks WHERE state = 'missed'")[0]
    yield Line(f"{key}_missed", f"{kind}: missed", missed, "")


if __name__ == "__main__":
    run_alone("minute", measure, __doc__)
