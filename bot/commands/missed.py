"""What was missed: decided about in one list, for all or for each. Nothing in it goes out by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands import asked, missed_card, planning, press, preview
from bot.turn import Answer, Command, Turn
from storage import accounts, runs, tasks
from storage import missed as missed_tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import compose
from tasks.lateness import spread
from texts.reply import Button, Fact, Refusal, Reply, Say, Style, Toast

#: Between two of what begins at a new time.
_APART = timedelta(minutes=missed_card.SPACES[0])


@dataclass(frozen=True, slots=True)
class _List:
    """What somebody has to decide about, locked."""

    tasks: Sequence[Task]

    @property
    def version(self) -> int:
        return missed_card.version_of(self.tasks)


async def _find(session: Session, turn: Turn, row: str) -> _List | None:
    del row
    return _List(await missed_tasks.of_person(session, turn.person.id, lock=True))


async def _as_it_is(turn: Turn, row: _List) -> Answer:
    del row
    return await show(turn)


_guard = press.Guard(find=_find, stands=lambda missed: ("missed", missed.version), show=_as_it_is)


async def show(turn: Turn) -> Answer:
    """Show the list, in the message of the pressed button."""
    async with turn.begin() as session:
        listed = await missed_card.of(session, turn.person)
    return [listed or Reply("missed.settled")]


@_guard.work("missed")
async def now(turn: Turn, session: Session, missed: _List) -> Answer:
    """Now: post all of it, in the order it was wanted."""
    usable = await accounts.usable_ids(session, person_id=turn.person.id, chat_id=turn.chat.id)
    for number, task in enumerate(missed.tasks):
        draft = await preview.draft_of(session, task)
        if task.connection_id not in usable or compose.missing(draft) or compose.compose(draft).problems:
            raise Refusal("missed.not_ready", number=number + 1)
    for number, task in enumerate(missed.tasks):
        # The order of a connection's tasks is that of their moments.
        at = turn.now - timedelta(milliseconds=len(missed.tasks) - number)
        due = await runs.make_due(session, task.id, version=task.version, states=(TaskState.MISSED,), now=at)
        if due is not None:
            await turn.doors.engine.enqueue(session, due)
    await missed_tasks.forget_cards(session, [task.id for task in missed.tasks])
    return [Reply("missed.posting", {"count": len(missed.tasks)})]


@_guard.button("missed")
async def space(turn: Turn, missed: _List) -> Answer:
    """Space out: ask how far apart."""
    del turn
    choices = tuple(
        Button(
            "missed.button_every",
            press.data("m_space2", 0, missed.version, str(minutes)),
            facts={"wait": timedelta(minutes=minutes)},
        )
        for minutes in missed_card.SPACES
    )
    return [Reply("missed.ask_space", {"count": len(missed.tasks)}, (choices, _back()))]


@_guard.work("missed")
async def space_out(turn: Turn, session: Session, missed: _List) -> Answer:
    """Plan all of it anew: the first in a minute, each so many minutes after the one before."""
    minutes = press.number(turn.press.extra if turn.press else "")
    if minutes not in missed_card.SPACES:
        raise Refusal("button.stale")
    start = turn.now + timedelta(minutes=1)
    return await _plan_all(turn, session, missed, start, timedelta(minutes=minutes))


async def _plan_all(turn: Turn, session: Session, missed: _List, start: datetime, every: timedelta) -> Answer:
    for task, at in zip(missed.tasks, spread(len(missed.tasks), start, every), strict=True):
        await tasks.move(
            session,
            task.id,
            version=task.version,
            states=(TaskState.MISSED,),
            to=TaskState.SCHEDULED,
            due_at=at,
            wake_at=at,
            promised=True,
            outcome=None,
            told_at=None,
            card_message_id=None,
        )
    zone = planning.zone_of(turn.person).key
    lines = tuple(
        Say("missed.line", {"number": number, "at": start + every * (number - 1), "zone": zone, "text": said})
        for number, said in enumerate(map(missed_card.short, missed.tasks[: missed_card.SHOWN]), 1)
    )
    more = len(missed.tasks) - len(lines)
    open_queue = Button("queue.button_open", "queue:0:0")
    facts: dict[str, Fact] = {"count": len(missed.tasks), "lines": lines, "more": more}
    return [Reply("missed.planned", facts, ((open_queue,),))]


@_guard.work("missed")
async def ask_when(turn: Turn, session: Session, missed: _List) -> Answer:
    """Ask when the first of it shall go out (*New time*)."""
    await asked.ask(session, turn, "missed", str(missed.version))
    return [Reply("missed.ask_when", {"wait": _APART}, ask="plan.ask_typed_hint", fresh=True)]


async def words(turn: Turn, question: asked.Question) -> Answer | None:
    """Take the new time of all that was missed. None: another question was asked."""
    if question.what != "missed":
        return None
    async with turn.work() as session:
        missed = _List(await missed_tasks.of_person(session, turn.person.id, lock=True))
        if not missed.tasks or str(missed.version) != question.row:
            raise Refusal("plan.too_late")
        at = await planning.read_moment(session, turn, missed.tasks[0], turn.message.text)
        await asked.taken(session, turn)
        return await _plan_all(turn, session, missed, at, _APART)


@_guard.button("missed")
async def drop(turn: Turn, missed: _List) -> Answer:
    """Drop: ask first."""
    del turn
    sure = Button("missed.button_drop_surely", press.data("m_drop2", 0, missed.version), style=Style.DANGER)
    return [Reply("missed.drop_sure", {"count": len(missed.tasks)}, ((sure,), _back()))]


@_guard.work("missed")
async def drop_surely(turn: Turn, session: Session, missed: _List) -> Answer:
    """Drop all of it: each is set aside."""
    del turn
    for task in missed.tasks:
        await tasks.move(
            session,
            task.id,
            version=task.version,
            states=(TaskState.MISSED,),
            to=TaskState.CANCELLED,
            card_message_id=None,
        )
    return [Toast("missed.dropped"), Reply("missed.settled")]


def _back() -> tuple[Button, ...]:
    return (Button("tweet.button_back", "missed:0:0"),)


VERBS: dict[str, Command] = {
    "missed": show,
    "m_now": now,
    "m_space": space,
    "m_space2": space_out,
    "m_when": ask_when,
    "m_drop": drop,
    "m_drop2": drop_surely,
}
