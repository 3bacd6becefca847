"""The list of what was missed: one message a person, until all in it is decided. Changes nothing."""

import zlib
from collections.abc import Sequence

from bot.commands import planning, press
from bot.turn import Answer, Turn
from storage import missed as missed_tasks
from storage.db import Session
from storage.tables import Person, Task
from texts.reply import Button, Card, Fact, Reply, Rows, Say, Style

#: So many are listed one by one; the others are counted, and decided about with all.
SHOWN = 8
#: Minutes between two of what is spaced out, to choose from.
SPACES = (15, 60, 240)


def version_of(missed: Sequence[Task]) -> int:
    """Give this very list a number: its buttons are good for no other. Up to nine digits."""
    return zlib.crc32(" ".join(f"{task.id}/{task.version}" for task in missed).encode()) % 10**9


async def of(session: Session, person: Person, *, fresh: bool = False) -> Reply | None:
    """List what somebody missed. None: nothing is to be decided, or told."""
    missed = await missed_tasks.of_person(session, person.id)
    skipped = await missed_tasks.skipped_untold(session, person.id)
    if not missed:
        return _only_skipped(person, skipped) if skipped else None
    facts: dict[str, Fact] = {
        "count": len(missed),
        "lines": tuple(_line(person, task, number) for number, task in enumerate(missed[:SHOWN], 1)),
        "more": len(missed) - len(missed[:SHOWN]),
        "skipped": tuple(_skipped(person, skipped)),
    }
    return Reply("missed.list", facts, rows(missed), card=Card("missed", person.id), fresh=fresh)


def _only_skipped(person: Person, skipped: Sequence[Task]) -> Reply:
    return Reply("missed.only_skipped", {"skipped": tuple(_skipped(person, skipped))}, fresh=True)


def _line(person: Person, task: Task, number: int) -> Say:
    zone = planning.zone_of(person).key
    return Say(
        "missed.line",
        {"number": number, "at": task.due_at or task.created_at, "zone": zone, "text": short(task)},
    )


def _skipped(person: Person, skipped: Sequence[Task]) -> list[Say]:
    if not skipped:
        return []
    zone = planning.zone_of(person).key
    lines = [
        Say("missed.skipped_line", {"at": task.due_at or task.created_at, "zone": zone, "text": short(task)})
        for task in skipped[:SHOWN]
    ]
    more = len(skipped) - len(lines)
    head = Say("missed.skipped", {"count": len(skipped)})
    return [head, *lines, *([Say("missed.and_more", {"more": more})] if more else [])]


def short(task: Task) -> str:
    """Give the beginning of a tweet's text, on one line."""
    words = " ".join((task.text or "").split())
    return words if len(words) <= 60 else words[:59].rstrip() + "…"


def rows(missed: Sequence[Task]) -> Rows:
    """Give what can be decided for all, and a button for each."""
    version = version_of(missed)
    each = [
        Button("missed.button_one", press.data("show", task.id, task.version), facts={"number": number})
        for number, task in enumerate(missed[:SHOWN], 1)
    ]
    singles = (tuple(each[:4]), tuple(each[4:])) if len(missed) > 1 else (tuple(each),)
    now = Button("missed.button_now", press.data("m_now", 0, version), style=Style.PRIMARY)
    space = Button("missed.button_space", press.data("m_space", 0, version))
    when = Button("missed.button_when", press.data("m_when", 0, version))
    drop = Button("missed.button_drop_all", press.data("m_drop", 0, version), style=Style.DANGER)
    return (*singles, (now, space), (when, drop))


async def rest(session: Session, turn: Turn, was_missed: bool) -> Answer:  # noqa: FBT001
    """Show what is still missed, once one of them was decided about."""
    if not was_missed:
        return []
    left = await of(session, turn.person)
    if left is not None:
        return [left]
    # Without a card it takes the place of the list, whose button was pressed.
    return [Reply("missed.settled")] if turn.press else []
