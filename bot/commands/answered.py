"""Whom a draft answers, and whether X lets it, as far as a card has shown that post. Changes nothing."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from bot.commands import deed_card, press
from bot.turn import Doors
from storage import accounts, at_once, pages, writes
from storage.db import Session
from storage.tables import Connection, Task
from tasks import price, self_serve
from tasks.parameters import Extras
from texts.reply import Button, Fact, Reply, Rows, Say, Style
from twitter.client import X

#: So much of the answered text is shown.
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Answered:
    """The post that a draft answers; of one that was never shown only the id is known."""

    post_id: str
    username: str | None = None
    text: str | None = None
    is_asked_for: bool | None = None
    """Its author named the account, quoted a post of its own, or is the account; None: nobody knows."""


async def of(session: Session, task: Task) -> Answered | None:
    """Say what a draft answers. None: it is no answer."""
    post_id = Extras.read(task.parameters).reply_to
    if post_id is None:
        return None
    connection = await accounts.of_task(session, task)
    if connection and await writes.made(session, connection.x_user_id, post_id):
        return Answered(post_id, connection.username, None, is_asked_for=True)
    shown = await at_once.card_of_post(session, post_id, person_id=task.person_id)
    page = await pages.get(session, shown.id, 0) if shown else None
    items = pages.items_of(page) if page else []
    if not items:
        return Answered(post_id)
    item = items[0]
    asked_for = await _is_asked_for(session, connection, item) if connection else None
    return Answered(post_id, item.get("username"), item.get("text"), asked_for)


async def _is_asked_for(session: Session, connection: Connection, item: dict[str, Any]) -> bool | None:
    """Tell by X's rule; whose post is quoted X does not say, and the bot knows only those it made."""
    named = {name.lower() for name in item.get("mentions") or ()}
    if item.get("author_id") == connection.x_user_id or connection.username.lower() in named:
        return True
    if connection.x_user_id in (item.get("mention_ids") or ()):
        return True
    quoted = item.get("quoted")
    if quoted is None:
        return False
    return True if await writes.made(session, connection.x_user_id, quoted) else None


def notes(x: X, answered: Answered) -> tuple[Say, ...]:
    """Say whom a draft answers, and what X may have against it."""
    url = deed_card.post_url(x, answered.post_id)
    facts: dict[str, Fact] = {"url": url, "shown_url": url.partition("//")[2]}
    line = Say("reply.to_post", facts)
    if answered.username and answered.text:
        text = answered.text if len(answered.text) <= _SHOWN else answered.text[:_SHOWN].rstrip() + "…"
        line = Say("reply.to", facts | {"username": answered.username, "text": text})
    allowed = {True: "reply.allowed", False: "reply.not_allowed", None: "reply.unsure"}
    return (line, Say(allowed[answered.is_asked_for]))


async def added(session: Session, doors: Doors, task: Task, preview: Reply) -> Reply:
    """Add to a draft's card whom it answers, and what helps where X would refuse that, or may."""
    answered = await of(session, task)
    if "notes" not in preview.facts:
        return preview
    before = preview.facts["notes"]
    if answered is None:
        quoted = Extras.read(task.parameters).quote
        line = (Say("reply.quotes", deed_card.post(doors.x, quoted).facts),) if quoted else ()
        said = (*line, *(before if isinstance(before, tuple) else ()))
        shown = replace(preview, facts={**preview.facts, "notes": said})
        forbidden = self_serve.of_quote(x_enterprise=doors.rules.x_enterprise) if quoted else None
        return _handed_off(task, shown, forbidden) if forbidden else shown
    said = (*notes(doors.x, answered), *(before if isinstance(before, tuple) else ()))
    enterprise = doors.rules.x_enterprise
    if self_serve.of_reply(x_enterprise=enterprise, is_asked_for=answered.is_asked_for) is None:
        return replace(preview, facts={**preview.facts, "notes": said})
    anyway = tuple(tuple(_anyway(button) for button in row) for row in preview.buttons)
    rows = (*_ways_out(task, answered), *anyway)
    return replace(preview, facts={**preview.facts, "notes": said}, buttons=rows)


def _handed_off(task: Task, preview: Reply, why: self_serve.HandOff) -> Reply:
    """Offer the X app in place of Post: X lets no app quote on its self-serve plans."""
    free = press.button("reply.button_free", "handoff", task, style=Style.PRIMARY)
    go = ("post:", "plan:")
    rows = tuple(tuple(free if each.data.startswith(go) else each for each in row) for row in preview.buttons)
    since = datetime.combine(why.since, time(12), UTC)
    before = preview.facts["notes"]
    said = (*(before if isinstance(before, tuple) else ()), Say("quote.handed_off", {"since": since}))
    return replace(preview, facts={**preview.facts, "notes": said}, buttons=rows)


def _anyway(button: Button) -> Button:
    return replace(button, key="reply.button_anyway") if button.data.startswith("post:") else button


def _ways_out(task: Task, answered: Answered) -> Rows:
    free = press.button("reply.button_free", "handoff", task, style=Style.PRIMARY)
    if answered.is_asked_for is not None or answered.text is not None:
        return ((free,),)
    dollars = price.of_posts(1).dollars
    return ((free,), (press.button("reply.button_look", "h_look", task, facts={"price": dollars}),))
