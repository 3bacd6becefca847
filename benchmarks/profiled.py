"""A process under a sampling profiler: in which package, and under what of ours, its time goes.

Run as `python -m benchmarks.profiled OUT module arguments...`: it is `python -m module arguments...`. SIGUSR1
begins the samples, one per INTERVAL_S of processor time or as often as the kernel will; when the process ends
they are written to OUT.
"""

import json
import runpy
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType

import greenlet

from benchmarks.processes import ROOT

INTERVAL_S = 0.002
#: Of a clock's number: processor time, of one thread (linux/posix-timers.h).
_OF_A_THREAD = 6
#: Lines of each table.
SHOWN = 14
#: Outermost of ours, under which everything happens.
OUTERMOST = ("bot/__main__.py", "bot/cli.py", "bot/process.py", "benchmarks/")


class Samples:
    """Where threads are found, each time weighed by the processor time they took since the last."""

    def __init__(self) -> None:
        self._taken: dict[tuple[CodeType, ...], float] = defaultdict(float)
        self._seen_s: dict[int, float] = {}
        self._begun_s = 0.0
        self._is_taking = False

    def begin(self, _number: int, _frame: FrameType | None) -> None:
        """Begin to take samples."""
        self._begun_s = time.process_time()
        self._seen_s = _cpu_s_by_thread()
        signal.signal(signal.SIGPROF, self._take)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)

    def _take(self, _number: int, frame: FrameType | None) -> None:
        if self._is_taking:
            # A sample within a sample (the garbage collector runs Python) would wait for a lock of its own.
            return
        self._is_taking = True
        try:
            self._look(frame)
        finally:
            self._is_taking = False

    def _look(self, frame: FrameType | None) -> None:
        main, frames = threading.main_thread().ident, sys._current_frames()  # noqa: SLF001 - documented
        for thread, now_s in _cpu_s_by_thread().items():
            spent_s = now_s - self._seen_s.get(thread, 0.0)
            self._seen_s[thread] = now_s
            if spent_s > 0 and thread in frames:
                # This thread is in here: what it did is what was interrupted.
                stack = _stack(frame) if thread == main else _plain_stack(frames[thread])
                self._taken[tuple(each.f_code for each in stack)] += spent_s

    def end(self, file: Path) -> None:
        """Write the processor time by package and by function of ours, and what there was in all."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        cpu_s = time.process_time() - self._begun_s
        own: dict[str, float] = defaultdict(float)
        under: dict[str, float] = defaultdict(float)
        for codes, spent_s in self._taken.items():
            own[_package(codes)] += spent_s
            for name in {name for code in codes if (name := _of_ours(code))}:
                under[name] += spent_s
        file.write_text(json.dumps({"cpu_s": cpu_s, "own": own, "under": under}), encoding="utf-8")


def show(file: Path, times: int, what: str = "update") -> None:
    """Print what a process wrote, as milliseconds for each of so many updates."""
    taken = json.loads(file.read_text(encoding="utf-8"))
    seen_s = sum(taken["own"].values())
    print(f"  all of it: {1000 * taken['cpu_s'] / times:.2f} ms per {what}")
    for title, key in (("in the package's own code", "own"), ("in and under a function of ours", "under")):
        print(f"  {title}, ms per {what}")
        for name, spent_s in Counter(taken[key]).most_common(SHOWN if key == "own" else 2 * SHOWN):
            # Threads that ended between two samples were seen less than they took.
            print(f"    {1000 * spent_s * taken['cpu_s'] / seen_s / times:8.2f}  {name}")


def _cpu_s_by_thread() -> dict[int, float]:
    """Read the processor time of each thread so far, also of one that is just ending (man 2 clock_getres)."""
    found = {}
    # Not enumerate(): its lock may be held by what was interrupted.
    for ident, thread in list(threading._active.items()):  # type: ignore[attr-defined] # noqa: SLF001
        with suppress(OSError):
            found[ident] = time.clock_gettime((~thread.native_id << 3) | _OF_A_THREAD)
    return found


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    """Give the frames from the innermost out, across the greenlets SQLAlchemy works in."""
    current = greenlet.getcurrent()
    while frame is not None or current is not None:
        yield from _plain_stack(frame)
        current = current.parent
        frame = current.gr_frame if current is not None else None


def _plain_stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _package(codes: tuple[CodeType, ...]) -> str:
    """Name the innermost package: what Python's own modules do counts for who called them."""
    for code in codes:
        path = Path(code.co_filename)
        if "site-packages" in path.parts:
            return path.parts[path.parts.index("site-packages") + 1]
        if path.is_relative_to(ROOT) and path.parent != ROOT / "benchmarks":
            return path.relative_to(ROOT).parts[0]
    return "python: " + Path(codes[0].co_filename).stem if codes else "nothing"


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
