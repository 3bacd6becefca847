"""`/drafts`: what was set aside, page by page in one message; each entry opens its card."""

from bot.commands import missed_card, press, queue
from bot.turn import Answer, Command, Turn
from storage import drafts
from storage.db import Session
from storage.tables import Task
from texts.reply import Button, Fact, Reply, Say, Style, Toast

#: Entries on a page.
PAGE = 6


async def show(turn: Turn) -> Answer:
    """Answer /drafts, and the buttons that turn its pages."""
    page = press.number(turn.press.row) if turn.press else 0
    async with turn.begin() as session:
        return [await _page(session, turn, page or 0)]


async def _page(session: Session, turn: Turn, page: int) -> Reply:
    count = await drafts.count(session, turn.person.id, turn.chat.id)
    if not count:
        return Reply("drafts.none")
    last = (count - 1) // PAGE
    page = min(page, last)
    shown = await drafts.aside(session, turn.person.id, turn.chat.id, skip=page * PAGE, most=PAGE)
    numbered = list(enumerate(shown, page * PAGE + 1))
    lines = tuple(_line(task, number) for number, task in numbered)
    entries = tuple(
        Button("queue.button_entry", press.data("q_open", task.id, task.version), facts={"number": number})
        for number, task in numbered
    )
    outs = tuple(
        Button(
            "drafts.button_erase",
            press.data("d_erase", task.id, task.version, str(page)),
            facts={"number": number},
            style=Style.DANGER,
        )
        for number, task in numbered
    )
    facts: dict[str, Fact] = {"count": count, "lines": lines, "page": page + 1, "pages": last + 1}
    return Reply("drafts.list", facts, (entries, outs, queue.turning("drafts", page, last)))


def _line(task: Task, number: int) -> Say:
    return Say("drafts.line", {"number": number, "at": task.created_at, "text": missed_card.short(task)})


async def erase(turn: Turn) -> Answer:
    """Erase a draft for good, and show what is left."""
    pressed = turn.press
    if pressed is None:
        return []
    async with turn.work() as session:
        gone = await drafts.erase(
            session,
            pressed.row,
            version=pressed.version,
            person_id=turn.person.id,
            chat_id=turn.chat.id,
        )
        toast = [] if gone or turn.again else [Toast("button.moved_on")]
        return [*toast, await _page(session, turn, press.number(pressed.extra) or 0)]


VERBS: dict[str, Command] = {"drafts": show, "d_erase": erase}
