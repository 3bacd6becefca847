"""/undo: how long Post can be taken back, and taking it back. What is sent already is beyond it."""

from collections.abc import Sequence
from datetime import timedelta

from bot.commands import press
from bot.turn import Answer, Command, Turn
from storage import people, runs
from storage.db import Session
from storage.tables import Task
from texts.reply import Button, Refusal, Reply, Toast

#: Seconds to choose from; 0: Post sends at once.
CHOICES = (0, 5, 10, 20, 30, 60)


async def undo(turn: Turn) -> Answer:
    """Answer /undo: how long Post can be taken back."""
    return [_choice(turn.person.undo_s)]


async def choose(turn: Turn) -> Answer:
    """Take the seconds a button names."""
    seconds = press.number(turn.press.row if turn.press else "")
    if seconds not in CHOICES:
        raise Refusal("button.stale")
    async with turn.work() as session:
        await people.set_undo(session, turn.person.id, seconds)
    return [Toast("undo.chosen"), _choice(seconds)]


def _choice(chosen: int) -> Reply:
    buttons = [
        Button(
            "undo.button_seconds",
            f"undo_s:{seconds}:0",
            facts={"seconds": seconds, "is_chosen": "yes" if seconds == chosen else "no"},
        )
        for seconds in CHOICES
    ]
    return Reply("undo.choose", {"seconds": chosen}, _in_rows(buttons))


def _in_rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))


async def post_undoably(session: Session, task: Task, turn: Turn) -> Task:
    """Let a draft go out when the person can take it back no longer."""
    until = turn.now + timedelta(seconds=turn.person.undo_s)
    moved = await runs.make_undoable(session, task.id, version=task.version, until=until)
    return moved or task


VERBS: dict[str, Command] = {"undo_s": choose}
