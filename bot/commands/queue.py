"""`/queue`: what is coming, page by page in one message; each entry opens its card."""

from bot.commands import card, deed_card, look_title, missed_card, planning, press, pressed_task
from bot.turn import Answer, Command, Turn
from storage import missed as missed_tasks
from storage import schedules, tasks
from storage.db import Session
from storage.tables import ScheduleState, Task
from texts.reply import Button, Fact, Refusal, Reply, Say

#: Entries on a page.
PAGE = 6


async def queue(turn: Turn) -> Answer:
    """Answer /queue, and the buttons that turn its pages."""
    page = press.number(turn.press.row) if turn.press else 0
    async with turn.begin() as session:
        return [await _page(session, turn, page or 0)]


async def _page(session: Session, turn: Turn, page: int) -> Reply:
    count = await schedules.count(session, turn.chat.id)
    missed = await missed_tasks.of_person(session, turn.person.id) if turn.chat.private else ()
    last = max(0, (count - 1) // PAGE)
    page = min(page, last)
    shown = await schedules.coming(session, turn.chat.id, skip=page * PAGE, most=PAGE)
    lines = [await _line(session, turn, task, page * PAGE + n) for n, task in enumerate(shown, 1)]
    entries = tuple(
        Button(
            "queue.button_entry",
            press.data("q_open", task.id, task.version),
            facts={"number": page * PAGE + n},
        )
        for n, task in enumerate(shown, 1)
    )
    to_decide = (Button("queue.button_missed", "missed:0:0", facts={"count": len(missed)}),) if missed else ()
    facts: dict[str, Fact] = {"count": count, "lines": tuple(lines), "page": page + 1, "pages": last + 1}
    key = "queue.list" if count else "queue.empty"
    return Reply(key, facts if count else {}, (entries, turning("queue", page, last), to_decide))


async def _line(session: Session, turn: Turn, task: Task, number: int) -> Say:
    found = await schedules.get(session, task.schedule_id)
    how = "once" if found is None else "paused" if found.state == ScheduleState.PAUSED else "again"
    zone = planning.zone_of(turn.person).key if found is None else found.zone
    return Say(
        "queue.line",
        {
            "number": number,
            "at": task.due_at or task.created_at,
            "zone": zone,
            "how": how,
            "text": await what(session, turn, task),
        },
    )


async def what(session: Session, turn: Turn, task: Task) -> Fact:
    """Say in a few words what a task is."""
    if task.reads:
        return await look_title.of(session, task)
    return missed_card.short(task) if task.kind == "tweet" else deed_card.said(turn.doors.x, task)


def turning(verb: str, page: int, last: int) -> tuple[Button, ...]:
    """Give the buttons that turn the pages of a list: `verb` shows the page that stands for its row."""
    before = (Button("queue.button_before", f"{verb}:{page - 1}:0"),) if page > 0 else ()
    after = (Button("queue.button_after", f"{verb}:{page + 1}:0"),) if page < last else ()
    return (*before, *after)


async def open_entry(turn: Turn) -> Answer:
    """Show an entry's card at the bottom of the chat, however it stands by now."""
    async with turn.begin() as session:
        task = await pressed_task.find(session, turn, turn.press.row if turn.press else "")
        if task is None:
            raise Refusal("button.stale")
        return [await card.of(session, turn.doors, task, fresh=True)]


async def taken(turn: Turn, row: str) -> Answer:
    """Show what words led to that came again: the entry they were about, else the queue."""
    async with turn.begin() as session:
        task = await tasks.get(session, row, person_id=turn.person.id) if row else None
        if task is not None:
            return [await card.of(session, turn.doors, task, fresh=True)]
    return await queue(turn)


VERBS: dict[str, Command] = {"queue": queue, "q_open": open_entry}
