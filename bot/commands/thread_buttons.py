"""The buttons of a thread that is being written: each part by itself, one more, numbers, a long text cut."""

from dataclasses import replace

from bot.commands import asked, card, press, preview, thread, thread_card
from bot.commands.task_buttons import guard, make_due, question
from bot.turn import Answer, Command, Turn
from storage import parts as thread_parts
from storage import tasks, writes
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import compose, threads
from tasks.parameters import Extras
from texts.reply import Button, Card, Fact, Refusal, Reply, Say, Style
from twitter import text

#: The question for the words of the part at which a thread stopped, and that part's number.
_FIX = "fix"


@guard.work(TaskState.DRAFT)
async def split(turn: Turn, session: Session, task: Task) -> Answer:
    """Make it a thread: a text that is too long is cut into parts."""
    changed = await thread.cut(session, task, task.text or "")
    return [await card.of(session, turn.doors, changed or task)]


@guard.button(TaskState.DRAFT)
async def one(turn: Turn, task: Task) -> Answer:
    """Show one part, and what may be done with it."""
    async with turn.begin() as session:
        part = await _part(turn, session, task)
        texts = await tasks.parts(session, task)
        files = [file for file in await tasks.media(session, task.id) if file.part == part]
    facts: dict[str, Fact] = {
        "number": part + 1,
        "count": len(texts),
        "text": texts[part],
        "files": len(files),
    }
    edit = _button("thread.button_edit", "t_edit", task, part)
    out = press.button("thread.button_remove", "t_out", task, extra=str(part), style=Style.DANGER)
    rows = ((edit, out), tuple(_moves(task, part, len(texts))), preview.back(task))
    return [Reply("thread.one", facts, tuple(row for row in rows if row), card=Card("task", task.id))]


def _moves(task: Task, part: int, count: int) -> list[Button]:
    up = [_button("thread.button_up", "t_up", task, part)] if part > 0 else []
    down = [_button("thread.button_down", "t_down", task, part)] if part < count - 1 else []
    return [*up, *down]


def _button(key: str, verb: str, task: Task, part: int) -> Button:
    return press.button(key, verb, task, extra=str(part))


async def _part(turn: Turn, session: Session, task: Task) -> int:
    """Read which part a button means. Raises Refusal."""
    extra = turn.press.extra if turn.press else ""
    part = press.number(extra)
    if part is None or part >= len(await tasks.parts(session, task)):
        raise Refusal("button.stale")
    return part


@guard.work(TaskState.DRAFT)
async def up(turn: Turn, session: Session, task: Task) -> Answer:
    """Earlier: a part changes places with the one before it."""
    part = await _part(turn, session, task)
    if part == 0:
        raise Refusal("button.stale")
    changed = await thread_parts.swap(session, task, part - 1, part)
    return [await card.of(session, turn.doors, changed or task)]


@guard.work(TaskState.DRAFT)
async def down(turn: Turn, session: Session, task: Task) -> Answer:
    """Later: a part changes places with the one behind it."""
    part = await _part(turn, session, task)
    if part == len(await tasks.parts(session, task)) - 1:
        raise Refusal("button.stale")
    changed = await thread_parts.swap(session, task, part, part + 1)
    return [await card.of(session, turn.doors, changed or task)]


@guard.work(TaskState.DRAFT)
async def out(turn: Turn, session: Session, task: Task) -> Answer:
    """Remove: a part and its files are taken out of the thread."""
    part = await _part(turn, session, task)
    if len(await tasks.parts(session, task)) == 1:
        raise Refusal("button.stale")
    changed = await thread_parts.remove(session, task, part, asked=None)
    return [await card.of(session, turn.doors, changed or task)]


@guard.work(TaskState.DRAFT)
async def edit(turn: Turn, session: Session, task: Task) -> Answer:
    """Edit: ask for another text of one part."""
    return await _ask(turn, session, task, f"part:{await _part(turn, session, task)}")


@guard.work(TaskState.DRAFT)
async def add(turn: Turn, session: Session, task: Task) -> Answer:
    """One more part: what is sent next is put behind the others."""
    return await _ask(turn, session, task, thread.ONE_MORE)


async def _ask(turn: Turn, session: Session, task: Task, what: str) -> Answer:
    asking = await tasks.change_draft(session, task.id, version=task.version, asked=what)
    if asking is None:
        raise Refusal("button.stale")
    return [await card.of(session, turn.doors, asking), await question(session, asking)]


@guard.work(TaskState.DRAFT)
async def numbers(turn: Turn, session: Session, task: Task) -> Answer:
    """Give the parts their numbers, or take them away."""
    extras = Extras.read(task.parameters)
    turned = replace(extras, is_numbered=not extras.is_numbered)
    changed = await tasks.change_draft(session, task.id, version=task.version, parameters=turned.written())
    return [await card.of(session, turn.doors, changed or task)]


@guard.work(TaskState.FAILED)
async def fix(turn: Turn, session: Session, task: Task) -> Answer:
    """Edit the part at which a thread stopped, while those before it are out."""
    part = await thread_card.out_count(session, task)
    texts = await tasks.parts(session, task)
    if not 0 < part < len(texts):
        raise Refusal("button.stale")
    await asked.ask(session, turn, f"{_FIX}{part}", task.id)
    facts: dict[str, Fact] = {"number": part + 1, "text": texts[part]}
    return [Reply("thread.ask_part", facts, ask="tweet.ask_text_hint", fresh=True)]


async def words(turn: Turn, question: asked.Question) -> Answer | None:
    """Take the new text of the part at which a thread stopped; it goes on. None: another question."""
    if not question.what.startswith(_FIX):
        return None
    said = text.normalise(turn.message.text)
    async with turn.work() as session:
        task = await tasks.get(session, question.row, person_id=turn.person.id, lock=True)
        if task is None or task.state != TaskState.FAILED or not said:
            raise Refusal("button.stale")
        part = await thread_card.out_count(session, task)
        if question.what != f"{_FIX}{part}":
            # It went on meanwhile, and stopped at another part than the one these words are for.
            raise Refusal("thread.another_part")
        await _refuse_problems(session, task, part, said)
        fixed = await thread_parts.fix(session, task, part, said)
        await writes.reopen(session, task.id)
        await asked.taken(session, turn, task.id)
        return [await card.of(session, turn.doors, await make_due(session, fixed, turn), fresh=True)]


async def _refuse_problems(session: Session, task: Task, part: int, said: str) -> None:
    texts = await tasks.parts(session, task)
    texts[part] = said
    sent = threads.as_sent(texts, Extras.read(task.parameters))[part]
    draft = replace(await preview.draft_of(session, task), text=sent, further=())
    problems = compose.compose(draft).problems
    if problems:
        notes = tuple(Say(problem.key, problem.facts) for problem in problems)
        raise Refusal("plan.text_refused", notes=notes)


VERBS: dict[str, Command] = {
    "t_split": split,
    "t_part": one,
    "t_up": up,
    "t_down": down,
    "t_out": out,
    "t_edit": edit,
    "t_add": add,
    "t_num": numbers,
    "t_fix": fix,
}
