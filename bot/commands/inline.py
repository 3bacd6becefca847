"""Inline mode: the bot's name and a text, typed in any chat, become a draft in the private chat.

Nothing goes to X from here. What is chosen says to that chat what the person typed and nothing else.
"""

from functools import partial
from typing import Any

from bot import keys, pin
from bot.commands import tweet
from bot.turn import Answer, Turn
from storage import connections, inline_texts, start_links, tasks
from storage.db import Session
from storage.tables import Connection, Task
from tasks import compose
from texts.reply import Button, Fact, Offer, Offers, Refusal, Reply, Say, Style
from twitter import text

#: Accounts offered to tweet from, the default one first.
OFFERED_MAX = 5
#: Bot API, InlineQuery.query: what is typed beyond it does not reach the bot.
TYPED_MAX = 256
#: What start links stand for that lead to a draft: this and the connection's id.
PURPOSE = "inline:"


async def offer(turn: Turn) -> Answer:
    """Answer an inline query: one offer for each of the person's own accounts."""
    typed = turn.inline.text if turn.inline else ""
    if keys.looks_secret(typed) or pin.find(typed):
        return [Offers("inline.button_secret")]
    if compose.missing(compose.Draft(typed)) == "text":
        return [Offers("inline.button_type")]
    async with turn.work() as session:
        usable = await connections.usable(session, turn.person.id)
        if not usable:
            return [Offers("inline.button_connect")]
        await inline_texts.keep(session, turn.person.id, typed, now=turn.now)
        await start_links.end_all(session, PURPOSE, person_id=turn.person.id)
        doors = [(each, await _door(session, turn, each)) for each in usable[:OFFERED_MAX]]
    offers = tuple(_offer(turn, connection, typed, token) for connection, token in doors)
    return [Offers("inline.button_open", start=doors[0][1], offers=offers)]


async def _door(session: Session, turn: Turn, connection: Connection) -> str:
    """Make a way into the private chat, for this person, once; the text they type next ends it."""
    return await start_links.make(
        session,
        f"{PURPOSE}{connection.id}",
        person_id=turn.person.id,
        expires_at=turn.now + inline_texts.KEPT_FOR,
        made_by=turn.person.id,
    )


def _offer(turn: Turn, connection: Connection, typed: str, token: str) -> Offer:
    url = f"https://t.me/{turn.doors.rules.bot_username}?start={token}"
    return Offer(
        id=str(connection.id),
        title=Say("inline.title", {"username": connection.username, "title": typed}),
        description=_description(connection, typed),
        text=typed,
        button=Button("inline.button_go_on", url=url, style=Style.PRIMARY),
    )


def _description(connection: Connection, typed: str) -> Say:
    draft = compose.Draft(
        text=typed,
        may_write=connection.access_level != "read",
        premium=connection.premium,
    )
    composed = compose.compose(draft)
    notes = tuple(Say(problem.key, problem.facts) for problem in composed.problems)
    if len(typed) >= TYPED_MAX:
        notes = (Say("inline.note_cut", {"limit": TYPED_MAX}), *notes)
    facts: dict[str, Fact] = {
        "length": composed.length,
        "limit": composed.limit,
        "price": composed.price.dollars,
        "notes": notes,
    }
    return Say("inline.description", facts)


async def open_draft(turn: Turn, purpose: str) -> Answer:
    """Answer /start by one of these ways: the text becomes a draft, once, whichever account was chosen."""
    chosen = int(purpose.removeprefix(PURPOSE))
    return await tweet.begin(turn, "", (), partial(_fill, connection_id=chosen))


async def _fill(
    session: Session, turn: Turn, task: Task, _words: str, *, connection_id: int
) -> tuple[Task, list[Reply]]:
    typed = await inline_texts.take(session, turn.person.id, now=turn.now)
    if typed is None:
        raise Refusal("inline.gone")
    changes: dict[str, Any] = {"text": text.normalise(typed)}
    if connection_id in {each.id for each in await connections.usable(session, turn.person.id)}:
        changes["connection_id"] = connection_id
    return await tasks.change_draft(session, task.id, **changes) or task, []
