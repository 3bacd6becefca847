"""What Post says of what costs more than the month has left: raise the cap, or finish it in the X app."""

from datetime import datetime

from bot.commands import deed_card, limits_card, press, preview
from storage import spending
from storage.db import Session
from storage.tables import Task
from tasks import compose
from texts.reply import Card, Fact, Reply


async def of(session: Session, task: Task, now: datetime) -> Reply | None:
    """Show why a draft is not sent. None: there is room for it."""
    connection = await preview.connection_of(session, task)
    if connection is None:
        return None
    draft = await preview.draft_of(session, task)
    cost = compose.compose(draft).price if task.kind == "tweet" else deed_card.cost(task)
    over = await spending.no_room(session, connection.id, cents_100=cost.cents_100, now=now)
    if over is None:
        return None
    facts: dict[str, Fact] = {
        "username": connection.username,
        "text": preview.content(draft),
        "price": cost.dollars,
        "cap": limits_card.dollars(over.cap),
        "spent": limits_card.dollars(over.booked),
    }
    free = press.button("reply.button_free", "handoff", task)
    return Reply(
        "limits.over",
        facts,
        ((limits_card.raise_cap(connection), free), preview.back(task)),
        card=Card("task", task.id, task.version),
    )
