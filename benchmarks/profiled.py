"""A process under a sampling profiler: in which package, and under what of ours, its time goes.

Run as `python -m benchmarks.profiled OUT module arguments...`: it is `python -m module arguments...`. SIGUSR1
begins the samples, one per INTERVAL_S of processor time or as often as the kernel will; when the process ends
they are written to OUT.
"""

import json
import runpy
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType

import greenlet

from benchmarks.processes import ROOT

INTERVAL_S = 0.002
#: Lines of each table.
SHOWN = 14
#: Outermost of ours, under which everything happens.
OUTERMOST = ("bot/__main__.py", "bot/cli.py", "bot/process.py", "benchmarks/")


class Samples:
    """Counts samples: own by package, under by function of ours."""

    def __init__(self) -> None:
        self._taken: Counter[tuple[CodeType, ...]] = Counter()
        self._begun_s = 0.0

    def begin(self, _number: int, _frame: FrameType | None) -> None:
        """Begin to take samples."""
        self._begun_s = time.process_time()
        signal.signal(signal.SIGPROF, self._take)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)

    def _take(self, _number: int, frame: FrameType | None) -> None:
        """Keep where the main thread is; while another burns (SQLite's), this one waits for events."""
        self._taken[tuple(each.f_code for each in _stack(frame))] += 1

    def end(self, file: Path) -> None:
        """Write the counts and the processor time they stand for."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        cpu_s = time.process_time() - self._begun_s
        own: Counter[str] = Counter()
        under: Counter[str] = Counter()
        for codes, count in self._taken.items():
            own[_package(codes[0])] += count
            for name in {name for code in codes if (name := _of_ours(code))}:
                under[name] += count
        file.write_text(json.dumps({"cpu_s": cpu_s, "own": own, "under": under}), encoding="utf-8")


def show(file: Path, updates: int) -> None:
    """Print the samples a process wrote, as milliseconds per update."""
    taken = json.loads(file.read_text(encoding="utf-8"))
    each_ms = 1000 * taken["cpu_s"] / sum(taken["own"].values()) / updates
    print(f"  all of it: {1000 * taken['cpu_s'] / updates:.2f} ms per update")
    for title, key in (("in the package's own code", "own"), ("in and under a function of ours", "under")):
        print(f"  {title}, ms per update")
        for name, count in Counter(taken[key]).most_common(SHOWN if key == "own" else 2 * SHOWN):
            print(f"    {each_ms * count:8.2f}  {name}")


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    """Give the frames from the innermost out, across the greenlets SQLAlchemy works in."""
    current = greenlet.getcurrent()
    while frame is not None or current is not None:
        while frame is not None:
            yield frame
            frame = frame.f_back
        current = current.parent
        frame = current.gr_frame if current is not None else None


def _package(code: CodeType) -> str:
    path = Path(code.co_filename)
    if "site-packages" in path.parts:
        return path.parts[path.parts.index("site-packages") + 1]
    if path.is_relative_to(ROOT):
        return "/".join(path.relative_to(ROOT).parts[:1])
    if path.stem == "selectors":
        return "waiting for events, while another thread works"
    return f"python: {path.stem}"


def _of_ours(code: CodeType) -> str | None:
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT) or "site-packages" in path.parts:
        return None
    name = f"{path.relative_to(ROOT)} {code.co_name}"
    return None if name.startswith(OUTERMOST) else name


def main() -> None:
    """Be the other module."""
    out, module = Path(sys.argv[1]), sys.argv[2]
    del sys.argv[1:3]
    samples = Samples()
    signal.signal(signal.SIGUSR1, samples.begin)
    with suppress(SystemExit):
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    samples.end(out)


if __name__ == "__main__":
    main()
