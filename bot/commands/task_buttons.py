"""The one check of a task's buttons, and what several of them do: show it, ask for words, make it due."""

from bot.commands import card, press, pressed_task
from bot.turn import Answer, Turn
from storage import runs, tasks, writes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import compose
from tasks.parameters import Extras
from texts.reply import Fact, Reply


async def _as_it_is(turn: Turn, row: Task) -> Answer:
    """Show the card; a redelivered press is also asked again what it was to be asked."""
    async with turn.begin() as session:
        task = await pressed_task.now(session, row)
        task = await _being_deleted(session, task) or task
        asked = [await question(session, task)] if turn.again and task.asked else []
        return [await card.of(session, turn.doors, task), *asked]


async def _being_deleted(session: Session, task: Task) -> Task | None:
    """Find the deletion that is under way in the card of a posted tweet."""
    write = await writes.get(session, task.id, 0) if task.state == TaskState.DONE else None
    if write is None or write.x_post_id is None:
        return None
    deletion = await tasks.deletion_of(session, write.x_post_id, person_id=task.person_id)
    under_way = deletion is not None and deletion.state in (TaskState.DUE, TaskState.RUNNING)
    return deletion if under_way else None


guard = press.Guard(find=pressed_task.find, stands=lambda task: (task.state, task.version), show=_as_it_is)


async def make_due(session: Session, task: Task, turn: Turn) -> Task:
    """Let a task be done now. The loser of a double press gets the row as the winner left it."""
    moved = await runs.make_due(session, task.id, version=task.version, states=(task.state,), now=turn.now)
    if moved is not None:
        await turn.doors.engine.enqueue(session, moved)
    return moved or task


async def may_be_out(session: Session, task: Task) -> bool:
    """Say whether X may have a tweet already; not whether it is only doubted after a restoring."""
    write = await writes.get(session, task.id, 0)
    if write is None or write.error_code == writes.RESTORED:
        return False
    return write.state not in ("prepared", "refused")


async def question(session: Session, task: Task) -> Reply:
    """Ask for what the row says was asked for."""
    kind, _, message_id = (task.asked or "").partition(":")
    if kind == "alt":
        number = (await numbered(session, task)).get(message_id, 1)
        return Reply("tweet.ask_alt", {"number": number}, ask="tweet.ask_alt_hint", fresh=True)
    if kind == "option" and message_id.isdigit():
        return _about_option(task, int(message_id))
    if kind == "part" and message_id.isdigit():
        texts = await tasks.parts(session, task)
        part = min(int(message_id), len(texts) - 1)
        facts: dict[str, Fact] = {"number": part + 1, "text": texts[part]}
        return Reply("thread.ask_part", facts, ask="tweet.ask_text_hint", fresh=True)
    if kind == "part":
        return Reply("thread.ask_next", ask="tweet.ask_text_hint", fresh=True)
    facts = {"text": task.text or ""}
    return Reply("tweet.ask_new_text", facts, ask="tweet.ask_text_hint", fresh=True)


def _about_option(task: Task, at: int) -> Reply:
    poll = Extras.read(task.parameters).poll
    options = poll.options if poll else ()
    option: dict[str, Fact] = {"number": at + 1, "text": options[at] if at < len(options) else ""}
    limit: dict[str, Fact] = {"limit": compose.POLL_OPTION_LENGTH}
    return Reply("poll.ask_option", option | limit, ask="poll.ask_option_hint", fresh=True)


async def numbered(session: Session, task: Task) -> dict[str, int]:
    """Give a draft's files their numbers, as its card does, by the ids of their messages."""
    return {str(file.message_id): n for n, file in enumerate(await tasks.media(session, task.id), 1)}


async def show(turn: Turn) -> Answer:
    """Show a card again as its row stands."""
    return await _as_it_is(turn, await guard.row(turn))
