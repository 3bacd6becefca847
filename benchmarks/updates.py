"""What an update and its answer cost, against a bare python-telegram-bot that echoes.

The same people say the same texts to three processes in turn, at the same pace, over the same sandbox
Telegram by long polling: the echo, the bot on SQLite, the bot on Postgres. Counted is the processor time of
each process while it is talked to, everything in it: polling, its chores, its commits. That of the sandbox
and of Postgres is listed apart. Where the target is missed, the bot is run once more under a profiler and
its table printed.

    python -m benchmarks.updates [--quick]
"""

import signal
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks import processes, profiled
from benchmarks.report import Line, run_alone
from benchmarks.stage import Account, Player, Postgres, Stage, stage

#: A bot costs at most this many times as much as the echo.
TARGET = 3.0
#: A second: below what the bot may send (bot/pace.py), so that nobody waits.
PER_S = 20.0
#: What people say. A tweet becomes a draft, the others change nothing but the update's own row.
KINDS = {"help": "/help", "words": "Good morning", "tweet": "/tweet Good morning"}
ECHO = "echo"
#: Seconds each is left alone in the end: what it does by itself is in the figures above too.
REST_S = 4.0


#: Of processor time, by the bot talked to and the kind of update.
Seconds = dict[tuple[str, str], float]


@dataclass
class Books:
    """What was spent."""

    people: dict[str, list[list[int]]]
    """Of each kind, for each block."""
    own: Seconds = field(default_factory=lambda: defaultdict(float))
    sandbox: Seconds = field(default_factory=lambda: defaultdict(float))
    postgres: Seconds = field(default_factory=lambda: defaultdict(float))
    said: Counter[str] = field(default_factory=Counter)

    def ms(self, bot: str, kind: str) -> float:
        """Give milliseconds per update."""
        return 1000 * self.own[bot, kind] / self.said[kind]


def measure(*, quick: bool) -> Iterator[Line]:
    """Talk to the three in turn, in blocks, so that a slow moment of the machine meets all."""
    people, blocks = (15, 2) if quick else (60, 3)
    with stage() as here:
        # One block more than is measured warms them up.
        books = Books(_crowd(here, people, blocks + 1))
        accounts = _accounts(here, books)
        server = here.postgres()
        homes = {"SQLite": here.home(), "Postgres": here.home(server.new_database())}
        for home in homes.values():
            home.people(accounts)
        with here.echo() as echo, homes["SQLite"].bot() as sqlite, homes["Postgres"].bot() as postgres:
            players = {ECHO: echo, "SQLite": sqlite, "Postgres": postgres}
            for player in players.values():
                player.answer_all([text for kind in KINDS for text in _texts(books, kind, 0)[:15]], PER_S)
            for block in range(1, blocks + 1):
                for kind in KINDS:
                    texts = _texts(books, kind, block)
                    books.said[kind] += len(texts)
                    for name, player in players.items():
                        with _booked(here, server, books, (name, kind), player):
                            player.answer_all(texts, PER_S)
            rest = {name: 1000 * player.rest(REST_S) for name, player in players.items()}
        yield from _lines(books)
        for name, ms in rest.items():
            yield Line(f"rest_{name.lower()}_ms", f"at rest: {name}, a second", ms, "ms")
        missed = [kind for kind in KINDS if books.ms("SQLite", kind) > TARGET * books.ms(ECHO, kind)]
        if missed:
            _profile(here, books, accounts, missed[-1])


def _crowd(here: Stage, people: int, blocks: int) -> dict[str, list[list[int]]]:
    """Give each kind and block people of its own: whoever has a draft is answered differently."""
    return {kind: [[here.person() for _ in range(people)] for _ in range(blocks)] for kind in KINDS}


def _texts(books: Books, kind: str, block: int) -> list[tuple[int, str]]:
    return [(person, KINDS[kind]) for person in books.people[kind][block]]


@contextmanager
def _booked(
    here: Stage, server: Postgres, books: Books, key: tuple[str, str], player: Player
) -> Iterator[None]:
    """Write down what is spent meanwhile."""

    def so_far() -> tuple[float, float, float]:
        return player.cpu_s, processes.cpu_s(here.telegram_pid), server.cpu_s()

    before = so_far()
    yield
    accounts = (books.own, books.sandbox, books.postgres)
    for spent, begun, now in zip(accounts, before, so_far(), strict=True):
        spent[key] += now - begun


def _lines(books: Books) -> Iterable[Line]:
    for kind in KINDS:
        words = f"the echo: processor time per update, {kind}"
        yield Line(f"echo_{kind}_ms", words, books.ms(ECHO, kind), "ms")
    for kind in KINDS:
        for bot in ("SQLite", "Postgres"):
            name = f"{bot.lower()}_{kind}"
            yield Line(f"{name}_ms", f"the bot on {bot}: per update, {kind}", books.ms(bot, kind), "ms")
            ratio = books.ms(bot, kind) / books.ms(ECHO, kind)
            yield Line(f"{name}_ratio", f"the bot on {bot} by the echo, {kind}", ratio, "", at_most=TARGET)
    for kind in KINDS:
        postgres = 1000 * books.postgres["Postgres", kind] / books.said[kind]
        yield Line(f"server_{kind}_ms", f"apart: the Postgres server, {kind}", postgres, "ms")
        for bot in (ECHO, "SQLite", "Postgres"):
            sandbox = 1000 * books.sandbox[bot, kind] / books.said[kind]
            name = f"sandbox_{bot.lower()}_{kind}_ms"
            yield Line(name, f"apart: the sandbox Telegram beside {bot}, {kind}", sandbox, "ms")


def _accounts(here: Stage, books: Books) -> dict[int, Account | None]:
    """Make an account for everybody who tweets; None for the others."""
    return {
        person: here.account() if kind == "tweet" else None
        for kind, blocks in books.people.items()
        for block in blocks
        for person in block
    }


def _profile(here: Stage, books: Books, accounts: dict[int, Account | None], kind: str) -> None:
    home = here.home()
    home.people(accounts)
    out = home.path / "profile"
    blocks = len(books.people[kind])
    with home.bot("-m", "benchmarks.profiled", str(out), "bot", "run") as bot:
        bot.answer_all(_texts(books, kind, 0), PER_S)
        bot.process.send_signal(signal.SIGUSR1)
        for block in range(1, blocks):
            bot.answer_all(_texts(books, kind, block), PER_S)
    print(f"\n  where the bot's time goes, {kind} on SQLite")
    profiled.show(out, sum(map(len, books.people[kind][1:])))


if __name__ == "__main__":
    run_alone("updates", measure, __doc__)
