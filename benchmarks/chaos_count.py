"""Counts, at the side of X, what became of the wishes of a run of chaos.py; how unknown outcomes ended."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import psycopg

from benchmarks.chaos_wish import Wanted

#: Every move of a write is noted by the database itself, in the transaction that makes it: what is killed
#: cannot forget to say it.
_TABLE = "CREATE TABLE chaos_moves (task_id TEXT, part INTEGER, was TEXT, became TEXT)"
_NOTE = "INSERT INTO chaos_moves VALUES (NEW.task_id, NEW.part, OLD.state, NEW.state);"
_CHANGED = "AFTER UPDATE OF state ON writes"
_SQLITE = (
    _TABLE,
    f"CREATE TRIGGER chaos_notes {_CHANGED} WHEN OLD.state <> NEW.state BEGIN {_NOTE} END",
)
_ROWS = f"{_CHANGED} FOR EACH ROW WHEN (OLD.state <> NEW.state)"
_POSTGRESQL = (
    _TABLE,
    f"CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_NOTE} RETURN NULL; END $$",
    f"CREATE TRIGGER chaos_notes {_ROWS} EXECUTE FUNCTION chaos_note()",
)

Post = Mapping[str, Any]


@dataclass
class Count:
    """What was wanted, and what there is."""

    wanted: int = 0
    posts: int = 0
    """As they are wanted: a thread is several."""
    lost: int = 0
    doubled: int = 0
    """Posts that are there once more than wanted."""
    out_of_order: int = 0
    """Posts before one that was wanted earlier, and parts that do not follow the one before."""
    asked: int = 0
    """Tasks of which the person was asked, because nobody could tell."""
    missed: int = 0
    """Planned tasks that came too late and are asked about."""
    details: list[str] = field(default_factory=list)
    """A few words about each that is lost, doubled or out of order."""

    @property
    def is_right(self) -> bool:
        """Tell whether nothing is wrong."""
        return not (self.lost or self.doubled or self.out_of_order)


@dataclass(frozen=True, slots=True)
class Unknown:
    """How often nobody knew whether X had taken a write, and what was found out."""

    times: int
    found: int
    """In the timeline; nothing was sent again."""
    sent_again: int
    """Absent in two looks, the later after settle_after."""
    asked: int
    """Unknown a second time: the person decides."""


def note_moves(url: str) -> None:
    """Let a database note every move of a write from now on."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)
        for statement in _SQLITE:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return
    with psycopg.connect(url, autocommit=True) as server:
        for statement in _POSTGRESQL:
            server.execute(statement.encode())


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """Ask a database, beside whoever works with it. Raises ConnectionError when it is not there."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
        try:
            return list(connection.execute(query))
        finally:
            connection.close()
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as server:
            return list(server.execute(query.encode()))
    except psycopg.Error as lost:
        raise ConnectionError(type(lost).__name__) from None


def unknown(url: str) -> Unknown:
    """Count how unknown outcomes were settled, when all tasks rest."""
    moves: Counter[tuple[str, str]] = Counter(dict(_moves(url)))
    asked = rows(
        url,
        "SELECT count(*) FROM writes w JOIN tasks t ON t.id = w.task_id "
        "WHERE w.state = 'unknown' AND t.state = 'asking'",
    )
    times = sum(count for (_, became), count in moves.items() if became == "unknown")
    return Unknown(
        times, moves["unknown", "accepted"], moves["unknown", "prepared"], sum(row[0] for row in asked)
    )


def _moves(url: str) -> list[tuple[tuple[str, str], int]]:
    found = rows(url, "SELECT was, became, count(*) FROM chaos_moves GROUP BY was, became")
    return [((was, became), count) for was, became, count in found]


def count(
    wanted: Sequence[Wanted],
    posts: Mapping[str, Sequence[Post]],
    states: Mapping[str, tuple[str, str | None]],
) -> Count:
    """Compare wishes with X's posts (by username, oldest first); `states` and outcomes by task id."""
    counted = Count(wanted=len(wanted), posts=sum(len(one.texts) for one in wanted))
    by_account: dict[str, list[Wanted]] = defaultdict(list)
    for one in wanted:
        by_account[one.username].append(one)
    for username, wishes in by_account.items():
        _count_account(counted, sorted(wishes, key=lambda one: one.order), posts[username], states)
    return counted


def _count_account(
    counted: Count,
    wishes: Sequence[Wanted],
    posts: Sequence[Post],
    states: Mapping[str, tuple[str, str | None]],
) -> None:
    copies: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        copies[post["text"]].append(post)
    for one in wishes:
        _count_wish(counted, one, copies, states.get(one.task_id, ("gone", None)))
    for text in copies.keys() - {text for one in wishes for text in one.texts}:
        counted.doubled += len(copies[text])
        counted.details.append(f"nobody wanted: {text}")
    complete = [one for one in wishes if states.get(one.task_id, ("", None))[0] == "done"]
    ranks = {text: rank for rank, text in enumerate(text for one in complete for text in one.texts)}
    _count_order(counted, [post["text"] for post in posts if post["text"] in ranks], ranks)


def _count_wish(
    counted: Count, one: Wanted, copies: Mapping[str, Sequence[Post]], state: tuple[str, str | None]
) -> None:
    there = [copies.get(text, ()) for text in one.texts]
    if not all(there):
        if state[0] == "asking":
            counted.asked += 1
        elif state[0] == "missed":
            counted.missed += 1
        else:
            counted.lost += 1
            counted.details.append(f"lost, {state[0]} {state[1]}: {one.texts[0]}")
    elif state[0] != "done":
        counted.asked += 1
    for text, found in zip(one.texts, there, strict=True):
        if len(found) > 1:
            counted.doubled += len(found) - 1
            moments = " ".join(post["created_at"] for post in found)
            counted.details.append(f"{len(found)} times ({moments}): {text}")
    for before, after in pairwise(there):
        heads = {post["id"] for post in before}
        loose = [post for post in after if post["reply_to"] not in heads]
        counted.out_of_order += len(loose)
        counted.details += [f"follows nothing: {post['text']}" for post in loose]


def _count_order(counted: Count, texts: Sequence[str], ranks: Mapping[str, int]) -> None:
    """Count what came before something that was wanted earlier; of copies the first counts."""
    firsts = list(dict.fromkeys(texts))
    earliest = len(ranks)
    for text in reversed(firsts):
        if ranks[text] > earliest:
            counted.out_of_order += 1
            counted.details.append(f"too early: {text}")
        earliest = min(earliest, ranks[text])
