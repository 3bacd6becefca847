"""Processes under measurement: started and stopped, their processor time and memory read from /proc."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Of utime and stime in /proc/PID/stat (man 5 proc), 10 ms on all usual kernels.
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
#: Where fields of /proc/PID/stat stand behind the command's closing parenthesis.
_PARENT, _UTIME, _STIME, _ENDED_UTIME, _ENDED_STIME = 1, 11, 12, 13, 14


def cpu_s(pid: int) -> float:
    """Give the processor time of a process so far, all its threads; its children's not."""
    fields = _fields(pid)
    return (int(fields[_UTIME]) + int(fields[_STIME])) / TICKS_PER_S


def family_cpu_s(pid: int) -> float:
    """Give the processor time of a process, its ended children, and its living descendants; 0 if it ended."""
    try:
        fields = _fields(pid)
    except OSError:
        return 0.0
    ended = (int(fields[_ENDED_UTIME]) + int(fields[_ENDED_STIME])) / TICKS_PER_S
    own = (int(fields[_UTIME]) + int(fields[_STIME])) / TICKS_PER_S
    return own + ended + sum(family_cpu_s(child) for child in _children(pid))


def memory_mb(pid: int) -> float:
    """Give the resident memory of a process, pages of libraries that others share included."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(f"process {pid} has ended")


def child_of_mine(module: str) -> int:
    """Find the child of this process that runs a module."""
    for pid in _children(os.getpid()):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if module.encode() in words:
            return pid
    raise ProcessLookupError(f"no child runs {module}")


def environment(**more: str) -> dict[str, str]:
    """Copy this process's environment, without settings of a bot that happen to be in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PINFEATHER_")}
    return kept | more


@contextmanager
def running(
    arguments: Sequence[str], environ: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run this Python with these arguments until the block ends; what it says goes to a file."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=dict(environ), stdout=file, stderr=file
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def errors_to(file: Path) -> Iterator[None]:
    """Let whatever is started meanwhile write its errors to a file, and whatever was started before not."""
    kept = os.dup(sys.stderr.fileno())
    with file.open("ab") as opened:
        os.dup2(opened.fileno(), sys.stderr.fileno())
    try:
        yield
    finally:
        os.dup2(kept, sys.stderr.fileno())
        os.close(kept)


def see_alive(process: subprocess.Popen[bytes], log: Path) -> None:
    """Raise, with the end of what it said, when a process has ended."""
    if process.poll() is not None:
        said = log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"a process under measurement ended with {process.returncode}:\n{said}")


def wait_until(moment: float) -> None:
    """Wait until a moment of the steady clock (time.monotonic)."""
    time.sleep(max(0.0, moment - time.monotonic()))


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int(_fields(int(entry.name))[_PARENT])
        except (OSError, IndexError):
            continue  # it ended meanwhile
        if parent == pid:
            found.append(int(entry.name))
    return found
