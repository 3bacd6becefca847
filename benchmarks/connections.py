"""Whether it costs more to serve somebody among very many others: with no other connection, with 100,000.

Two bots on the same machine are talked to in turn by the same number of people; in one's database lie the
connections of people who say nothing. Counted is the processor time of the bot, on Postgres that of the
server too.

    python -m benchmarks.connections [--quick]
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from sqlalchemy import insert

from benchmarks.report import Line, run_alone
from benchmarks.stage import Account, Home, Player, Postgres, stage
from bot import settings as settings_
from bot.build import opened_database
from storage.tables import AppKind, Connection, ConnectionState, Person, PersonState
from storage.vault import Vault

#: With all the others an update costs at most this many times as much.
TARGET = 1.2
#: Updates a second, and tweets a second, which need three calls of the Bot API each (bot/pace.py).
PER_S, POSTS_PER_S = 20.0, 6.0
#: Seconds each is left alone in the end, when only its chores look at the database.
REST_S = 10.0
#: People of the sandbox have smaller ids.
FIRST_STRANGER = 10_000_000_000
CHUNK = 2_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Pair:
    """Two bots on one kind of database: alone, and with strangers' connections."""

    kind: str
    alone: Player
    crowded: Player
    server: Postgres | None

    def players(self) -> dict[str, Player]:
        """Give both by name."""
        return {"alone": self.alone, "crowded": self.crowded}


def measure(*, quick: bool) -> Iterator[Line]:
    """Measure on SQLite, then on Postgres."""
    strangers, people, blocks = (5_000, 12, 2) if quick else (100_000, 40, 3)
    with stage() as here:
        accounts: list[dict[int, Account | None]] = [
            {here.person(): here.account() for _ in range(people)} for _ in range(blocks + 1)
        ]
        for kind, server in (("SQLite", None), ("Postgres", here.postgres())):
            homes = [here.home(server.new_database() if server else None) for _ in range(2)]
            for home in homes:
                home.people({person: account for block in accounts for person, account in block.items()})
            asyncio.run(_add_strangers(homes[1], strangers))
            if server:
                _as_autovacuum_would(homes[1])
            with ExitStack() as opened:
                alone, crowded = (opened.enter_context(home.bot()) for home in homes)
                yield from _compared(Pair(kind, alone, crowded, server), [list(block) for block in accounts])
    yield Line("strangers", "connections of others in the second database", strangers, "")


def _compared(pair: Pair, blocks: list[list[int]]) -> Iterator[Line]:
    spent: dict[tuple[str, str], float] = defaultdict(float)
    for number, people in enumerate(blocks):
        for step in ("words", "tweet", "post"):
            players = list(pair.players().items())
            # Whoever comes second may find the machine warmer.
            for name, player in players if number % 2 else reversed(players):
                seconds = _spent(pair, player, step, people)
                if number:  # the first block warms up
                    spent[name, step] += seconds
    updates = sum(map(len, blocks[1:]))
    for step, words in (("words", "an answer"), ("tweet", "a draft"), ("post", "a tweet posted")):
        alone, crowded = (spent[name, step] for name in ("alone", "crowded"))
        key = f"{pair.kind.lower()}_{step}"
        yield Line(f"{key}_ms", f"{pair.kind}: {words}, no others", 1000 * alone / updates, "ms")
        yield Line(f"{key}_crowded_ms", f"{pair.kind}: {words}, among others", 1000 * crowded / updates, "ms")
        yield Line(f"{key}_ratio", f"{pair.kind}: {words}, ratio", crowded / alone, "", at_most=TARGET)
    rest = {name: 1000 * player.rest(REST_S) for name, player in pair.players().items()}
    key = f"{pair.kind.lower()}_rest"
    yield Line(f"{key}_ms", f"{pair.kind}: the bot at rest, a second, no others", rest["alone"], "ms")
    yield Line(f"{key}_crowded_ms", f"{pair.kind}: the same, among others", rest["crowded"], "ms")
    ratio = rest["crowded"] / rest["alone"]
    yield Line(f"{key}_ratio", f"{pair.kind}: at rest, ratio", ratio, "", at_most=TARGET)


def _spent(pair: Pair, player: Player, step: str, people: list[int]) -> float:
    before = player.cpu_s + (pair.server.cpu_s() if pair.server else 0.0)
    if step == "post":
        player.post_all(people, POSTS_PER_S)
    else:
        text = "Good morning" if step == "words" else f"/tweet Good morning {player.side.id} {people[0]}"
        player.answer_all([(person, text) for person in people], PER_S)
    return player.cpu_s + (pair.server.cpu_s() if pair.server else 0.0) - before


async def _add_strangers(home: Home, count: int) -> None:
    """Add people with one connection each, as large as real ones; their tokens are one and the same."""
    async with opened_database(settings_.load(home.environ)) as (db, vault):
        for first in range(0, count, CHUNK):
            ids = range(FIRST_STRANGER + first, FIRST_STRANGER + min(first + CHUNK, count))
            async with db.begin() as session:
                await session.execute(insert(Person), [_stranger(person) for person in ids])
                await session.execute(insert(Connection), [_connection(vault, person) for person in ids])


def _stranger(person: int) -> dict[str, object]:
    return {
        "id": person,
        "first_name": f"Stranger {person}",
        "username": f"stranger_{person}",
        "state": PersonState.ACTIVE,
        "is_operator": False,
        "created_at": NOW,
    }


def _connection(vault: Vault, person: int) -> dict[str, object]:
    return {
        "person_id": person,
        "name": f"stranger_{person}",
        "state": ConnectionState.ACTIVE,
        "app_kind": AppKind.REGISTERED,
        "app_fingerprint": vault.fingerprint("registered"),
        "data_key": b"d" * 80,
        "access_token": b"t" * 110,
        "access_secret": b"s" * 110,
        "token_fingerprint": vault.fingerprint(str(person)),
        "x_user_id": str(person),
        "username": f"s{person}",
        "x_name": "Stranger",
        "access_level": "read-write",
        "created_at": NOW,
    }


def _as_autovacuum_would(home: Home) -> None:
    """Let Postgres count its rows, which it would do by itself within a minute."""
    with psycopg.connect(home.environ["PINFEATHER_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    run_alone("connections", measure, __doc__)
