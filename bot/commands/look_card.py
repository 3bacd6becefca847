"""The card of a task that reads: waiting, or what it found, screen by screen. Changes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.commands import look_filters, look_post, look_title, press, preview, trouble_card
from bot.turn import Doors
from storage import accounts, pages
from storage.db import Session
from storage.tables import Page, Task, TaskState
from tasks import looks
from tasks.found import Item, moment_of
from tasks.parameters import Look
from texts.reply import Button, Fact, Reply, Rows, Say, Style

#: So much of a post's text is shown in a list.
_SHORT = 280
#: A price up to this goes without saying, in US dollars.
UNSAID = Decimal("0.01")
#: What costs more than this is asked for only after its price was seen and a button pressed, in US dollars.
ASKED_ABOVE = Decimal("0.20")


#: What these find takes several lines.
_LONG = frozenset(("timeline", "mentions", "search", "messages"))


async def of(session: Session, doors: Doors, task: Task) -> Reply:
    """Show a task that reads as its row stands; what is planned shows plan_card.py."""
    match task.state:
        case TaskState.CANCELLED:
            ready = await _ready(session, task)
            return replace(ready, buttons=(*ready.buttons, await _back(session, task)))
        case TaskState.FAILED:
            facts = await _facts(session, task)
            failed = await trouble_card.failed(session, doors, task, facts, "look.failed")
            rows = (*failed.buttons, await _back(session, task))
            return replace(failed, buttons=rows, fresh=_is_awaited(task))
        case TaskState.DONE:
            return replace(await _done(session, doors, task), fresh=_is_awaited(task))
    return await _waiting(session, doors, task)


async def _back(session: Session, task: Task) -> tuple[Button, ...]:
    """Offer the screen before one that did not come, if it is kept."""
    if task.page == 0 or await pages.get(session, task.id, task.page - 1) is None:
        return ()
    return (press.button("look.button_before", "look_back", task),)


def _is_awaited(task: Task) -> bool:
    """Say whether it was planned and is told now: where its plan stands nobody would see it."""
    return task.promised and task.told_at is None


async def _facts(session: Session, task: Task) -> dict[str, Fact]:
    return {"what": await look_title.of(session, task), "username": await preview.username_of(session, task)}


def price_note(task: Task) -> tuple[Say, ...]:
    """Say what the next request costs at most, if that is more than a cent."""
    dollars = looks.at_most(task).dollars
    return (Say("look.note_price", {"price": dollars}),) if dollars > UNSAID else ()


async def _ready(session: Session, task: Task) -> Reply:
    """Show what would be asked, its filters and its price; nothing was asked of X."""
    facts = await _facts(session, task)
    usable = await accounts.usable(session, person_id=task.person_id, chat_id=task.chat_id)
    if task.connection_id not in {connection.id for connection in usable}:
        return Reply("look.which", buttons=account_rows(task, usable))
    go = press.button(
        "look.button_go", "look_go", task, style=Style.SUCCESS, facts={"price": looks.at_most(task).dollars}
    )
    rows: list[tuple[Button, ...]] = [(go,), *await look_filters.rows(session, task)]
    if len(usable) > 1:
        rows.append((press.button("tweet.button_accounts", "look_who", task),))
    return Reply("look.ready", facts | {"notes": price_note(task)}, tuple(rows))


def account_rows(task: Task, usable: Sequence[Any]) -> Rows:
    """Offer the accounts that a look can be taken with; none: the way to connect one."""
    if not usable:
        return ((Button("tweet.button_connect", "connect", style=Style.PRIMARY),),)
    return tuple(
        (
            press.button(
                "tweet.button_as",
                "look_as",
                task,
                extra=str(connection.id),
                facts={"name": accounts.name_of(connection, task), "username": connection.username},
            ),
        )
        for connection in usable
    )


async def _waiting(session: Session, doors: Doors, task: Task) -> Reply:
    """Show a look that is due or under way: asking, held, or waiting for X until a moment."""
    facts = await _facts(session, task)
    held = await trouble_card.held(session, doors, task, facts | {"text": facts["what"]})
    if held is not None:
        key = "look.rate_limited" if held.key == "tweet.rate_limited" else held.key
        return Reply(key, held.facts, held.buttons)
    if task.state == TaskState.DUE and task.outcome in ("rate_limited", "x_unavailable") and task.wake_at:
        stop = press.button("tweet.button_cancel", "drop", task)
        return Reply(f"look.{task.outcome}", facts | {"when": task.wake_at}, ((stop,),))
    return Reply("look.asking", facts | {"notes": price_note(task)})


async def _done(session: Session, doors: Doors, task: Task) -> Reply:
    facts = await _facts(session, task)
    page = await pages.get(session, task.id, task.page)
    again = press.button("look.button_again", "look_again", task)
    if page is None:
        return Reply("look.gone", facts | {"notes": price_note(task)}, ((again,),))
    items = pages.items_of(page)
    if task.kind == "get" and items:
        return await look_post.of(session, doors, task, items)
    if task.outcome == pages.NOTHING_NEW and task.kind != "get":
        return await _nothing_new(session, task, facts)
    if not items and page.next_token is None and (task.kind == "get" or looks.watches(task)):
        return Reply("look.shown_alone", facts, ((again,), _plan(task)))
    return await _list(session, task, page, items, facts)


async def _nothing_new(session: Session, task: Task, facts: dict[str, Fact]) -> Reply:
    since = await pages.last_news(session, task, Look.read(task.parameters).same_look())
    latest = press.button("look.button_latest", "look_again", task, facts=_price(task))
    zone = await look_post.zone_of(session, task)
    return Reply(
        "look.nothing_new", facts | {"at": since or task.created_at, "zone": zone}, ((latest,), _plan(task))
    )


def _plan(task: Task) -> tuple[Button, ...]:
    """Offer the way to the schedule that looks."""
    return (Button("queue.button_open", "queue:0:0"),) if task.schedule_id is not None else ()


def _price(task: Task) -> dict[str, Fact]:
    return {"price": looks.at_most(task).dollars}


async def _list(
    session: Session, task: Task, page: Page, items: Sequence[Item], facts: dict[str, Fact]
) -> Reply:
    zone, found = await look_post.zone_of(session, task), await pages.all_of(session, task.id)
    count = sum(len(pages.items_of(each)) for each in found)
    before = sum(len(pages.items_of(each)) for each in found if each.number < task.page)
    said = [line(task, item, before + number, zone) for number, item in enumerate(items, 1)]
    # A line without words between two entries; ids and names need none.
    between = [Say("look.gap")] if task.kind in _LONG else []
    lines = tuple(each for one in said for each in (*between, one))[len(between) :]
    is_stored = any(each.number == task.page + 1 for each in found)
    if not items:
        lines = (Say("look.empty_here" if is_stored or page.next_token else "look.empty"),)
    cost = looks.of_what_came(task, count).dollars
    notes = (Say("look.note_cost", {"count": count, "price": cost}),) if cost > UNSAID else ()
    rows = _rows(task, page, items, before, is_stored=is_stored)
    return Reply("look.list", facts | {"lines": lines, "notes": notes}, rows)


def _rows(task: Task, page: Page, items: Sequence[Item], before: int, *, is_stored: bool) -> Rows:
    opens = tuple(
        press.button(
            "look.button_open", "look_open", task, extra=str(index), facts={"number": before + index + 1}
        )
        for index in range(len(items))
    )
    turns: list[Button] = []
    if task.page:
        turns.append(press.button("look.button_before", "look_page", task, extra="b"))
    if is_stored:
        turns.append(press.button("look.button_after", "look_page", task, extra="a"))
    elif page.next_token is not None:
        dollars = looks.at_most(task).dollars
        key = "look.button_after_for" if dollars > UNSAID else "look.button_after"
        facts: dict[str, Fact] = {"price": dollars} if dollars > UNSAID else {}
        turns.append(press.button(key, "look_page", task, extra="a", facts=facts))
    again = press.button("look.button_again", "look_again", task)
    files = tuple(press.button(f"look.button_{kind}", f"look_{kind}", task) for kind in ("csv", "json"))
    more = [press.button("look.button_filters", "look_filters", task)] if task.kind == "search" else []
    is_ids = Look.read(task.parameters).only_ids
    first = opens if task.kind in looks.POSTS and not is_ids else ()
    last = (*files, *more, again) if items or task.page else (*more, again)
    return (first, tuple(turns), last, _plan(task))


def line(task: Task, item: Item, number: int, zone: str) -> Say:
    """Give one item of a list as its line."""
    if Look.read(task.parameters).only_ids:
        return Say("look.line_id", {"id": item["id"]})
    if task.kind in ("following", "followers"):
        locked = "yes" if item.get("protected") else "no"
        return Say("look.line_person", look_post.author(item) | {"number": number, "is_protected": locked})
    at = moment_of(item)
    facts: dict[str, Fact] = {"number": number, "text": short(item.get("text") or "", _SHORT), "zone": zone}
    key = "look.line" if item.get("username") else "look.line_of_nobody"
    return Say(
        key, look_post.author(item) | facts | {"at": at or task.created_at, "notes": look_post.marks(item)}
    )


def short(text: str, most: int) -> str:
    """Give the beginning of a text."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
