"""Renaming a connection: the bot asks, the person's next words are the name."""

import unicodedata

from bot.commands import connection_card, newest_question
from bot.turn import Answer, Turn
from storage import connections
from storage.db import Session
from storage.tables import Connection
from texts.reply import Reply

#: X allows 50 for the names of accounts.
NAME_MAX = 50


async def ask(turn: Turn, row: Connection) -> Answer:
    """Answer *Rename*: the next words are the new name."""
    async with turn.begin() as session:
        asked = await connections.ask_name(session, row, turn.now)
    if asked is None:
        return [await connection_card.of(turn.doors, row)]
    return [Reply("connections.ask_name", {"name": asked.name}, ask="connections.name_field", fresh=True)]


async def words(turn: Turn) -> Answer | None:
    """Take the new name that was asked for; None: none was, or a file came, which is no name."""
    if turn.message.attachments:
        return None
    name = clean(turn.message.text)
    async with turn.begin() as session:
        row = await connections.being_renamed(session, turn.person.id, turn.now)
        since = row.renaming_since if row else None
        if since and await newest_question.is_about_a_draft(session, turn, since=since):
            await connections.stop_renaming(session, turn.person.id)
            return None
        if row is None and turn.again:
            row = await _named(session, turn.person.id, name)
    if row is None:
        return None
    if row.renaming_since is not None:
        if not name or len(name) > NAME_MAX:
            return [Reply("connections.bad_name", {"most": NAME_MAX}, ask="connections.name_field")]
        async with turn.work() as session:
            row = await connections.rename(session, row, name) or row
    shown = await connection_card.of(turn.doors, row, fresh=True)
    return [Reply("connections.renamed", {"name": row.name}), shown]


async def cancel(turn: Turn) -> Answer | None:
    """Withdraw the question for a name; None: none was asked."""
    async with turn.begin() as session:
        stopped = await connections.stop_renaming(session, turn.person.id)
    return [Reply("connections.name_kept")] if stopped else None


def clean(words: str) -> str:
    """One line, NFC, nothing invisible: what the texts would show of it anyway."""
    kept = (char for char in unicodedata.normalize("NFC", words) if _is_visible(char))
    return " ".join("".join(kept).split())


def _is_visible(char: str) -> bool:
    """Joiners stay: emoji and some scripts are written with them."""
    return char in "\u200c\u200d" or char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


async def _named(session: Session, person_id: int, name: str) -> Connection | None:
    return next((row for row in await connections.listed(session, person_id) if row.name == name), None)
