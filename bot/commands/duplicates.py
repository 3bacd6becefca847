"""Asking before a text goes out that the account has posted lately, or has waiting. Changes nothing."""

from bot.commands import press, preview
from bot.turn import Turn
from storage import duplicates, writes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import kinds
from tasks.alike import is_same
from tasks.parameters import Extras
from texts.reply import Button, Card, Fact, Reply, Style
from twitter import posts

#: What the button carries that was pressed in spite of the question.
ANYWAY = "anyway"


async def question(session: Session, turn: Turn, task: Task) -> Reply | None:
    """Ask whether a draft shall repeat a text. None: it does not, or that was answered by the press."""
    if task.kind != kinds.TWEET.name or turn.press is None or turn.press.extra == ANYWAY:
        return None
    twin = await _twin(session, turn, task)
    if twin is None:
        return None
    write = await writes.get(session, twin.id, 0)
    facts: dict[str, Fact] = {
        "text": task.text or "",
        "username": await preview.username_of(session, task),
        "when": twin.finished_at or twin.due_at or twin.created_at,
        "state": "posted" if twin.state == TaskState.DONE else "waiting",
    }
    edit = press.button("duplicates.button_change", "edit", task, style=Style.PRIMARY)
    anyway = press.button("duplicates.button_anyway", turn.press.verb, task, extra=ANYWAY)
    rows: list[tuple[Button, ...]] = [(edit, anyway)]
    if write is not None and write.x_post_id is not None:
        url = posts.address(turn.doors.x, str(facts["username"]), write.x_post_id)
        rows.append((Button("duplicates.button_open", url=url),))
    return Reply(
        "duplicates.question",
        facts,
        (*rows, preview.back(task)),
        card=Card("task", task.id, task.version),
    )


async def _twin(session: Session, turn: Turn, task: Task) -> Task | None:
    """Find a tweet with the same words to the same post. What has no words repeats none."""
    extras = Extras.read(task.parameters)
    if not task.text or extras.edits:
        return None
    for other in await duplicates.candidates(session, task, turn.now):
        about = Extras.read(other.parameters)
        is_same_place = (about.reply_to, about.quote) == (extras.reply_to, extras.quote)
        if is_same_place and is_same(other.text or "", task.text):
            return other
    return None
