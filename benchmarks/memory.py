"""How much memory the bot takes: at rest, and after it has heard from 10,000 chats.

Everybody says one thing and is answered, as fast as the bot may answer (bot/pace.py): 10,000 take seven
minutes. Resident memory, pages of libraries included; beside it, a Python that has only imported the same
libraries.

    python -m benchmarks.memory [--quick]
"""

import time
from collections.abc import Iterator

from benchmarks import processes
from benchmarks.cold_start import libraries, libraries_memory_mb
from benchmarks.report import Line, run_alone
from benchmarks.stage import Home, stage

PER_S = 24.0
#: People who speak before the load is looked at; the sandbox remembers the last 20,000 calls.
AT_ONCE = 2_000
#: Seconds the bot is left alone after its start.
REST_S = 3.0


def measure(*, quick: bool) -> Iterator[Line]:
    """Measure on SQLite, where the database is in the process."""
    chats = 200 if quick else 10_000
    with stage() as here:
        alone = libraries_memory_mb(libraries())
        yield Line("libraries_mb", "a Python that imported the libraries", alone, "MB")
        people = [here.person() for _ in range(chats)]
        yield from _bot(here.home(), people)


def _bot(home: Home, people: list[int]) -> Iterator[Line]:
    with home.bot() as bot:
        time.sleep(REST_S)
        at_rest = processes.memory_mb(bot.process.pid)
        yield Line("rest_mb", "the bot at rest", at_rest, "MB")
        bot.answer_all([(person, "Good morning") for person in people[:50]], PER_S)
        warm = processes.memory_mb(bot.process.pid)
        yield Line("warm_mb", "after 50 chats", warm, "MB")
        for first in range(50, len(people), AT_ONCE):
            texts = [(person, "Good morning") for person in people[first : first + AT_ONCE]]
            bot.answer_all(texts, PER_S)
        after = processes.memory_mb(bot.process.pid)
        yield Line("chats", "chats heard from", len(people), "")
        yield Line("chats_mb", f"after {len(people)} chats", after, "MB")
        each = 1024 * (after - warm) / max(1, len(people) - 50)
        yield Line("per_chat_kb", "per chat, those after the fiftieth", each, "KB")


if __name__ == "__main__":
    run_alone("memory", measure, __doc__)
