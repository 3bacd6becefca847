"""How long the bot takes to start, against a Python that only imports the same libraries.

From starting the process to its first question for updates, and the processor time until then; the best of
a few trials of each in turn. Files are in the system's cache, and modules compiled.

    python -m benchmarks.cold_start [--quick]
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from benchmarks import processes
from benchmarks.report import Line, run_alone
from benchmarks.stage import Stage, stage

OURS = ("bot", "tasks", "storage", "twitter", "texts", "sandbox", "benchmarks", "tests", "__main__")
#: Lists what the bot has imported when it starts.
LISTING = """
import sys
import bot.cli, bot.process
print(*(name for name in list(sys.modules) if name.partition(".")[0] not in {ours!r}))
"""
#: Imports all of them it is given; a few cannot be imported by name (made by others on the way).
IMPORTING = """
import importlib, sys
for name in sys.stdin.read().split():
    try:
        importlib.import_module(name)
    except ImportError:
        pass
"""
REMEMBERED = IMPORTING + 'print(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")))'


def measure(*, quick: bool) -> Iterator[Line]:
    """Take the trials in turn."""
    names = libraries()
    with stage() as here:
        home = here.home()
        with home.bot():
            pass  # its database is made, its name card set
        trials: dict[str, Callable[[], tuple[float, float]]] = {
            "python": lambda: _python("pass", ""),
            "libraries": lambda: _python(IMPORTING, names),
            "bot": lambda: _bot(here, fresh=False),
            "bot_fresh": lambda: _bot(here, fresh=True),
        }
        taken = {name: [trial() for _ in range(2 if quick else 5)] for name, trial in trials.items()}
    best = {
        name: (min(wall for wall, _ in each), min(cpu for _, cpu in each)) for name, each in taken.items()
    }
    words = {
        "python": "Python alone",
        "libraries": "Python with the libraries imported",
        "bot": "the bot, to its first question for updates",
        "bot_fresh": "the same with an empty database, which it migrates",
    }
    for name, (wall_s, cpu) in best.items():
        yield Line(f"{name}_s", words[name], wall_s, "s")
        yield Line(f"{name}_cpu_s", f"{words[name]}, processor time", cpu, "s")
    (bot_s, bot_cpu), (libraries_s, libraries_cpu) = best["bot"], best["libraries"]
    yield Line("ratio", "the bot by its libraries, time", bot_s / libraries_s, "")
    yield Line("cpu_ratio", "the bot by its libraries, processor time", bot_cpu / libraries_cpu, "")


def libraries() -> str:
    """Name every module that is not ours and is there when the bot has started, in the order of import."""
    return _output(LISTING.format(ours=OURS), "")


def libraries_memory_mb(names: str) -> float:
    """Give the resident memory of a Python that imported these."""
    return int(_output(REMEMBERED, names).split()[1]) / 1024


def _output(code: str, given: str) -> str:
    command = [sys.executable, "-c", code]
    environ = processes.environment()
    return subprocess.run(
        command, input=given, capture_output=True, text=True, check=True, cwd=processes.ROOT, env=environ
    ).stdout


def _python(code: str, given: str) -> tuple[float, float]:
    cpu = "\nimport time; print(time.process_time())"
    begin = time.monotonic()
    said = _output(code + cpu, given)
    return time.monotonic() - begin, float(said)


def _bot(here: Stage, *, fresh: bool) -> tuple[float, float]:
    home = here.home()
    if not fresh:
        home.people({})
    begin = time.monotonic()
    with home.bot() as bot:
        return time.monotonic() - begin, bot.cpu_s


if __name__ == "__main__":
    run_alone("cold_start", measure, __doc__)
