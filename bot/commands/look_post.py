"""One post in full, with what can be done with it; and what lists say of a post as well. Changes nothing."""

from collections.abc import Sequence

from bot.commands import deed_card, edit_card, planning, press, preview
from bot.turn import Doors
from storage import people
from storage.db import Session
from storage.tables import Task
from tasks.found import Item, moment_of
from tasks.parameters import Look
from texts.reply import Button, Fact, Reply, Rows, Say, Style
from twitter import posts


async def of(session: Session, doors: Doors, task: Task, items: Sequence[Item]) -> Reply:
    """Show one post in full, with what can be done with it (deed_buttons.py)."""
    item = items[0]
    if Look.read(task.parameters).then == "delete":
        return await deed_card.of_removal_question(session, task)
    if Look.read(task.parameters).then == "edit":
        return await edit_card.of_look(session, doors, task, item)
    at, zone = moment_of(item), await zone_of(session, task)
    facts: dict[str, Fact] = {
        "text": item.get("text") or "",
        "at": at or task.created_at,
        "zone": zone,
        "notes": (*marks(item), *_relations(item), *_metrics(item)),
    }
    key = "look.post" if item.get("username") else "look.post_of_nobody"
    return Reply(key, facts | author(item), await _deeds(session, doors, task, item))


def _relations(item: Item) -> list[Say]:
    return [Say(f"look.mark_{name}") for name in ("reposted", "quoted", "replied_to") if item.get(name)]


def _metrics(item: Item) -> list[Say]:
    names = ("likes", "reposts", "replies", "quotes", "views")
    if not any(name in item for name in names):
        return []
    return [Say("look.metrics", {name: item.get(name) or 0 for name in names})]


async def _deeds(session: Session, doors: Doors, task: Task, item: Item) -> Rows:
    connection = await preview.connection_of(session, task)
    url = posts.address(doors.x, item.get("username") or "i", item["id"])
    open_it = Button("tweet.button_open", url=url)
    is_own = connection is not None and item.get("author_id") == connection.x_user_id
    deeds = [
        press.button(f"look.button_{name}", f"d_{name}", task)
        for name in ("reply", "repost", "like", "quote")
    ]
    last = [press.button("look.button_remove", "d_remove", task, style=Style.DANGER)] if is_own else []
    return (tuple(deeds[:2]), tuple(deeds[2:]), (open_it, *last))


async def zone_of(session: Session, task: Task) -> str:
    """Say on whose clock moments are shown: the zone of the task's person."""
    person = await people.get(session, task.person_id)
    return planning.zone_of(person).key if person else "UTC"


def author(item: Item) -> dict[str, Fact]:
    """Name who made it; empty where X did not say."""
    username = item.get("username") or ""
    return {"username": username, "name": item.get("name") or username} if username else {}


def marks(item: Item) -> tuple[Say, ...]:
    """Say what it has beside its text."""
    marks = []
    if item.get("media"):
        marks.append(Say("look.mark_media", {"count": item["media"]}))
    if item.get("poll"):
        marks.append(Say("look.mark_poll"))
    return tuple(marks)
