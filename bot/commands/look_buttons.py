"""The buttons under what a task read: turn the page, open a post, look again, filters, files."""

from dataclasses import replace
from typing import Any

from bot.commands import allowed, card, group_posting, look_card, look_filters, look_words, press, preview
from bot.commands.task_buttons import guard
from bot.turn import Answer, Command, Turn
from storage import accounts, at_once, pages, runs, tasks
from storage.db import Session
from storage.tables import Task, TaskState
from tasks import found, looks
from tasks.parameters import Look
from texts.reply import Card, Refusal, Reply

#: A look that is over, or was not begun, may be taken (again).
_MAY_LOOK = (TaskState.DONE, TaskState.FAILED, TaskState.CANCELLED)


def _refuse_others(task: Task) -> None:
    """Refuse a made-up press: these buttons stand under tasks that read only."""
    if not task.reads:
        raise Refusal("button.stale")


async def _usable_ids(turn: Turn, session: Session, task: Task) -> list[int]:
    return await allowed.usable_ids(session, turn, await allowed.asked_of(session, task))


async def _look(turn: Turn, session: Session, task: Task, **values: Any) -> Answer:
    """Let X be asked now."""
    due = await runs.make_due(
        session, task.id, version=task.version, states=_MAY_LOOK, now=turn.now, **values
    )
    if due is None:
        raise Refusal("button.stale")
    await group_posting.at_once(session, turn, due)
    await turn.doors.engine.enqueue(session, due)
    return [await card.of(session, turn.doors, due)]


async def _change(turn: Turn, session: Session, task: Task, **values: Any) -> Answer:
    moved = await tasks.move(
        session, task.id, version=task.version, states=_MAY_LOOK, **{"to": task.state} | values
    )
    return [await card.of(session, turn.doors, moved or task)]


@guard.work(TaskState.DONE)
async def turn_page(turn: Turn, session: Session, task: Task) -> Answer:
    """Turn to the next or the former screen: from what is kept, else X is asked for more."""
    _refuse_others(task)
    wanted = task.page + (1 if turn.press and turn.press.extra == "a" else -1)
    if wanted < 0:
        raise Refusal("button.stale")
    if await pages.get(session, task.id, wanted) is not None:
        return await _change(turn, session, task, page=wanted)
    here = await pages.get(session, task.id, task.page)
    if here is None or here.next_token is None:
        return [await card.of(session, turn.doors, task)]
    return await _look(turn, session, task, page=wanted)


@guard.work(TaskState.FAILED, TaskState.CANCELLED)
async def back(turn: Turn, session: Session, task: Task) -> Answer:
    """Go back to the screen before the one that did not come."""
    _refuse_others(task)
    if task.page == 0 or await pages.get(session, task.id, task.page - 1) is None:
        raise Refusal("button.stale")
    values = {"page": task.page - 1, "outcome": "read", "told_at": turn.now}
    return await _change(turn, session, task, to=TaskState.DONE, **values)


@guard.work(*_MAY_LOOK)
async def again(turn: Turn, session: Session, task: Task) -> Answer:
    """Look again: show the newest, though they were shown before (X bills an item once a day)."""
    _refuse_others(task)
    if task.connection_id not in await _usable_ids(turn, session, task):
        raise Refusal("look.no_connection")
    await pages.erase(session, task.id)
    wish = Look.read(task.parameters)
    wish = replace(wish, only_new=False, since_id=None) if wish.only_new else wish
    return await _look(turn, session, task, page=0, parameters=wish.written())


def _with(wish: Look, **changes: Any) -> str | None:
    return replace(wish, **changes).written()


@guard.work(TaskState.CANCELLED)
async def go(turn: Turn, session: Session, task: Task) -> Answer:
    """Ask X, now that the price was seen."""
    _refuse_others(task)
    if task.connection_id not in await _usable_ids(turn, session, task):
        raise Refusal("look.no_connection")
    return await _look(turn, session, task, page=0)


@guard.work(TaskState.DONE)
async def open_post(turn: Turn, session: Session, task: Task) -> Answer:
    """Show one post of the list with a card of its own; X is not asked."""
    _refuse_others(task)
    page = await pages.get(session, task.id, task.page)
    items = pages.items_of(page) if page else []
    number = press.number(turn.press.extra if turn.press else "")
    if number is None or number >= len(items) or task.kind not in looks.POSTS:
        return [await card.of(session, turn.doors, task)]
    shown = await at_once.show_post(session, task, items[number], now=turn.now)
    # It is told by this very answer.
    shown.told_at = turn.now
    await session.flush()
    return [await card.of(session, turn.doors, shown, fresh=True)]


@guard.work(TaskState.DONE)
async def filters(turn: Turn, session: Session, task: Task) -> Answer:
    """Let a search wait with its filters for Search; what it found goes."""
    _refuse_search(task)
    await pages.erase(session, task.id)
    values = _with(Look.read(task.parameters), only_new=False, since_id=None)
    return await _change(turn, session, task, to=TaskState.CANCELLED, page=0, parameters=values)


def _refuse_search(task: Task) -> None:
    if task.kind != "search":
        raise Refusal("button.stale")


@guard.work(TaskState.CANCELLED)
async def filter_(turn: Turn, session: Session, task: Task) -> Answer:
    """Put a filter into the query, or take it out; X is not asked before Search."""
    _refuse_search(task)
    name = turn.press.extra if turn.press else ""
    wish = Look.read(task.parameters)
    if name == look_filters.POPULAR:
        values = _with(wish, sort=None if wish.sort else "relevancy", only_new=False)
        return await _change(turn, session, task, parameters=values)
    operator = (await look_filters.operators(session, task)).get(name)
    if operator is None:
        raise Refusal("button.stale")
    query = look_filters.toggled(wish.query or "", operator)
    look_words.refuse_bad_query(query)
    return await _change(turn, session, task, parameters=_with(wish, query=query))


@guard.button(TaskState.CANCELLED)
async def choose_account(turn: Turn, task: Task) -> Answer:
    """Show the accounts a look can be taken with."""
    async with turn.begin() as session:
        usable = await accounts.usable(session, person_id=turn.person.id, chat_id=task.chat_id)
    rows = (*look_card.account_rows(task, usable), preview.back(task))
    return [Reply("look.which", buttons=rows, card=Card("task", task.id))]


@guard.work(TaskState.CANCELLED)
async def use_account(turn: Turn, session: Session, task: Task) -> Answer:
    """Take the chosen account; what costs little is asked for at once."""
    _refuse_others(task)
    usable = {str(each): each for each in await _usable_ids(turn, session, task)}
    chosen = usable.get(turn.press.extra if turn.press else "")
    if chosen is None:
        raise Refusal("button.stale")
    had_one = task.connection_id is not None
    if had_one or looks.at_most(task).dollars > look_card.ASKED_ABOVE:
        return await _change(turn, session, task, connection_id=chosen, target_user_id=None)
    return await _look(turn, session, task, page=0, connection_id=chosen)


async def _file(turn: Turn, task: Task, kind: str) -> Answer:
    async with turn.begin() as session:
        kept = await pages.all_of(session, task.id)
        if not kept:
            return [await card.of(session, turn.doors, task)]
    items = [item for page in kept for item in pages.items_of(page)]
    content = found.as_csv(items) if kind == "csv" else found.as_json(items)
    name = f"{task.kind}-{kept[0].fetched_at:%Y%m%d-%H%M%S}.{kind}"
    return [Reply("look.file", {"count": len(items)}, document=(name, content))]


@guard.button(TaskState.DONE)
async def csv(turn: Turn, task: Task) -> Answer:
    """Give all pages fetched so far as a table."""
    return await _file(turn, task, "csv")


@guard.button(TaskState.DONE)
async def json(turn: Turn, task: Task) -> Answer:
    """Give all pages fetched so far as JSON."""
    return await _file(turn, task, "json")


VERBS: dict[str, Command] = {
    "look_page": turn_page,
    "look_back": back,
    "look_again": again,
    "look_go": go,
    "look_open": open_post,
    "look_filters": filters,
    "look_filter": filter_,
    "look_who": choose_account,
    "look_as": use_account,
    "look_csv": csv,
    "look_json": json,
}
