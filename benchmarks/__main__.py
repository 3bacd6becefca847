"""All benchmarks in turn: `python -m benchmarks [--quick] [part ...]`. The last line is one JSON object."""

import argparse
import json
import sys
import time

from benchmarks import chaos, cold_start, connections, drain, future, memory, minute, report, updates

PARTS: dict[str, report.Part] = {
    "updates": updates.measure,
    "connections": connections.measure,
    "memory": memory.measure,
    "cold_start": cold_start.measure,
    "drain": drain.measure,
    "future": future.measure,
    "minute": minute.measure,
    "chaos": chaos.measure,
}


def main() -> int:
    """Print every part's table and the summary; 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, not how fast")
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="by default all")
    wishes = parser.parse_args()
    started = time.monotonic()
    wanted = {name: part for name, part in PARTS.items() if name in (wishes.part or PARTS)}
    shown = {name: report.table(name, part(quick=wishes.quick)) for name, part in wanted.items()}
    summary = report.summary(shown, time.monotonic() - started, quick=wishes.quick)
    print(json.dumps(summary))
    return int(bool(summary["missed"]))


if __name__ == "__main__":
    sys.exit(main())
